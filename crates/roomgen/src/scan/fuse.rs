use super::camera::Camera;
use super::raster::{Frame, render};
use super::sensor::{Preset, frame_faults, measure};
use crate::rng::Rng;
use crate::room::Room;
use glam::{Mat3, Vec3};
use rustc_hash::FxHashMap;
use scene::Similarity;

/// Points farther than this outside the box round a piece are nobody's, metres.
const STRAY_M: f32 = 0.03;

/// A fused scan.
#[derive(Clone, Debug, Default)]
pub struct Fused {
    /// In the file's frame, metres.
    pub positions: Vec<Vec3>,
    /// As recorded.
    pub colours: Vec<[u8; 3]>,
    /// For each point: index of its piece in [`Room::placed`] plus one, 0 for the shell.
    pub owners: Vec<u16>,
    /// For each point: the mean of the true surface colours, 0..=255.
    pub albedos: Vec<Vec3>,
    /// Edge length of the voxels, metres.
    pub voxel_m: f32,
}

#[derive(Clone, Copy, Debug, Default)]
struct Cell {
    position: Vec3,
    colour: Vec3,
    albedo: Vec3,
    hits: u32,
    /// Majority vote of Boyer and Moore.
    owner: u16,
    votes: u32,
}

/// Renders every frame, spoils it as the sensor would, and averages what falls into the same
/// voxel of the file's frame. A voxel that several pieces touch belongs to the one that most
/// measurements hit.
pub fn fuse(
    room: &Room,
    cameras: &[Camera],
    preset: &Preset,
    file_from_room: &Similarity,
    rng: &mut Rng,
) -> Fused {
    let voxel_m = voxel_for(room, preset, rng);
    let rotation =
        Mat3::from_cols_array(&file_from_room.rotation.to_cols_array().map(|v| v as f32));
    let mut cells: FxHashMap<[i32; 3], u32> = FxHashMap::default();
    let mut store: Vec<Cell> = Vec::new();
    let faults = frame_faults(preset, cameras.len(), rng);
    for (camera, fault) in cameras.iter().zip(&faults) {
        let frame: Frame = render(room, camera);
        let origin = rotation * (camera.position + fault.shift);
        for index in 0..frame.pixels.len() {
            let Some(reading) = measure(&frame, index, preset, fault, rng) else { continue };
            let ray = camera.ray(index % frame.width, index / frame.width);
            let at = origin + rotation * (fault.turn * ray) * reading.depth_m;
            let key = (at / voxel_m).floor().to_array().map(|v| v as i32);
            let slot = *cells.entry(key).or_insert_with(|| {
                store.push(Cell::default());
                store.len() as u32 - 1
            });
            let pixel = &frame.pixels[index];
            let cell = &mut store[slot as usize];
            cell.position += at;
            cell.colour += reading.colour;
            cell.albedo += pixel.albedo;
            cell.hits += 1;
            match (cell.votes, cell.owner == pixel.owner) {
                (0, _) => (cell.owner, cell.votes) = (pixel.owner, 1),
                (_, true) => cell.votes += 1,
                (_, false) => cell.votes -= 1,
            }
        }
    }
    store.retain(|cell| cell.hits >= preset.least_hits);
    let room_from_file = rotation.transpose();
    for cell in &mut store {
        let at = room_from_file * (cell.position / cell.hits as f32);
        if is_stray(room, cell.owner, at) {
            cell.owner = 0;
        }
    }
    if store.len() > preset.most_points {
        rng.shuffle(&mut store);
        store.truncate(preset.most_points);
    }
    let translation = file_from_room.translation.as_vec3();
    let mut fused = Fused { voxel_m, ..Fused::default() };
    for cell in store {
        let share = 1.0 / cell.hits as f32;
        fused.positions.push(cell.position * share + translation);
        fused.colours.push((cell.colour * share).to_array().map(|c| c.round() as u8));
        fused.owners.push(cell.owner);
        fused.albedos.push(cell.albedo * share);
    }
    fused
}

/// Whether a measurement of a piece landed so far from it that nobody would call it part of it.
fn is_stray(room: &Room, owner: u16, at: Vec3) -> bool {
    let piece = usize::from(owner).checked_sub(1).and_then(|index| room.placed.get(index));
    piece.is_some_and(|placed| {
        let (low, high) = (placed.bounds.min - STRAY_M, placed.bounds.max + STRAY_M);
        !(at.cmpge(low).all() && at.cmple(high).all())
    })
}

/// Fine for small rooms, coarser for large ones, so that scans stay of one size.
fn voxel_for(room: &Room, preset: &Preset, rng: &mut Rng) -> f32 {
    let (w, d, h) = (room.size.x, room.size.y, room.size.z);
    let area_m2 = 1.6 * w * d + 2.0 * h * (w + d);
    let wanted = rng.range(preset.voxel_m.0, preset.voxel_m.1);
    wanted.max((area_m2 / 140_000.0).sqrt())
}
