//! Furniture: meshes of the Sweet Home 3D libraries and parametric shapes, by class and split.

#[cfg(feature = "cli")]
mod catalogue;
mod families;
#[cfg(feature = "cli")]
mod libraries;
mod matter;
mod mesh;
#[cfg(feature = "cli")]
mod obj;
#[cfg(feature = "cli")]
mod palette;
mod shapes;

#[cfg(feature = "cli")]
pub use catalogue::{Entry, Library, entries, find_libraries};
pub use mesh::{Material, Mesh, Texture, Triangle};

#[cfg(feature = "cli")]
use libraries::Archives;
use std::collections::BTreeMap;
#[cfg(feature = "cli")]
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};
use tasks::suite::Split;

/// Why there is no furniture.
#[derive(Debug, thiserror::Error)]
pub enum AssetError {
    /// Some libraries are not where they should be.
    #[cfg(feature = "cli")]
    #[error(
        "the furniture meshes are missing ({missing}) below {}; install them with \
         `apt-get install sweethome3d sweethome3d-furniture`, or set SCANWISE_MESHES to the \
         folder that holds the .sh3f files and sweethome3d.jar",
        folder.display()
    )]
    Missing {
        /// Where they were looked for.
        folder: PathBuf,
        /// Their names.
        missing: String,
    },
    /// A library could not be read.
    #[cfg(feature = "cli")]
    #[error("cannot read {}: {source}", path.display())]
    Read {
        /// The library's file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// A library is no zip file, or lacks a piece.
    #[cfg(feature = "cli")]
    #[error("{name} cannot be unpacked: {source}")]
    Zip {
        /// The file, or the piece in it.
        name: String,
        /// What is wrong.
        source: zip::result::ZipError,
    },
    /// The map from pieces to classes has a bad line.
    #[cfg(feature = "cli")]
    #[error("data/classes.csv, line {line}: cannot make sense of “{text}”")]
    Map {
        /// From 1.
        line: usize,
        /// The line.
        text: String,
    },
    /// A mesh has no triangle.
    #[error("the mesh {name} is empty")]
    Empty {
        /// Its name.
        name: String,
    },
}

/// A piece that can be put in a room.
#[derive(Clone, Debug)]
pub struct Listing {
    /// Its class.
    pub class: String,
    /// The one split that may show it.
    pub split: Split,
    /// How often it is drawn among the pieces of its class.
    pub weight: f32,
    /// Whether it may be shipped without attribution.
    pub is_cc0: bool,
    source: Source,
}

impl Listing {
    /// Whether it comes from a library, not from our own shapes.
    pub fn is_mesh(&self) -> bool {
        !matches!(self.source, Source::Shape(_))
    }
}

#[derive(Clone, Debug)]
enum Source {
    #[cfg(feature = "cli")]
    Library(Entry),
    Shape(usize),
}

/// All furniture. Meshes are read when first asked for, and kept.
pub struct Assets {
    listings: Vec<Listing>,
    by_class: BTreeMap<String, Vec<usize>>,
    meshes: Vec<OnceLock<Arc<Mesh>>>,
    #[cfg(feature = "cli")]
    archives: Archives,
}

impl Assets {
    /// The libraries and the parametric shapes.
    ///
    /// # Errors
    /// As [`find_libraries`]; a library that cannot be read.
    #[cfg(feature = "cli")]
    pub fn open() -> Result<Self, AssetError> {
        let archives = Archives::open()?;
        let meshes = entries()?.into_iter().map(|entry| Listing {
            class: entry.class.clone(),
            split: entry.split,
            weight: 1.0,
            is_cc0: entry.is_cc0,
            source: Source::Library(entry),
        });
        Ok(Self { archives, ..Self::from_listings(meshes.chain(shapes()).collect()) })
    }

    /// The parametric shapes alone, for browsers and for tests without the libraries.
    pub fn shapes_only() -> Self {
        Self::from_listings(shapes().collect())
    }

    /// Only what may be shipped without attribution, for every split.
    #[cfg(feature = "cli")]
    pub fn only_cc0(mut self) -> Self {
        self.listings.retain(|listing| listing.is_cc0);
        for listing in &mut self.listings {
            listing.split = Split::Train;
        }
        Self { archives: self.archives, ..Self::from_listings(self.listings) }
    }

    fn from_listings(listings: Vec<Listing>) -> Self {
        let mut by_class: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (index, listing) in listings.iter().enumerate() {
            by_class.entry(listing.class.clone()).or_default().push(index);
        }
        let meshes = listings.iter().map(|_| OnceLock::new()).collect();
        Self {
            listings,
            by_class,
            meshes,
            #[cfg(feature = "cli")]
            archives: Archives::default(),
        }
    }

    /// Every class, by name.
    pub fn classes(&self) -> impl Iterator<Item = &str> {
        self.by_class.keys().map(String::as_str)
    }

    /// The pieces of a class that a split may show, with their numbers.
    pub fn of(&self, class: &str, split: Split) -> impl Iterator<Item = (usize, &Listing)> {
        let indices = self.by_class.get(class).map(Vec::as_slice).unwrap_or_default();
        let numbered = indices.iter().map(|&index| (index, &self.listings[index]));
        numbered.filter(move |(_, listing)| listing.split == split)
    }

    /// The mesh of a piece.
    ///
    /// # Errors
    /// Its file cannot be unpacked, or has no triangle; there is no such piece.
    pub fn mesh(&self, number: usize) -> Result<Arc<Mesh>, AssetError> {
        let empty = |name: String| AssetError::Empty { name };
        let (Some(listing), Some(cell)) = (self.listings.get(number), self.meshes.get(number))
        else {
            return Err(empty(format!("number {number}")));
        };
        if let Some(mesh) = cell.get() {
            return Ok(Arc::clone(mesh));
        }
        let mut mesh = match &listing.source {
            #[cfg(feature = "cli")]
            Source::Library(entry) => self.archives.load(entry)?,
            Source::Shape(member) => families::member(&listing.class, *member)
                .ok_or_else(|| empty(format!("shape/{}/{member}", listing.class)))?,
        };
        if mesh.triangles.is_empty() {
            return Err(empty(mesh.name));
        }
        mesh.made_of = matter::of(&mesh, &listing.class);
        Ok(Arc::clone(cell.get_or_init(|| Arc::new(mesh))))
    }
}

fn shapes() -> impl Iterator<Item = Listing> {
    families::FAMILIES.into_iter().flat_map(|(class, weight)| {
        (0..families::MEMBERS).map(move |member| Listing {
            class: class.to_owned(),
            split: match member % 6 {
                4 => Split::Val,
                5 => Split::Test,
                _ => Split::Train,
            },
            weight,
            is_cc0: true,
            source: Source::Shape(member),
        })
    })
}

#[cfg(all(test, feature = "cli"))]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn no_mesh_of_the_libraries_is_forgotten() {
        let assets = match Assets::open() {
            Ok(assets) => assets,
            Err(error) => {
                assert!(matches!(error, AssetError::Missing { .. }), "{error}");
                println!("skipped: {error}");
                return;
            }
        };
        let mapped = entries().unwrap().into_iter().map(|e| (e.library, e.model));
        let known: BTreeSet<_> = mapped.chain(catalogue::dropped()).collect();
        let mut listed = BTreeSet::new();
        for library in Library::ALL {
            let file = match library {
                Library::SweetHome3d => {
                    "com/eteks/sweethome3d/io/DefaultFurnitureCatalog.properties"
                }
                _ => "PluginFurnitureCatalog.properties",
            };
            let text = assets.archives.unpack(library, file).unwrap();
            for line in String::from_utf8_lossy(&text).lines() {
                let Some((key, model)) = line.split_once('=') else { continue };
                if key.trim().strip_prefix("model#").is_some() {
                    listed.insert((library, model.trim().trim_start_matches('/').to_owned()));
                }
            }
        }
        let forgotten: Vec<_> = listed.difference(&known).collect();
        assert!(forgotten.is_empty(), "{forgotten:?}");
        assert_eq!(listed.len(), known.len());
    }
}
