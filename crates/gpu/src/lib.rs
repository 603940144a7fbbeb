//! The one wgpu device: how it is asked for, what it can do, and whether it is still there.
//!
//! What this crate is *not*: no kernels and no tensors. `kernels` runs our WGSL on this device and
//! `encode` hands the same device to Burn, so a scan's features never leave it.

mod faults;
mod read;
mod request;

pub use faults::{Fault, Faults};
pub use read::{read_buffer, read_into};
pub use request::{Gpu, Prefer, SHARED_FEATURES};
pub use wgpu;

use thiserror::Error;

/// Why there is no device, or no longer one.
#[derive(Clone, Debug, Error)]
pub enum Error {
    /// The system or the browser offers no adapter.
    #[error("this system offers no WebGPU adapter: {0}")]
    NoAdapter(String),
    /// The adapter is weaker than the WebGPU default limits.
    #[error("the adapter {adapter} cannot give the default WebGPU limits: {reason}")]
    Limits {
        /// The adapter's name.
        adapter: String,
        /// Which limit, in wgpu's words.
        reason: String,
    },
    /// The adapter refused to make a device.
    #[error("the adapter {adapter} gave no device: {reason}")]
    NoDevice {
        /// The adapter's name.
        adapter: String,
        /// In wgpu's words.
        reason: String,
    },
    /// The device was lost: driver reset, GPU process crash, or a sleeping machine.
    #[error("the GPU device was lost: {0}")]
    Lost(String),
    /// The device reported a validation, memory or internal error.
    #[error("the GPU reported an error: {0}")]
    Device(String),
    /// A buffer could not be read back.
    #[error("the GPU gave no result back: {0}")]
    Read(String),
}
