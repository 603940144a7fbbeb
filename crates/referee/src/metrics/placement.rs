//! Where objects are put.

use glam::{DMat3, DVec3, Vec3};
use scene::{Aabb, OrientedBox};

/// What was found out about a placement.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Fit {
    /// It is where the question wants it.
    pub constraint_met: bool,
    /// Something carries it.
    pub supported: bool,
    /// It stands in nothing else, and in no wall.
    pub collision_free: bool,
}

impl Fit {
    /// Whether it can be left there. Of our own: Spatial 3D-LLM holds a placement against one
    /// reference box, of which there are many as good.
    pub fn fits(self) -> bool {
        self.constraint_met && self.supported && self.collision_free
    }
}

/// The intersection over union of two boxes in file coordinates, along the axes of `truth`: of a
/// box that is turned against it the box round its corners counts.
pub fn iou(placed: &OrientedBox, truth: &OrientedBox) -> f64 {
    let axes = axes_of(truth);
    let origin = DVec3::from(truth.center);
    // Relative to the true middle, so that large coordinates do not eat the digits of f32.
    let around = |one: &OrientedBox| {
        let own = axes_of(one);
        Aabb::of_points((0..8).map(|corner| -> Vec3 {
            let point = (0..3).fold(DVec3::from(one.center), |point, axis| {
                let sign = if corner >> axis & 1 == 1 { 0.5 } else { -0.5 };
                point + own.col(axis) * (sign * one.size[axis])
            });
            (axes.transpose() * (point - origin)).as_vec3()
        }))
    };
    f64::from(around(placed).iou(&around(truth)))
}

/// As columns.
fn axes_of(one: &OrientedBox) -> DMat3 {
    one.axes.map_or(DMat3::IDENTITY, |rows| DMat3::from_cols_array_2d(&rows))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cube(x: f64, turned: bool) -> OrientedBox {
        let half = std::f64::consts::FRAC_1_SQRT_2;
        let axes = [[half, half, 0.0], [-half, half, 0.0], [0.0, 0.0, 1.0]];
        OrientedBox {
            center: [400_000.0 + x, 0.0, 0.0],
            size: [1.0; 3],
            axes: turned.then_some(axes),
        }
    }

    #[test]
    fn overlaps_worked_by_hand() {
        // Moved by half: 1/3.
        assert!((iou(&cube(0.5, false), &cube(0.0, false)) - 1.0 / 3.0).abs() < 1e-6);
        assert!((iou(&cube(0.0, true), &cube(0.0, true)) - 1.0).abs() < 1e-6);
        // Turned by 45°: the square round it has twice the area.
        assert!((iou(&cube(0.0, true), &cube(0.0, false)) - 0.5).abs() < 1e-6);
        assert_eq!(iou(&cube(2.0, false), &cube(0.0, false)), 0.0);
    }

    #[test]
    fn all_three_must_hold() {
        let all = Fit { constraint_met: true, supported: true, collision_free: true };
        assert!(all.fits());
        assert!(!Fit { supported: false, ..all }.fits());
        assert!(!Fit::default().fits());
    }
}
