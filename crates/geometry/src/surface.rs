use crate::nearest::Tree;
use glam::Vec3;
use scene::Aabb;

/// The scanned surface of one object, made ready for distance questions: stray points left out,
/// the rest in a k-d tree.
pub struct Surface {
    tree: Tree,
    /// Round the points without strays.
    bounds: Aabb,
}

/// The shortest way between two surfaces.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Closest {
    /// Its length.
    pub distance_m: f32,
    /// Its ends: on the first surface, on the second.
    pub line: [[f32; 3]; 2],
}

/// Sets smaller than this are believed whole.
const FEW_POINTS: usize = 20;
/// A clump that holds less than this share of an object's points is stray.
const STRAY_SHARE: f32 = 0.01;
/// Cells per axis that a packed key can tell apart.
const CELLS: f32 = (1 << 21) as f32;

impl Surface {
    /// From an object's points; those that are not finite are left out. Points closer than three
    /// times `resolution_m` (the scan's voxel edge) belong to one clump, and clumps with less than
    /// one point in a hundred are taken for stray. `None` where no point is left.
    pub fn new(points: impl IntoIterator<Item = Vec3>, resolution_m: f32) -> Option<Self> {
        let finite: Vec<Vec3> = points.into_iter().filter(|point| point.is_finite()).collect();
        let kept = without_strays(finite, 3.0 * resolution_m);
        if kept.is_empty() {
            return None;
        }
        let bounds = Aabb::of_points(kept.iter().copied());
        Some(Self { tree: Tree::new(kept), bounds })
    }

    /// The points without strays, in no particular order; at least one.
    pub fn points(&self) -> &[Vec3] {
        self.tree.points()
    }

    /// Whether any point lies in the box.
    pub(crate) fn has_point_in(&self, bounds: &Aabb) -> bool {
        self.tree.any_in(bounds, |_| true)
    }

    /// The height of the highest point in the box.
    pub(crate) fn highest_in(&self, bounds: &Aabb) -> Option<f32> {
        let mut highest = None;
        self.tree.any_in(bounds, |point| {
            highest = Some(highest.map_or(point.z, |height: f32| height.max(point.z)));
            false
        });
        highest
    }

    /// The least distance between any two points of the two surfaces.
    pub fn closest(&self, other: &Self) -> Closest {
        // Searching from the smaller set keeps the number of searches low.
        if self.points().len() > other.points().len() {
            let Closest { distance_m, line: [end, start] } = other.closest(self);
            return Closest { distance_m, line: [start, end] };
        }
        let first = self.points()[0];
        let mut best = (first, other.points()[0]);
        let mut best_squared = best.0.distance_squared(best.1);
        // A few points spread over the set first: their bound spares most of the others a search.
        let stride = self.points().len().div_ceil(64);
        let spread = self.points().iter().step_by(stride);
        for &point in spread.chain(self.points()) {
            if squared_to_box(point, &other.bounds) >= best_squared {
                continue;
            }
            if let Some((nearest, squared)) = other.tree.nearest_within(point, best_squared) {
                best = (point, nearest);
                best_squared = squared;
            }
        }
        Closest { distance_m: best_squared.sqrt(), line: [best.0.to_array(), best.1.to_array()] }
    }
}

fn squared_to_box(point: Vec3, bounds: &Aabb) -> f32 {
    (bounds.min - point).max(point - bounds.max).max(Vec3::ZERO).length_squared()
}

/// Leaves out clumps of cells (26 neighbours) that hold hardly any points.
fn without_strays(points: Vec<Vec3>, cell_m: f32) -> Vec<Vec3> {
    let min = Aabb::of_points(points.iter().copied()).min;
    if points.len() < FEW_POINTS || !cell_m.is_finite() || cell_m <= 0.0 {
        return points;
    }
    let key = |point: &Vec3| {
        // One cell of margin, so that neighbours of the first cell have keys of their own.
        let cell = ((*point - min) / cell_m).floor().clamp(Vec3::ZERO, Vec3::splat(CELLS - 3.0));
        pack((cell + Vec3::ONE).to_array().map(|value| value as u64))
    };
    let keys: Vec<u64> = points.iter().map(key).collect();
    let mut sorted = keys.clone();
    sorted.sort_unstable();
    let (cells, counts): (Vec<u64>, Vec<usize>) =
        sorted.chunk_by(|a, b| a == b).map(|run| (run[0], run.len())).unzip();
    let clumps = clumps_of(&cells);
    let mut sizes = vec![0; cells.len()];
    for (clump, count) in clumps.iter().zip(&counts) {
        sizes[*clump] += count;
    }
    let least = (points.len() as f32 * STRAY_SHARE).ceil() as usize;
    let in_a_clump =
        |key: &u64| cells.binary_search(key).is_ok_and(|cell| sizes[clumps[cell]] >= least);
    points.into_iter().zip(&keys).filter(|(_, key)| in_a_clump(key)).map(|(p, _)| p).collect()
}

fn pack([x, y, z]: [u64; 3]) -> u64 {
    x << 42 | y << 21 | z
}

/// For each of the sorted cells, the first cell of the clump that it belongs to.
fn clumps_of(cells: &[u64]) -> Vec<usize> {
    let mut parents: Vec<usize> = (0..cells.len()).collect();
    // Half of the neighbours; the other half have this cell among theirs.
    let ahead: Vec<u64> = (0..27u64)
        .map(|i| pack([i / 9, i / 3 % 3, i % 3]))
        .filter(|offset| *offset > pack([1, 1, 1]))
        .collect();
    for (index, cell) in cells.iter().enumerate() {
        for offset in &ahead {
            // Every cell is at least (1, 1, 1), so this cannot fall below zero.
            let neighbour = cell + offset - pack([1, 1, 1]);
            if let Ok(other) = cells[index..].binary_search(&neighbour) {
                let (a, b) = (root(&mut parents, index), root(&mut parents, index + other));
                parents[a.max(b)] = a.min(b);
            }
        }
    }
    (0..cells.len()).map(|cell| root(&mut parents, cell)).collect()
}

fn root(parents: &mut [usize], mut cell: usize) -> usize {
    while parents[cell] != cell {
        parents[cell] = parents[parents[cell]];
        cell = parents[cell];
    }
    cell
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A square metre at height `z`, a point every centimetre.
    fn sheet(z: f32) -> impl Iterator<Item = Vec3> {
        (0..100).flat_map(move |x| {
            (0..100).map(move |y| Vec3::new(x as f32 * 0.01, y as f32 * 0.01, z))
        })
    }

    #[test]
    fn two_sheets_are_as_far_apart_as_they_lie() {
        let a = Surface::new(sheet(0.0), 0.02).unwrap();
        let b = Surface::new(sheet(0.0).map(|p| p + Vec3::new(1.3, 0.0, 0.4)), 0.02).unwrap();
        // From x = 0.99 to x = 1.30, and 0.4 up.
        let closest = a.closest(&b);
        assert!((closest.distance_m - 0.31_f32.hypot(0.4)).abs() < 1e-4, "{closest:?}");
        let [from, to] = closest.line.map(Vec3::from);
        assert!((from.x - 0.99).abs() < 1e-4 && (to.x - 1.3).abs() < 1e-4);
        let back = b.closest(&a);
        assert_eq!(back.line, [closest.line[1], closest.line[0]]);
    }

    #[test]
    fn stray_points_do_not_shorten_the_way() {
        let strays = (0..30).map(|i| Vec3::new(0.5, 0.5, 1.0 + i as f32 * 0.001));
        let bad = [Vec3::NAN, Vec3::INFINITY];
        let a = Surface::new(sheet(0.0).chain(strays).chain(bad), 0.02).unwrap();
        let b = Surface::new(sheet(2.0), 0.02).unwrap();
        assert_eq!(a.points().len(), 10_000);
        assert!((a.closest(&b).distance_m - 2.0).abs() < 1e-6);
        assert!(a.bounds.max.z < 1e-6);
    }

    #[test]
    fn a_part_seen_apart_is_kept() {
        let leg = (0..300).map(|i| Vec3::new(0.5, 0.5, 1.0 + i as f32 * 0.001));
        let a = Surface::new(sheet(0.0).chain(leg), 0.02).unwrap();
        assert_eq!(a.points().len(), 10_300);
    }

    #[test]
    fn nothing_has_no_surface_and_one_point_has() {
        assert!(Surface::new([Vec3::NAN], 0.02).is_none());
        let a = Surface::new([Vec3::ZERO], 0.02).unwrap();
        let b = Surface::new([Vec3::new(3.0, 4.0, 0.0)], f32::NAN).unwrap();
        assert_eq!(a.closest(&b).distance_m, 5.0);
    }

    #[test]
    fn far_apart_points_share_no_clump() {
        let far = (0..50).map(|i| Vec3::new(1e7 + i as f32 * 1e6, 0.0, 0.0));
        let a = Surface::new(sheet(0.0).chain(far), 0.02).unwrap();
        assert_eq!(a.points().len(), 10_000);
    }
}
