use super::boards::Boards;
use super::sizes;
use super::style::colour_for;
use super::surface::HeightField;
use crate::assets::{AssetError, Assets};
use crate::paint::Paint;
use crate::rng::Rng;
use crate::room::{Carrier, Piece, Placed, Room, Wall, overlaps, yaw_facing};
use glam::{Vec2, Vec3};
use scene::Aabb;
use std::collections::HashMap;
use tasks::suite::Split;

/// Boxes may touch and overlap this much: meshes do not fill their boxes.
const SLACK_M: f32 = 0.004;

/// Attempts to find a place before a piece is left out.
pub(super) const TRIES: usize = 40;

/// Finds places for pieces, one after the other, so that nothing stands in anything else.
pub struct Planner<'a> {
    pub(super) assets: &'a Assets,
    pub(super) split: Split,
    pub(super) rng: Rng,
    pub(super) room: Room,
    /// Room that must stay free, such as before a door.
    zones: Vec<Aabb>,
    /// What can be put on the pieces asked about so far, by their places in the room.
    pub(super) surfaces: HashMap<usize, HeightField>,
    pub(super) boards: HashMap<usize, Boards>,
}

impl<'a> Planner<'a> {
    /// Starts with the pieces already in the room.
    pub fn new(assets: &'a Assets, split: Split, room: Room, rng: Rng) -> Self {
        Self {
            assets,
            split,
            rng,
            room,
            zones: Vec::new(),
            surfaces: HashMap::new(),
            boards: HashMap::new(),
        }
    }

    /// The furnished room.
    pub fn finish(self) -> Room {
        self.room
    }

    /// A piece of the class as it may stand in a home: one of its meshes, scaled a little, often
    /// mirrored, often in another colour. `None` if the split has no such mesh.
    pub(super) fn piece(&mut self, class: &str) -> Result<Option<Piece>, AssetError> {
        let (numbers, weights): (Vec<usize>, Vec<f32>) = self
            .assets
            .of(class, self.split)
            .map(|(number, listing)| (number, listing.weight))
            .unzip();
        let Some(number) = self.rng.weighted(&weights).map(|index| numbers[index]) else {
            return Ok(None);
        };
        let mesh = self.assets.mesh(number)?;
        let whole = self.rng.range(0.93, 1.07);
        let mut scale = Vec3::new(
            whole * self.rng.range(0.92, 1.08),
            whole * self.rng.range(0.92, 1.08),
            whole * self.rng.range(0.95, 1.05),
        );
        scale *= sizes::correction(class, mesh.size * scale);
        if matches!(class, "door" | "window") {
            // Set into the wall: only what stands out of it is part of the room.
            scale.y *= (0.07 / mesh.size.y.max(0.01)).min(1.0);
        }
        if self.rng.chance(0.5) {
            scale.x = -scale.x;
        }
        let paint = match colour_for(class, mesh.made_of, &mut self.rng) {
            Some(name) => Paint::named(&mesh, name, &mut self.rng),
            None => Paint::default(),
        };
        Ok(Some(Piece { class: class.to_owned(), mesh, scale, paint }))
    }

    /// A piece of the class that is so high, metres; `None` where a few draws find none.
    pub(super) fn piece_of_height(
        &mut self,
        class: &str,
        low_m: f32,
        high_m: f32,
    ) -> Result<Option<Piece>, AssetError> {
        for _ in 0..8 {
            let Some(piece) = self.piece(class)? else { return Ok(None) };
            if (low_m..=high_m).contains(&piece.size().z) {
                return Ok(Some(piece));
            }
        }
        Ok(None)
    }

    /// The same piece again, now and then in another colour.
    pub(super) fn again(&mut self, piece: &Piece, other_colour: f32) -> Piece {
        let mut piece = piece.clone();
        if self.rng.chance(other_colour)
            && let Some(name) = colour_for(&piece.class, piece.mesh.made_of, &mut self.rng)
        {
            piece.paint = Paint::named(&piece.mesh, name, &mut self.rng);
        }
        piece
    }

    /// Whether a box lies in the room and touches nothing but what is named.
    pub(super) fn is_free(&self, bounds: &Aabb, except: &[usize]) -> bool {
        self.room.holds(bounds, 0.01)
            && !self.zones.iter().any(|zone| overlaps(zone, bounds, SLACK_M))
            && !self.touches(bounds, except)
    }

    fn touches(&self, bounds: &Aabb, except: &[usize]) -> bool {
        self.room.placed.iter().enumerate().any(|(index, other)| {
            // Furniture stands on rugs, a centimetre deep in them.
            other.piece.class != "rug"
                && !except.contains(&index)
                && overlaps(&other.bounds, bounds, SLACK_M)
        })
    }

    /// Puts the piece there, if the place is free.
    pub(super) fn put(
        &mut self,
        piece: Piece,
        base: Vec3,
        yaw: f32,
        support: Carrier,
        except: &[usize],
    ) -> Option<usize> {
        let bounds = piece.bounds_at(base, yaw);
        if !self.is_free(&bounds, except) {
            return None;
        }
        self.room.placed.push(Placed { piece, base, yaw, bounds, support });
        Some(self.room.placed.len() - 1)
    }

    fn any_wall(&mut self, least_m: f32) -> Option<Wall> {
        let walls = self.room.walls();
        let weights: Vec<f32> =
            walls.iter().map(|w| if w.length() > least_m { w.length() } else { 0.0 }).collect();
        self.rng.weighted(&weights).map(|index| walls[index])
    }

    /// Along a wall with its back to it, its underside at height `z_m`. `before_m` metres before
    /// it must be free, and stay so.
    pub(super) fn against_wall(
        &mut self,
        piece: &Piece,
        z_m: f32,
        before_m: f32,
        support: Carrier,
    ) -> Option<usize> {
        for _ in 0..TRIES {
            let wall = self.any_wall(piece.size().x)?;
            let half = piece.size().x / 2.0;
            let mut along = self.rng.range(half + 0.02, wall.length() - half - 0.02);
            if support == Carrier::Floor && self.rng.chance(0.35) {
                // Into the corner.
                along =
                    if self.rng.chance(0.5) { half + 0.03 } else { wall.length() - half - 0.03 };
            }
            if let Some(index) = self.at_wall(piece, &wall, along, z_m, before_m, support) {
                return Some(index);
            }
        }
        None
    }

    /// With its back to this place of this wall.
    pub(super) fn at_wall(
        &mut self,
        piece: &Piece,
        wall: &Wall,
        along_m: f32,
        z_m: f32,
        before_m: f32,
        support: Carrier,
    ) -> Option<usize> {
        let gap = if support == Carrier::Floor { self.rng.range(0.01, 0.05) } else { 0.002 };
        let away = piece.size().y / 2.0 + gap;
        let base = (wall.start + wall.along() * along_m + wall.normal * away).extend(z_m);
        let yaw = yaw_facing(wall.normal);
        if before_m > 0.0 {
            let front = base + (wall.normal * (piece.size().y / 2.0 + before_m / 2.0)).extend(0.0);
            let reach = Vec2::new(
                (piece.size().x * wall.normal.y).abs() + before_m * wall.normal.x.abs(),
                (piece.size().x * wall.normal.x).abs() + before_m * wall.normal.y.abs(),
            );
            let zone = Aabb {
                min: (front.truncate() - reach / 2.0).extend(0.03),
                max: (front.truncate() + reach / 2.0).extend(1.9),
            };
            if self.touches(&zone, &[]) {
                return None;
            }
            let index = self.put(piece.clone(), base, yaw, support, &[])?;
            self.zones.push(zone);
            return Some(index);
        }
        self.put(piece.clone(), base, yaw, support, &[])
    }

    /// Somewhere on the floor, away from the walls, turned as it likes.
    pub(super) fn on_floor(&mut self, piece: &Piece, is_straight: bool) -> Option<usize> {
        for _ in 0..TRIES {
            let at = self.anywhere();
            let quarter = std::f32::consts::FRAC_PI_2 * self.rng.below(4) as f32;
            let yaw =
                if is_straight { quarter } else { self.rng.range(0.0, std::f32::consts::TAU) };
            if let Some(index) = self.put(piece.clone(), at.extend(0.0), yaw, Carrier::Floor, &[]) {
                return Some(index);
            }
        }
        None
    }

    /// In the middle of the room, roughly.
    pub(super) fn in_middle(&mut self, piece: &Piece) -> Option<usize> {
        for step in 0..TRIES {
            let spread = 0.15 + 0.03 * step as f32;
            let off = Vec2::new(self.rng.normal(), self.rng.normal()) * spread;
            let at = (self.room.size / 2.0).truncate() + off;
            let yaw = std::f32::consts::FRAC_PI_2 * self.rng.below(4) as f32;
            // People walk round what stands in the middle.
            let mut roomy = piece.bounds_at(at.extend(0.0), yaw);
            roomy.min -= Vec3::new(0.55, 0.55, 0.0);
            roomy.max += Vec3::new(0.55, 0.55, 0.0);
            if (step > TRIES / 2 || self.is_free(&roomy, &[]))
                && let Some(index) =
                    self.put(piece.clone(), at.extend(0.0), yaw, Carrier::Floor, &[])
            {
                return Some(index);
            }
        }
        None
    }

    fn anywhere(&mut self) -> Vec2 {
        Vec2::new(
            self.rng.range(0.2, self.room.size.x - 0.2),
            self.rng.range(0.2, self.room.size.y - 0.2),
        )
    }

    /// Pieces of these classes, in the order they were put.
    pub(super) fn all_of(&self, classes: &[&str]) -> Vec<usize> {
        let placed = self.room.placed.iter().enumerate();
        placed.filter(|(_, p)| classes.contains(&p.piece.class.as_str())).map(|(i, _)| i).collect()
    }
}
