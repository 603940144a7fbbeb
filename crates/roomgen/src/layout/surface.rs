use crate::room::Placed;
use glam::{Vec2, Vec3};

/// Grid step of a height field, metres.
const CELL_M: f32 = 0.025;

/// The highest surface of a piece above each place of its footprint, in the piece's own
/// orientation; what can be put on it.
#[derive(Clone, Debug)]
pub(crate) struct HeightField {
    size: Vec2,
    columns: usize,
    rows: usize,
    /// Above the piece's underside, metres; negative where there is nothing.
    heights: Vec<f32>,
}

impl HeightField {
    /// Seen from straight above.
    pub(crate) fn of(placed: &Placed) -> Self {
        let size = placed.piece.size().truncate();
        let columns = ((size.x / CELL_M).ceil() as usize).clamp(1, 200);
        let rows = ((size.y / CELL_M).ceil() as usize).clamp(1, 200);
        let mut field = Self { size, columns, rows, heights: vec![-1.0; columns * rows] };
        let mesh = &placed.piece.mesh;
        for triangle in &mesh.triangles {
            field.raise(mesh.corners(triangle).map(|corner| corner * placed.piece.scale));
        }
        field
    }

    fn cell(&self, at: Vec2) -> Vec2 {
        (at + self.size / 2.0) / self.size.max(Vec2::splat(1e-6))
            * Vec2::new(self.columns as f32, self.rows as f32)
    }

    fn raise(&mut self, corners: [Vec3; 3]) {
        let [a, b, c] = corners.map(|corner| self.cell(corner.truncate()));
        let double_area = (b - a).perp_dot(c - a);
        if double_area.abs() < 1e-6 {
            return;
        }
        let low = a.min(b).min(c).floor().max(Vec2::ZERO);
        let high = a.max(b).max(c).ceil();
        for row in low.y as usize..(high.y.max(0.0) as usize).min(self.rows) {
            for column in low.x as usize..(high.x.max(0.0) as usize).min(self.columns) {
                let at = Vec2::new(column as f32 + 0.5, row as f32 + 0.5);
                let wa = (b - at).perp_dot(c - at) / double_area;
                let wb = (c - at).perp_dot(a - at) / double_area;
                let wc = 1.0 - wa - wb;
                if wa >= 0.0 && wb >= 0.0 && wc >= 0.0 {
                    let z = wa * corners[0].z + wb * corners[1].z + wc * corners[2].z;
                    let height = &mut self.heights[row * self.columns + column];
                    *height = height.max(z);
                }
            }
        }
    }

    /// Lowest and highest surface under a rectangle, in the piece's own orientation; `None` where
    /// part of it hangs over the edge.
    pub(crate) fn under(&self, middle: Vec2, size: Vec2) -> Option<(f32, f32)> {
        let low = self.cell(middle - size / 2.0);
        let high = self.cell(middle + size / 2.0);
        let end = Vec2::new(self.columns as f32, self.rows as f32);
        if low.cmplt(Vec2::ZERO).any() || high.cmpgt(end).any() {
            return None;
        }
        let mut range = (f32::INFINITY, f32::NEG_INFINITY);
        for row in low.y as usize..(high.y.ceil() as usize).min(self.rows) {
            for column in low.x as usize..(high.x.ceil() as usize).min(self.columns) {
                let height = self.heights[row * self.columns + column];
                range = (range.0.min(height), range.1.max(height));
            }
        }
        (range.0 > 0.0).then_some(range)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assets::Assets;
    use crate::paint::Paint;
    use crate::room::{Carrier, Piece};
    use tasks::suite::Split;

    #[test]
    fn a_table_top_is_flat_and_ends_at_its_edge() {
        let assets = Assets::shapes_only();
        let (number, _) = assets.of("table", Split::Train).next().unwrap();
        let mesh = assets.mesh(number).unwrap();
        let piece =
            Piece { class: "table".into(), mesh, scale: Vec3::ONE, paint: Paint::default() };
        let size = piece.size();
        let bounds = piece.bounds_at(Vec3::ZERO, 0.0);
        let support = Carrier::Floor;
        let placed = Placed { piece, base: Vec3::ZERO, yaw: 0.0, bounds, support };
        let field = HeightField::of(&placed);
        let (low, high) = field.under(Vec2::ZERO, Vec2::splat(0.3)).unwrap();
        assert!((low - size.z).abs() < 0.01 && (high - size.z).abs() < 0.01, "{low} {high}");
        assert!(field.under(Vec2::new(size.x / 2.0, 0.0), Vec2::splat(0.3)).is_none());
    }
}
