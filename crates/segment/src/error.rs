use thiserror::Error;

/// Why a cloud cannot become a scene.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum SegmentError {
    /// No row has three finite coordinates.
    #[error("none of the {rows} points has three finite coordinates")]
    NoFinitePoints {
        /// Rows in the cloud.
        rows: usize,
    },
    /// Every finite point lies in the same place, so there is nothing to see.
    #[error("the scan has no extent: every one of its points ({points}) lies in the same place")]
    NoExtent {
        /// Finite points in the cloud.
        points: usize,
    },
    /// More points than an index of 32 bits can name.
    #[error("{rows} points are more than this version can index ({} at most)", u32::MAX - 1)]
    TooManyPoints {
        /// Rows in the cloud.
        rows: usize,
    },
    /// A column does not have one entry per point.
    #[error("the column \"{column}\" has {found} entries for {expected} points")]
    ColumnLength {
        /// The column's name; `red green blue`, `nx ny nz` or `instance ids` for the built-in ones.
        column: String,
        /// Points in the cloud.
        expected: usize,
        /// Entries in the column.
        found: usize,
    },
    /// [`PointCloud::origin`](scene::PointCloud::origin) or the direction given as up is not a
    /// finite, non-zero vector.
    #[error("{what} is not a usable vector")]
    BadVector {
        /// Which one.
        what: &'static str,
    },
    /// [`Segmentation::step`](crate::Segmentation::step) was called after it had ended.
    #[error("this segmentation has already ended")]
    Ended,
}
