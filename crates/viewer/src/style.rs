use scene::Aabb;

/// What the colour of a point tells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Colouring {
    /// The scan's own colours.
    #[default]
    Own,
    /// How high it is.
    Height,
    /// Where its surface faces, worked out from what is on the screen.
    Facing,
    /// Its object, in the colours of [`crate::Marks::coloured`]; what has none is grey.
    Objects,
}

/// How the points are drawn, as a person chose.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Style {
    /// By what they are coloured.
    pub colouring: Colouring,
    /// Their size, 1 for what just closes the gaps.
    pub size: f32,
    /// Whether what is far is smaller.
    pub attenuated: bool,
    /// Eye-dome lighting: what lies behind an edge is darker beside it (Boucheny 2009).
    pub relief: bool,
    /// Whether walls and ceiling between the eye and the room are hidden.
    pub see_through: bool,
    /// Nothing outside of this box is shown, metres.
    pub clip: Option<Aabb>,
}

impl Default for Style {
    fn default() -> Self {
        Self {
            colouring: Colouring::Own,
            size: 1.0,
            attenuated: true,
            relief: true,
            see_through: true,
            clip: None,
        }
    }
}

impl Style {
    /// Whether a point of a surface there is outside of what is shown.
    pub(crate) fn clips(&self, point: glam::Vec3) -> bool {
        self.clip.is_some_and(|clip| point.cmplt(clip.min).any() || point.cmpgt(clip.max).any())
    }
}
