use scene::{Unit, UpAxis};

/// What the caller knows better than the repair. The default leaves everything to it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Options {
    /// The direction of the file's coordinates that points up. Need not have length one.
    pub up: Option<UpAxis>,
    /// The unit of the file's coordinates.
    pub unit: Option<Unit>,
}
