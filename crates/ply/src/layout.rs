use crate::{Element, Header, Kind, Limits, PlyError, Scalar};
use scene::Warning;

/// What becomes of each property of `vertex`.
pub(crate) struct Layout {
    /// One per property.
    pub(crate) roles: Vec<Role>,
    pub(crate) colour: Option<ColourSource>,
    pub(crate) has_normals: bool,
    /// Names of the extra columns, in order.
    pub(crate) columns: Vec<String>,
    pub(crate) warnings: Vec<Warning>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Role {
    Position(usize),
    Colour(usize),
    Normal(usize),
    Column(usize),
    Skip,
}

/// How colour is stored.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum ColourSource {
    /// `uchar`: taken as it is.
    Bytes,
    /// Another integer type: 0–255 or 0–65535.
    Integers,
    /// 0–1 or 0–255.
    Floats,
    /// Zeroth spherical-harmonics coefficients of a Gaussian splat.
    Splat,
}

const COLOUR_NAMES: [[&str; 3]; 4] = [
    ["red", "green", "blue"],
    ["diffuse_red", "diffuse_green", "diffuse_blue"],
    ["r", "g", "b"],
    ["f_dc_0", "f_dc_1", "f_dc_2"],
];
const NORMAL_NAMES: [[&str; 3]; 2] = [["nx", "ny", "nz"], ["normal_x", "normal_y", "normal_z"]];

impl Layout {
    pub(crate) fn of(header: &Header, limits: &Limits) -> Result<Self, PlyError> {
        let (_, vertex) = header.vertex().ok_or(PlyError::NoVertexElement)?;
        let mut layout = Self {
            roles: vec![Role::Skip; vertex.properties.len()],
            colour: None,
            has_normals: false,
            columns: Vec::new(),
            warnings: Vec::new(),
        };
        let packed = header.elements.iter().any(|element| element.name == "chunk")
            && find(vertex, "packed_position").is_some();
        for (axis, name) in ["x", "y", "z"].into_iter().enumerate() {
            match find(vertex, name) {
                Some((index, _)) => layout.roles[index] = Role::Position(axis),
                None if packed => return Err(PlyError::CompressedSplats),
                None => return Err(PlyError::MissingCoordinate { missing: name }),
            }
        }
        layout.find_colour(vertex);
        for names in NORMAL_NAMES {
            if let Some(found) = find_three(vertex, names).filter(|_| !layout.has_normals) {
                layout.has_normals = true;
                for (axis, (index, _)) in found.into_iter().enumerate() {
                    layout.roles[index] = Role::Normal(axis);
                }
            }
        }
        layout.find_columns(vertex, limits);
        Ok(layout)
    }

    /// Bytes that one point takes while it is read.
    pub(crate) fn bytes_per_point(&self) -> u64 {
        let colour = match self.colour {
            None => 0,
            Some(ColourSource::Bytes) => 3,
            // Kept as read until the range is known.
            Some(_) => 12 + 3,
        };
        let normals = if self.has_normals { 12 } else { 0 };
        12 + colour + normals + 8 * self.columns.len() as u64
    }

    pub(crate) fn is_splat(&self) -> bool {
        self.colour == Some(ColourSource::Splat)
    }

    fn find_colour(&mut self, vertex: &Element) {
        for names in COLOUR_NAMES {
            let Some(found) = find_three(vertex, names) else { continue };
            let scalars = found.map(|(_, scalar)| scalar);
            self.colour = Some(if names[0] == "f_dc_0" {
                ColourSource::Splat
            } else if scalars == [Scalar::U8; 3] {
                ColourSource::Bytes
            } else if scalars.iter().all(|scalar| scalar.is_integer()) {
                ColourSource::Integers
            } else {
                ColourSource::Floats
            });
            for (channel, (index, _)) in found.into_iter().enumerate() {
                self.roles[index] = Role::Colour(channel);
            }
            return;
        }
    }

    fn find_columns(&mut self, vertex: &Element, limits: &Limits) {
        let is_splat = self.is_splat();
        let (mut twice, mut lists, mut beyond) = (Vec::new(), Vec::new(), Vec::new());
        for (index, property) in vertex.properties.iter().enumerate() {
            let name = &property.name;
            if self.roles[index] != Role::Skip {
                continue;
            }
            if matches!(property.kind, Kind::List { .. }) {
                lists.push(name.as_str());
            } else if vertex.properties[..index].iter().any(|earlier| earlier.name == *name) {
                twice.push(name.as_str());
            } else if is_splat && name.starts_with("f_rest_") {
                // How colour changes with the direction of view: nothing here looks at it.
            } else if self.columns.len() >= limits.max_columns {
                beyond.push(name.as_str());
            } else {
                self.roles[index] = Role::Column(self.columns.len());
                self.columns.push(name.clone());
            }
        }
        let mut warn = |code, names: &[&str], what: &str| {
            if let Some(first) = names.first() {
                let first = crate::error::shown(first.as_bytes());
                let more = match names.len() {
                    1 => String::new(),
                    n => format!(" and {} more", n - 1),
                };
                self.warnings.push(Warning::new(code, format!("`{first}`{more}: {what}")));
            }
        };
        warn("list-property-skipped", &lists, "lists of numbers per point are left out.");
        warn("duplicate-property", &twice, "named twice in the header; the first one is used.");
        if limits.max_columns > 0 {
            warn("columns-left-out", &beyond, "more extra columns than are kept; left out.");
        }
        if is_splat {
            self.warnings.push(Warning::new(
                "gaussian-splats",
                "This is a Gaussian-splat file. Its splats are used as plain points with their \
                 base colour.",
            ));
        }
    }
}

/// The first scalar property of this name.
fn find(element: &Element, name: &str) -> Option<(usize, Scalar)> {
    let mut scalars = element.properties.iter().enumerate();
    scalars.find_map(|(index, property)| {
        Some((index, property.scalar().filter(|_| property.name == name)?))
    })
}

fn find_three(element: &Element, names: [&str; 3]) -> Option<[(usize, Scalar); 3]> {
    let [a, b, c] = names.map(|name| find(element, name));
    Some([a?, b?, c?])
}
