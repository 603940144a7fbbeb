//! How boxes lie to each other. None of these depends on where one stands. All boxes in the
//! scene frame; an empty box stands in no relation.

use crate::Aabb2;
use scene::Aabb;

/// How far a surface may seem to lie above or below where it touches.
const TOUCH_M: f32 = 0.06;
/// A gap up to this wide is *next to*.
const BESIDE_M: f32 = 0.35;
/// A picture above a sofa hangs on the wall behind it, this far from being straight above.
const BEHIND_M: f32 = 0.15;

/// Whether `a` rests on top of `b`: its bottom at the height of `b`'s top, at least half of its
/// footprint above `b`'s.
///
/// A backrest or a headboard hides the true carrier's height from a box; where points are at
/// hand, trust those.
pub fn on(a: &Aabb, b: &Aabb) -> bool {
    exist(a, b) && (a.min.z - b.max.z).abs() <= TOUCH_M && footprint_share(a, b) >= 0.5
}

/// Whether `a` lies within `b`, at least nine tenths of its volume.
fn inside(a: &Aabb, b: &Aabb) -> bool {
    exist(a, b)
        && a.volume() < b.volume()
        && a.intersection(b).size().element_product() >= 0.9 * a.volume()
}

/// Which of these go along where the one at `moved` is carried: what stands on it or in it, and what
/// stands on that, ascending, without itself. What lies under a table stays, and a rug carries nothing,
/// for by boxes what stands on it stands on the floor.
pub fn carried(boxes: &[Aabb], moved: usize) -> Vec<usize> {
    let mut along = vec![moved];
    let mut next = 0;
    while let Some(carrier) = along.get(next).and_then(|index| boxes.get(*index)) {
        let stands = |(index, one): &(usize, &Aabb)| {
            let is_raised = one.min.z > carrier.min.z + TOUCH_M;
            is_raised && !along.contains(index) && (on(one, carrier) || inside(one, carrier))
        };
        let more: Vec<usize> = boxes.iter().enumerate().filter(stands).map(|(i, _)| i).collect();
        along.extend(more);
        next += 1;
    }
    along.retain(|index| *index != moved);
    along.sort_unstable();
    along
}

/// Whether the two are side by side: at most a small gap between them, heights that overlap by
/// half of the lower one, and neither on nor inside the other.
pub fn next_to(a: &Aabb, b: &Aabb) -> bool {
    let shared_height = a.max.z.min(b.max.z) - a.min.z.max(b.min.z);
    let lower = a.size().z.min(b.size().z);
    exist(a, b)
        && a.distance(b) <= BESIDE_M
        && shared_height >= 0.5 * lower
        && !inside(a, b)
        && !inside(b, a)
        && !on(a, b)
        && !on(b, a)
}

/// Whether `a` hangs or stands above `b` with air between: its bottom over `b`'s top by more than
/// what counts as touching, and at least half of the smaller footprint over or within 15 cm of the
/// other.
pub fn above(a: &Aabb, b: &Aabb) -> bool {
    let (upper, lower) = (Aabb2::from(*a), Aabb2::from(*b));
    let (small, large) =
        if upper.area_m2() < lower.area_m2() { (upper, lower) } else { (lower, upper) };
    let shared = small.intersection(&large.grown(BEHIND_M));
    exist(a, b)
        && a.min.z - b.max.z > TOUCH_M
        && shared.area_m2() > 0.0
        && shared.area_m2() >= 0.5 * small.area_m2()
}

/// Whether `b` is [`above`] `a`.
pub fn below(a: &Aabb, b: &Aabb) -> bool {
    above(b, a)
}

/// Whether `target` lies between `a` and `b`: seen from above, its middle lies in the convex hull
/// of the two footprints but in neither of them, and its height meets the range from the lower of
/// their bottoms to the higher of their tops.
pub fn between(a: &Aabb, b: &Aabb, target: &Aabb) -> bool {
    if !exist(a, b) || target.is_empty() {
        return false;
    }
    let both = a.union(b);
    let level = target.min.z <= both.max.z + TOUCH_M && target.max.z >= both.min.z - TOUCH_M;
    let middle = target.centre().truncate();
    let (a, b) = (Aabb2::from(*a), Aabb2::from(*b));
    level && !a.contains(middle) && !b.contains(middle) && in_hull(&a, &b, middle)
}

/// The hull of two rectangles is swept by (1 − t) `a` + t `b`, t in 0..=1: each edge bounds t.
fn in_hull(a: &Aabb2, b: &Aabb2, point: glam::Vec2) -> bool {
    let (mut least, mut most) = (0.0_f32, 1.0_f32);
    for axis in 0..2 {
        // Both as `offset + t · slope ≥ 0`.
        let from_min = (point[axis] - a.min[axis], a.min[axis] - b.min[axis]);
        let from_max = (a.max[axis] - point[axis], b.max[axis] - a.max[axis]);
        for (offset, slope) in [from_min, from_max] {
            if slope > 0.0 {
                least = least.max(-offset / slope);
            } else if slope < 0.0 {
                most = most.min(-offset / slope);
            } else if offset < 0.0 {
                return false;
            }
        }
    }
    least <= most
}

fn exist(a: &Aabb, b: &Aabb) -> bool {
    !a.is_empty() && !b.is_empty()
}

/// The share of `a`'s footprint that lies over `b`'s.
fn footprint_share(a: &Aabb, b: &Aabb) -> f32 {
    let shared = (a.max.min(b.max) - a.min.max(b.min)).truncate().max(glam::Vec2::ZERO);
    let own = a.size().truncate();
    let area = own.x * own.y;
    if area > 0.0 { shared.x * shared.y / area } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::boxed;
    use glam::Vec3;

    #[test]
    fn a_carried_desk_takes_along_what_stands_on_it() {
        let rug = boxed([-1.0, -1.0, 0.0], [3.0, 3.0, 0.02]);
        let desk = boxed([0.0, 0.0, 0.01], [1.4, 0.7, 0.74]);
        let bin = boxed([0.2, 0.2, 0.01], [0.5, 0.5, 0.4]);
        let books = boxed([0.1, 0.1, 0.75], [0.4, 0.4, 0.95]);
        let cup = boxed([0.2, 0.2, 0.95], [0.28, 0.28, 1.05]);
        let picture = boxed([0.3, 0.0, 1.2], [0.9, 0.03, 1.6]);
        let drawn = boxed([1.0, 0.1, 0.2], [1.3, 0.6, 0.3]);
        let boxes = [rug, desk, bin, books, cup, picture, drawn];
        assert_eq!(carried(&boxes, 1), [3, 4, 6]);
        assert_eq!(carried(&boxes, 3), [4]);
        assert!(carried(&boxes, 0).is_empty() && carried(&boxes, 9).is_empty());
    }

    #[test]
    fn a_lamp_on_a_desk_beside_a_chair() {
        let desk = boxed([0.0, 0.0, 0.0], [1.4, 0.7, 0.74]);
        let lamp = boxed([0.1, 0.1, 0.75], [0.3, 0.3, 1.2]);
        let chair = boxed([0.4, 0.9, 0.0], [0.9, 1.4, 0.9]);
        let shelf = boxed([0.0, 0.0, 1.5], [1.4, 0.3, 1.6]);
        assert!(on(&lamp, &desk) && !on(&desk, &lamp) && !on(&shelf, &desk) && !on(&chair, &desk));
        assert!(next_to(&chair, &desk) && next_to(&desk, &chair) && !next_to(&lamp, &desk));
        assert!(!next_to(&lamp, &chair), "their heights hardly overlap");
    }

    #[test]
    fn a_book_inside_a_bookcase() {
        let bookcase = boxed([0.0, 0.0, 0.0], [1.0, 0.4, 2.0]);
        let book = boxed([0.3, 0.1, 1.0], [0.5, 0.3, 1.3]);
        assert!(inside(&book, &bookcase) && !inside(&bookcase, &book));
        assert!(!next_to(&book, &bookcase));
    }

    #[test]
    fn a_picture_above_a_sofa_and_a_lamp_above_a_table() {
        let sofa = boxed([0.0, 0.1, 0.0], [2.0, 1.0, 0.8]);
        let picture = boxed([0.5, 0.0, 1.3], [1.5, 0.04, 1.9]);
        assert!(above(&picture, &sofa) && below(&sofa, &picture) && !above(&sofa, &picture));
        let table = boxed([4.0, 0.0, 0.0], [5.0, 1.0, 0.74]);
        let lamp = boxed([4.4, 0.4, 1.6], [4.6, 0.6, 2.4]);
        assert!(above(&lamp, &table) && !above(&lamp, &sofa) && !above(&picture, &table));
        let vase = boxed([4.4, 0.4, 0.74], [4.6, 0.6, 1.0]);
        assert!(!above(&vase, &table), "it stands on it");
        assert!(above(&boxed([3.0, -1.0, 2.4], [6.0, 2.0, 2.5]), &table), "a large one too");
    }

    #[test]
    fn a_table_between_two_sofas() {
        let west = boxed([0.0, 0.0, 0.0], [0.9, 2.0, 0.8]);
        let east = boxed([3.0, 1.0, 0.0], [3.9, 3.0, 0.8]);
        let thing = |x: f32, y: f32, z: f32| {
            Aabb::from_centre_size(Vec3::new(x, y, z), Vec3::new(0.4, 0.4, 0.4))
        };
        let is = |target: Aabb| {
            assert_eq!(between(&west, &east, &target), between(&east, &west, &target));
            between(&west, &east, &target)
        };
        assert!(is(thing(2.0, 1.5, 0.2)));
        // The hull's lower edge runs from (0.9, 0) to (3.9, 1): at x = 2 it is at y = 0.37.
        assert!(is(thing(2.0, 0.42, 0.2)) && !is(thing(2.0, 0.32, 0.2)));
        assert!(!is(thing(0.5, 1.0, 0.9)), "on the one sofa");
        assert!(!is(thing(2.0, 1.5, 1.8)), "over their heads");
        assert!(!is(thing(4.5, 2.0, 0.2)), "behind the other");
        assert!(!is(Aabb::EMPTY) && !between(&Aabb::EMPTY, &east, &thing(2.0, 1.5, 0.2)));
    }

    #[test]
    fn nothing_stands_in_no_relation() {
        let solid = boxed([0.0; 3], [1.0; 3]);
        for relation in [on, inside, next_to, above, below] {
            assert!(!relation(&Aabb::EMPTY, &solid) && !relation(&solid, &Aabb::EMPTY));
            let nan = boxed([f32::NAN; 3], [f32::NAN; 3]);
            assert!(!relation(&nan, &solid) && !relation(&solid, &nan));
        }
    }
}
