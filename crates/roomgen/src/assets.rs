//! Furniture: meshes of the Sweet Home 3D libraries and parametric shapes, by class and split.

mod catalogue;
mod families;
mod matter;
mod mesh;
mod obj;
mod palette;
mod shapes;

pub use catalogue::{Entry, Library, entries, find_libraries};
pub use mesh::{Material, Mesh, Texture, Triangle};

use std::collections::{BTreeMap, HashMap};
use std::fs::File;
use std::io::Read as _;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, OnceLock};
use tasks::suite::Split;
use zip::ZipArchive;

/// Why there is no furniture.
#[derive(Debug, thiserror::Error)]
pub enum AssetError {
    /// Some libraries are not where they should be.
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
    #[error("cannot read {}: {source}", path.display())]
    Read {
        /// The library's file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// A library is no zip file, or lacks a piece.
    #[error("{name} cannot be unpacked: {source}")]
    Zip {
        /// The file, or the piece in it.
        name: String,
        /// What is wrong.
        source: zip::result::ZipError,
    },
    /// The map from pieces to classes has a bad line.
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
        matches!(self.source, Source::Library(_))
    }
}

#[derive(Clone, Debug)]
enum Source {
    Library(Entry),
    Shape(usize),
}

/// All furniture. Meshes are read when first asked for, and kept.
pub struct Assets {
    listings: Vec<Listing>,
    by_class: BTreeMap<String, Vec<usize>>,
    meshes: Vec<OnceLock<Arc<Mesh>>>,
    archives: HashMap<Library, Mutex<ZipArchive<File>>>,
}

impl Assets {
    /// The libraries and the parametric shapes.
    ///
    /// # Errors
    /// As [`find_libraries`]; a library that cannot be read.
    pub fn open() -> Result<Self, AssetError> {
        let mut archives = HashMap::new();
        for (library, path) in find_libraries()? {
            let file = File::open(&path)
                .map_err(|source| AssetError::Read { path: path.clone(), source })?;
            let archive = ZipArchive::new(file)
                .map_err(|source| AssetError::Zip { name: path.display().to_string(), source })?;
            archives.insert(library, Mutex::new(archive));
        }
        let meshes = entries()?.into_iter().map(|entry| Listing {
            class: entry.class.clone(),
            split: entry.split,
            weight: 1.0,
            is_cc0: entry.is_cc0,
            source: Source::Library(entry),
        });
        Ok(Self::from_listings(meshes.chain(shapes()).collect(), archives))
    }

    /// The parametric shapes alone, for tests on machines without the libraries.
    pub fn shapes_only() -> Self {
        Self::from_listings(shapes().collect(), HashMap::new())
    }

    /// Only what may be shipped without attribution, for every split.
    pub fn only_cc0(mut self) -> Self {
        self.listings.retain(|listing| listing.is_cc0);
        for listing in &mut self.listings {
            listing.split = Split::Train;
        }
        Self::from_listings(self.listings, self.archives)
    }

    fn from_listings(
        listings: Vec<Listing>,
        archives: HashMap<Library, Mutex<ZipArchive<File>>>,
    ) -> Self {
        let mut by_class: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (index, listing) in listings.iter().enumerate() {
            by_class.entry(listing.class.clone()).or_default().push(index);
        }
        let meshes = listings.iter().map(|_| OnceLock::new()).collect();
        Self { listings, by_class, meshes, archives }
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
            Source::Library(entry) => self.load(entry)?,
            Source::Shape(member) => families::member(&listing.class, *member)
                .ok_or_else(|| empty(format!("shape/{}/{member}", listing.class)))?,
        };
        if mesh.triangles.is_empty() {
            return Err(empty(mesh.name));
        }
        mesh.made_of = matter::of(&mesh, &listing.class);
        Ok(Arc::clone(cell.get_or_init(|| Arc::new(mesh))))
    }

    fn load(&self, entry: &Entry) -> Result<Mesh, AssetError> {
        let name = format!("{}/{}", entry.library.name(), entry.model);
        let text = self.unpack(entry.library, &entry.model)?;
        let folder = entry.model.rsplit_once('/').map_or("", |(folder, _)| folder);
        let text = String::from_utf8_lossy(&text);
        let mut mesh = obj::read_obj(&name, &text, entry.rotation, |file| {
            let path = format!("{folder}/{}", file.replace('\\', "/").trim_start_matches("./"));
            self.unpack(entry.library, &path).ok()
        });
        // The libraries have pairs; people count shoes one by one.
        if entry.class == "shoe" {
            mesh.keep_left();
        }
        mesh.fit(entry.size);
        Ok(mesh)
    }

    fn unpack(&self, library: Library, path: &str) -> Result<Vec<u8>, AssetError> {
        let failed =
            |source| AssetError::Zip { name: format!("{}/{path}", library.name()), source };
        let Some(archive) = self.archives.get(&library) else {
            return Err(failed(zip::result::ZipError::FileNotFound));
        };
        // A poisoned lock only means that another thread ended while reading.
        let mut archive = archive.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let mut file = archive.by_name(path).map_err(failed)?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).map_err(|source| failed(source.into()))?;
        Ok(bytes)
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

#[cfg(test)]
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
            let text = assets.unpack(library, file).unwrap();
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
