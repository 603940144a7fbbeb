//! The small things that people leave everywhere: on tops, on seats, on each other, in shelves,
//! on the floor.

use super::odds;
use super::planner::Planner;
use super::stacking::Spot;
use crate::assets::AssetError;
use crate::room::{Carrier, Piece, yaw_facing};
use glam::Vec2;

type Done = Result<(), AssetError>;

/// How many things lie on top of each other at most, the furniture itself not counted.
const DEEPEST: usize = 3;

/// Classes with boards that things stand on.
const OPEN: [&str; 2] = ["shelf", "bookcase"];

impl Planner<'_> {
    /// Small things until there are `target` pieces or nothing fits any more.
    pub(super) fn clutter(&mut self, target: usize) -> Done {
        for _ in 0..5 * target {
            if self.room.placed.len() >= target {
                break;
            }
            match self.rng.weighted(&[0.56, 0.18, 0.14, 0.12]) {
                Some(0) => self.leave_on_something(false)?,
                Some(1) => self.leave_in_shelf()?,
                Some(2) => self.leave_on_something(true)?,
                _ => self.leave_on_floor()?,
            }
        }
        Ok(())
    }

    /// A thing from these odds that may stand on others: nothing as high as a person's legs.
    fn small_piece(&mut self, odds: &[(&'static str, f32)]) -> Result<Option<Piece>, AssetError> {
        let weights: Vec<f32> = odds.iter().map(|(_, weight)| *weight).collect();
        match self.rng.weighted(&weights) {
            Some(index) => self.piece_of_height(odds[index].0, 0.0, 0.7),
            None => Ok(None),
        }
    }

    /// On furniture, or on what lies on furniture already.
    fn leave_on_something(&mut self, is_chain: bool) -> Done {
        let purpose = self.room.purpose;
        let weigh = |index: usize| {
            let placed = &self.room.placed[index];
            let nothing = odds::on_top(&placed.piece.class, purpose).is_empty();
            let size = placed.piece.size();
            match placed.support {
                _ if nothing || self.depth(index) >= DEEPEST => 0.0,
                Carrier::Floor if !is_chain => (size.x * size.y).sqrt(),
                Carrier::Piece(_) if is_chain => 1.0,
                _ => 0.0,
            }
        };
        let weights: Vec<f32> = (0..self.room.placed.len()).map(weigh).collect();
        let Some(carrier) = self.rng.weighted(&weights) else { return Ok(()) };
        let things = odds::on_top(&self.room.placed[carrier].piece.class, purpose);
        let Some(piece) = self.small_piece(things)? else { return Ok(()) };
        let turn = self.casual_turn(&piece.class);
        self.on_top(carrier, &piece, Spot::Anywhere, turn);
        Ok(())
    }

    fn leave_in_shelf(&mut self) -> Done {
        let shelves = self.all_of(&OPEN);
        let Some(&shelf) = self.rng.pick(&shelves) else { return Ok(()) };
        let things = odds::on_board(self.room.purpose);
        let Some(piece) = self.small_piece(things)? else { return Ok(()) };
        let turn =
            if piece.class == "book" { self.rng.range(-0.4, 0.4) } else { 0.1 * self.rng.normal() };
        self.on_board(shelf, &piece, turn);
        Ok(())
    }

    pub(super) fn leave_on_floor(&mut self) -> Done {
        let Some(piece) = self.small_piece(odds::on_floor(self.room.purpose))? else {
            return Ok(());
        };
        if piece.class == "shoe" {
            self.shoes(&piece, None);
        } else if self.rng.chance(0.5) {
            self.against_wall(&piece, 0.0, 0.0, Carrier::Floor);
        } else {
            self.on_floor(&piece, false);
        }
        Ok(())
    }

    fn casual_turn(&mut self, class: &str) -> f32 {
        match class {
            "book" | "bag" | "ball" | "teddy bear" | "toy" => self.rng.range(-3.1, 3.1),
            _ => 0.3 * self.rng.normal(),
        }
    }

    /// A pair side by side, near a place or anywhere.
    pub(super) fn shoes(&mut self, shoe: &Piece, near: Option<Vec2>) {
        let mut other = shoe.clone();
        other.scale.x = -other.scale.x;
        let step = shoe.size().x / 2.0 + 0.015;
        for _ in 0..20 {
            let at = match near {
                Some(near) => near + Vec2::new(self.rng.normal(), self.rng.normal()) * 0.35,
                None => {
                    let size = self.room.size;
                    Vec2::new(self.rng.range(0.2, size.x - 0.2), self.rng.range(0.2, size.y - 0.2))
                }
            };
            let front = Vec2::from_angle(self.rng.range(0.0, std::f32::consts::TAU));
            let (yaw, right) = (yaw_facing(front), front.perp());
            let place = |side: f32| (at + right * (side * step)).extend(0.0);
            let mirror = other.bounds_at(place(1.0), yaw);
            if self.is_free(&mirror, &[])
                && let Some(first) = self.put(shoe.clone(), place(-1.0), yaw, Carrier::Floor, &[])
            {
                // Boxes of turned shoes overlap where the shoes do not.
                self.put(other, place(1.0), yaw, Carrier::Floor, &[first]);
                return;
            }
        }
    }

    /// What stands where one comes in.
    pub(super) fn entrance(&mut self) -> Done {
        let Some(&door) = self.all_of(&["door"]).first() else { return Ok(()) };
        let (at, front) = {
            let placed = &self.room.placed[door];
            (placed.base.truncate(), placed.front())
        };
        self.wall_piece("coat rack", 0.45, 0.0)?;
        let rack = self.wall_piece("shoe rack", 0.45, 0.2)?;
        self.top(rack, "bag", 0.3, Spot::Anywhere)?;
        let pairs = self.rng.between(1, 3);
        for _ in 0..pairs {
            if let Some(shoe) = self.piece("shoe")? {
                self.shoes(&shoe, Some(at + front * 1.0));
            }
        }
        Ok(())
    }
}
