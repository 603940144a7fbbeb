use crate::{grid::VoxelGrid, surface::Surface};
use glam::Vec3;

/// What part of the room's shell a voxel belongs to.
pub(crate) const THING: u8 = 0;

/// Which part of the shell a plane is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    Floor,
    Ceiling,
    Wall,
}

/// A plane of the shell; `normal · p = offset`, normal towards the room.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ShellPlane {
    pub(crate) part: Part,
    pub(crate) normal: Vec3,
    pub(crate) offset: f32,
}

impl ShellPlane {
    /// How far in front of the plane a point lies; negative behind it.
    pub(crate) fn height_of(&self, point: Vec3) -> f32 {
        self.normal.dot(point) - self.offset
    }
}

/// The shell of a room as a labelling of its voxels.
#[derive(Debug, Default)]
pub(crate) struct Shell {
    pub(crate) planes: Vec<ShellPlane>,
    /// For each voxel [`THING`], or one more than the index of its plane.
    pub(crate) plane_of_voxel: Vec<u8>,
}

impl Shell {
    /// Nothing but things.
    pub(crate) fn empty(grid: &VoxelGrid) -> Self {
        Self { planes: Vec::new(), plane_of_voxel: vec![THING; grid.len()] }
    }

    pub(crate) fn is_thing(&self, voxel: usize) -> bool {
        self.plane_of_voxel[voxel] == THING
    }

    /// The part of the shell that a voxel belongs to.
    pub(crate) fn part_of(&self, voxel: usize) -> Option<Part> {
        let plane = self.plane_of_voxel[voxel].checked_sub(1)?;
        self.planes.get(usize::from(plane)).map(|plane| plane.part)
    }

    /// Gives the plane to all things of which `belongs(voxel, height in front of the plane)`.
    pub(crate) fn claim(
        &mut self,
        grid: &VoxelGrid,
        plane: ShellPlane,
        belongs: impl Fn(usize, f32) -> bool,
    ) {
        let Ok(label) = u8::try_from(self.planes.len() + 1) else { return };
        self.planes.push(plane);
        for voxel in 0..grid.len() {
            if self.is_thing(voxel) && belongs(voxel, plane.height_of(grid.positions[voxel])) {
                self.plane_of_voxel[voxel] = label;
            }
        }
    }

    pub(crate) fn find(&self, part: Part) -> Option<&ShellPlane> {
        self.planes.iter().find(|plane| plane.part == part)
    }
}

/// Cosine to the vertical from which a voxel counts as lying flat.
const FLAT: f32 = 0.9;
/// A ceiling hangs at least this high.
const CEILING_M: f32 = 1.8;

/// Claims the floor at z ≈ 0 and the highest large level plane that has nothing above it.
pub(crate) fn find_levels(grid: &VoxelGrid, surface: &Surface, shell: &mut Shell) {
    let flat: Vec<Vec3> = grid
        .positions
        .iter()
        .zip(&surface.normals)
        .filter(|(_, normal)| normal.z.abs() > FLAT)
        .map(|(position, _)| *position)
        .collect();
    let floor = level_plane(&flat, 0.0, Vec3::Z, grid.size);
    let floor_support = floor.map_or(0, |level| level.support);
    if let Some(level) = floor.filter(|level| level.support * 50 >= grid.len()) {
        let reach = level.reach;
        let plane = ShellPlane { part: Part::Floor, ..level.plane };
        // What lies under the floor is a reflection or noise, or seen through a door.
        shell.claim(grid, plane, |_, height| height < reach && height > -4.0 * reach);
    }
    let Some(height) = ceiling_height(grid, &flat, floor_support) else { return };
    if let Some(level) = level_plane(&flat, height, -Vec3::Z, grid.size) {
        let reach = level.reach;
        let plane = ShellPlane { part: Part::Ceiling, ..level.plane };
        shell.claim(grid, plane, |_, height| height < reach);
    }
}

fn ceiling_height(grid: &VoxelGrid, flat: &[Vec3], floor_support: usize) -> Option<f32> {
    let top = flat.iter().map(|position| position.z).fold(f32::NEG_INFINITY, f32::max);
    if !top.is_finite() || top < CEILING_M {
        return None;
    }
    let bins = ((top / grid.size) as usize).min(1 << 20) + 2;
    let mut support = vec![0_usize; bins];
    for position in flat.iter().filter(|position| position.z > CEILING_M) {
        support[((position.z / grid.size) as usize).min(bins - 1)] += 1;
    }
    let slab = |bin: usize| support[bin - 1] + support[bin];
    let best = (1..bins).max_by_key(|bin| slab(*bin))?;
    let height = best as f32 * grid.size;
    let above = grid.positions.iter().filter(|p| p.z > height + 5.0 * grid.size).count();
    let large = slab(best) * 4 >= floor_support.max(grid.len() / 50);
    (large && above * 20 < grid.len()).then_some(height)
}

#[derive(Clone, Copy)]
struct Level {
    plane: ShellPlane,
    support: usize,
    /// How far in front of the plane its noise reaches.
    reach: f32,
}

/// Fits a nearly level plane to the flat voxels near a height.
fn level_plane(flat: &[Vec3], height: f32, towards: Vec3, size: f32) -> Option<Level> {
    let mut plane = ShellPlane { part: Part::Floor, normal: towards, offset: height * towards.z };
    let mut near: Vec<Vec3> = Vec::new();
    for reach in [4.0, 2.5, 1.5] {
        near.clear();
        near.extend(flat.iter().filter(|point| plane.height_of(**point).abs() < reach * size));
        let fit = crate::plane::fit(&near, towards)?;
        if fit.normal.dot(towards) > 0.995 {
            plane = ShellPlane { normal: fit.normal, offset: fit.offset, ..plane };
        }
    }
    let mut off: Vec<f32> = near.iter().map(|point| plane.height_of(*point).abs()).collect();
    off.sort_unstable_by(f32::total_cmp);
    let noise = off.get(off.len() * 95 / 100).copied()?;
    Some(Level { plane, support: near.len(), reach: (1.3 * noise).clamp(0.9 * size, 1.6 * size) })
}
