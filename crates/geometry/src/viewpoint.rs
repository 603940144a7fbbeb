use glam::Vec2;

/// Someone who stands in the scene and looks one way.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Viewpoint {
    /// Where the viewer stands, in the scene frame.
    pub at: Vec2,
    /// Unit vector in the floor plane.
    pub facing: Vec2,
}

/// The quarter of the plane in which something lies, as the viewer would say it. Left is 90°
/// counter-clockwise from the way the viewer looks, seen from above.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// Within 45° of straight ahead.
    Front,
    /// Within 45° of the left hand.
    Left,
    /// Within 45° of straight behind.
    Behind,
    /// Within 45° of the right hand.
    Right,
}

/// Nearer than this, a thing is where the viewer is.
const HERE_M: f32 = 0.2;
/// As near as this to the line between two quarters, people say the one or the other.
const EITHER_DEGREES: f32 = 10.0;

impl Side {
    /// All of them, counter-clockwise from ahead.
    pub const ALL: [Self; 4] = [Self::Front, Self::Left, Self::Behind, Self::Right];
}

impl Viewpoint {
    /// `None` where a coordinate is not finite or `facing` has no direction; it need not be a unit
    /// vector.
    pub fn new(at: Vec2, facing: Vec2) -> Option<Self> {
        let facing = facing.try_normalize()?;
        at.is_finite().then_some(Self { at, facing })
    }

    /// After turning left, counter-clockwise seen from above, by 90° as often as told: 1 is left,
    /// 2 about, 3 right.
    #[must_use]
    pub fn turned(&self, quarter_turns: u8) -> Self {
        let facing = (0..quarter_turns % 4).fold(self.facing, |facing, _| facing.perp());
        Self { at: self.at, facing }
    }

    /// Where `target` lies. `None` where people would not agree: within 0.2 m of the viewer, within
    /// 10° of the line between two quarters, or a coordinate that is not finite.
    pub fn side_of(&self, target: Vec2) -> Option<Side> {
        let offset = target - self.at;
        if !offset.is_finite() || offset.length() < HERE_M || self.facing == Vec2::ZERO {
            return None;
        }
        let degrees = self.facing.perp_dot(offset).atan2(self.facing.dot(offset)).to_degrees();
        let half = 45.0 - EITHER_DEGREES;
        let quarters = [
            (0.0, Side::Front),
            (90.0, Side::Left),
            (180.0, Side::Behind),
            (-180.0, Side::Behind),
            (-90.0, Side::Right),
        ];
        quarters.into_iter().find(|(axis, _)| (degrees - axis).abs() <= half).map(|(_, side)| side)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn looking_along_y() -> Viewpoint {
        Viewpoint::new(Vec2::new(2.0, 1.0), Vec2::new(0.0, 3.0)).unwrap()
    }

    #[test]
    fn facing_north_the_west_is_left() {
        let viewer = looking_along_y();
        let side = |x, y| viewer.side_of(Vec2::new(x, y));
        assert_eq!(side(2.0, 3.0), Some(Side::Front));
        assert_eq!(side(0.0, 1.0), Some(Side::Left));
        assert_eq!(side(4.0, 1.0), Some(Side::Right));
        assert_eq!(side(2.0, -1.0), Some(Side::Behind));
        // 2 : 3 is 33.7° off the axis, 3 : 4 is 36.9°.
        assert_eq!(side(2.0 - 2.0, 1.0 + 3.0), Some(Side::Front));
        assert_eq!(side(2.0 - 3.0, 1.0 + 4.0), None);
        assert_eq!(side(2.0 - 2.0, 1.0 - 3.0), Some(Side::Behind));
        assert_eq!(side(2.0 + 2.0, 1.0 - 3.0), Some(Side::Behind));
    }

    #[test]
    fn a_turn_to_the_left_brings_the_left_to_the_front() {
        let viewer = looking_along_y();
        let west = Vec2::new(0.0, 1.0);
        let sides = [0, 1, 2, 3, 4].map(|turns| viewer.turned(turns).side_of(west));
        let expected = [Side::Left, Side::Front, Side::Right, Side::Behind, Side::Left];
        assert_eq!(sides, expected.map(Some));
        assert_eq!(viewer.turned(1).facing, Vec2::NEG_X);
        assert_eq!(viewer.turned(255), viewer.turned(3));
    }

    #[test]
    fn too_near_or_nowhere_has_no_side() {
        let viewer = looking_along_y();
        assert_eq!(viewer.side_of(Vec2::new(2.0, 1.19)), None);
        assert_eq!(viewer.side_of(Vec2::new(2.0, 1.21)), Some(Side::Front));
        assert_eq!(viewer.side_of(Vec2::NAN), None);
        assert_eq!(viewer.side_of(Vec2::INFINITY), None);
        assert!(Viewpoint::new(Vec2::ZERO, Vec2::ZERO).is_none());
        assert!(Viewpoint::new(Vec2::NAN, Vec2::X).is_none());
        assert!(Viewpoint::new(Vec2::ZERO, Vec2::NAN).is_none());
        assert_eq!(Viewpoint { at: Vec2::ZERO, facing: Vec2::ZERO }.side_of(Vec2::X), None);
    }
}
