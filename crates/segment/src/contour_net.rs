//! A small network over the voxels that learns where one object ends and another begins, in the way
//! of EZ-SP (Geist et al. 2025): an embedding in which voxels of one object lie close together.
//!
//! It is shaped like a U-Net over a pyramid of grids, each of twice the edge of the one below. Where
//! EZ-SP convolves 3 × 3 × 3 cells with a matrix for each, neighbours are averaged here by
//! direction (up, down, and four level ones) and each direction has a matrix: seven in place of 27,
//! so that a single thread can do it.
//!
//! Beside the embedding it says of each voxel whether it belongs to a thing, and of each cell of the
//! second level where the middle of its object is (Qi et al. 2019, VoteNet) and, in a code of
//! [`MEANING`] numbers, what the object may be.

mod dense;
#[cfg(any(test, feature = "training"))]
pub(crate) mod fixture;
mod inputs;
mod plan;
mod pyramid;

pub(crate) use plan::{ContourNet, ContourWork, EMBEDDING, MEANING, VoxelCodes};
#[cfg(feature = "training")]
pub(crate) use {
    inputs::{INPUTS, inputs},
    pyramid::{DIRECTIONS, LEVELS, direction},
};
