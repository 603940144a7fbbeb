//! Where one can walk and put things in a room whose truth is known.

use super::Fact;
use geometry::{Aabb2, Floor, FreeSpace, Layout, Obstacle, Polygon, Solid, Surface};
use glam::{DVec3, Vec2, Vec3};
use scene::{Aabb, OrientedBox, Similarity};
use std::fmt;

/// Floor, ceiling and what stands there, in the scene frame, metres.
pub struct Ground {
    /// The rooms and the ways between them.
    pub floor: Floor,
    /// Height of the ceiling.
    pub ceiling_m: Option<f32>,
    /// Every object, seen or not.
    pub solids: Vec<Solid>,
    /// Where one can walk; `None` without a floor.
    pub free: Option<FreeSpace>,
    /// From the file's coordinates to the scene's.
    pub scene_from_file: Similarity,
}

/// As dense as [`FreeSpace`] wants an object's points: 5 cm.
const DENSE_POINTS: usize = 60;

impl Ground {
    /// From the facts of the objects and the scanned points of each, in the same order.
    pub(super) fn new(
        floor: Floor,
        ceiling_m: Option<f32>,
        scene_from_file: Similarity,
        objects: &[Fact],
        points: &[Vec<Vec3>],
        surfaces: Vec<Option<Surface>>,
    ) -> Self {
        // A door can be opened.
        let shut = objects.iter().zip(points).filter(|(fact, _)| fact.label != "door");
        let obstacles = shut.map(|(fact, points)| {
            if fact.clear && points.len() >= DENSE_POINTS {
                Obstacle::Points(points)
            } else {
                Obstacle::Box(fact.whole)
            }
        });
        let free = FreeSpace::of_floor(&floor, obstacles).ok();
        Self::of_scan(floor, ceiling_m, scene_from_file, objects, surfaces, free)
    }

    /// The same with the free space as it was scanned.
    pub(super) fn of_scan(
        floor: Floor,
        ceiling_m: Option<f32>,
        scene_from_file: Similarity,
        objects: &[Fact],
        surfaces: Vec<Option<Surface>>,
        free: Option<FreeSpace>,
    ) -> Self {
        let solids = objects
            .iter()
            .zip(surfaces)
            .map(|(fact, surface)| Solid { id: fact.id, bounds: fact.whole, surface })
            .collect();
        Self { floor, ceiling_m, solids, free, scene_from_file }
    }

    /// What a thing can be put into.
    pub fn layout(&self) -> Layout<'_> {
        Layout { floor: &self.floor, ceiling_m: self.ceiling_m, objects: &self.solids }
    }

    /// A place on the floor, in the file's coordinates.
    pub fn floor_in_file(&self, at: Vec2) -> [f64; 3] {
        let point = self.scene_from_file.inverse().apply(at.extend(0.0).as_dvec3());
        point.to_array().map(rounded)
    }

    /// A place of the file, seen from above in the scene frame.
    pub fn in_scene(&self, point: [f64; 3]) -> Vec2 {
        self.scene_from_file.apply(DVec3::from(point)).as_vec3().truncate()
    }

    /// A box along the scene's axes, in the file's coordinates.
    pub fn box_in_file(&self, bounds: &Aabb) -> OrientedBox {
        let OrientedBox { center, size, axes } = self.scene_from_file.box_in_file(bounds);
        OrientedBox { center: center.map(rounded), size: size.map(rounded), axes }
    }
}

/// To tenths of a millimetre, where files are in metres: more is not known.
fn rounded(value: f64) -> f64 {
    (value * 1e4).round() / 1e4
}

impl fmt::Debug for Ground {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ground").field("floor", &self.floor).finish_non_exhaustive()
    }
}

/// No wall between two rooms is thicker.
const THICKEST_WALL_M: f32 = 0.3;

/// The way through a wall, by the two feet of its opening in the middle of the wall.
pub(super) fn doorway([a, b]: [Vec2; 2]) -> Aabb2 {
    let through = (b - a).perp().normalize_or_zero().abs() * (THICKEST_WALL_M / 2.0);
    Aabb2 { min: a.min(b) - through, max: a.max(b) + through }
}

/// A rectangular floor under all of these boxes, half a metre wider on each side.
pub(super) fn floor_under(boxes: impl IntoIterator<Item = Aabb>) -> Floor {
    let round = boxes.into_iter().fold(Aabb2::EMPTY, |all, one| all.union(&one.into()));
    let rooms = if round.is_empty() { None } else { Polygon::rectangle(round.grown(0.5)) };
    Floor { rooms: rooms.into_iter().collect(), doorways: Vec::new() }
}
