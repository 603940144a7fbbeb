use crate::room::Placed;
use glam::{Vec2, Vec3};

/// A board must cover this share of the piece's footprint.
const COVERED: f32 = 0.3;

/// Surfaces within this height of each other are one board, metres.
const LEVEL_M: f32 = 0.012;

/// The boards inside a piece that is open to the front, such as a shelf, in the piece's own
/// orientation: where things can stand under the next board.
#[derive(Clone, Debug)]
pub(crate) struct Boards {
    depth: f32,
    levels: Vec<f32>,
    /// All triangles, scaled; those that lie flat are what carries.
    triangles: Vec<[Vec3; 3]>,
}

impl Boards {
    /// Finds the levels by the area of flat surfaces at each height.
    pub(crate) fn of(placed: &Placed) -> Self {
        let mesh = &placed.piece.mesh;
        let triangles: Vec<[Vec3; 3]> = mesh
            .triangles
            .iter()
            .map(|triangle| mesh.corners(triangle).map(|corner| corner * placed.piece.scale))
            .collect();
        let size = placed.piece.size();
        let mut flats: Vec<(f32, f32)> = triangles
            .iter()
            .filter(|triangle| is_flat(triangle))
            .map(|[a, b, c]| (a.z, (*b - *a).cross(*c - *a).length() / 2.0))
            .collect();
        flats.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut levels = Vec::new();
        for group in flats.chunk_by(|a, b| b.0 - a.0 < LEVEL_M) {
            let area: f32 = group.iter().map(|(_, area)| area).sum();
            let top = group.last().map_or(0.0, |(z, _)| *z);
            if area > COVERED * size.x * size.y && top > 0.03 && top < size.z - 0.1 {
                levels.push(top);
            }
        }
        Self { depth: size.y, levels, triangles }
    }

    /// Heights above the piece's underside, metres, rising.
    pub(crate) fn levels(&self) -> &[f32] {
        &self.levels
    }

    /// Whether a box of this size can stand there, and be reached from the front.
    pub(crate) fn is_free(&self, base: Vec3, size: Vec3) -> bool {
        let half = size.truncate() / 2.0;
        let carried = [Vec2::ZERO, Vec2::new(0.8, 0.8), Vec2::new(-0.8, 0.8)]
            .into_iter()
            .flat_map(|corner| [corner, -corner])
            .all(|corner| self.is_carried(base + (corner * half).extend(0.0)));
        let low = Vec3::new(base.x - half.x, -self.depth / 2.0, base.z + LEVEL_M);
        let high = (base.truncate() + half).extend(base.z + size.z + 0.01);
        carried
            && !self.triangles.iter().any(|[a, b, c]| {
                let (least, most) = (a.min(*b).min(*c), a.max(*b).max(*c));
                least.cmplt(high).all() && most.cmpgt(low).all()
            })
    }

    fn is_carried(&self, at: Vec3) -> bool {
        self.triangles.iter().any(|triangle| {
            let [a, b, c] = triangle.map(|corner| corner.truncate() - at.truncate());
            let sides = [a.perp_dot(b), b.perp_dot(c), c.perp_dot(a)];
            (triangle[0].z - at.z).abs() < LEVEL_M
                && is_flat(triangle)
                && (sides.iter().all(|s| *s >= 0.0) || sides.iter().all(|s| *s <= 0.0))
        })
    }
}

fn is_flat([a, b, c]: &[Vec3; 3]) -> bool {
    let highest = a.z.max(b.z).max(c.z);
    highest - a.z.min(b.z).min(c.z) < 0.002 && (*b - *a).cross(*c - *a).length() > 1e-5
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assets::Assets;
    use crate::paint::Paint;
    use crate::room::{Carrier, Piece};
    use tasks::suite::Split;

    fn boards_of(class: &str) -> (Boards, Vec3) {
        let assets = Assets::shapes_only();
        let (number, _) = assets.of(class, Split::Train).next().unwrap();
        let mesh = assets.mesh(number).unwrap();
        let piece = Piece { class: class.into(), mesh, scale: Vec3::ONE, paint: Paint::default() };
        let (size, bounds) = (piece.size(), piece.bounds_at(Vec3::ZERO, 0.0));
        let support = Carrier::Floor;
        (Boards::of(&Placed { piece, base: Vec3::ZERO, yaw: 0.0, bounds, support }), size)
    }

    #[test]
    fn a_shelf_has_room_between_its_boards_and_not_through_them() {
        let (boards, size) = boards_of("shelf");
        assert!((2..=10).contains(&boards.levels().len()), "{:?}", boards.levels());
        let cup = Vec3::new(0.1, 0.1, 0.12);
        let free = |x: f32, cup: Vec3| {
            boards.levels().iter().any(|&z| boards.is_free(Vec3::new(x, 0.0, z), cup))
        };
        assert!(free(0.0, cup));
        assert!(!free(0.0, cup.with_z(0.6)), "higher than the boards are apart");
        assert!(!free(size.x / 2.0, cup), "half beside the shelf");
    }

    #[test]
    fn a_chest_has_no_boards_within_reach() {
        let (boards, _) = boards_of("dresser");
        let cup = Vec3::new(0.1, 0.1, 0.12);
        assert!(boards.levels().iter().all(|&z| !boards.is_free(Vec3::new(0.0, 0.0, z), cup)));
    }
}
