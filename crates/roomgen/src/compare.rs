//! What a point cloud is like, whoever made it: how dense, how noisy, how full of holes. For
//! holding generated scans against real ones; `examples/compare_scans.rs` prints the table.

mod neighbours;

pub use neighbours::Neighbours;

use glam::{DMat3, DVec3, Vec3};
use rustc_hash::FxHashSet;
use serde::Serialize;
use std::cmp::Ordering;
use std::collections::BTreeSet;

/// Points that are looked at more closely.
const SAMPLES: usize = 4000;

/// Neighbours to which a plane is fitted.
const PLANE: usize = 30;

/// A point with fewer others within three times the spacing is a stray.
const COMPANY: usize = 4;

/// Edge length of the cells in which floors are looked at, metres.
const FLOOR_CELL_M: f32 = 0.1;

/// So far from the floor a point still is of the floor, metres.
const FLOOR_M: f32 = 0.08;

/// Of one cloud; lengths in millimetres, shares 0..=1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Likeness {
    /// How many points, those at the same place counted once.
    pub points: usize,
    /// Distance to the nearest other point: median, 10th and 90th percentile.
    pub spacing_mm: [f64; 3],
    /// Root mean square distance of a point's 30 neighbours to the plane that fits them best:
    /// median and 90th percentile. Noise on flat surfaces, shape elsewhere.
    pub residual_mm: [f64; 2],
    /// Share of points with fewer than four others within three times the median spacing.
    pub strays: f64,
    /// Median of `30 / π r²`, `r` being the distance of the 30th neighbour.
    pub points_per_m2: f64,
    /// See [`holes`]; `None` where no floor is known.
    pub holes: Option<Holes>,
}

/// What the scan lacks, seen from above.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Holes {
    /// Share of the footprint's cells without any point.
    pub bare: f64,
    /// Share of the footprint's cells without a point of the floor: hidden by furniture, or
    /// missed.
    pub no_floor: f64,
}

/// One point of each voxel: what is left of a cloud when it is no denser than that.
pub fn thinned(points: &[Vec3], voxel_m: f32) -> Vec<Vec3> {
    let mut taken = FxHashSet::default();
    let cell = |point: &Vec3| (*point / voxel_m).floor().as_ivec3().to_array();
    points.iter().copied().filter(|point| taken.insert(cell(point))).collect()
}

/// Measures a cloud, in metres. `None` for fewer than a hundred points.
pub fn likeness(points: &[Vec3]) -> Option<Likeness> {
    let mut points: Vec<Vec3> = points.iter().copied().filter(|point| point.is_finite()).collect();
    // Some scans hold points twice; that is no density.
    points.sort_by(|a, b| a.to_array().partial_cmp(&b.to_array()).unwrap_or(Ordering::Equal));
    points.dedup();
    if points.len() < 100 {
        return None;
    }
    let neighbours = Neighbours::new(&points);
    let step = points.len().div_ceil(SAMPLES);
    let (mut spacings, mut residuals, mut densities) = (Vec::new(), Vec::new(), Vec::new());
    for &point in points.iter().step_by(step) {
        // The nearest is the point itself.
        let near = neighbours.nearest(point, PLANE + 1);
        let (Some(next), Some(last)) = (near.get(1), near.last()) else { continue };
        spacings.push(f64::from(next.distance(point)));
        residuals.push(plane_residual(&near));
        let radius = f64::from(last.distance(point)).max(1e-9);
        densities.push(PLANE as f64 / (std::f64::consts::PI * radius * radius));
    }
    let spacing = percentile(&mut spacings, 0.5);
    let reach = 3.0 * spacing as f32;
    let looked_at = points.iter().step_by(step);
    let stray = |point: &&Vec3| neighbours.count_within(**point, reach, COMPANY + 1) <= COMPANY;
    let strays = looked_at.clone().filter(stray).count() as f64 / looked_at.count() as f64;
    Some(Likeness {
        points: points.len(),
        spacing_mm: [spacing, percentile(&mut spacings, 0.1), percentile(&mut spacings, 0.9)]
            .map(|metres| 1000.0 * metres),
        residual_mm: [percentile(&mut residuals, 0.5), percentile(&mut residuals, 0.9)]
            .map(|metres| 1000.0 * metres),
        strays,
        points_per_m2: percentile(&mut densities, 0.5),
        holes: None,
    })
}

/// What an upright cloud (metres, floor at z = 0) lacks. The footprint is every cell of 10 cm that
/// lies between cells with points both along x and along y. `None` where hardly a point is of the
/// floor.
pub fn holes(points: &[Vec3]) -> Option<Holes> {
    let cell_of = |point: &Vec3| (*point / FLOOR_CELL_M).floor().truncate().as_ivec2().to_array();
    let any: BTreeSet<[i32; 2]> = points.iter().map(cell_of).collect();
    let of_floor = points.iter().filter(|point| point.z.abs() < FLOOR_M);
    let floor: BTreeSet<[i32; 2]> = of_floor.map(cell_of).collect();
    if floor.len() < 50 {
        return None;
    }
    let span = |axis: usize, at: i32| {
        let of_line = any.iter().filter(|cell| cell[1 - axis] == at).map(|cell| cell[axis]);
        of_line.clone().min().zip(of_line.max())
    };
    let (mut all, mut bare, mut no_floor) = (0, 0, 0);
    let lines: BTreeSet<i32> = any.iter().map(|cell| cell[1]).collect();
    let columns: Vec<(i32, i32, i32)> = any
        .iter()
        .map(|cell| cell[0])
        .collect::<BTreeSet<i32>>()
        .into_iter()
        .filter_map(|x| span(1, x).map(|(low, high)| (x, low, high)))
        .collect();
    for y in lines {
        let Some((low, high)) = span(0, y) else { continue };
        for (x, bottom, top) in &columns {
            if (low..=high).contains(x) && (*bottom..=*top).contains(&y) {
                all += 1;
                bare += usize::from(!any.contains(&[*x, y]));
                no_floor += usize::from(!floor.contains(&[*x, y]));
            }
        }
    }
    let share = |count: usize| count as f64 / f64::from(all.max(1));
    Some(Holes { bare: share(bare), no_floor: share(no_floor) })
}

/// Root mean square distance to the plane that fits best: the root of the least eigenvalue of the
/// covariance.
fn plane_residual(points: &[Vec3]) -> f64 {
    let count = points.len() as f64;
    let mean = points.iter().map(|point| point.as_dvec3()).sum::<DVec3>() / count;
    let mut covariance = DMat3::ZERO;
    for point in points {
        let d = point.as_dvec3() - mean;
        covariance += DMat3::from_cols(d * d.x, d * d.y, d * d.z);
    }
    least_eigenvalue(covariance * (1.0 / count)).max(0.0).sqrt()
}

/// Of a symmetric matrix, in closed form (Smith 1961, Eigenvalues of a symmetric 3 × 3 matrix).
fn least_eigenvalue(a: DMat3) -> f64 {
    let mean = (a.x_axis.x + a.y_axis.y + a.z_axis.z) / 3.0;
    let b = a - DMat3::from_diagonal(DVec3::splat(mean));
    let squares: f64 = b.to_cols_array().iter().map(|v| v * v).sum();
    let p = (squares / 6.0).sqrt();
    if p < 1e-30 {
        return mean;
    }
    let half = ((b * (1.0 / p)).determinant() / 2.0).clamp(-1.0, 1.0);
    let angle = half.acos() / 3.0;
    mean + 2.0 * p * (angle + 2.0 * std::f64::consts::FRAC_PI_3).cos()
}

fn percentile(values: &mut [f64], share: f64) -> f64 {
    values.sort_by(f64::total_cmp);
    let index = (share * values.len().saturating_sub(1) as f64).round() as usize;
    values.get(index).copied().unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2 × 2 m of floor, a point every 2 cm, ±3 mm up and down in turn.
    fn rough_floor() -> Vec<Vec3> {
        let at = |index: usize| (index % 100, index / 100);
        (0..10_000)
            .map(|index| {
                let (x, y) = at(index);
                let z = if (x + y) % 2 == 0 { 0.003 } else { -0.003 };
                Vec3::new(0.02 * x as f32 + 0.01, 0.02 * y as f32 + 0.01, z)
            })
            .collect()
    }

    #[test]
    fn a_rough_floor_measures_what_it_is() {
        let mut points = rough_floor();
        let found = likeness(&points).unwrap();
        // The nearest of the other height: √(20² + 6²) mm.
        assert!((found.spacing_mm[0] - 20.88).abs() < 0.01, "{found:?}");
        assert!((found.residual_mm[0] - 3.0).abs() < 0.1, "{found:?}");
        assert!((found.points_per_m2 / 2500.0 - 1.0).abs() < 0.15, "{found:?}");
        assert!(found.strays < 1e-9);
        let thin = thinned(&points, 0.04);
        assert_eq!(thin.len(), 2 * 2500, "one above and one below zero in each");
        points.extend((0..100).map(|n| Vec3::new(5.0 + n as f32, 5.0, 1.0)));
        // One in 101; the sample takes every third point.
        assert!((likeness(&points).unwrap().strays - 0.0099).abs() < 0.002);
        assert!(likeness(&points[..50]).is_none());
    }

    #[test]
    fn holes_are_counted_in_cells() {
        let mut points = rough_floor();
        assert_eq!(holes(&points), Some(Holes { bare: 0.0, no_floor: 0.0 }));
        // A table of 1 × 0.4 m hides the floor, and beside it 0.2 × 0.4 m were not scanned.
        let under = |p: &Vec3| (0.5..1.5).contains(&p.x) && (0.8..1.2).contains(&p.y);
        let missed = |p: &Vec3| (1.5..1.7).contains(&p.x) && (0.8..1.2).contains(&p.y);
        points.retain(|point| !missed(point));
        for point in points.iter_mut().filter(|point| under(point)) {
            point.z = 0.7;
        }
        let found = holes(&points).unwrap();
        assert!((found.bare - 8.0 / 400.0).abs() < 1e-9, "{found:?}");
        assert!((found.no_floor - 48.0 / 400.0).abs() < 1e-9, "{found:?}");
        assert_eq!(holes(&points[..10]), None);
    }
}
