use glam::Vec3;
use scene::Aabb;

/// A corner of a line drawn as a thin rectangle that faces the eye: WebGL draws lines one pixel
/// wide only.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LineVertex {
    /// This end of the line.
    pub here: Vec3,
    /// The other end.
    pub there: Vec3,
    /// −1 or 1: which side of the line.
    pub side: f32,
    /// Red, green, blue, 0..=1.
    pub colour: [f32; 3],
}

/// The two triangles of one line.
pub fn segment(a: Vec3, b: Vec3, colour: [f32; 3]) -> [LineVertex; 6] {
    // Seen from `b`, the side changes sign because the direction does.
    let at_a = |side| LineVertex { here: a, there: b, side, colour };
    let at_b = |side: f32| LineVertex { here: b, there: a, side: -side, colour };
    [at_a(-1.0), at_a(1.0), at_b(1.0), at_a(-1.0), at_b(1.0), at_b(-1.0)]
}

/// The twelve edges of a box.
pub fn box_edges(bounds: &Aabb, colour: [f32; 3]) -> Vec<LineVertex> {
    if bounds.is_empty() {
        return Vec::new();
    }
    let corner = |bits: usize| {
        let of = |bit: usize, low: f32, high: f32| if bits & bit == 0 { low } else { high };
        let (low, high) = (bounds.min, bounds.max);
        Vec3::new(of(1, low.x, high.x), of(2, low.y, high.y), of(4, low.z, high.z))
    };
    (0..8)
        .flat_map(|from| [1, 2, 4].map(|bit| (from, from | bit)))
        .filter(|(from, to)| from != to)
        .flat_map(|(from, to)| segment(corner(from), corner(to), colour))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_box_has_twelve_edges_of_its_own_lengths() {
        let bounds = Aabb { min: Vec3::ZERO, max: Vec3::new(1.0, 2.0, 3.0) };
        let vertices = box_edges(&bounds, [1.0; 3]);
        assert_eq!(vertices.len(), 12 * 6);
        let total: f32 = vertices.chunks(6).map(|v| v[0].here.distance(v[0].there)).sum();
        assert!((total - 4.0 * 6.0).abs() < 1e-5);
        assert!(box_edges(&Aabb::EMPTY, [1.0; 3]).is_empty());
    }
}
