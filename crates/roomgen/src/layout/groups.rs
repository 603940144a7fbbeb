//! Pieces beside, before, above and round others.

use super::planner::Planner;
use crate::room::{Carrier, Piece, Wall, yaw_facing};
use glam::Vec2;

impl Planner<'_> {
    /// On the wall behind a piece, above it, at height `z_m`.
    pub(super) fn above(&mut self, anchor: usize, piece: &Piece, z_m: f32) -> Option<usize> {
        let aside = self.rng.range(-0.15, 0.15);
        self.on_wall_behind(anchor, piece, aside, z_m)
    }

    fn on_wall_behind(
        &mut self,
        anchor: usize,
        piece: &Piece,
        aside_m: f32,
        z_m: f32,
    ) -> Option<usize> {
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
        let along = (base - behind.start).dot(behind.along()) + aside_m;
        let at =
            behind.start + behind.along() * along + behind.normal * (piece.size().y / 2.0 + 0.002);
        self.put(piece.clone(), at.extend(z_m), yaw, Carrier::Wall, &[])
    }

    /// On the wall behind a piece, beside it, at height `z_m`: within reach.
    pub(super) fn beside_on_wall(
        &mut self,
        anchor: usize,
        piece: &Piece,
        z_m: f32,
    ) -> Option<usize> {
        let width = self.room.placed[anchor].piece.size().x;
        let away = (width + piece.size().x) / 2.0 + self.rng.range(0.05, 0.2);
        let first = if self.rng.chance(0.5) { 1.0 } else { -1.0 };
        self.on_wall_behind(anchor, piece, first * away, z_m)
            .or_else(|| self.on_wall_behind(anchor, piece, -first * away, z_m))
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
}
