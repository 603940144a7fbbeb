//! The part that draws.

mod lines;
mod points;
mod view;

pub use view::{View, ViewError};

use glam::{Mat4, Vec3};
use three_d::{Mat4 as GlMat4, Vec3 as GlVec3};

/// glam to three-d, at the seam.
fn gl_mat4(matrix: Mat4) -> GlMat4 {
    matrix.to_cols_array_2d().into()
}

fn gl_vec3(vector: Vec3) -> GlVec3 {
    vector.to_array().into()
}
