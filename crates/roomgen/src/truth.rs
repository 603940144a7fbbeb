//! What is true of a scanned room: `scene.json`.

use crate::assets::Assets;
use crate::home::Home;
use crate::room::{Carrier, Purpose};
use crate::scan::{Camera, FrameFault, Fused};
use glam::{DMat3, DVec3, Vec2, Vec3};
use rustc_hash::FxHashSet;
use scene::{Aabb, InstanceId, Similarity};
use tasks::colour;
use tasks::suite::{
    CameraTruth, ObjectTruth, OpeningTruth, RoomTruth, SceneTruth, Shell, SpaceTruth, Split,
    Support, VERSION,
};

/// Pieces with fewer points are not objects of the scan: their points count as structure.
pub const LEAST_POINTS: usize = 40;

/// This share of an object's points must agree on its colour's name.
const CLEAR_SHARE: f32 = 0.6;

/// What is known of a home beside its furniture and its scan.
#[derive(Clone, Copy, Debug)]
pub struct Provenance<'a> {
    /// The seed that makes this room again.
    pub seed: u64,
    /// Its split.
    pub split: Split,
    /// The scanner's name.
    pub preset: &'a str,
}

/// The truth, and for each point of the scan the id of its object, 0 for none.
pub fn truth(
    assets: &Assets,
    home: &Home,
    shots: &[(Camera, FrameFault)],
    scan: &Fused,
    scene_from_file: &Similarity,
    provenance: Provenance<'_>,
) -> (SceneTruth, Vec<u16>) {
    let points = points_by_piece(home, scan);
    let mut ids = vec![None; home.placed.len()];
    for (id, (slot, _)) in
        (1..).zip(ids.iter_mut().zip(&points).filter(|(_, points)| points.len() >= LEAST_POINTS))
    {
        *slot = Some(InstanceId(id));
    }
    let in_home = |point: Vec3| scene_from_file.apply(point.as_dvec3()).as_vec3();
    let mut objects = Vec::new();
    for (index, placed) in home.placed.iter().enumerate() {
        let Some(id) = ids[index] else { continue };
        let own = &points[index];
        let bounds = Aabb::of_points(own.iter().map(|&point| in_home(scan.positions[point])));
        objects.push(ObjectTruth {
            id,
            label: placed.piece.class.clone(),
            colour: colour_of(scan, own),
            material: placed.piece.mesh.made_of.map(str::to_owned),
            scanned_box: scene_from_file.box_in_file(&bounds),
            amodal_box: scene_from_file.box_in_file(&placed.bounds),
            support: support_of(home, &ids, placed.support),
            visible_fraction: visible_fraction(home, index, own, scan, scene_from_file),
            points: own.len() as u32,
            mesh: Some(placed.piece.mesh.name.clone()),
            space: Some(home.space_of[index] as u32),
        });
    }
    let instances =
        scan.owners.iter().map(|&owner| id_of(&ids, owner).map_or(0, |id| id.0 as u16)).collect();
    let file_from_home = scene_from_file.inverse();
    let in_file = |point: Vec3| file_from_home.apply(point.as_dvec3()).to_array();
    let missed = home.placed.iter().zip(&ids).filter(|(_, id)| id.is_none());
    let not_looked_at = scan.coverage.unseen(home, |index| ids[index].is_some());
    let unseen = missed.map(|(placed, _)| placed.bounds).chain(not_looked_at);
    let floor_of = |corners: Vec<Vec2>| {
        corners.into_iter().map(|corner| in_file(corner.extend(0.0))).collect::<Vec<_>>()
    };
    let spaces = home.spaces.iter().map(|space| SpaceTruth {
        purpose: name_of(space.room.purpose).to_owned(),
        floor: floor_of(space.corners()),
        height: f64::from(space.room.size.z),
    });
    let openings = home.openings.iter().map(|opening| {
        let [a, b] = opening.feet().map(in_file);
        OpeningTruth { a, b, height: f64::from(opening.hole.size().z) }
    });
    let scene = SceneTruth {
        version: VERSION,
        seed: provenance.seed,
        split: provenance.split,
        preset: provenance.preset.to_owned(),
        classes: assets.classes().map(str::to_owned).collect(),
        objects,
        room: RoomTruth {
            floor: floor_of(home.outline()),
            height: f64::from(home.height()),
            scene_from_file: scene_from_file.rows(),
            spaces: spaces.collect(),
            openings: openings.collect(),
        },
        cameras: shots
            .iter()
            .map(|(camera, _)| CameraTruth {
                position: in_file(camera.position),
                forward: (file_from_home.rotation * camera.home_from_camera.z_axis.as_dvec3())
                    .to_array(),
            })
            .collect(),
        unseen: unseen.map(|bounds| scene_from_file.box_in_file(&bounds)).collect(),
    };
    (scene, instances)
}

/// What people call a room for this purpose.
fn name_of(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::Bedroom => "bedroom",
        Purpose::Living => "living room",
        Purpose::Dining => "dining room",
        Purpose::Office => "office",
        Purpose::Kitchen => "kitchen",
        Purpose::Bath => "bathroom",
        Purpose::Child => "children's room",
        Purpose::Studio => "studio",
        Purpose::Meeting => "meeting room",
        Purpose::Storage => "storage room",
    }
}

/// A turn about z and a shift: from the file's frame to the home's.
pub fn scene_from_file(yaw: f64, shift: DVec3) -> Similarity {
    let file_from_home =
        Similarity { scale: 1.0, rotation: DMat3::from_rotation_z(yaw), translation: shift };
    file_from_home.inverse()
}

fn points_by_piece(home: &Home, scan: &Fused) -> Vec<Vec<usize>> {
    let mut points = vec![Vec::new(); home.placed.len()];
    for (point, &owner) in scan.owners.iter().enumerate() {
        if let Some(own) = usize::from(owner).checked_sub(1).and_then(|piece| points.get_mut(piece))
        {
            own.push(point);
        }
    }
    points
}

fn id_of(ids: &[Option<InstanceId>], owner: u16) -> Option<InstanceId> {
    *ids.get(usize::from(owner).checked_sub(1)?)?
}

/// What carries a piece; a carrier that the scan missed is passed over, down to the floor.
fn support_of(home: &Home, ids: &[Option<InstanceId>], carrier: Carrier) -> Support {
    match carrier {
        Carrier::Floor => Support::Shell(Shell::Floor),
        Carrier::Wall => Support::Shell(Shell::Wall),
        Carrier::Ceiling => Support::Shell(Shell::Ceiling),
        Carrier::Piece(below) => match ids[below] {
            Some(id) => Support::Object(id),
            None => support_of(home, ids, home.placed[below].support),
        },
    }
}

/// The name that most of the object's points bear, by the true colour of the surface and not by
/// the light on it; `None` if there is no clear majority.
fn colour_of(scan: &Fused, points: &[usize]) -> Option<String> {
    let mut votes = [0_usize; colour::NAMES.len()];
    for &point in points {
        let rgb = scan.albedos[point].to_array().map(|c| c as u8);
        let name = colour::name(rgb);
        if let Some(index) = name.and_then(|name| colour::NAMES.iter().position(|n| *n == name)) {
            votes[index] += 1;
        }
    }
    let (best, &count) = votes.iter().enumerate().max_by_key(|(_, count)| **count)?;
    (count as f32 > CLEAR_SHARE * points.len() as f32).then(|| colour::NAMES[best].to_owned())
}

/// The share of the piece's surface, inner faces included, that has a point of its own within
/// two voxels.
fn visible_fraction(
    home: &Home,
    index: usize,
    points: &[usize],
    scan: &Fused,
    scene_from_file: &Similarity,
) -> f32 {
    let cell_m = 2.0 * scan.voxel_m;
    let cell = |point: Vec3| (point / cell_m).round().to_array().map(|v| v as i32);
    let mut seen: FxHashSet<[i32; 3]> = FxHashSet::default();
    for &point in points {
        seen.insert(cell(scene_from_file.apply(scan.positions[point].as_dvec3()).as_vec3()));
    }
    let placed = &home.placed[index];
    let mesh = &placed.piece.mesh;
    let total: f32 = mesh.triangles.iter().map(|triangle| mesh.area(triangle)).sum();
    let step = (total / 600.0).max(1e-9);
    let (mut left, mut hits, mut count) = (step / 2.0, 0, 0);
    for (number, triangle) in mesh.triangles.iter().enumerate() {
        left -= mesh.area(triangle);
        while left < 0.0 {
            left += step;
            count += 1;
            // Fixed places that spread over the triangle.
            let u = (0.618_034 * (count + number) as f32).fract();
            let v = (0.754_878 * count as f32).fract();
            let (u, v) = if u + v > 1.0 { (1.0 - u, 1.0 - v) } else { (u, v) };
            let [a, b, c] = mesh.corners(triangle);
            let at = cell(placed.in_room(a + (b - a) * u + (c - a) * v));
            let near = |x: i32, y: i32, z: i32| seen.contains(&[at[0] + x, at[1] + y, at[2] + z]);
            let is_seen = near(0, 0, 0)
                || [-1, 1].into_iter().any(|s| near(s, 0, 0) || near(0, s, 0) || near(0, 0, s));
            hits += usize::from(is_seen);
        }
    }
    if count == 0 { 0.0 } else { hits as f32 / count as f32 }
}
