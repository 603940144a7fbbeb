use crate::{
    grid::VoxelGrid,
    keymap::NONE,
    shell::{Part, Shell},
};
use glam::Vec3;
use scene::{Aabb, Plane, Structure};

/// Share of an object's points that may lie outside its box on each side of each axis.
const STRAY: f64 = 0.005;

/// The box round some points without the outermost half percent of each side of each axis.
pub(crate) fn robust_box(points: &[u32], positions: &[[f32; 3]]) -> Aabb {
    let tail = (points.len() as f64 * STRAY) as usize;
    let mut bounds = Aabb::EMPTY;
    let mut values: Vec<f32> = Vec::with_capacity(points.len());
    for axis in [0, 1, 2] {
        values.clear();
        let along = |point: &u32| positions[*point as usize][axis];
        values.extend(points.iter().map(along).filter(|value| value.is_finite()));
        if values.is_empty() {
            return Aabb::EMPTY;
        }
        let low = tail.min(values.len() - 1);
        let high = (values.len() - 1).saturating_sub(tail);
        bounds.min[axis] = *values.select_nth_unstable_by(low, f32::total_cmp).1;
        bounds.max[axis] = *values.select_nth_unstable_by(high, f32::total_cmp).1;
    }
    bounds
}

/// The points of each group of voxels: entry `k` holds the points of group `k + 1`.
pub(crate) fn points_of_groups(
    grid: &VoxelGrid,
    group_of_voxel: &[u32],
    groups: usize,
) -> Vec<Vec<u32>> {
    let mut sizes = vec![0_usize; groups];
    for (voxel, &group) in group_of_voxel.iter().enumerate() {
        if group > 0 {
            sizes[group as usize - 1] += grid.counts[voxel] as usize;
        }
    }
    let mut points: Vec<Vec<u32>> = sizes.into_iter().map(Vec::with_capacity).collect();
    for (point, &voxel) in grid.voxel_of_point.iter().enumerate() {
        if voxel != NONE {
            let group = group_of_voxel[voxel as usize];
            if group > 0 {
                points[group as usize - 1].push(point as u32);
            }
        }
    }
    points
}

/// The shell's planes as the scene keeps them.
pub(crate) fn structure(grid: &VoxelGrid, shell: &Shell) -> Structure {
    let groups: Vec<u32> = shell.plane_of_voxel.iter().map(|label| u32::from(*label)).collect();
    let points = points_of_groups(grid, &groups, shell.planes.len());
    let mut bounds = vec![Aabb::EMPTY; shell.planes.len()];
    for (position, &group) in grid.positions.iter().zip(&groups) {
        if group > 0 {
            let bounds = &mut bounds[group as usize - 1];
            *bounds = bounds.union(&Aabb { min: *position, max: *position });
        }
    }
    let mut structure = Structure::default();
    for ((plane, points), bounds) in shell.planes.iter().zip(points).zip(bounds) {
        let kept = Plane { normal: plane.normal, offset_m: plane.offset, bounds, points };
        match plane.part {
            Part::Floor => structure.floor = Some(kept),
            Part::Ceiling => structure.ceiling = Some(kept),
            Part::Wall => structure.walls.push(kept),
        }
    }
    structure
}

/// Round the voxels.
pub(crate) fn bounds_of(grid: &VoxelGrid) -> Aabb {
    let half = Vec3::splat(grid.size / 2.0);
    let inner = Aabb::of_points(grid.positions.iter().copied());
    if inner.is_empty() { inner } else { Aabb { min: inner.min - half, max: inner.max + half } }
}
