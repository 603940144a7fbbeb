//! PLY files to point clouds and back.
