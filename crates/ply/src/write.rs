use crate::{Format, PlyError, Scalar};
use scene::PointCloud;
use std::io::Write;

/// How to write a cloud.
#[derive(Clone, Debug)]
pub struct WriteOptions<'a> {
    /// Binary little endian by default.
    pub format: Format,
    /// [`Scalar::F32`] (default) or [`Scalar::F64`]. With an origin far from zero choose F64, or
    /// the millimetres are lost.
    pub positions: Scalar,
    /// The type of each extra column by name, such as `("instance", Scalar::U16)`. A column that
    /// is not named here is written as `double`, which loses nothing.
    pub column_types: &'a [(&'a str, Scalar)],
    /// Comment lines; line breaks in them become spaces.
    pub comments: &'a [String],
}

impl Default for WriteOptions<'_> {
    fn default() -> Self {
        Self { format: Format::default(), positions: Scalar::F32, column_types: &[], comments: &[] }
    }
}

/// Rows encoded before they go to `out` together.
const BATCH_ROWS: usize = 4096;

/// Writes a cloud: `x y z`, then `nx ny nz` (float) and `red green blue` (uchar) where the cloud
/// has them, then [`PointCloud::columns`] in their order.
///
/// # Errors
/// [`PlyError::ColumnLength`], [`PlyError::ValueRange`], [`PlyError::PropertyName`],
/// [`PlyError::PositionType`], all before the first byte is written; [`PlyError::Io`].
pub fn write(
    mut out: impl Write,
    cloud: &PointCloud,
    options: &WriteOptions<'_>,
) -> Result<(), PlyError> {
    if options.positions.is_integer() {
        return Err(PlyError::PositionType { scalar: options.positions });
    }
    let columns = typed_columns(cloud, options)?;
    out.write_all(&header(cloud, options, &columns))?;

    let format = options.format;
    let mut row = RowEncoder { format, out: Vec::new(), at_line_start: true };
    for i in 0..cloud.len() {
        for axis in 0..3 {
            let value = f64::from(cloud.positions[i][axis]) + cloud.origin[axis];
            row.put(options.positions, value);
        }
        for value in cloud.normals.iter().flat_map(|normals| normals[i]) {
            row.put(Scalar::F32, value.into());
        }
        for value in cloud.colours.iter().flat_map(|colours| colours[i]) {
            row.put(Scalar::U8, value.into());
        }
        for (scalar, values) in &columns {
            row.put(*scalar, values[i]);
        }
        row.end();
        if (i + 1) % BATCH_ROWS == 0 {
            out.write_all(&row.out)?;
            row.out.clear();
        }
    }
    out.write_all(&row.out)?;
    Ok(())
}

type TypedColumn<'a> = (Scalar, &'a [f64]);

fn typed_columns<'a>(
    cloud: &'a PointCloud,
    options: &WriteOptions<'_>,
) -> Result<Vec<TypedColumn<'a>>, PlyError> {
    let length = |name: &str, values: usize| match values == cloud.len() {
        true => Ok(()),
        false => Err(PlyError::ColumnLength {
            name: name.to_owned(),
            values: values as u64,
            points: cloud.len() as u64,
        }),
    };
    let mut taken = vec!["x", "y", "z"];
    if let Some(normals) = &cloud.normals {
        length("nx ny nz", normals.len())?;
        taken.extend(["nx", "ny", "nz"]);
    }
    if let Some(colours) = &cloud.colours {
        length("red green blue", colours.len())?;
        taken.extend(["red", "green", "blue"]);
    }
    let mut columns = Vec::new();
    for column in &cloud.columns {
        let name = column.name.as_str();
        if !is_property_name(name) || taken.contains(&name) {
            return Err(PlyError::PropertyName { name: column.name.clone() });
        }
        taken.push(name);
        length(name, column.values.len())?;
        let scalar = options
            .column_types
            .iter()
            .find(|(of, _)| *of == name)
            .map_or(Scalar::F64, |(_, scalar)| *scalar);
        check_range(name, scalar, &column.values)?;
        columns.push((scalar, column.values.as_slice()));
    }
    Ok(columns)
}

/// Whether the word can stand as a name in a header.
pub(crate) fn is_property_name(name: &str) -> bool {
    !name.is_empty() && !name.chars().any(|c| c.is_whitespace() || c.is_control())
}

/// That every value can be stored in the type.
pub(crate) fn check_range(name: &str, scalar: Scalar, values: &[f64]) -> Result<(), PlyError> {
    match values.iter().position(|value| !scalar.holds(*value)) {
        None => Ok(()),
        Some(row) => {
            Err(PlyError::ValueRange { name: name.to_owned(), row, value: values[row], scalar })
        }
    }
}

fn header(cloud: &PointCloud, options: &WriteOptions<'_>, columns: &[TypedColumn<'_>]) -> Vec<u8> {
    let mut text = format!("ply\nformat {} 1.0\n", options.format.name());
    for comment in options.comments {
        text += &comment_line(comment);
    }
    text += &format!("element vertex {}\n", cloud.len());
    let mut property = |scalar: Scalar, name: &str| {
        text += &format!("property {scalar} {name}\n");
    };
    for name in ["x", "y", "z"] {
        property(options.positions, name);
    }
    if cloud.normals.is_some() {
        for name in ["nx", "ny", "nz"] {
            property(Scalar::F32, name);
        }
    }
    if cloud.colours.is_some() {
        for name in ["red", "green", "blue"] {
            property(Scalar::U8, name);
        }
    }
    for ((scalar, _), column) in columns.iter().zip(&cloud.columns) {
        property(*scalar, &column.name);
    }
    text += "end_header\n";
    text.into_bytes()
}

/// A comment as one header line, whatever it holds.
pub(crate) fn comment_line(comment: &str) -> String {
    let line: String =
        comment.chars().map(|c| if matches!(c, '\r' | '\n') { ' ' } else { c }).collect();
    format!("comment {line}\n")
}

struct RowEncoder {
    format: Format,
    out: Vec<u8>,
    at_line_start: bool,
}

impl RowEncoder {
    fn put(&mut self, scalar: Scalar, value: f64) {
        if self.format == Format::Ascii && !self.at_line_start {
            self.out.push(b' ');
        }
        self.at_line_start = false;
        scalar.encode(value, self.format, &mut self.out);
    }

    fn end(&mut self) {
        if self.format == Format::Ascii {
            self.out.push(b'\n');
        }
        self.at_line_start = true;
    }
}
