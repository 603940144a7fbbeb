//! Kitchens and bathrooms.

use super::planner::Planner;
use super::stacking::Spot;
use crate::assets::AssetError;
use crate::room::Carrier;

type Done = Result<(), AssetError>;

impl Planner<'_> {
    pub(super) fn kitchen(&mut self) -> Done {
        // A row of units along one wall, under a row of wall cabinets.
        let mut row: Vec<&str> =
            ["cabinet", "stove", "sink", "cabinet", "dishwasher", "washing machine"]
                .into_iter()
                .filter(|class| match *class {
                    "dishwasher" => self.rng.chance(0.6),
                    "washing machine" => self.rng.chance(0.35),
                    _ => self.rng.chance(0.92),
                })
                .collect();
        self.rng.shuffle(&mut row);
        row.insert(0, "fridge");
        let walls = self.room.walls();
        let mut wall_index = self.rng.below(walls.len());
        let mut along = 0.03;
        let mut counters = Vec::new();
        for class in row {
            let Some(piece) = self.piece(class)? else { continue };
            for _ in 0..14 {
                let wall = walls[wall_index];
                let half = piece.size().x / 2.0;
                if along + 2.0 * half > wall.length() - 0.02 {
                    wall_index = (wall_index + 1) % walls.len();
                    along = 0.75;
                    continue;
                }
                if let Some(at) =
                    self.at_wall(&piece, &wall, along + half, 0.0, 0.35, Carrier::Floor)
                {
                    along += 2.0 * half + 0.015;
                    counters.push((at, class));
                    break;
                }
                along += 0.12;
            }
        }
        for (at, class) in counters {
            let top = self.room.placed[at].bounds.max.z;
            if class == "stove" && top < 1.2 {
                self.hang_at(at, "range hood", 0.7, 1.55)?;
            } else if top < 1.2 {
                self.hang_at(at, "wall cabinet", 0.5, 1.42)?;
            }
            if class == "cabinet" {
                for (small, chance) in [
                    ("microwave", 0.35),
                    ("coffee machine", 0.25),
                    ("toaster", 0.3),
                    ("kettle", 0.3),
                    ("dish rack", 0.25),
                ] {
                    self.top(Some(at), small, chance, Spot::Back)?;
                }
            }
            if class == "stove" {
                self.top(Some(at), "cooking pot", 0.5, Spot::Anywhere)?;
            }
        }
        if self.rng.chance(0.7) {
            self.table_group(0.5)?;
        } else if let Some(stool) = self.piece("stool")? {
            let count = self.rng.between(1, 3);
            for _ in 0..count {
                let piece = self.again(&stool, 0.4);
                self.on_floor(&piece, true);
            }
        }
        if let (true, Some(bin)) = (self.rng.chance(0.5), self.piece("trash bin")?) {
            self.against_wall(&bin, 0.0, 0.0, Carrier::Floor);
        }
        Ok(())
    }

    fn hang_at(&mut self, anchor: usize, class: &str, chance: f32, z_m: f32) -> Done {
        if let (true, Some(piece)) = (self.rng.chance(chance), self.piece(class)?) {
            self.above(anchor, &piece, z_m);
        }
        Ok(())
    }

    pub(super) fn bath(&mut self) -> Done {
        let tub = if self.rng.chance(0.65) { "bathtub" } else { "shower" };
        self.wall_piece(tub, 1.0, 0.4)?;
        let toilet = self.wall_piece("toilet", 0.95, 0.45)?;
        if let (Some(toilet), Some(roll)) = (toilet, self.piece("toilet roll")?) {
            self.beside_on_wall(toilet, &roll, 0.7);
        }
        let sink = self.wall_piece("sink", 1.0, 0.45)?;
        if let Some(sink) = sink {
            self.hang_at(sink, "mirror", 0.75, 1.25)?;
        }
        self.wall_piece("washing machine", 0.45, 0.3)?;
        self.wall_piece("cabinet", 0.3, 0.2)?;
        for (class, chance) in [("trash bin", 0.5), ("basket", 0.5), ("stool", 0.3)] {
            self.wall_piece(class, chance, 0.0)?;
        }
        if self.rng.chance(0.5) {
            self.hang("towel", 1.1, 1.4)?;
        }
        if self.rng.chance(0.4) {
            self.hang("radiator", 0.6, 0.8)?;
        }
        if let (true, Some(rug)) = (self.rng.chance(0.5), self.piece("rug")?) {
            self.on_floor(&rug, true);
        }
        Ok(())
    }
}
