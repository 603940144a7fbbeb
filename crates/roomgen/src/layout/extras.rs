//! Doors and windows, and what any room may have besides.

use super::planner::{Planner, Spot};
use crate::assets::AssetError;
use crate::room::{Carrier, Purpose};

type Done = Result<(), AssetError>;

/// Small things that stand on furniture.
const SMALL: [&str; 12] = [
    "book", "bottle", "bowl", "box", "clock", "cup", "fan", "lamp", "laptop", "plant", "speaker",
    "vase",
];

/// What small things stand on.
const CARRIERS: [&str; 9] = [
    "cabinet",
    "coffee table",
    "desk",
    "dresser",
    "nightstand",
    "shelf",
    "table",
    "tv stand",
    "bench",
];

impl Planner<'_> {
    /// Door, windows, curtains.
    pub(super) fn openings(&mut self) -> Done {
        if let Some(door) = self.piece("door")? {
            self.against_wall(&door, 0.0, 0.8, Carrier::Wall);
        }
        let windows = self.rng.between(0, 2);
        let Some(window) = self.piece("window")? else { return Ok(()) };
        for _ in 0..windows {
            let height = window.size().z;
            let sill = if height > 1.7 { 0.05 } else { self.rng.range(0.75, 1.0) };
            if sill + height > self.room.size.z - 0.1 {
                continue;
            }
            let Some(at) = self.against_wall(&window, sill, 0.0, Carrier::Wall) else { continue };
            if self.rng.chance(0.4) {
                self.curtains(at)?;
            }
        }
        Ok(())
    }

    fn curtains(&mut self, window: usize) -> Done {
        let Some(mut curtain) = self.piece("curtain")? else { return Ok(()) };
        let size = curtain.size();
        let narrow = (0.5 / size.x).min(1.0);
        curtain.scale.x *= narrow;
        curtain.scale.y *= (0.1 / size.y).min(1.0);
        curtain.scale.z *= ((self.room.size.z - 0.15) / size.z).min(1.25);
        let walls = self.room.walls();
        let placed = &self.room.placed[window];
        let (base, front, half) =
            (placed.base.truncate(), placed.front(), placed.piece.size().x / 2.0);
        let wall = walls.into_iter().min_by(|a, b| {
            let off = |w: &crate::room::Wall| {
                (base - w.start).dot(w.normal).abs() + 10.0 * (1.0 - w.normal.dot(front))
            };
            off(a).total_cmp(&off(b))
        });
        let Some(wall) = wall else { return Ok(()) };
        let middle = (base - wall.start).dot(wall.along());
        for side in [-1.0, 1.0] {
            let along = middle + side * (half + curtain.size().x / 2.0 + 0.01);
            let z = (self.room.size.z - curtain.size().z - 0.08).max(0.02);
            self.at_wall(&curtain, &wall, along, z, 0.0, Carrier::Wall);
        }
        Ok(())
    }

    /// What every room may have, until there are `target` pieces or nothing fits any more.
    pub(super) fn fill(&mut self, target: usize, strange: f32) -> Done {
        let standing: &[(&str, f32)] = match self.room.purpose {
            Purpose::Bath => &[("plant", 1.0), ("basket", 1.0), ("stool", 0.5)],
            Purpose::Kitchen => {
                &[("plant", 1.0), ("stool", 1.0), ("basket", 0.4), ("box", 0.5), ("shelf", 0.5)]
            }
            _ => &[
                ("plant", 2.0),
                ("lamp", 1.2),
                ("shelf", 0.8),
                ("box", 0.7),
                ("armchair", 0.8),
                ("chair", 1.5),
                ("stool", 0.9),
                ("bench", 0.5),
                ("suitcase", 0.5),
                ("bag", 0.5),
                ("basket", 0.4),
                ("trash bin", 0.6),
                ("vase", 0.3),
                ("speaker", 0.4),
                ("cabinet", 0.5),
                ("bookcase", 0.5),
                ("dresser", 0.3),
            ],
        };
        for attempt in 0..60 {
            if self.room.placed.len() >= target {
                break;
            }
            match self.rng.weighted(&[0.34, 0.24, 0.06, 0.05, 0.06, strange]) {
                Some(0) => {
                    let weights: Vec<f32> = standing.iter().map(|(_, weight)| *weight).collect();
                    let index = self.rng.weighted(&weights).unwrap_or(0);
                    self.wall_piece(standing[index].0, 1.0, 0.0)?;
                }
                Some(1) => {
                    let carriers = self.all_of(&CARRIERS);
                    let carrier = self.rng.pick(&carriers).copied();
                    let small = SMALL[self.rng.below(SMALL.len())];
                    self.top(carrier, small, 1.0, Spot::Anywhere)?;
                }
                Some(2) => drop(self.hang("picture", 1.4, 1.7)?),
                Some(3) if attempt < 30 => drop(self.hang("radiator", 0.45, 0.6)?),
                Some(4) if self.all_of(&["rug"]).is_empty() => {
                    if let Some(rug) = self.piece("rug")? {
                        self.on_floor(&rug, true);
                    }
                }
                Some(5) => self.anything(true)?,
                _ => {}
            }
        }
        Ok(())
    }

    /// Anything anywhere: beds in kitchens, chairs facing walls, lamps in the way.
    pub(super) fn odd(&mut self, target: usize) -> Done {
        for _ in 0..3 * target {
            if self.room.placed.len() >= target {
                break;
            }
            self.anything(false)?;
        }
        Ok(())
    }

    /// A piece of any class, every class as likely as any other, where such a piece can be:
    /// tidily, along walls and straight on furniture, or just anywhere.
    fn anything(&mut self, is_tidy: bool) -> Done {
        let classes: Vec<String> = self.assets.classes().map(str::to_owned).collect();
        let Some(class) = self.rng.pick(&classes) else { return Ok(()) };
        match class.as_str() {
            "door" | "window" => return Ok(()),
            "clock" | "curtain" | "mirror" | "picture" | "range hood" | "towel"
            | "wall cabinet" | "whiteboard" => {
                self.hang(class, 0.9, 1.7)?;
                return Ok(());
            }
            "ceiling light" => return self.ceiling_light(1.0),
            _ => {}
        }
        let Some(piece) = self.piece(class)? else { return Ok(()) };
        let copies = if self.rng.chance(0.25) { self.rng.between(2, 4) } else { 1 };
        for _ in 0..copies {
            let piece = self.again(&piece, 0.5);
            let is_small = piece.size().max_element() < 0.6;
            let carriers = self.all_of(&CARRIERS);
            let carrier = self.rng.pick(&carriers).copied();
            match carrier {
                Some(carrier) if is_small && self.rng.chance(if is_tidy { 1.0 } else { 0.7 }) => {
                    let turn = if is_tidy { 0.0 } else { self.rng.range(-3.1, 3.1) };
                    self.on_top(carrier, &piece, Spot::Anywhere, turn);
                }
                _ if is_tidy || self.rng.chance(0.5) => {
                    self.against_wall(&piece, 0.0, 0.0, Carrier::Floor);
                }
                _ => {
                    self.on_floor(&piece, false);
                }
            }
        }
        Ok(())
    }
}
