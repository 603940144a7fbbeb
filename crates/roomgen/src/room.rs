//! A furnished room, before anyone scans it. Its own frame: metres, z up, floor at z = 0, one
//! corner at the origin, walls along x and y.

use crate::assets::Mesh;
use crate::paint::Paint;
use glam::{Vec2, Vec3};
use scene::Aabb;
use std::sync::Arc;

/// What the room is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Purpose {
    Bedroom,
    Living,
    Dining,
    Office,
    Kitchen,
    Bath,
    Child,
    Studio,
    Meeting,
    Storage,
}

impl Purpose {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::Bedroom,
        Self::Living,
        Self::Dining,
        Self::Office,
        Self::Kitchen,
        Self::Bath,
        Self::Child,
        Self::Studio,
        Self::Meeting,
        Self::Storage,
    ];
}

/// Shell and furniture.
#[derive(Clone, Debug)]
pub struct Room {
    /// What it is for.
    pub purpose: Purpose,
    /// Inner lengths along x, y and z.
    pub size: Vec3,
    /// A corner that does not belong to the room, for L-shaped ones: from here to the far corner.
    pub notch: Option<Vec2>,
    /// How floor, walls and ceiling look.
    pub finish: Finish,
    /// The furniture.
    pub placed: Vec<Placed>,
}

/// One piece in its place.
#[derive(Clone, Debug)]
pub struct Placed {
    /// What it is.
    pub piece: Piece,
    /// The middle of its underside.
    pub base: Vec3,
    /// Turn about z, radians; at 0 its front is towards −y.
    pub yaw: f32,
    /// Round it.
    pub bounds: Aabb,
    /// What carries it.
    pub support: Carrier,
}

/// What carries a piece.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Carrier {
    /// The floor.
    Floor,
    /// A wall.
    Wall,
    /// The ceiling.
    Ceiling,
    /// The piece of this index in [`Room::placed`].
    Piece(usize),
}

/// A mesh with its own size and colours.
#[derive(Clone, Debug)]
pub struct Piece {
    /// Its class.
    pub class: String,
    /// Shape and surfaces.
    pub mesh: Arc<Mesh>,
    /// Applied to the mesh's points; a negative x mirrors it.
    pub scale: Vec3,
    /// Its colours.
    pub paint: Paint,
}

impl Piece {
    /// Edge lengths, unturned.
    pub fn size(&self) -> Vec3 {
        self.mesh.size * self.scale.abs()
    }

    /// Its box when it stands there.
    pub fn bounds_at(&self, base: Vec3, yaw: f32) -> Aabb {
        let size = self.size();
        let (sin, cos) = yaw.sin_cos();
        let turned = Vec3::new(
            cos.abs() * size.x + sin.abs() * size.y,
            sin.abs() * size.x + cos.abs() * size.y,
            size.z,
        );
        Aabb::from_centre_size(base + Vec3::Z * (size.z / 2.0), turned)
    }
}

impl Placed {
    /// Where the front looks, in the floor plane.
    pub fn front(&self) -> Vec2 {
        Vec2::new(self.yaw.sin(), -self.yaw.cos())
    }

    /// From a point of the mesh to the room.
    pub fn in_room(&self, point: Vec3) -> Vec3 {
        let scaled = point * self.piece.scale;
        self.base + Vec2::from_angle(self.yaw).rotate(scaled.truncate()).extend(scaled.z)
    }
}

/// The turn that makes a piece look along `front`.
pub fn yaw_facing(front: Vec2) -> f32 {
    front.x.atan2(-front.y)
}

/// Surfaces of the shell.
#[derive(Clone, Debug)]
pub struct Finish {
    /// Pattern of the floor.
    pub floor: FloorKind,
    /// Its main colour, 0..=255.
    pub floor_colour: Vec3,
    /// Of most walls, 0..=255.
    pub wall_colour: Vec3,
    /// Of the walls at x = 0, x = end, y = 0, y = end, where one differs.
    pub accent: Option<(usize, Vec3)>,
    /// 0..=255.
    pub ceiling_colour: Vec3,
}

/// What the floor is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub enum FloorKind {
    Boards,
    Tiles,
    Carpet,
}

/// A stretch of wall.
#[derive(Clone, Copy, Debug)]
pub struct Wall {
    /// One end.
    pub start: Vec2,
    /// The other.
    pub end: Vec2,
    /// Unit vector into the room.
    pub normal: Vec2,
}

impl Wall {
    /// In metres.
    pub fn length(&self) -> f32 {
        self.start.distance(self.end)
    }

    /// Unit vector from start to end.
    pub fn along(&self) -> Vec2 {
        (self.end - self.start).normalize_or_zero()
    }
}

impl Room {
    /// The corners of the floor, in order.
    pub fn corners(&self) -> Vec<Vec2> {
        let (w, d) = (self.size.x, self.size.y);
        match self.notch {
            None => vec![Vec2::ZERO, Vec2::new(w, 0.), Vec2::new(w, d), Vec2::new(0., d)],
            Some(n) => vec![
                Vec2::ZERO,
                Vec2::new(w, 0.),
                Vec2::new(w, n.y),
                n,
                Vec2::new(n.x, d),
                Vec2::new(0., d),
            ],
        }
    }

    /// The walls, in order round the floor.
    pub fn walls(&self) -> Vec<Wall> {
        let corners = self.corners();
        let ends = corners.iter().skip(1).chain(corners.first());
        let sides = corners.iter().zip(ends);
        sides
            .map(|(&start, &end)| Wall {
                start,
                end,
                normal: (end - start).normalize_or_zero().perp(),
            })
            .collect()
    }

    /// The part that an L-shaped room lacks, floor to ceiling.
    pub fn notch_box(&self) -> Option<Aabb> {
        self.notch.map(|corner| Aabb { min: corner.extend(0.0), max: self.size })
    }

    /// Whether the box lies within the room; `slack` metres outside are forgiven.
    pub fn holds(&self, bounds: &Aabb, slack: f32) -> bool {
        let inside = bounds.min.cmpge(Vec3::splat(-slack)).all()
            && bounds.max.cmple(self.size + Vec3::splat(slack)).all();
        inside && self.notch_box().is_none_or(|notch| !overlaps(bounds, &notch, slack))
    }
}

/// Whether the two boxes share more than `slack` metres along every axis.
pub fn overlaps(a: &Aabb, b: &Aabb, slack: f32) -> bool {
    let shared = a.max.min(b.max) - a.min.max(b.min);
    shared.cmpgt(Vec3::splat(slack)).all()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn room(notch: Option<Vec2>) -> Room {
        Room {
            purpose: Purpose::Living,
            size: Vec3::new(4.0, 3.0, 2.5),
            notch,
            finish: Finish {
                floor: FloorKind::Tiles,
                floor_colour: Vec3::splat(90.0),
                wall_colour: Vec3::splat(200.0),
                accent: None,
                ceiling_colour: Vec3::splat(240.0),
            },
            placed: Vec::new(),
        }
    }

    #[test]
    fn walls_look_inwards() {
        for notch in [None, Some(Vec2::new(2.5, 1.5))] {
            let room = room(notch);
            let area: f32 = room.walls().iter().map(|w| w.start.perp_dot(w.end)).sum::<f32>() / 2.0;
            let expected = if notch.is_some() { 12.0 - 1.5 * 1.5 } else { 12.0 };
            assert!((area - expected).abs() < 1e-4);
            for wall in room.walls() {
                let inside = (wall.start + wall.end) / 2.0 + wall.normal * 0.1;
                let speck = Aabb::from_centre_size(inside.extend(1.0), Vec3::splat(0.05));
                assert!(room.holds(&speck, 0.0), "{wall:?}");
            }
        }
    }

    #[test]
    fn facing_is_the_inverse_of_front() {
        for front in [Vec2::X, Vec2::Y, Vec2::NEG_X, Vec2::NEG_Y, Vec2::new(0.6, 0.8)] {
            let yaw = yaw_facing(front);
            assert!((Vec2::new(yaw.sin(), -yaw.cos()) - front).length() < 1e-5);
        }
    }
}
