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
    /// Measured lines and ways, from point to point.
    pub lines: Vec<[Vec3; 2]>,
    /// Boxes where nothing is yet: where a thing shall go.
    pub ghosts: Vec<Aabb>,
    /// Objects that are shown in a colour of their own, red, green, blue, 0..=1; while there are
    /// any, all else is grey.
    pub coloured: Vec<(InstanceId, [f32; 3])>,
    /// Objects that are not shown.
    pub hidden: Vec<InstanceId>,
    /// Whether what is not lit is not shown either, nor the room round it.
    pub only_lit: bool,
}

/// Width of the table of objects, in texels.
pub(crate) const TABLE_WIDTH: u32 = 256;

/// What the last byte of an object's texel says: lit, hovered or not shown; 0 for none of these.
const LIT: u8 = 255;
const HOVERED: u8 = 128;
const HIDDEN: u8 = 64;

impl Marks {
    /// Whether points of this object (0: of none) are shown.
    pub fn shows(&self, instance: u16) -> bool {
        let is = |id: &InstanceId| id.0 == u32::from(instance);
        if self.only_lit {
            self.lit.iter().any(|mark| is(&mark.id))
        } else {
            !self.hidden.iter().any(is)
        }
    }

    /// A table of what to do with each instance's points: colour, and in the last byte one of
    /// [`LIT`], [`HOVERED`], [`HIDDEN`] or 0. Rows of 256, at least up to `max_id`.
    // Without WebGL there is nobody to read it but the tests.
    #[cfg_attr(not(target_arch = "wasm32"), allow(dead_code, reason = "read by `View`"))]
    pub(crate) fn table(&self, max_id: u16) -> Vec<[u8; 4]> {
        let rows = usize::from(max_id) / TABLE_WIDTH as usize + 1;
        let rest = if self.only_lit { HIDDEN } else { 0 };
        let mut table = vec![[0, 0, 0, rest]; rows * TABLE_WIDTH as usize];
        let mut put = |id: InstanceId, colour: [f32; 3], state: u8| {
            if let Some(texel) = table.get_mut(id.0 as usize) {
                let [r, g, b] = colour.map(|channel| (channel * 255.0) as u8);
                *texel = [r, g, b, state];
            }
        };
        self.coloured.iter().for_each(|(id, colour)| put(*id, *colour, rest));
        self.hovered.iter().for_each(|mark| put(mark.id, mark.colour, HOVERED));
        self.lit.iter().for_each(|mark| put(mark.id, mark.colour, LIT));
        self.hidden.iter().for_each(|id| put(*id, [0.0; 3], HIDDEN));
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
            ..Marks::default()
        };
        let table = marks.table(300);
        assert_eq!(table.len(), 512);
        assert_eq!(table[3], [255, 0, 127, 255], "lit wins over hovered");
        assert_eq!(table[300][3], 255);
        assert_eq!(table[4], [0; 4]);
    }

    #[test]
    fn what_is_hidden_is_neither_shown_nor_picked() {
        let mark = |id| Mark { id: InstanceId(id), bounds: Aabb::EMPTY, colour: [0.0; 3] };
        let coloured = vec![(InstanceId(1), [1.0, 0.0, 0.0]), (InstanceId(2), [0.0, 1.0, 0.0])];
        let hidden = Marks { coloured, hidden: vec![InstanceId(2)], ..Marks::default() };
        let states = |marks: &Marks| [0, 1, 2].map(|id: usize| marks.table(2)[id][3]);
        assert_eq!(states(&hidden), [0, 0, HIDDEN]);
        assert_eq!(hidden.table(2)[1], [255, 0, 0, 0]);
        assert_eq!([0, 1, 2].map(|id| hidden.shows(id)), [true, true, false]);
        let only = Marks { lit: vec![mark(2)], only_lit: true, ..Marks::default() };
        assert_eq!(states(&only), [HIDDEN, HIDDEN, LIT]);
        assert_eq!([0, 1, 2].map(|id| only.shows(id)), [false, false, true]);
    }
}
