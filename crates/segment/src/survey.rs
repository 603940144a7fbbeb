use crate::SegmentError;
use crate::repeats::{Repeats, RepeatsBuilder};
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

/// A first look over the points, in short steps: robust bounds, which are the 1st and 99th
/// percentile of each axis, widened, then cut to the points; and which points stand twice.
#[derive(Debug)]
pub(crate) struct SurveyWork {
    pass: Pass,
    next: usize,
    usable: usize,
    /// Round all usable points, and round those within the widened percentiles.
    all: Aabb,
    kept: Aabb,
    kept_count: usize,
    wide: Aabb,
    sample: Vec<[f32; 3]>,
    repeats: RepeatsBuilder,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Pass {
    Extent,
    Outliers,
    Repeats,
}

impl SurveyWork {
    pub(crate) fn new(points: usize) -> Self {
        Self {
            pass: Pass::Extent,
            next: 0,
            usable: 0,
            all: Aabb::EMPTY,
            kept: Aabb::EMPTY,
            kept_count: 0,
            wide: Aabb::EMPTY,
            sample: Vec::new(),
            repeats: RepeatsBuilder::new(points),
        }
    }

    /// Looks at the next `most` points; whether all is done.
    ///
    /// # Errors
    /// Where no point is usable, or all are one.
    pub(crate) fn step(
        &mut self,
        positions: &[[f32; 3]],
        most: usize,
    ) -> Result<bool, SegmentError> {
        let end = (self.next + most).min(positions.len());
        let range = self.next..end;
        match self.pass {
            Pass::Extent => {
                let stride = positions.len().div_ceil(SAMPLE).max(1);
                for index in range {
                    let position = &positions[index];
                    if usable(position) {
                        self.usable += 1;
                        let point = Vec3::from(*position);
                        self.all = self.all.union(&Aabb { min: point, max: point });
                        if index.is_multiple_of(stride) {
                            self.sample.push(*position);
                        }
                    }
                }
            }
            Pass::Outliers => {
                for position in positions[range].iter().filter(|position| usable(position)) {
                    let point = Vec3::from(*position);
                    if self.wide.contains(point) {
                        self.kept_count += 1;
                        self.kept = self.kept.union(&Aabb { min: point, max: point });
                    }
                }
            }
            Pass::Repeats => self.repeats.add(positions, range),
        }
        self.next = end;
        if end < positions.len() {
            return Ok(false);
        }
        self.next = 0;
        match self.pass {
            Pass::Extent => {
                if self.usable == 0 {
                    return Err(SegmentError::NoFinitePoints { rows: positions.len() });
                }
                if self.all.size() == Vec3::ZERO {
                    return Err(SegmentError::NoExtent { points: self.usable });
                }
                let inner = inner_box(&self.sample);
                let margin = Vec3::splat(inner.size().max_element().max(0.0) * MARGIN);
                self.wide = Aabb { min: inner.min - margin, max: inner.max + margin };
                self.pass = Pass::Outliers;
            }
            Pass::Outliers => self.pass = Pass::Repeats,
            Pass::Repeats => return Ok(true),
        }
        Ok(false)
    }

    /// Points looked at and points to look at, over all passes.
    pub(crate) fn progress(&self, points: usize) -> (usize, usize) {
        (self.pass as usize * points + self.next, 3 * points)
    }

    pub(crate) fn finish(self) -> (Survey, Repeats) {
        let survey = if self.kept.size() == Vec3::ZERO {
            Survey { usable: self.usable, bounds: self.all, outliers: 0 }
        } else {
            let outliers = self.usable - self.kept_count;
            Survey { usable: self.usable, bounds: self.kept, outliers }
        };
        (survey, self.repeats.finish())
    }
}

fn inner_box(sample: &[[f32; 3]]) -> Aabb {
    let quantiles = [0, 1, 2].map(|axis| {
        let mut values: Vec<f32> = sample.iter().map(|position| position[axis]).collect();
        values.sort_unstable_by(f32::total_cmp);
        let tail = (values.len() as f64 * TAIL) as usize;
        // A scan of a handful of points has no tails to spare; one stray among five still shows.
        let tail = if values.len() >= 5 { tail.max(1) } else { 0 };
        let at = |index: usize| values.get(index).copied().unwrap_or_default();
        (at(tail), at(values.len().saturating_sub(1 + tail)))
    });
    Aabb { min: Vec3::from(quantiles.map(|q| q.0)), max: Vec3::from(quantiles.map(|q| q.1)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// In steps of a few points, so that no pass may depend on seeing all at once.
    fn survey(positions: &[[f32; 3]]) -> Result<Survey, SegmentError> {
        let mut work = SurveyWork::new(positions.len());
        while !work.step(positions, 7)? {}
        Ok(work.finish().0)
    }

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
