use super::catalogue::{Entry, Library, find_libraries};
use super::{AssetError, Mesh, obj};
use std::collections::HashMap;
use std::fs::File;
use std::io::Read as _;
use std::sync::{Mutex, PoisonError};
use zip::ZipArchive;

/// The libraries' files, open.
#[derive(Default)]
pub(super) struct Archives(HashMap<Library, Mutex<ZipArchive<File>>>);

impl Archives {
    pub(super) fn open() -> Result<Self, AssetError> {
        let mut archives = HashMap::new();
        for (library, path) in find_libraries()? {
            let file = File::open(&path)
                .map_err(|source| AssetError::Read { path: path.clone(), source })?;
            let archive = ZipArchive::new(file)
                .map_err(|source| AssetError::Zip { name: path.display().to_string(), source })?;
            archives.insert(library, Mutex::new(archive));
        }
        Ok(Self(archives))
    }

    pub(super) fn load(&self, entry: &Entry) -> Result<Mesh, AssetError> {
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

    pub(super) fn unpack(&self, library: Library, path: &str) -> Result<Vec<u8>, AssetError> {
        let failed =
            |source| AssetError::Zip { name: format!("{}/{path}", library.name()), source };
        let Some(archive) = self.0.get(&library) else {
            return Err(failed(zip::result::ZipError::FileNotFound));
        };
        // A poisoned lock only means that another thread ended while reading.
        let mut archive = archive.lock().unwrap_or_else(PoisonError::into_inner);
        let mut file = archive.by_name(path).map_err(failed)?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).map_err(|source| failed(source.into()))?;
        Ok(bytes)
    }
}
