use crate::{
    grid::VoxelGrid,
    keymap::NONE,
    openings::openings,
    shell::{Part, Shell},
};
use glam::Vec3;
use scene::{Aabb, Plane, Structure};

/// The box round some points without strays.
pub(crate) fn robust_box(points: &[u32], positions: &[[f32; 3]]) -> Aabb {
    Aabb::of_most(points.iter().map(|point| Vec3::from(positions[*point as usize])))
}

/// The points of each group of voxels, gathered range of points by range of points.
#[derive(Debug)]
pub(crate) struct GroupedPoints {
    /// 0 for none.
    group_of_voxel: Vec<u32>,
    points: Vec<Vec<u32>>,
    next: usize,
}

impl GroupedPoints {
    pub(crate) fn new(grid: &VoxelGrid, group_of_voxel: Vec<u32>, groups: usize) -> Self {
        let mut sizes = vec![0_usize; groups];
        for (voxel, &group) in group_of_voxel.iter().enumerate() {
            if group > 0 {
                sizes[group as usize - 1] += grid.counts[voxel] as usize;
            }
        }
        let points = sizes.into_iter().map(Vec::with_capacity).collect();
        Self { group_of_voxel, points, next: 0 }
    }

    /// Looks at the next `most` points; whether all are gathered.
    pub(crate) fn step(&mut self, grid: &VoxelGrid, most: usize) -> bool {
        let end = (self.next + most).min(grid.voxel_of_point.len());
        for point in self.next..end {
            let voxel = grid.voxel_of_point[point];
            if voxel != NONE {
                let group = self.group_of_voxel[voxel as usize];
                if group > 0 {
                    self.points[group as usize - 1].push(point as u32);
                }
            }
        }
        self.next = end;
        end == grid.voxel_of_point.len()
    }

    /// Points looked at.
    pub(crate) fn done(&self) -> usize {
        self.next
    }

    /// Entry `k` holds the points of group `k + 1`.
    pub(crate) fn finish(self) -> Vec<Vec<u32>> {
        self.points
    }
}

/// The shell's planes, one more than their index for each voxel, as groups of points.
pub(crate) fn shell_points(grid: &VoxelGrid, shell: &Shell) -> GroupedPoints {
    let groups = shell.plane_of_voxel.iter().map(|label| u32::from(*label)).collect();
    GroupedPoints::new(grid, groups, shell.planes.len())
}

/// The shell's planes with their points, as the scene keeps them.
pub(crate) fn structure(grid: &VoxelGrid, shell: &Shell, points: Vec<Vec<u32>>) -> Structure {
    let mut bounds = vec![Aabb::EMPTY; shell.planes.len()];
    for (position, &label) in grid.positions.iter().zip(&shell.plane_of_voxel) {
        if label > 0 {
            let bounds = &mut bounds[usize::from(label) - 1];
            *bounds = bounds.union(&Aabb { min: *position, max: *position });
        }
    }
    let mut structure = Structure { openings: openings(grid, shell), ..Structure::default() };
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
