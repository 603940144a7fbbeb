use glam::Vec3;
use scene::Aabb;

/// A balanced k-d tree in one array: the middle of a range splits it along the axis in which the
/// range is widest.
pub(crate) struct Tree {
    points: Vec<Vec3>,
    axes: Vec<u8>,
}

/// Ranges up to this long are searched point by point.
const LEAF: usize = 8;

impl Tree {
    /// Every point must be finite.
    pub(crate) fn new(mut points: Vec<Vec3>) -> Self {
        let mut axes = vec![0; points.len()];
        split(&mut points, &mut axes);
        Self { points, axes }
    }

    /// The points, in the tree's order.
    pub(crate) fn points(&self) -> &[Vec3] {
        &self.points
    }

    /// The point nearest to `query` among those nearer than the square root of `best_squared`,
    /// with its squared distance.
    pub(crate) fn nearest_within(&self, query: Vec3, best_squared: f32) -> Option<(Vec3, f32)> {
        let mut found = None;
        let mut best = best_squared;
        self.search(0, self.points.len(), query, &mut best, &mut found);
        found.map(|point| (point, best))
    }

    /// Whether `test` holds for some point in the box. Points come in the tree's order, until it
    /// does.
    pub(crate) fn any_in(&self, bounds: &Aabb, mut test: impl FnMut(Vec3) -> bool) -> bool {
        !bounds.is_empty() && self.any_between(0, self.points.len(), bounds, &mut test)
    }

    fn any_between(
        &self,
        start: usize,
        end: usize,
        bounds: &Aabb,
        test: &mut impl FnMut(Vec3) -> bool,
    ) -> bool {
        let mut passes = |point: Vec3| bounds.contains(point) && test(point);
        if end - start <= LEAF {
            return self.points[start..end].iter().any(|point| passes(*point));
        }
        let middle = usize::midpoint(start, end);
        let point = self.points[middle];
        let axis = usize::from(self.axes[middle]);
        passes(point)
            || (bounds.min[axis] <= point[axis] && self.any_between(start, middle, bounds, test))
            || (bounds.max[axis] >= point[axis] && self.any_between(middle + 1, end, bounds, test))
    }

    fn search(
        &self,
        start: usize,
        end: usize,
        query: Vec3,
        best: &mut f32,
        found: &mut Option<Vec3>,
    ) {
        if end - start <= LEAF {
            for &point in &self.points[start..end] {
                keep_nearer(point, query, best, found);
            }
            return;
        }
        let middle = usize::midpoint(start, end);
        let point = self.points[middle];
        keep_nearer(point, query, best, found);
        let axis = usize::from(self.axes[middle]);
        let offset = query[axis] - point[axis];
        let (near, far) = if offset < 0.0 {
            ((start, middle), (middle + 1, end))
        } else {
            ((middle + 1, end), (start, middle))
        };
        self.search(near.0, near.1, query, best, found);
        if offset * offset < *best {
            self.search(far.0, far.1, query, best, found);
        }
    }
}

fn keep_nearer(point: Vec3, query: Vec3, best: &mut f32, found: &mut Option<Vec3>) {
    let squared = point.distance_squared(query);
    if squared < *best {
        *best = squared;
        *found = Some(point);
    }
}

/// `axes` runs beside `points`; recursion halves the range, so its depth is at most 32.
fn split(points: &mut [Vec3], axes: &mut [u8]) {
    if points.len() <= LEAF {
        return;
    }
    let (min, max) = points
        .iter()
        .fold((points[0], points[0]), |(min, max), point| (min.min(*point), max.max(*point)));
    let axis = (max - min).max_position();
    let middle = points.len() / 2;
    points.select_nth_unstable_by(middle, |a, b| a[axis].total_cmp(&b[axis]));
    axes[middle] = axis as u8;
    let (left, right) = points.split_at_mut(middle);
    let (left_axes, right_axes) = axes.split_at_mut(middle);
    split(left, left_axes);
    split(&mut right[1..], &mut right_axes[1..]);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_looking_at_every_point() {
        // A low-discrepancy cloud with some coinciding points.
        let point = |i: u32| {
            let i = (i % 900) as f32;
            Vec3::new((i * 0.618).fract(), (i * 0.755).fract() * 3.0, (i * 0.570).fract() * 0.2)
        };
        let points: Vec<Vec3> = (0..1000).map(point).collect();
        let tree = Tree::new(points.clone());
        for i in 0..200 {
            let query = point(i * 7 + 3) * 1.7 - Vec3::splat(0.3);
            let expected =
                points.iter().map(|p| p.distance_squared(query)).fold(f32::INFINITY, f32::min);
            let (_, found) = tree.nearest_within(query, f32::INFINITY).unwrap();
            assert_eq!(found, expected);
            assert!(tree.nearest_within(query, expected).is_none(), "nothing is nearer");
            let bounds = Aabb::from_centre_size(query, Vec3::new(0.3, 0.5, 0.1));
            let mut seen = 0;
            tree.any_in(&bounds, |_| {
                seen += 1;
                false
            });
            assert_eq!(seen, points.iter().filter(|point| bounds.contains(**point)).count());
        }
    }
}
