use crate::{
    adjacency::{Adjacency, AdjacencyBuilder},
    grid::VoxelGrid,
    surface::{Surface, SurfaceBuilder},
};

/// Voxels per step; each has up to 26 neighbours.
const VOXELS_PER_STEP: usize = 1 << 14;

/// Neighbours, moments and normals of a grid's voxels, in short steps.
#[derive(Debug)]
pub(crate) struct ShapeWork {
    pass: usize,
    next: usize,
    neighbours: AdjacencyBuilder,
    adjacency: Adjacency,
    surface: SurfaceBuilder,
}

const PASSES: usize = 3;

impl ShapeWork {
    pub(crate) fn new() -> Self {
        Self {
            pass: 0,
            next: 0,
            neighbours: AdjacencyBuilder::new(),
            adjacency: Adjacency::default(),
            surface: SurfaceBuilder::new(),
        }
    }

    /// Works on; whether all is done.
    pub(crate) fn step(&mut self, grid: &VoxelGrid) -> bool {
        let end = (self.next + VOXELS_PER_STEP).min(grid.len());
        let range = self.next..end;
        match self.pass {
            0 => self.neighbours.add(&grid.keys, range),
            1 => self.surface.gather(grid, &self.adjacency, range),
            _ => self.surface.resolve(grid, &self.adjacency, range),
        }
        self.next = end;
        if end == grid.len() {
            if self.pass == 0 {
                let built = std::mem::replace(&mut self.neighbours, AdjacencyBuilder::new());
                self.adjacency = built.finish();
            }
            self.next = 0;
            self.pass += 1;
        }
        self.pass == PASSES
    }

    /// Work done and work in all.
    pub(crate) fn progress(&self, grid: &VoxelGrid) -> (u64, u64) {
        ((self.pass * grid.len() + self.next) as u64, (PASSES * grid.len()) as u64)
    }

    pub(crate) fn finish(self) -> (Adjacency, Surface) {
        (self.adjacency, self.surface.finish())
    }
}
