use crate::Warning;

/// Points in columns. Every column that is present has [`PointCloud::len`] entries.
#[derive(Clone, Debug, Default)]
pub struct PointCloud {
    /// Positions relative to [`PointCloud::origin`]: x, y, z.
    pub positions: Vec<[f32; 3]>,
    /// What was subtracted from every position, in f64 so that map coordinates keep their
    /// millimetres.
    pub origin: [f64; 3],
    /// Red, green, blue in 0..=255, if the file has colour.
    pub colours: Option<Vec<[u8; 3]>>,
    /// Unit normals, if the file has them.
    pub normals: Option<Vec<[f32; 3]>>,
    /// Every other scalar column of the file, by its name.
    pub columns: Vec<Column>,
    /// The file's comments. Untrusted text: show it as text.
    pub comments: Vec<String>,
    /// What the reader had to repair or leave out.
    pub warnings: Vec<Warning>,
}

/// A scalar column that a file carries beside position, colour and normal.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// The property's name in the file.
    pub name: String,
    /// One value per point.
    pub values: Vec<f64>,
}

impl PointCloud {
    /// The number of points.
    pub fn len(&self) -> usize {
        self.positions.len()
    }

    /// Whether there are no points.
    pub fn is_empty(&self) -> bool {
        self.positions.is_empty()
    }

    /// The extra column of this name.
    pub fn column(&self, name: &str) -> Option<&[f64]> {
        self.columns
            .iter()
            .find(|column| column.name == name)
            .map(|column| column.values.as_slice())
    }
}
