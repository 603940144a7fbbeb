//! The WebGL point-cloud view.
