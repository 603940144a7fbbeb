//! WGSL pipelines and their CPU twins behind one trait.
