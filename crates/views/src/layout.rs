use glam::Vec3;
use scene::{Aabb, Plane, Scene};

/// Most rows that [`layout_rows`] gives.
pub const MAX_LAYOUT_ROWS: usize = 8;
/// One-hot floor, ceiling, wall; centre; size.
pub const LAYOUT_FEATURES: usize = 9;

/// The padded scene box: round all instance boxes, grown by 5 % of its size on each side, at least
/// 0.1 m. The unit cube where there is no box.
pub fn padded_box(boxes: impl IntoIterator<Item = Aabb>) -> Aabb {
    let round = boxes
        .into_iter()
        .filter(|b| !b.is_empty() && b.min.is_finite() && b.max.is_finite())
        .fold(Aabb::EMPTY, |round, b| round.union(&b));
    if round.is_empty() {
        return Aabb { min: Vec3::ZERO, max: Vec3::ONE };
    }
    let pad = (round.size() * 0.05).max(Vec3::splat(0.1));
    Aabb { min: round.min - pad, max: round.max + pad }
}

/// The room's shell for the model, `(≤ 8, 9)`: floor, ceiling, then the largest walls; each as
/// one-hot floor / ceiling / wall, centre and size over the padded scene box. What lies in the box
/// is in 0..1; the shell may stand a little outside and is clamped to −1..2.
pub fn layout_rows(scene: &Scene) -> Vec<[f32; LAYOUT_FEATURES]> {
    let within = padded_box(scene.instances.iter().map(|instance| instance.bounds));
    let mut walls: Vec<&Plane> = scene.structure.walls.iter().collect();
    walls.sort_by(|a, b| area_m2(b).total_cmp(&area_m2(a)));
    let shell = scene.structure.floor.iter().map(|plane| (0, plane));
    shell
        .chain(scene.structure.ceiling.iter().map(|plane| (1, plane)))
        .chain(walls.into_iter().map(|plane| (2, plane)))
        .filter(|(_, plane)| !plane.bounds.is_empty())
        .take(MAX_LAYOUT_ROWS)
        .map(|(kind, plane)| row(kind, &plane.bounds, &within))
        .collect()
}

fn row(kind: usize, bounds: &Aabb, within: &Aabb) -> [f32; LAYOUT_FEATURES] {
    let clamped = |v: Vec3| v.clamp(Vec3::splat(-1.0), Vec3::splat(2.0)).to_array();
    let centre = clamped((bounds.centre() - within.min) / within.size());
    let size = clamped(bounds.size() / within.size());
    let mut row = [0.0; LAYOUT_FEATURES];
    row[kind] = 1.0;
    row[3..6].copy_from_slice(&centre);
    row[6..9].copy_from_slice(&size);
    row
}

/// Of the two longer edges: a wall's box is thin one way.
fn area_m2(plane: &Plane) -> f32 {
    let size = plane.bounds.size();
    (size.x * size.y).max(size.y * size.z).max(size.z * size.x)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_padded_box_grows_by_five_percent_or_ten_centimetres() {
        let b = Aabb::from_centre_size(Vec3::ZERO, Vec3::new(10.0, 1.0, 1.0));
        let padded = padded_box([b]);
        assert!((padded.size() - Vec3::new(11.0, 1.2, 1.2)).length() < 1e-5);
        assert_eq!(padded_box([]).size(), Vec3::ONE);
    }
}
