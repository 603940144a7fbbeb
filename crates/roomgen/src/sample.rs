//! The room that is shipped: a living room of CC0 meshes, without truth columns.

use crate::assets::Assets;
use crate::layout::furnish_as;
use crate::rng::Rng;
use crate::room::Purpose;
use crate::scan::{Preset, fuse, walk};
use crate::suite::{GENERATOR_VERSION, RoomgenError, write_scan};
use crate::truth::scene_from_file;
use glam::DVec3;
use scene::PointCloud;
use std::path::Path;
use tasks::suite::Split;

/// Above this the scanner did not look, so that the view falls into the room from above, metres.
const TOP_M: f32 = 2.1;

/// Makes the sample room of this seed, writes it to `path`, and returns what stands in it.
///
/// # Errors
/// A mesh that cannot be read; a file that cannot be written.
pub fn write_sample(assets: &Assets, seed: u64, path: &Path) -> Result<Vec<String>, RoomgenError> {
    let mut rng = Rng::from_numbers([GENERATOR_VERSION, seed, 3, 0]);
    let preset = Preset::for_sample();
    let mut room = furnish_as(assets, Split::Train, Purpose::Living, false, &mut rng.fork())?;
    room.placed.retain(|placed| placed.bounds.max.z < room.size.z - 0.01);
    let cameras = walk(&room, &preset, &mut rng.fork());
    let scene_from_file = scene_from_file(0.35, DVec3::new(1.2, -0.8, 0.05));
    let scan = fuse(&room, &cameras, &preset, &scene_from_file.inverse(), &mut rng.fork());
    let is_low = |point: &glam::Vec3| scene_from_file.apply(point.as_dvec3()).z < f64::from(TOP_M);
    let kept = scan.positions.iter().zip(&scan.colours).filter(|(point, _)| is_low(point));
    let (positions, colours) = kept.map(|(point, colour)| (point.to_array(), *colour)).unzip();
    let cloud = PointCloud { positions, colours: Some(colours), ..PointCloud::default() };
    write_scan(path, &cloud)?;
    Ok(room.placed.iter().map(|placed| format!("{} ({})", placed.piece.class, placed.piece.mesh.name)).collect())
}
