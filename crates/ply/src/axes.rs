//! Where the coordinates stand in a row of `vertex`.

use crate::{Format, Header, Kind, PlyError, Scalar};

#[derive(Clone, Copy)]
pub(crate) struct Axis {
    name: &'static str,
    scalar: Scalar,
    /// Its place among the properties of `vertex`.
    pub(crate) property: usize,
    /// Bytes in front of it in a binary row; `None` behind a list, where it differs by row.
    pub(crate) offset: Option<usize>,
}

/// x, y and z.
///
/// # Errors
/// Where one of them is missing or a list.
pub(crate) fn axes(header: &Header) -> Result<[Axis; 3], PlyError> {
    let (_, vertex) = header.vertex().ok_or(PlyError::NoVertexElement)?;
    let axis = |name: &'static str| {
        let mut offset = Some(0);
        for (property, found) in vertex.properties.iter().enumerate() {
            offset = match found.kind {
                Kind::Scalar(scalar) if found.name == name => {
                    return Ok(Axis { name, scalar, property, offset });
                }
                Kind::Scalar(scalar) => offset.map(|offset| offset + scalar.size()),
                Kind::List { .. } => None,
            };
        }
        Err(PlyError::MissingCoordinate { missing: name })
    };
    Ok([axis("x")?, axis("y")?, axis("z")?])
}

impl Axis {
    /// That the file can say where this is.
    ///
    /// # Errors
    /// [`PlyError::ValueRange`].
    pub(crate) fn check(&self, row: usize, value: f64) -> Result<(), PlyError> {
        if self.scalar.holds(self.rounded(value)) {
            return Ok(());
        }
        let (name, scalar) = (self.name.to_owned(), self.scalar);
        Err(PlyError::ValueRange { name, row, value, scalar })
    }

    pub(crate) fn write(&self, value: f64, format: Format, out: &mut Vec<u8>) {
        self.scalar.encode(self.rounded(value), format, out);
    }

    /// A file of whole numbers can only say which one is nearest.
    fn rounded(&self, value: f64) -> f64 {
        if self.scalar.is_integer() { value.round() } else { value }
    }
}
