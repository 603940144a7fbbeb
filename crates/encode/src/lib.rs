//! Scene to prefix: the encoders of Inst3D-LMM, 3D-LLM and Spatial 3D-LLM in Burn, as
//! ARCHITECTURE.md ("The model, exactly") defines them and `training/` trains them.
//!
//! ```text
//! let encoder = Encoder::load(&tensors, &config, EncodeDevice::Flex).await?;
//! let mut work = encoder.start(&scene, None)?;
//! let encoded = loop {
//!     if let EncodeStep::Done(encoded) = work.step().await? {
//!         break encoded;
//!     }
//! };
//! ```
//!
//! What this crate is *not*: no training, no file formats, no language model.

mod begin;
mod box_reading;
mod code;
mod config;
mod cost;
mod device;
mod encoder;
mod error;
mod field;
#[cfg(test)]
mod golden;
mod inst3d;
mod labels;
mod layers;
mod llm3d;
mod nets;
mod place;
mod points;
mod probe;
mod rows;
mod spatial;
mod surface;
mod view;
mod weights;
mod work;

pub use config::{Config, SLOTS};
pub use cost::{Cost, cost};
pub use device::EncodeDevice;
pub use encoder::Encoder;
pub use error::Error;
pub use llm3d::Construction;
pub use weights::Tensors;
pub use work::{EncodeStep, Encoded, Encoding, Inside, Seen, Weighing};

use glam::Vec3;
use scene::Aabb;

/// Of centre and size, as `views` writes it.
fn bounds(box_m: &[f32; 6]) -> Aabb {
    let [x, y, z, a, b, c] = *box_m;
    Aabb::from_centre_size(Vec3::new(x, y, z), Vec3::new(a, b, c))
}
