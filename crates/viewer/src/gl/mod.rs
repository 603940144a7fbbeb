//! The part that draws.
//!
//! A vertex buffer is filled once: new data is a new buffer. Between two draws three-d disables its
//! attributes, and where a buffer is refilled then, ANGLE over Vulkan (Chromium on Linux and
//! Android) goes on reading the memory that it had before, as long as the pointer set afterwards
//! has the same buffer, format and offset. That memory is freed, and the GPU process crashes.

mod lines;
mod points;
mod relief;
mod view;

pub use view::{View, ViewError};

use glam::{Mat3, Mat4, Vec3};
use three_d::{Mat3 as GlMat3, Mat4 as GlMat4, Vec3 as GlVec3};

/// glam to three-d, at the seam.
fn gl_mat4(matrix: Mat4) -> GlMat4 {
    matrix.to_cols_array_2d().into()
}

fn gl_mat3(matrix: Mat3) -> GlMat3 {
    matrix.to_cols_array_2d().into()
}

fn gl_vec3(vector: Vec3) -> GlVec3 {
    vector.to_array().into()
}
