//! What a scan teaches the contour network: its voxels, their neighbours and what they belong to.

use super::majority_of_voxels;
use crate::{
    Objects, Options, SegmentError, Segmentation,
    adjacency::{Adjacency, AdjacencyBuilder},
    contour_net::{ContourWork, DIRECTIONS, INPUTS, LEVELS, direction, inputs},
    grid::VoxelGrid,
    shell::Shell,
    stepper::Shapes,
    surface::Surface,
};
use glam::Vec3;
use scene::PointCloud;

/// One grid of the pyramid.
#[derive(Clone, Debug, Default)]
pub struct LevelExample {
    /// Neighbours by cell, then direction: entry `6 cell + direction` starts a run of `targets`.
    pub starts: Vec<u32>,
    /// The neighbours.
    pub targets: Vec<u32>,
    /// The cell of the level above; empty on the last.
    pub parent: Vec<u32>,
}

/// A part of a scan as the contour network sees it.
#[derive(Clone, Debug, Default)]
pub struct VoxelExample {
    /// `(voxels, INPUTS)`.
    pub inputs: Vec<[f32; INPUTS]>,
    /// Position of each voxel, scene frame, metres.
    pub positions: Vec<[f32; 3]>,
    /// The true object of each voxel, 0 for none.
    pub objects: Vec<u32>,
    /// The label of each voxel, 0 for none.
    pub labels: Vec<u32>,
    /// The middle of each voxel's object, of its scanned points, scene frame.
    pub middles: Vec<[f32; 3]>,
    /// The pyramid, finest first.
    pub levels: Vec<LevelExample>,
}

/// The voxels of a scan, cut into windows of `window_m` on the floor, in which there is a thing;
/// the labels of all points come along with the ids.
///
/// # Errors
/// As [`crate::segment`].
pub fn voxel_examples(
    cloud: PointCloud,
    ids: &[u32],
    labels: &[u32],
    options: &Options,
    window_m: f32,
) -> Result<Vec<VoxelExample>, SegmentError> {
    let work = Segmentation::new(cloud, Objects::Found, options)?;
    let Some((search, _)) = work.into_search()? else { return Ok(Vec::new()) };
    let (shapes, shell) = search.into_shapes();
    let objects = majority_of_voxels(&shapes.grid.voxel_of_point, ids, shapes.grid.len());
    let labels = majority_of_voxels(&shapes.grid.voxel_of_point, labels, shapes.grid.len());
    let middles = middles(&shapes.grid.positions, &objects);
    let low = shapes.grid.positions.iter().copied().fold(Vec3::MAX, Vec3::min);
    let window = |position: &Vec3| {
        let at = ((*position - low) / window_m).floor();
        (at.y as u32) << 16 | at.x as u32
    };
    let windows: Vec<u32> = shapes.grid.positions.iter().map(window).collect();
    let mut all = windows.clone();
    all.sort_unstable();
    all.dedup();
    let mut examples = Vec::new();
    for window in all {
        let kept: Vec<usize> = (0..windows.len()).filter(|v| windows[*v] == window).collect();
        let things = kept.iter().filter(|voxel| objects[**voxel] != 0).count();
        if things < 500 {
            continue;
        }
        let (part, part_shell) = cropped(&shapes, &shell, &kept);
        examples.push(VoxelExample {
            inputs: (0..kept.len()).map(|voxel| inputs(&part, &part_shell, voxel)).collect(),
            positions: part.grid.positions.iter().map(Vec3::to_array).collect(),
            objects: kept.iter().map(|voxel| objects[*voxel]).collect(),
            labels: kept.iter().map(|voxel| labels[*voxel]).collect(),
            middles: kept.iter().map(|voxel| middles[*voxel]).collect(),
            levels: levels(&part),
        });
    }
    Ok(examples)
}

/// The few voxels that the test of the network is about; nothing is known of their objects.
pub fn golden_example() -> VoxelExample {
    let (shapes, shell) = crate::contour_net::fixture::scene();
    VoxelExample {
        inputs: (0..shapes.grid.len()).map(|voxel| inputs(&shapes, &shell, voxel)).collect(),
        positions: shapes.grid.positions.iter().map(Vec3::to_array).collect(),
        levels: levels(&shapes),
        ..VoxelExample::default()
    }
}

fn middles(positions: &[Vec3], objects: &[u32]) -> Vec<[f32; 3]> {
    let mut sums = std::collections::BTreeMap::new();
    for (position, object) in positions.iter().zip(objects) {
        let sum = sums.entry(object).or_insert((Vec3::ZERO, 0.0_f32));
        *sum = (sum.0 + *position, sum.1 + 1.0);
    }
    objects.iter().map(|object| (sums[object].0 / sums[object].1).to_array()).collect()
}

/// Those voxels alone.
fn cropped(shapes: &Shapes, shell: &Shell, kept: &[usize]) -> (Shapes, Shell) {
    let grid = VoxelGrid {
        size: shapes.grid.size,
        keys: kept.iter().map(|voxel| shapes.grid.keys[*voxel]).collect(),
        positions: kept.iter().map(|voxel| shapes.grid.positions[*voxel]).collect(),
        colours: kept.iter().filter_map(|voxel| shapes.grid.colours.get(*voxel).copied()).collect(),
        ..VoxelGrid::default()
    };
    let surface = Surface {
        normals: kept.iter().map(|voxel| shapes.surface.normals[*voxel]).collect(),
        linearity: kept.iter().map(|voxel| shapes.surface.linearity[*voxel]).collect(),
        planarity: kept.iter().map(|voxel| shapes.surface.planarity[*voxel]).collect(),
    };
    let mut neighbours = AdjacencyBuilder::new();
    neighbours.add(&grid.keys, 0..grid.len());
    let shell = Shell {
        planes: shell.planes.clone(),
        plane_of_voxel: kept.iter().map(|voxel| shell.plane_of_voxel[*voxel]).collect(),
    };
    (Shapes { grid, adjacency: neighbours.finish(), surface }, shell)
}

fn levels(shapes: &Shapes) -> Vec<LevelExample> {
    let mut work = ContourWork::default();
    while work.levels.len() + 1 < LEVELS {
        work.add_level(shapes);
    }
    let mut levels = vec![by_direction(&shapes.grid.keys, &shapes.adjacency)];
    for level in work.levels {
        if let Some(below) = levels.last_mut() {
            below.parent.clone_from(&level.cell_of_child);
        }
        levels.push(by_direction(&level.keys, &level.adjacency));
    }
    levels
}

fn by_direction(keys: &[u64], adjacency: &Adjacency) -> LevelExample {
    let mut level = LevelExample { starts: vec![0], ..LevelExample::default() };
    for cell in 0..keys.len() {
        let mut runs: [Vec<u32>; DIRECTIONS] = Default::default();
        for &other in adjacency.of(cell) {
            runs[direction(keys[cell], keys[other as usize])].push(other);
        }
        for run in runs {
            level.targets.extend(run);
            level.starts.push(level.targets.len() as u32);
        }
    }
    level
}
