use crate::SegmentError;
use glam::Vec3;
use scene::Aabb;

/// Beyond this a coordinate is a slip of the writer, not a place; its square still fits an f32.
const FARTHEST: f32 = 1e18;
/// Points that the quantiles are taken from.
const SAMPLE: usize = 65_536;
/// Tail on each side that may be stray points.
const TAIL: f64 = 0.01;
/// How far beyond the quantiles a point may lie, in largest extents between them.
const MARGIN: f32 = 0.6;

/// What a first look over the rows tells.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Survey {
    /// Points with three usable coordinates.
    pub(crate) usable: usize,
    /// Round the usable points without far outliers.
    pub(crate) bounds: Aabb,
    /// Usable points outside `bounds`.
    pub(crate) outliers: usize,
}

fn usable(position: &[f32; 3]) -> bool {
    position.iter().all(|value| value.abs() <= FARTHEST)
}

/// Robust bounds: the 1st and 99th percentile of each axis, widened, then cut to the points.
pub(crate) fn survey(positions: &[[f32; 3]]) -> Result<Survey, SegmentError> {
    let points = || positions.iter().filter(|position| usable(position));
    let count = points().count();
    if count == 0 {
        return Err(SegmentError::NoFinitePoints { rows: positions.len() });
    }
    let all = Aabb::of_points(points().map(|position| Vec3::from(*position)));
    if all.size() == Vec3::ZERO {
        return Err(SegmentError::NoExtent { points: count });
    }
    let inner = inner_box(points(), count);
    let reach = inner.size().max_element();
    let mut bounds = all;
    if reach > 0.0 {
        let margin = Vec3::splat(reach * MARGIN);
        let wide = Aabb { min: inner.min - margin, max: inner.max + margin };
        let kept =
            Aabb::of_points(points().map(|p| Vec3::from(*p)).filter(|point| wide.contains(*point)));
        if kept.size() != Vec3::ZERO {
            bounds = kept;
        }
    }
    let outliers = points().filter(|position| !bounds.contains(Vec3::from(**position))).count();
    Ok(Survey { usable: count, bounds, outliers })
}

fn inner_box<'a>(points: impl Iterator<Item = &'a [f32; 3]>, count: usize) -> Aabb {
    let stride = count.div_ceil(SAMPLE).max(1);
    let sample: Vec<[f32; 3]> = points.step_by(stride).copied().collect();
    let quantiles = [0, 1, 2].map(|axis| {
        let mut values: Vec<f32> = sample.iter().map(|position| position[axis]).collect();
        values.sort_unstable_by(f32::total_cmp);
        let tail = (values.len() as f64 * TAIL) as usize;
        // A scan of a handful of points has no tails to spare; one stray among five still shows.
        let tail = if values.len() >= 5 { tail.max(1) } else { 0 };
        (values[tail], values[values.len() - 1 - tail])
    });
    Aabb { min: Vec3::from(quantiles.map(|q| q.0)), max: Vec3::from(quantiles.map(|q| q.1)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_outlier_a_million_kilometres_away_does_not_matter() {
        let mut positions: Vec<[f32; 3]> =
            (0..1000).map(|i| [(i % 10) as f32, (i / 10 % 10) as f32, (i / 100) as f32]).collect();
        positions.push([1e9, 0.0, 0.0]);
        positions.push([f32::NAN, 0.0, 0.0]);
        positions.push([f32::INFINITY, 0.0, 0.0]);
        positions.push([3e38, -3e38, 0.0]);
        let survey = survey(&positions).unwrap();
        assert_eq!((survey.usable, survey.outliers), (1001, 1));
        assert_eq!(survey.bounds.size(), Vec3::splat(9.0));
    }

    #[test]
    fn nothing_and_one_place_are_refused() {
        assert_eq!(survey(&[]).unwrap_err(), SegmentError::NoFinitePoints { rows: 0 });
        let nan = [[f32::NAN; 3]; 2];
        assert_eq!(survey(&nan).unwrap_err(), SegmentError::NoFinitePoints { rows: 2 });
        assert_eq!(survey(&[[1.0; 3]; 7]).unwrap_err(), SegmentError::NoExtent { points: 7 });
    }

    #[test]
    fn few_points_are_all_kept() {
        let survey = survey(&[[0.0; 3], [1.0, 2.0, 3.0]]).unwrap();
        assert_eq!(survey.outliers, 0);
        assert_eq!(survey.bounds.size(), Vec3::new(1.0, 2.0, 3.0));
    }
}
