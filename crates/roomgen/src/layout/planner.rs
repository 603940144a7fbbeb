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
const TRIES: usize = 40;

/// Finds places for pieces, one after the other, so that nothing stands in anything else.
pub struct Planner<'a> {
    pub(super) assets: &'a Assets,
    pub(super) split: Split,
    pub(super) rng: Rng,
    pub(super) room: Room,
    /// Room that must stay free, such as before a door.
    zones: Vec<Aabb>,
    surfaces: HashMap<usize, HeightField>,
}

/// Where on a carrier something goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Spot {
    Anywhere,
    /// Towards the carrier's back, as screens stand on desks.
    Back,
    /// Before the carrier's middle, as keyboards lie.
    Front,
    /// In the middle, as vases stand on tables.
    Middle,
}

impl<'a> Planner<'a> {
    /// Starts with the pieces already in the room.
    pub fn new(assets: &'a Assets, split: Split, room: Room, rng: Rng) -> Self {
        Self { assets, split, rng, room, zones: Vec::new(), surfaces: HashMap::new() }
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
        if matches!(class, "door" | "window") {
            // Set into the wall: only what stands out of it is part of the room.
            scale.y *= (0.07 / mesh.size.y.max(0.01)).min(1.0);
        }
        if self.rng.chance(0.5) {
            scale.x = -scale.x;
        }
        let paint = match colour_for(class, &mut self.rng) {
            Some(name) => Paint::named(&mesh, name, &mut self.rng),
            None => Paint::default(),
        };
        Ok(Some(Piece { class: class.to_owned(), mesh, scale, paint }))
    }

    /// The same piece again, now and then in another colour.
    pub(super) fn again(&mut self, piece: &Piece, other_colour: f32) -> Piece {
        let mut piece = piece.clone();
        if self.rng.chance(other_colour)
            && let Some(name) = colour_for(&piece.class, &mut self.rng)
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

    /// On the wall behind a piece, above it, at height `z_m`.
    pub(super) fn above(&mut self, anchor: usize, piece: &Piece, z_m: f32) -> Option<usize> {
        let (base, yaw, front, depth) = self.pose(anchor);
        let behind = self.room.walls().into_iter().min_by(|a, b| {
            let off = |w: &Wall| {
                (base - w.start).dot(w.normal).abs() + 10.0 * (1.0 - w.normal.dot(front))
            };
            off(a).total_cmp(&off(b))
        })?;
        let out = (base - behind.start).dot(behind.normal);
        if behind.normal.dot(front) < 0.9 || out > depth / 2.0 + 0.2 {
            return None;
        }
        let shift = self.rng.range(-0.15, 0.15);
        let along = (base - behind.start).dot(behind.along()) + shift;
        let at =
            behind.start + behind.along() * along + behind.normal * (piece.size().y / 2.0 + 0.002);
        self.put(piece.clone(), at.extend(z_m), yaw, Carrier::Wall, &[])
    }

    /// Beside a piece, backs in line; `side` is −1 or 1.
    pub(super) fn beside(
        &mut self,
        anchor: usize,
        piece: &Piece,
        side: f32,
        gap_m: f32,
    ) -> Option<usize> {
        let (base, yaw, front, depth) = self.pose(anchor);
        let width = self.room.placed[anchor].piece.size().x;
        let right = front.perp();
        let at = base + right * (side * (width / 2.0 + piece.size().x / 2.0 + gap_m))
            - front * ((depth - piece.size().y) / 2.0);
        self.put(piece.clone(), at.extend(0.0), yaw, Carrier::Floor, &[])
    }

    /// Before a piece, `gap_m` away and `aside_m` to its right; turned to it if `facing`.
    pub(super) fn before(
        &mut self,
        anchor: usize,
        piece: &Piece,
        gap_m: f32,
        aside_m: f32,
        facing: bool,
    ) -> Option<usize> {
        let (base, yaw, front, depth) = self.pose(anchor);
        let right = front.perp();
        let at = base + front * ((depth + piece.size().y) / 2.0 + gap_m) + right * aside_m;
        let yaw = if facing { yaw_facing(-front) } else { yaw };
        // A chair may be pushed a little under its table.
        let except: &[usize] = if gap_m < 0.0 { &[anchor] } else { &[] };
        let turn = if facing { 0.12 * self.rng.normal() } else { 0.0 };
        self.put(piece.clone(), at.extend(0.0), yaw + turn, Carrier::Floor, except)
    }

    /// Base in the plane, yaw, front, depth.
    fn pose(&self, anchor: usize) -> (Vec2, f32, Vec2, f32) {
        let placed = &self.room.placed[anchor];
        (placed.base.truncate(), placed.yaw, placed.front(), placed.piece.size().y)
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

    /// Chairs round a table, on as many sides as there is room.
    pub(super) fn chairs_round(
        &mut self,
        table: usize,
        chair: &Piece,
        most: usize,
        other_colour: f32,
    ) -> usize {
        let size = self.room.placed[table].piece.size();
        let (base, _, front, _) = self.pose(table);
        let right = front.perp();
        let step = chair.size().x + 0.08;
        let mut seats = Vec::new();
        for (out, along, half_out, length) in [
            (front, right, size.y / 2.0, size.x),
            (-front, right, size.y / 2.0, size.x),
            (right, front, size.x / 2.0, size.y),
            (-right, front, size.x / 2.0, size.y),
        ] {
            let count = ((length - 0.1) / step).floor().clamp(1.0, 4.0) as usize;
            for k in 0..count {
                let offset =
                    (k as f32 + 0.5 - count as f32 / 2.0) * (length / count as f32).min(0.8);
                seats.push((out, along * offset, half_out));
            }
        }
        self.rng.shuffle(&mut seats);
        let mut done = 0;
        for (out, offset, half_out) in seats {
            if done == most {
                break;
            }
            let tuck = if self.rng.chance(0.2) {
                -self.rng.range(0.05, 0.3)
            } else {
                self.rng.range(0.0, 0.16)
            };
            let away = half_out + chair.size().y / 2.0 - tuck;
            let at = base + offset + out * away;
            let turn = yaw_facing(-out) + 0.1 * self.rng.normal();
            let piece = self.again(chair, other_colour);
            if self.put(piece, at.extend(0.0), turn, Carrier::Floor, &[table]).is_some() {
                done += 1;
            }
        }
        done
    }

    /// On top of a piece that is low enough, where it is flat enough; `turn` relative to it.
    pub(super) fn on_top(
        &mut self,
        anchor: usize,
        piece: &Piece,
        spot: Spot,
        turn: f32,
    ) -> Option<usize> {
        let carrier = &self.room.placed[anchor];
        let (carrier_size, carrier_yaw, carrier_base) =
            (carrier.piece.size(), carrier.yaw, carrier.base);
        let field = self.surfaces.entry(anchor).or_insert_with(|| HeightField::of(carrier));
        let size = piece.size();
        let (sin, cos) = turn.sin_cos();
        let footprint = Vec2::new(
            cos.abs() * size.x + sin.abs() * size.y,
            sin.abs() * size.x + cos.abs() * size.y,
        );
        let reach = ((carrier_size.truncate() - footprint) / 2.0 - 0.01).max(Vec2::ZERO);
        let soft = matches!(piece.class.as_str(), "pillow");
        let steady = if soft { 0.2 } else { 0.02 };
        let mut places = Vec::new();
        for attempt in 0..TRIES {
            let x = self.rng.range(-reach.x, reach.x);
            let y = match spot {
                Spot::Anywhere => self.rng.range(-reach.y, reach.y),
                Spot::Back => reach.y * (1.0 - 0.02 * attempt as f32),
                Spot::Front => -reach.y * self.rng.range(0.3, 0.9),
                Spot::Middle => 0.4 * self.rng.range(-reach.y, reach.y),
            };
            let x = if spot == Spot::Middle { 0.4 * x } else { x };
            if let Some((low, high)) = field.under(Vec2::new(x, y), footprint * 0.9)
                && high - low < steady
                && high + carrier_base.z < 1.6
            {
                places.push((Vec2::new(x, y), if soft { (low + high) / 2.0 } else { high }));
            }
        }
        for (at, height) in places {
            let in_room = carrier_base.truncate() + Vec2::from_angle(carrier_yaw).rotate(at);
            let base = in_room.extend(carrier_base.z + height);
            let put = self.put(
                piece.clone(),
                base,
                carrier_yaw + turn,
                Carrier::Piece(anchor),
                &[anchor],
            );
            if put.is_some() {
                return put;
            }
        }
        None
    }

    /// Pieces of these classes, in the order they were put.
    pub(super) fn all_of(&self, classes: &[&str]) -> Vec<usize> {
        let placed = self.room.placed.iter().enumerate();
        placed.filter(|(_, p)| classes.contains(&p.piece.class.as_str())).map(|(i, _)| i).collect()
    }
}
