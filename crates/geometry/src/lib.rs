//! Exact questions on a scene.
