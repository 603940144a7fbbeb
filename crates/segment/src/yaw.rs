use glam::{Vec2, Vec3};
use std::f32::consts::{FRAC_PI_2, PI};

/// The direction of the walls, found from normals.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Yaw {
    /// Angle of the walls' normals from x about z, radians, in -π/4..=π/4.
    pub(crate) angle: f32,
    /// The share of upright surface that agrees with it, 0..=1; about 0.1 by chance.
    pub(crate) agreement: f32,
}

/// Bins of a quarter turn, half a degree each.
const BINS: usize = 180;
/// Bins to each side of a peak that speak for it.
const REACH: usize = 9;

/// The yaw mod 90° that most upright surface agrees on, from weighted horizontal normals.
pub(crate) fn find_yaw(normals: impl Iterator<Item = (Vec3, f32)> + Clone) -> Option<Yaw> {
    // Four times the angle makes the four directions of a wall pair one.
    let quarter = |normal: Vec3| 4.0 * libm::atan2f(normal.y, normal.x);
    let mut bins = [0.0_f64; BINS];
    let mut total = 0.0;
    for (normal, weight) in normals.clone() {
        let turn = (quarter(normal) / (2.0 * PI)).rem_euclid(1.0);
        bins[((turn * BINS as f32) as usize).min(BINS - 1)] += f64::from(weight);
        total += f64::from(weight);
    }
    if total <= 0.0 {
        return None;
    }
    let around = |bin: usize| -> f64 {
        (0..=2 * REACH).map(|step| bins[(bin + BINS + step - REACH) % BINS]).sum()
    };
    let sums: Vec<f64> = (0..BINS).map(around).collect();
    let peak = (0..BINS).fold(0, |best, bin| if sums[bin] > sums[best] { bin } else { best });
    let agreement = (sums[peak] / total) as f32;

    // Circular mean of what lies round the peak, twice, the second time narrower.
    let mut centre = (peak as f32 + 0.5) / BINS as f32 * 2.0 * PI;
    for width in [REACH as f32, 4.0] {
        let reach = width / BINS as f32 * 2.0 * PI;
        let mut mean = Vec2::ZERO;
        for (normal, weight) in normals.clone() {
            let off = (quarter(normal) - centre + PI).rem_euclid(2.0 * PI) - PI;
            if off.abs() <= reach {
                mean += weight * Vec2::new(libm::cosf(off), libm::sinf(off));
            }
        }
        if mean != Vec2::ZERO {
            centre += libm::atan2f(mean.y, mean.x);
        }
    }
    let angle = (centre / 4.0 + PI / 4.0).rem_euclid(FRAC_PI_2) - PI / 4.0;
    Some(Yaw { angle, agreement })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_walls_of_a_turned_room() {
        for degrees in [-44.0_f32, -20.0, 0.0, 12.3, 44.0] {
            let normals: Vec<(Vec3, f32)> = (0..4000)
                .map(|i| {
                    let noise = ((i * 37 % 101) as f32 / 101.0 - 0.5) * 0.1;
                    let wall = (i % 4) as f32 * FRAC_PI_2;
                    // A fifth of the surface points anywhere.
                    let stray = if i % 5 == 0 { i as f32 } else { 0.0 };
                    let angle = degrees.to_radians() + wall + noise + stray;
                    (Vec3::new(angle.cos(), angle.sin(), 0.0), 1.0)
                })
                .collect();
            let yaw = find_yaw(normals.iter().copied()).unwrap();
            assert!((yaw.angle.to_degrees() - degrees).abs() < 0.5, "{degrees}: {yaw:?}");
            assert!(yaw.agreement > 0.7);
        }
        assert!(find_yaw(std::iter::empty()).is_none());
    }
}
