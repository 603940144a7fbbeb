//! Doors and windows, and what any room may have besides.

use super::planner::Planner;
use super::stacking::Spot;
use crate::assets::AssetError;
use crate::room::{Carrier, Purpose};

type Done = Result<(), AssetError>;

/// What small things stand on in rooms without order.
const CARRIERS: [&str; 12] = [
    "bench",
    "cabinet",
    "coffee table",
    "desk",
    "dresser",
    "filing cabinet",
    "nightstand",
    "shelf",
    "side table",
    "stool",
    "table",
    "tv stand",
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

    /// What every room may have: some more furniture, things on walls, then small things until
    /// there are `target` pieces or nothing fits any more.
    pub(super) fn fill(&mut self, target: usize, strange: f32) -> Done {
        let standing = standing(self.room.purpose);
        let weights: Vec<f32> = standing.iter().map(|(_, weight)| *weight).collect();
        let floor_m2 = self.room.size.x * self.room.size.y;
        let more = self.rng.between(1, 2 + (floor_m2 / 6.0) as usize);
        for _ in 0..more {
            if self.room.placed.len() + 3 >= target {
                break;
            }
            let index = self.rng.weighted(&weights).unwrap_or(0);
            self.stand(standing[index].0)?;
        }
        self.dress_walls()?;
        if self.rng.chance(0.2) && !matches!(self.room.purpose, Purpose::Bath | Purpose::Storage) {
            self.entrance()?;
        }
        if self.rng.chance(strange) {
            self.anything(true)?;
        }
        self.clutter(target)
    }

    /// A piece that stands on the floor, as high as such pieces are there: lamps and plants have
    /// small kin that stand on tables.
    fn stand(&mut self, class: &str) -> Done {
        let least = match class {
            "lamp" => 0.9,
            "plant" | "speaker" => 0.45,
            "fan" | "vase" => 0.4,
            _ => 0.0,
        };
        if let Some(piece) = self.piece_of_height(class, least, 2.6)? {
            self.against_wall(&piece, 0.0, 0.0, Carrier::Floor);
        }
        Ok(())
    }

    fn dress_walls(&mut self) -> Done {
        let is_home = !matches!(self.room.purpose, Purpose::Storage | Purpose::Bath);
        let pictures = if is_home { self.rng.between(0, 2) } else { 0 };
        for _ in 0..pictures {
            self.hang("picture", 1.4, 1.7)?;
        }
        for (class, chance, low, high) in [
            ("radiator", 0.25, 0.45, 0.6),
            ("wall lamp", 0.22, 1.6, 1.9),
            ("clock", 0.12, 1.6, 1.9),
            ("mirror", 0.1, 1.3, 1.6),
            ("fire extinguisher", 0.06, 0.9, 1.1),
        ] {
            if self.rng.chance(chance) {
                self.hang(class, low, high)?;
            }
        }
        self.hang_near_ceiling("air conditioner", 0.08)?;
        if self.rng.chance(0.3)
            && self.all_of(&["rug"]).is_empty()
            && let Some(rug) = self.piece("rug")?
        {
            self.on_floor(&rug, true);
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
            "clock" | "curtain" | "fire extinguisher" | "mirror" | "picture"
            | "projector screen" | "range hood" | "toilet roll" | "towel" | "wall cabinet"
            | "wall lamp" | "whiteboard" => {
                self.hang(class, 0.9, 1.7)?;
                return Ok(());
            }
            "air conditioner" => return self.hang_near_ceiling(class, 1.0),
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

/// Furniture that such a room may have besides: (class, weight).
fn standing(purpose: Purpose) -> &'static [(&'static str, f32)] {
    match purpose {
        Purpose::Bath => &[
            ("plant", 1.0),
            ("basket", 1.0),
            ("stool", 0.6),
            ("drying rack", 0.5),
            ("cabinet", 0.5),
            ("shelf", 0.5),
            ("bucket", 0.4),
        ],
        Purpose::Kitchen => &[
            ("plant", 1.0),
            ("stool", 1.0),
            ("shelf", 0.8),
            ("broom", 0.8),
            ("box", 0.5),
            ("basket", 0.4),
            ("bucket", 0.6),
            ("vacuum cleaner", 0.4),
            ("bench", 0.5),
            ("trash bin", 0.6),
            ("ladder", 0.2),
        ],
        Purpose::Office | Purpose::Meeting => &[
            ("plant", 1.4),
            ("filing cabinet", 1.4),
            ("lamp", 0.6),
            ("shelf", 0.8),
            ("box", 0.6),
            ("chair", 0.6),
            ("coat rack", 0.7),
            ("trash bin", 0.7),
            ("fan", 0.5),
            ("cabinet", 0.5),
            ("bookcase", 0.6),
            ("flip chart", 0.5),
            ("printer", 0.2),
            ("sofa", 0.3),
            ("bag", 0.5),
        ],
        Purpose::Storage => &[
            ("box", 1.2),
            ("shelf", 1.0),
            ("ladder", 0.6),
            ("broom", 0.6),
            ("suitcase", 0.8),
            ("toolbox", 0.6),
            ("bucket", 0.6),
            ("chair", 0.4),
            ("fan", 0.4),
            ("guitar", 0.3),
            ("treadmill", 0.3),
            ("bookcase", 0.3),
        ],
        _ => &[
            ("plant", 1.6),
            ("lamp", 1.1),
            ("shelf", 0.9),
            ("side table", 0.7),
            ("ottoman", 0.7),
            ("box", 0.4),
            ("armchair", 0.8),
            ("chair", 0.6),
            ("stool", 0.6),
            ("bench", 0.5),
            ("suitcase", 0.4),
            ("bag", 0.4),
            ("basket", 0.4),
            ("trash bin", 0.5),
            ("vase", 0.3),
            ("speaker", 0.4),
            ("fan", 0.4),
            ("cabinet", 0.4),
            ("bookcase", 0.4),
            ("dresser", 0.3),
            ("guitar", 0.4),
            ("coat rack", 0.3),
            ("drying rack", 0.35),
            ("ironing board", 0.3),
            ("vacuum cleaner", 0.3),
            ("exercise bike", 0.3),
            ("treadmill", 0.3),
            ("aquarium", 0.1),
        ],
    }
}
