use glam::Vec3;
use scene::{Aabb, InstanceId};

/// An object that the view should show.
#[derive(Clone, Debug, PartialEq)]
pub struct Mark {
    /// Which.
    pub id: InstanceId,
    /// Round it, in the cloud's frame.
    pub bounds: Aabb,
    /// Red, green, blue, 0..=1: of its box and its tint.
    pub colour: [f32; 3],
}

/// All that is shown on top of the points.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Marks {
    /// Lit objects, each with its box. While there are any, the rest of the scene dims.
    pub lit: Vec<Mark>,
    /// An object under the pointer or the focus, outlined without dimming the rest.
    pub hovered: Option<Mark>,
    /// Measured lines, from point to point.
    pub lines: Vec<[Vec3; 2]>,
}

/// Width of the table of objects, in texels.
pub(crate) const TABLE_WIDTH: u32 = 256;

impl Marks {
    /// A table of what to do with each instance's points: accent colour, and in the last byte
    /// 0 (nothing), 128 (hovered) or 255 (lit). Rows of 256, at least up to `max_id`.
    // Without WebGL there is nobody to read it but the tests.
    #[cfg_attr(not(target_arch = "wasm32"), allow(dead_code, reason = "read by `View`"))]
    pub(crate) fn table(&self, max_id: u16) -> Vec<[u8; 4]> {
        let rows = usize::from(max_id) / TABLE_WIDTH as usize + 1;
        let mut table = vec![[0; 4]; rows * TABLE_WIDTH as usize];
        let hovered = self.hovered.iter().map(|mark| (mark, 128));
        let lit = self.lit.iter().map(|mark| (mark, 255));
        for (mark, state) in hovered.chain(lit) {
            if let Some(texel) = table.get_mut(mark.id.0 as usize) {
                let [r, g, b] = mark.colour.map(|channel| (channel * 255.0) as u8);
                *texel = [r, g, b, state];
            }
        }
        table
    }
}

/// Colours of the canvas that follow the page's theme, 0..=1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Theme {
    /// Behind the points, and what dimmed points fade towards.
    pub background: [f32; 3],
    /// Of measured lines.
    pub line: [f32; 3],
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_reaches_every_id_and_no_further() {
        let mark = |id| Mark { id: InstanceId(id), bounds: Aabb::EMPTY, colour: [1.0, 0.0, 0.5] };
        let marks = Marks {
            lit: vec![mark(3), mark(300), mark(99_999)],
            hovered: Some(mark(3)),
            lines: vec![],
        };
        let table = marks.table(300);
        assert_eq!(table.len(), 512);
        assert_eq!(table[3], [255, 0, 127, 255], "lit wins over hovered");
        assert_eq!(table[300][3], 255);
        assert_eq!(table[4], [0; 4]);
    }
}
