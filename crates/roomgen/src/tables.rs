//! Table tops seen from near, with true objects: what `segment` learns of small things that stand
//! close together. No suite is made of them, and nothing is asked about them.

use crate::assets::Assets;
use crate::home::Home;
use crate::layout::bare_room;
use crate::rng::Rng;
use crate::room::{Carrier, Placed, Purpose};
use crate::scan::{Camera, Fusion, Preset, frame_faults};
use crate::suite::{GENERATOR_VERSION, Order, RoomgenError};
use crate::truth::scene_from_file;
use glam::{DVec3, Vec2, Vec3};
use scene::{Column, PointCloud};

/// Fewest and most things on a table.
const THINGS: (usize, usize) = (2, 10);
/// Fewest and most frames; one is the most frequent.
const FRAMES: (usize, usize) = (2, 10);
/// How many are seen from one place alone.
const ONE_VIEW: f32 = 0.5;
/// How many scans end where the table ends, as their owners cut them.
const CUT: f32 = 0.7;

/// A table top of this number: columns as in a suite's scans, the table's own points in `instance`
/// only where the floor round it was seen too.
///
/// # Errors
/// A mesh that cannot be read.
pub fn make_table(
    assets: &Assets,
    order: &Order,
    index: usize,
) -> Result<PointCloud, RoomgenError> {
    let mut rng = Rng::from_numbers([GENERATOR_VERSION, order.seed, 4, index as u64]);
    let things = rng.between(THINGS.0, THINGS.1);
    let home = loop {
        let room = bare_room(Purpose::Living, Vec3::new(4.0, 4.0, 2.6), &mut rng);
        let mut planner = crate::layout::Planner::new(assets, order.split, room, rng.fork());
        if planner.table_top(things)? {
            break Home::of(planner.finish());
        }
    };
    let preset = Preset::for_tables().varied(&mut rng.fork());
    let Some(table) = home.placed.first().cloned() else { return Ok(PointCloud::default()) };
    let cameras = cameras(&table, &preset, &mut rng);
    let faults = frame_faults(&preset, cameras.len(), &mut rng.fork());
    let yaw = rng.range(0.0, std::f32::consts::TAU);
    let file_from_home = scene_from_file(yaw.into(), DVec3::ZERO).inverse();
    let fine = rng.range(preset.voxel_m.0, preset.voxel_m.1);
    let mut fusion =
        Fusion::start(&home, &preset, &file_from_home, rng.fork()).with_voxels_of(fine);
    for (camera, fault) in cameras.iter().zip(&faults) {
        fusion.look(&home, &preset, camera, fault);
    }
    let scan = fusion.finish(&home);
    let cut = rng.chance(CUT);
    let kept = |point: Vec3, owner: u16| {
        let at = file_from_home.inverse().apply(point.as_dvec3()).as_vec3();
        let on_table = table.bounds.min.truncate().cmple(at.truncate()).all()
            && at.truncate().cmple(table.bounds.max.truncate()).all();
        let high = at.z > table.bounds.max.z - 0.03;
        !cut || (on_table && high && owner > 0)
    };
    let mut cloud = PointCloud { colours: Some(Vec::new()), ..PointCloud::default() };
    let mut instance = Vec::new();
    let all = scan.positions.iter().zip(&scan.colours).zip(&scan.owners);
    for ((&point, &colour), &owner) in all.filter(|((point, _), owner)| kept(**point, **owner)) {
        cloud.positions.push(point.to_array());
        cloud.colours.get_or_insert_default().push(colour);
        // The table is the first piece; cut out it is the ground that all else stands on.
        instance.push(if cut && owner == 1 { 0.0 } else { f64::from(owner) });
    }
    cloud.columns = vec![Column { name: "instance".to_owned(), values: instance }];
    Ok(cloud)
}

/// Round the table at arm's length, from one side or several.
fn cameras(table: &Placed, preset: &Preset, rng: &mut Rng) -> Vec<Camera> {
    debug_assert!(table.support == Carrier::Floor);
    let top = table.bounds.centre().truncate().extend(table.bounds.max.z);
    let reach = (table.bounds.size().truncate() / 2.0 - 0.25).max(Vec2::ZERO);
    let aim = Vec2::new(rng.range(-1.0, 1.0), rng.range(-1.0, 1.0)) * reach * 0.5;
    let count = if rng.chance(ONE_VIEW) { 1 } else { rng.between(FRAMES.0, FRAMES.1) };
    let (start, arc) = (rng.range(0.0, std::f32::consts::TAU), rng.range(1.0, 6.3));
    (0..count)
        .map(|frame| {
            let about = start + arc * frame as f32 / count as f32;
            let tilt = rng.range(0.5, 1.1);
            let away = rng.range(0.65, 1.25);
            let side = Vec2::from_angle(about) * tilt.cos();
            let target = top + aim.extend(0.05);
            let eye = target + side.extend(tilt.sin()) * away;
            Camera::looking_at(eye, target, preset).rolled(0.05 * rng.normal())
        })
        .collect()
}
