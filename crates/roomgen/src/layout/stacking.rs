//! Things on things: on tops, on seats, on each other, on the boards of open shelves.

use super::boards::Boards;
use super::planner::{Planner, TRIES};
use super::surface::HeightField;
use crate::room::{Carrier, Piece};
use glam::{Vec2, Vec3};

/// What one sinks into; things lie on it a little aslant.
const SOFT: [&str; 9] =
    ["armchair", "bed", "blanket", "bunk bed", "crib", "office chair", "ottoman", "pillow", "sofa"];

/// Only their seats carry things, not their backs.
const SEATS: [&str; 6] = ["armchair", "bed", "chair", "crib", "office chair", "sofa"];

/// So high that only what is seldom used goes on top, as boxes on wardrobes.
const TALL: [&str; 4] = ["bookcase", "fridge", "shelf", "wardrobe"];

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

impl Planner<'_> {
    /// A piece and all that carries it.
    fn chain(&self, piece: usize) -> Vec<usize> {
        let mut chain = vec![piece];
        let mut at = piece;
        while let Carrier::Piece(below) = self.room.placed[at].support {
            chain.push(below);
            at = below;
        }
        chain
    }

    /// How many pieces lie under it, one on the other.
    pub(super) fn depth(&self, piece: usize) -> usize {
        self.chain(piece).len() - 1
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
        let class = carrier.piece.class.as_str();
        let (size, yaw, base) = (carrier.piece.size(), carrier.yaw, carrier.base);
        let soft = SOFT.contains(&class);
        let cloth = matches!(piece.class.as_str(), "pillow" | "blanket");
        let steady = if cloth {
            0.2
        } else if soft {
            0.07
        } else {
            0.02
        };
        // Piles may overhang a little, tables not.
        let stands_on = if matches!(carrier.support, Carrier::Piece(_)) { 0.7 } else { 0.9 };
        let highest = if TALL.contains(&class) {
            self.room.size.z - 0.25 - piece.size().z
        } else if SEATS.contains(&class) {
            0.75
        } else {
            1.6
        };
        let field = self.surfaces.entry(anchor).or_insert_with(|| HeightField::of(carrier));
        let footprint = turned(piece.size(), turn);
        let reach = ((size.truncate() - footprint) / 2.0 - 0.005).max(Vec2::ZERO);
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
            if let Some((low, high)) = field.under(Vec2::new(x, y), footprint * stands_on)
                && high - low < steady
                && high + base.z < highest
            {
                let sunk = if cloth || soft { (low + high) / 2.0 } else { high };
                places.push(Vec2::new(x, y).extend(sunk));
            }
        }
        let except = self.chain(anchor);
        places.into_iter().find_map(|at| {
            let in_room = base + Vec2::from_angle(yaw).rotate(at.truncate()).extend(at.z);
            self.put(piece.clone(), in_room, yaw + turn, Carrier::Piece(anchor), &except)
        })
    }

    /// On one of the boards of an open shelf.
    pub(super) fn on_board(&mut self, anchor: usize, piece: &Piece, turn: f32) -> Option<usize> {
        let carrier = &self.room.placed[anchor];
        let (size, yaw, base) = (carrier.piece.size(), carrier.yaw, carrier.base);
        let boards = self.boards.entry(anchor).or_insert_with(|| Boards::of(carrier));
        let footprint = turned(piece.size(), turn);
        let reach = (size.truncate() - footprint) / 2.0 - 0.01;
        if reach.min_element() < 0.0 {
            return None;
        }
        let mut places = Vec::new();
        for _ in 0..TRIES {
            let Some(&level) = self.rng.pick(boards.levels()) else { break };
            let at = Vec3::new(
                self.rng.range(-reach.x, reach.x),
                self.rng.range(-reach.y, 0.3 * reach.y),
                level,
            );
            if boards.is_free(at, footprint.extend(piece.size().z)) {
                places.push(at);
            }
        }
        let except = self.chain(anchor);
        places.into_iter().find_map(|at| {
            let in_room = base + Vec2::from_angle(yaw).rotate(at.truncate()).extend(at.z);
            self.put(piece.clone(), in_room, yaw + turn, Carrier::Piece(anchor), &except)
        })
    }
}

/// Of the box round a turned piece, seen from above.
fn turned(size: Vec3, turn: f32) -> Vec2 {
    let (sin, cos) = turn.sin_cos();
    Vec2::new(cos.abs() * size.x + sin.abs() * size.y, sin.abs() * size.x + cos.abs() * size.y)
}
