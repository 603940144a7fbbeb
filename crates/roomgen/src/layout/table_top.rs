//! A table and what stands on it: side by side, touching, one on the other.

use super::odds;
use super::planner::Planner;
use super::stacking::Spot;
use crate::assets::AssetError;
use crate::room::{Carrier, Piece, Purpose};
use glam::{Vec2, Vec3};
use std::f32::consts::{FRAC_PI_2, TAU};

/// What bears it all.
const TABLES: [&str; 3] = ["table", "desk", "coffee table"];
/// Nothing on a table is larger, metres.
const LARGEST_M: Vec3 = Vec3::new(0.4, 0.4, 0.35);
/// Edges of a packet, metres.
const PACKET_M: (Vec3, Vec3) = (Vec3::new(0.05, 0.03, 0.03), Vec3::new(0.22, 0.18, 0.28));
/// How many things are packets: people's tables are full of them.
const PACKETS: f32 = 0.5;
/// How many of them are printed.
const PRINTED: f32 = 0.7;
/// Tries for each thing.
const TRIES: usize = 12;

impl Planner<'_> {
    /// A table in the middle and up to `target` things on it; the table is the first piece. False
    /// where no table could be put.
    pub(crate) fn table_top(&mut self, target: usize) -> Result<bool, AssetError> {
        let class = TABLES[self.rng.below(TABLES.len())];
        let Some(table) = self.piece(class)? else { return Ok(false) };
        let Some(table) = self.in_middle(&table) else { return Ok(false) };
        for _ in 0..TRIES * target {
            if self.room.placed.len() > target {
                break;
            }
            let Some(thing) = self.thing_of_a_table()? else { continue };
            let last = self.room.placed.len() - 1;
            let other = self.rng.below(last + 1);
            let turn = self.turn_on_a_table();
            match self.rng.weighted(&[0.3, 0.4, 0.3]) {
                Some(1) if other != table => self.next_to(table, other, &thing),
                Some(2) if other != table && self.depth(other) < 3 => {
                    self.on_top(other, &thing, Spot::Anywhere, turn)
                }
                _ => self.on_top(table, &thing, Spot::Anywhere, turn),
            };
        }
        Ok(true)
    }

    fn thing_of_a_table(&mut self) -> Result<Option<Piece>, AssetError> {
        if self.rng.chance(PACKETS) {
            let Some(mut packet) = self.piece("box")? else { return Ok(None) };
            let (low, high) = PACKET_M;
            let wanted = Vec3::from_array([0, 1, 2].map(|axis| {
                // Even on a scale of factors.
                low[axis] * (high[axis] / low[axis]).powf(self.rng.unit())
            }));
            packet.scale *= wanted / packet.size();
            if self.rng.chance(PRINTED) {
                packet.paint = packet.paint.printed(&mut self.rng);
            }
            return Ok(Some(packet));
        }
        let purpose = Purpose::ALL[self.rng.below(Purpose::ALL.len())];
        let things = if self.rng.chance(0.75) {
            odds::on_top(TABLES[self.rng.below(TABLES.len())], purpose)
        } else {
            odds::on_floor(purpose)
        };
        let weights: Vec<f32> = things.iter().map(|(_, weight)| *weight).collect();
        let Some(index) = self.rng.weighted(&weights) else { return Ok(None) };
        let piece = self.piece(things[index].0)?;
        Ok(piece.filter(|piece| piece.size().cmple(LARGEST_M).all()))
    }

    /// Mostly square to the table.
    fn turn_on_a_table(&mut self) -> f32 {
        if self.rng.chance(0.6) {
            FRAC_PI_2 * self.rng.below(4) as f32
        } else {
            self.rng.range(0.0, TAU)
        }
    }

    /// Next to another thing on the table, a finger's breadth away or touching it.
    fn next_to(&mut self, table: usize, other: usize, thing: &Piece) -> Option<usize> {
        let neighbour = &self.room.placed[other];
        if neighbour.support != Carrier::Piece(table) {
            return None;
        }
        let (base, yaw) = (neighbour.base, neighbour.yaw);
        let [own, its] = [thing.size(), neighbour.piece.size()].map(Vec3::truncate);
        let gap = self.rng.range(-0.002, 0.03).max(0.0);
        let along = self.rng.range(-0.5, 0.5) * its;
        let apart = (own + its) / 2.0 + gap;
        let step = [
            Vec2::new(apart.x, along.y),
            Vec2::new(-apart.x, along.y),
            Vec2::new(along.x, apart.y),
            Vec2::new(along.x, -apart.y),
        ][self.rng.below(4)];
        let at = base + Vec2::from_angle(yaw).rotate(step).extend(0.0);
        let carrier = &self.room.placed[table];
        let on_table = Vec2::from_angle(-carrier.yaw).rotate((at - carrier.base).truncate());
        let field = self.surfaces.get(&table)?;
        field.under(on_table, own * 0.8)?;
        self.put(thing.clone(), at, yaw, Carrier::Piece(table), &[table])
    }
}
