//! Vertices that the file that is written again did not have.

use crate::axes::{Axis, axes};
use crate::{Format, Header, Kind, PlyError};

/// Writes rows that hold coordinates and nothing else: every other property is 0, every list empty.
pub(crate) struct Adder {
    kinds: Vec<Kind>,
    axes: [Axis; 3],
    rows: Vec<[f64; 3]>,
}

impl Adder {
    /// # Errors
    /// Where `vertex` lacks a coordinate, or its type cannot say where a row stands.
    pub(crate) fn new(header: &Header, rows: Vec<[f64; 3]>) -> Result<Self, PlyError> {
        let (_, vertex) = header.vertex().ok_or(PlyError::NoVertexElement)?;
        let axes = axes(header)?;
        for (row, at) in rows.iter().enumerate() {
            axes.iter().zip(at).try_for_each(|(axis, value)| axis.check(row, *value))?;
        }
        let kinds = vertex.properties.iter().map(|property| property.kind).collect();
        Ok(Self { kinds, axes, rows })
    }

    /// The rows as the file has rows, without what is appended to them; in ascii without line breaks.
    pub(crate) fn rows(&self, format: Format) -> impl Iterator<Item = Vec<u8>> + '_ {
        self.rows.iter().map(move |at| {
            let mut row = Vec::new();
            for (property, kind) in self.kinds.iter().enumerate() {
                if format == Format::Ascii && property > 0 {
                    row.push(b' ');
                }
                let axis = self.axes.iter().zip(at).find(|(axis, _)| axis.property == property);
                let (Kind::Scalar(scalar) | Kind::List { count: scalar, .. }) = *kind;
                match axis {
                    Some((axis, value)) => axis.write(*value, format, &mut row),
                    None => scalar.encode(0.0, format, &mut row),
                }
            }
            row
        })
    }
}
