use super::AssetError;
use glam::{Mat3, Vec3};
use std::path::{Path, PathBuf};
use tasks::suite::Split;

/// The reviewed map from the libraries' pieces to our classes, with their sizes and splits.
const CLASSES: &str = include_str!("../../data/classes.csv");

/// Where Debian's packages put the libraries.
const DEFAULT_FOLDER: &str = "/usr/share/sweethome3d";

/// A furniture library: one zip file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Library {
    /// CC0 1.0.
    BlendSwapCc0,
    /// CC BY 3.0.
    BlendSwapCcBy,
    /// CC BY 3.0.
    KatorLegaz,
    /// CC BY 3.0.
    Scopia,
    /// The models inside the program itself; GPL or CC BY 3.0.
    SweetHome3d,
}

impl Library {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::BlendSwapCc0,
        Self::BlendSwapCcBy,
        Self::KatorLegaz,
        Self::Scopia,
        Self::SweetHome3d,
    ];

    /// As in `classes.csv`.
    pub fn name(self) -> &'static str {
        match self {
            Self::BlendSwapCc0 => "BlendSwap-CC-0",
            Self::BlendSwapCcBy => "BlendSwap-CC-BY",
            Self::KatorLegaz => "KatorLegaz",
            Self::Scopia => "Scopia",
            Self::SweetHome3d => "sweethome3d",
        }
    }

    /// The library's file below the folder of the meshes, wherever it lies there.
    fn find(self, folder: &Path) -> Option<PathBuf> {
        let file = match self {
            Self::SweetHome3d => "sweethome3d.jar".to_owned(),
            _ => format!("{}.sh3f", self.name()),
        };
        [folder.join(&file), folder.join("furniture").join(&file)].into_iter().find(|p| p.is_file())
    }
}

/// One piece of furniture, as listed.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The file it is in.
    pub library: Library,
    /// The OBJ's path in that file.
    pub model: String,
    /// Our class.
    pub class: String,
    /// The one split that may show it.
    pub split: Split,
    /// Width, depth, height, metres.
    pub size: Vec3,
    /// Turns the mesh, y up, to face +z.
    pub rotation: Mat3,
    /// Whether it may be shipped without attribution.
    pub is_cc0: bool,
}

/// Every piece of the map.
///
/// # Errors
/// A line of the map that does not parse; this would be a fault of ours, caught by a test.
pub fn entries() -> Result<Vec<Entry>, AssetError> {
    let lines = CLASSES.lines().enumerate().skip(1);
    lines
        .map(|(number, line)| {
            entry(line).ok_or_else(|| AssetError::Map { line: number + 1, text: line.to_owned() })
        })
        .collect()
}

fn entry(line: &str) -> Option<Entry> {
    let fields: Vec<&str> = line.split(',').collect();
    let &[library, model, _name, class, split, width, depth, height, rotation, _, _, licence, _] =
        fields.as_slice()
    else {
        return None;
    };
    let cm = |text: &str| text.parse::<f32>().ok().filter(|cm| *cm > 0.0).map(|cm| cm / 100.0);
    Some(Entry {
        library: Library::ALL.into_iter().find(|known| known.name() == library)?,
        model: model.to_owned(),
        class: class.to_owned(),
        split: split.parse().ok()?,
        size: Vec3::new(cm(width)?, cm(depth)?, cm(height)?),
        rotation: rotation_of(rotation)?,
        is_cc0: licence == "CC0-1.0",
    })
}

/// Nine numbers, row by row; empty for none.
fn rotation_of(text: &str) -> Option<Mat3> {
    if text.is_empty() {
        return Some(Mat3::IDENTITY);
    }
    let numbers: Vec<f32> = text.split(' ').map_while(|number| number.parse().ok()).collect();
    let rows: [f32; 9] = numbers.try_into().ok()?;
    Some(Mat3::from_cols_array(&rows).transpose())
}

/// The libraries' files: below `$SCANWISE_MESHES`, else where Debian puts them.
///
/// # Errors
/// [`AssetError::Missing`] names what is not there and the command that installs it.
pub fn find_libraries() -> Result<Vec<(Library, PathBuf)>, AssetError> {
    let folder = std::env::var_os("SCANWISE_MESHES")
        .filter(|value| !value.is_empty())
        .map_or_else(|| PathBuf::from(DEFAULT_FOLDER), PathBuf::from);
    let found: Vec<_> =
        Library::ALL.into_iter().map(|library| (library, library.find(&folder))).collect();
    let missing: Vec<&str> = found
        .iter()
        .filter(|(_, path)| path.is_none())
        .map(|(library, _)| library.name())
        .collect();
    if missing.is_empty() {
        Ok(found.into_iter().filter_map(|(library, path)| Some((library, path?))).collect())
    } else {
        Err(AssetError::Missing { folder, missing: missing.join(", ") })
    }
}

/// The libraries' meshes that no room shows, each with its reason in the file.
#[cfg(test)]
pub(super) fn dropped() -> impl Iterator<Item = (Library, String)> {
    let lines = include_str!("../../data/dropped.csv").lines().skip(1);
    lines.filter_map(|line| {
        let [library, model, _name, reason] =
            line.split(',').collect::<Vec<_>>().try_into().ok()?;
        let library = Library::ALL.into_iter().find(|known| known.name() == library)?;
        (!reason.is_empty()).then(|| (library, model.to_owned()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::{BTreeMap, BTreeSet};

    #[test]
    fn the_map_parses_and_keeps_meshes_in_one_split() {
        let entries = entries().unwrap();
        let meshes: BTreeSet<_> = entries.iter().map(|e| (e.library, &e.model)).collect();
        assert_eq!(meshes.len(), entries.len(), "a mesh is listed twice");
        let mut classes: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for entry in &entries {
            classes.entry(&entry.class).or_default().insert(entry.split.name());
        }
        assert!(classes.len() >= 60);
        let thin: Vec<_> = classes.iter().filter(|(_, splits)| !splits.contains("test")).collect();
        println!("without a test mesh of their own, parametric there: {thin:?}");
    }

    #[test]
    fn every_mesh_is_mapped_or_dropped() {
        let mapped: BTreeSet<_> =
            entries().unwrap().into_iter().map(|e| (e.library, e.model)).collect();
        let left_out: BTreeSet<_> = dropped().collect();
        assert_eq!(mapped.intersection(&left_out).count(), 0);
        // As the catalogues count them; eight lamps of the program share one mesh.
        for (library, pieces) in Library::ALL.into_iter().zip([175, 135, 90, 395, 93]) {
            let of = |set: &BTreeSet<(Library, String)>| {
                set.iter().filter(|(known, _)| *known == library).count()
            };
            assert_eq!(of(&mapped) + of(&left_out), pieces, "{}", library.name());
        }
    }

    #[test]
    fn rotations_are_rows() {
        // 0 0 1 / 0 1 0 / -1 0 0 takes +z to +x.
        let turn = rotation_of("0 0 1 0 1 0 -1 0 0").unwrap();
        assert!((turn * Vec3::Z - Vec3::X).length() < 1e-6);
        assert!(rotation_of("1 2").is_none());
    }
}
