//! The room that is shipped: a living room of CC0 meshes, without truth columns.

use crate::assets::Assets;
use crate::home::Home;
use crate::layout::{Manner, furnish_as};
use crate::rng::Rng;
use crate::room::{Purpose, Room};
use crate::scan::{Preset, fuse};
use crate::suite::{GENERATOR_VERSION, RoomgenError, take_shots, write_scan};
use crate::truth::scene_from_file;
use glam::DVec3;
use scene::PointCloud;
use std::collections::BTreeSet;
use std::path::Path;
use tasks::suite::Split;

/// Above this the scanner did not look, so that the view falls into the room from above, metres.
const TOP_M: f32 = 2.1;

/// What it must show.
const WANTED: [&str; 5] = ["sofa", "coffee table", "tv", "plant", "lamp"];

fn is_pleasing(room: &Room) -> bool {
    let classes: Vec<&str> = room.placed.iter().map(|placed| placed.piece.class.as_str()).collect();
    room.size.x * room.size.y < 19.0
        && room.notch.is_none()
        && WANTED.iter().all(|wanted| classes.contains(wanted))
        && classes.iter().collect::<BTreeSet<_>>().len() >= 10
}

/// Makes the sample room of this seed, writes it to `path`, and returns what stands in it.
///
/// # Errors
/// A mesh that cannot be read; a file that cannot be written.
pub fn write_sample(assets: &Assets, seed: u64, path: &Path) -> Result<Vec<String>, RoomgenError> {
    let mut rng = Rng::from_numbers([GENERATOR_VERSION, seed, 3, 0]);
    let preset = Preset::for_sample();
    let home = loop {
        let room =
            furnish_as(assets, Split::Train, Purpose::Living, Manner::Tidy, &mut rng.fork())?;
        if is_pleasing(&room) {
            break Home::of(room);
        }
    };
    let shots = take_shots(&home, &preset, &mut rng.fork());
    let scene_from_file = scene_from_file(0.35, DVec3::new(1.2, -0.8, 0.05));
    let scan = fuse(&home, &shots, &preset, &scene_from_file.inverse(), rng.fork());
    let is_low = |point: &glam::Vec3| scene_from_file.apply(point.as_dvec3()).z < f64::from(TOP_M);
    let kept = scan.positions.iter().zip(&scan.colours).filter(|(point, _)| is_low(point));
    let (positions, colours) = kept.map(|(point, colour)| (point.to_array(), *colour)).unzip();
    let cloud = PointCloud { positions, colours: Some(colours), ..PointCloud::default() };
    write_scan(path, &cloud)?;
    Ok(home
        .placed
        .iter()
        .map(|placed| format!("{} ({})", placed.piece.class, placed.piece.mesh.name))
        .collect())
}
