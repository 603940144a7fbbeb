use crate::Scalar;
use std::sync::Arc;

/// Why a PLY file cannot be read or written. The text tells the person what was found and what
/// to do; [`PlyError::code`] is stable and made for programs.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PlyError {
    /// There are no bytes at all.
    #[error("The file is empty. Export the scan again and check that the export finished.")]
    Empty,
    /// The first word is not `ply`.
    #[error("This is not a PLY file: it looks like {looks_like}. {advice}")]
    NotPly {
        /// What the first bytes resemble.
        looks_like: &'static str,
        /// What the person can do.
        advice: &'static str,
    },
    /// No `end_header` within [`crate::MAX_HEADER_BYTES`].
    #[error(
        "The file's header is longer than {limit} bytes, which no scan app writes. The file is \
         probably damaged; export it again."
    )]
    HeaderTooLong {
        /// The cap, bytes.
        limit: usize,
    },
    /// The file ends within its header.
    #[error(
        "The file ends before its header does (no `end_header` line). The download or export was \
         probably cut off; try it again."
    )]
    HeaderTruncated,
    /// A header line that makes no sense.
    #[error("Line {line} of the file's header cannot be understood: {problem} (`{text}`).")]
    HeaderLine {
        /// Counted from 1.
        line: usize,
        /// What is wrong with it.
        problem: &'static str,
        /// The line, shortened, control characters replaced.
        text: String,
    },
    /// A missing or malformed `format` line.
    #[error(
        "The header's format is missing or unknown (`{text}`). Scanwise reads PLY 1.0 as ascii, \
         binary_little_endian and binary_big_endian; export the scan as one of these."
    )]
    UnsupportedFormat {
        /// What stands there, shortened.
        text: String,
    },
    /// There is no `element vertex`.
    #[error(
        "The file holds no points: its header names no `vertex` element. Export the scan as a \
         point cloud or a mesh with vertices."
    )]
    NoVertexElement,
    /// Two elements of one name.
    #[error("The header names the element `{name}` twice, so its data cannot be told apart.")]
    DuplicateElement {
        /// The element.
        name: String,
    },
    /// x, y or z is not a scalar property of `vertex`.
    #[error(
        "The points have no `{missing}` coordinate. Export the scan with x, y and z for every \
         point."
    )]
    MissingCoordinate {
        /// The first one missing.
        missing: &'static str,
    },
    /// Vertices with lists among their properties, and some of them moved or added.
    #[error(
        "The points of this file hold lists, so objects that were moved or placed cannot be \
         written into it. Undo that to save what the objects are called."
    )]
    MovedInLists,
    /// A splat file packed with the `chunk` element.
    #[error(
        "This is a compressed Gaussian-splat file, whose points are packed in a private way. \
         Export it as an uncompressed PLY, or export a point cloud."
    )]
    CompressedSplats,
    /// A list says that it has fewer than no entries.
    #[error(
        "A list in element `{element}`, row {row}, claims a negative number of entries. The file \
         is damaged; export it again."
    )]
    NegativeListCount {
        /// The element's name.
        element: String,
        /// Counted from 0.
        row: u64,
    },
    /// A line of an ascii body that no row of numbers can be.
    #[error(
        "Row {row} of the points is longer than {limit} bytes. The file is damaged, or it is \
         binary data under a header that says `ascii`."
    )]
    RowTooLong {
        /// Counted from 0.
        row: u64,
        /// The cap, bytes.
        limit: usize,
    },
    /// More points than allowed.
    #[error(
        "The scan has {points} points; at most {limit} fit here. Thin it out first (in \
         CloudCompare: Edit › Subsample; in MeshLab: Point Cloud Simplification)."
    )]
    TooManyPoints {
        /// What the header claims.
        points: u64,
        /// [`crate::Limits::max_points`].
        limit: u64,
    },
    /// More memory than allowed.
    #[error(
        "The scan's {points} points would take {bytes} bytes of memory; at most {limit} are \
         available. Thin it out to about {fitting_points} points first (in CloudCompare: Edit › \
         Subsample)."
    )]
    TooLarge {
        /// What the header claims.
        points: u64,
        /// What they would take, bytes.
        bytes: u64,
        /// [`crate::Limits::max_bytes`].
        limit: u64,
        /// How many points of this kind fit.
        fitting_points: u64,
    },
    /// Nothing usable in the file.
    #[error(
        "No usable point was found ({read} of {claimed} points could be read, none with finite \
         coordinates).{hint} Export the scan again, or try another format of your scan app."
    )]
    NoPoints {
        /// What the header claims.
        claimed: u64,
        /// Rows read.
        read: u64,
        /// What was noticed on the way; empty, or a sentence with a space in front.
        hint: String,
    },
    /// A column's length is not the number of points.
    #[error("The column `{name}` has {values} values for {points} points.")]
    ColumnLength {
        /// The column.
        name: String,
        /// Its length.
        values: u64,
        /// The number of points.
        points: u64,
    },
    /// A value that the chosen type cannot store.
    #[error("The value {value} of column `{name}`, row {row}, does not fit the type {scalar}.")]
    ValueRange {
        /// The column.
        name: String,
        /// Counted from 0.
        row: usize,
        /// The value.
        value: f64,
        /// The type asked for.
        scalar: Scalar,
    },
    /// A property name that would break the header.
    #[error("`{name}` cannot name a PLY property: it is empty, holds a space, or is taken.")]
    PropertyName {
        /// The name.
        name: String,
    },
    /// A type that positions cannot have.
    #[error("Positions can be written as float or double, not as {scalar}.")]
    PositionType {
        /// The type asked for.
        scalar: Scalar,
    },
    /// The destination refused the bytes.
    #[error("The PLY file could not be written: {0}.")]
    Io(Arc<std::io::Error>),
}

impl From<std::io::Error> for PlyError {
    fn from(error: std::io::Error) -> Self {
        Self::Io(Arc::new(error))
    }
}

impl PlyError {
    /// A stable name in kebab case.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Empty => "ply-empty",
            Self::NotPly { .. } => "ply-not-ply",
            Self::HeaderTooLong { .. } => "ply-header-too-long",
            Self::HeaderTruncated => "ply-header-truncated",
            Self::HeaderLine { .. } => "ply-header-line",
            Self::UnsupportedFormat { .. } => "ply-unsupported-format",
            Self::NoVertexElement => "ply-no-vertex-element",
            Self::DuplicateElement { .. } => "ply-duplicate-element",
            Self::MissingCoordinate { .. } => "ply-missing-coordinate",
            Self::MovedInLists => "ply-moved-in-lists",
            Self::CompressedSplats => "ply-compressed-splats",
            Self::NegativeListCount { .. } => "ply-negative-list-count",
            Self::RowTooLong { .. } => "ply-row-too-long",
            Self::TooManyPoints { .. } => "ply-too-many-points",
            Self::TooLarge { .. } => "ply-too-large",
            Self::NoPoints { .. } => "ply-no-points",
            Self::ColumnLength { .. } => "ply-column-length",
            Self::ValueRange { .. } => "ply-value-range",
            Self::PropertyName { .. } => "ply-property-name",
            Self::PositionType { .. } => "ply-position-type",
            Self::Io(_) => "ply-io",
        }
    }
}

/// A piece of a file, fit to be shown: at most 60 characters, control characters replaced.
pub(crate) fn shown(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(&bytes[..bytes.len().min(240)]);
    let mut out: String = text
        .chars()
        .take(60)
        .map(|c| if c.is_control() || is_bidi_control(c) { '\u{fffd}' } else { c })
        .collect();
    if text.chars().nth(60).is_some() || bytes.len() > 240 {
        out.push('…');
    }
    out
}

/// Characters that reorder the text around them.
fn is_bidi_control(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}')
}
