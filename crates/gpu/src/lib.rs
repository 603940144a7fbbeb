//! The one wgpu device.
