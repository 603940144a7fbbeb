use scene::{Unit, UpAxis};

/// What the caller knows better than the repair. The default leaves everything to it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Options {
    /// The direction of the file's coordinates that points up. Need not have length one.
    pub up: Option<UpAxis>,
    /// The unit of the file's coordinates.
    pub unit: Option<Unit>,
    /// Swap left and right: the file shows its room in a mirror.
    pub mirrored: bool,
    /// Find objects by hand-made features alone, as where the networks do not fit: to compare with.
    pub by_hand: bool,
}

/// Where the objects of a scene come from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Objects {
    /// They are found, as in any stranger's scan.
    #[default]
    Found,
    /// Given for each point; 0 for none. An instance keeps its id.
    Given(Vec<u32>),
    /// From the file's own columns; see [`has_objects`](crate::has_objects).
    OfFile,
}
