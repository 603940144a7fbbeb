use crate::room::Placed;
use glam::{Vec2, Vec3};
use std::f32::consts::FRAC_PI_2;

/// Where a room lies: quarter turns about z, then a shift in the floor plane. Quarter turns are
/// exact, so that walls stay on the axes to the last bit.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Stance {
    /// Counter-clockwise, 0..=3.
    pub quarters: u8,
    /// Metres.
    pub shift: Vec2,
}

impl Stance {
    /// Turns a direction of the floor plane.
    pub fn turn(&self, direction: Vec2) -> Vec2 {
        turned(direction, self.quarters)
    }

    /// From the room to the home.
    pub fn apply(&self, point: Vec3) -> Vec3 {
        (self.turn(point.truncate()) + self.shift).extend(point.z)
    }

    /// From the home to the room.
    pub fn inverse(&self, point: Vec3) -> Vec3 {
        self.turn_back(point - self.shift.extend(0.0))
    }

    /// Turns a direction of the home into the room's frame.
    pub fn turn_back(&self, direction: Vec3) -> Vec3 {
        turned(direction.truncate(), 4 - self.quarters).extend(direction.z)
    }

    /// The quarter turns that lead from one axis direction to another.
    pub fn between(from: Vec2, to: Vec2) -> u8 {
        (0..4).find(|&quarters| turned(from, quarters).dot(to) > 0.5).unwrap_or(0)
    }

    /// A piece of the room, in the home; its carrier is left as it is.
    pub fn move_piece(&self, placed: &Placed) -> Placed {
        let base = self.apply(placed.base);
        let (a, b) = (self.apply(placed.bounds.min), self.apply(placed.bounds.max));
        Placed {
            base,
            yaw: placed.yaw + FRAC_PI_2 * f32::from(self.quarters),
            bounds: scene::Aabb { min: a.min(b), max: a.max(b) },
            ..placed.clone()
        }
    }
}

fn turned(v: Vec2, quarters: u8) -> Vec2 {
    match quarters % 4 {
        0 => v,
        1 => v.perp(),
        2 => -v,
        _ => -v.perp(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inverse_undoes_apply_and_turns_lead_from_axis_to_axis() {
        for quarters in 0..4 {
            let stance = Stance { quarters, shift: Vec2::new(3.0, -2.0) };
            let point = Vec3::new(1.25, 0.5, 0.75);
            assert_eq!(stance.inverse(stance.apply(point)), point);
            assert_eq!(Stance::between(Vec2::X, stance.turn(Vec2::X)), quarters);
        }
        let left = Stance { quarters: 1, shift: Vec2::ZERO };
        assert_eq!(left.apply(Vec3::new(2.0, 1.0, 0.5)), Vec3::new(-1.0, 2.0, 0.5));
    }
}
