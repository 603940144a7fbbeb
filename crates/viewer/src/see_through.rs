use glam::Vec3;
use scene::Aabb;

/// Hides the walls and the ceiling between the eye and the room, as in a doll's house.
///
/// Only points that belong to no object are hidden, and only near a face of the room beyond which
/// the eye stands; from inside nothing is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SeeThrough {
    /// Points below this corner on any axis are hidden.
    pub low: Vec3,
    /// Points above this corner on any axis are hidden.
    pub high: Vec3,
}

impl SeeThrough {
    /// Hides nothing.
    pub const OFF: Self = Self { low: Vec3::splat(-1e30), high: Vec3::splat(1e30) };

    /// What to hide of a room (z up) seen from `eye`. The floor stays.
    pub fn of(room: &Aabb, eye: Vec3) -> Self {
        // A wall as scanned is thick: noise, skirting, curtains.
        let rim = (room.size() * 0.08).clamp(Vec3::splat(0.02), Vec3::splat(0.35));
        let mut hidden = Self::OFF;
        if eye.x < room.min.x {
            hidden.low.x = room.min.x + rim.x;
        }
        if eye.y < room.min.y {
            hidden.low.y = room.min.y + rim.y;
        }
        if eye.x > room.max.x {
            hidden.high.x = room.max.x - rim.x;
        }
        if eye.y > room.max.y {
            hidden.high.y = room.max.y - rim.y;
        }
        if eye.z > room.max.z {
            hidden.high.z = room.max.z - rim.z;
        }
        hidden
    }

    /// Whether a point of this object (0: none) is hidden.
    pub fn hides(&self, point: Vec3, instance: u16) -> bool {
        instance == 0 && (point.cmplt(self.low).any() || point.cmpgt(self.high).any())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn from_above_one_side_the_ceiling_and_that_wall_go() {
        let room = Aabb { min: Vec3::ZERO, max: Vec3::new(4.0, 4.0, 2.5) };
        let hidden = SeeThrough::of(&room, Vec3::new(2.0, -3.0, 5.0));
        assert!(hidden.hides(Vec3::new(2.0, 2.0, 2.49), 0), "ceiling");
        assert!(hidden.hides(Vec3::new(2.0, 0.01, 1.0), 0), "near wall");
        assert!(!hidden.hides(Vec3::new(2.0, 3.99, 1.0), 0), "far wall");
        assert!(!hidden.hides(Vec3::new(2.0, 2.0, 0.0), 0), "floor");
        assert!(!hidden.hides(Vec3::new(2.0, 0.01, 1.0), 7), "an object at the wall");
        assert_eq!(SeeThrough::of(&room, room.centre()), SeeThrough::OFF);
    }
}
