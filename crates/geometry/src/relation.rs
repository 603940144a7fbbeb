//! How boxes lie to each other. None of these depends on where one stands. All boxes in the
//! scene frame; an empty box stands in no relation.

use scene::Aabb;

/// How far a surface may seem to lie above or below where it touches.
const TOUCH_M: f32 = 0.06;
/// A gap up to this wide is *next to*.
const BESIDE_M: f32 = 0.35;

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
    use glam::Vec3;

    fn boxed(min: [f32; 3], max: [f32; 3]) -> Aabb {
        Aabb { min: Vec3::from(min), max: Vec3::from(max) }
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
    fn nothing_stands_in_no_relation() {
        let solid = boxed([0.0; 3], [1.0; 3]);
        for relation in [on, inside, next_to] {
            assert!(!relation(&Aabb::EMPTY, &solid) && !relation(&solid, &Aabb::EMPTY));
        }
    }
}
