use engine::{Album, HostError, ScanSource};
use gloo::file::{Blob, File};
use js_sys::{ArrayBuffer, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{ReadableStreamDefaultReader, Response};

/// Bytes asked of a file at a time.
const PIECE: u64 = 1 << 20;

/// A scan as it reaches the worker.
pub(super) enum Incoming {
    /// A file of the person's, read in slices: no more of it is held than is being parsed.
    File {
        /// As named by the person.
        name: String,
        /// Its bytes, on disk.
        blob: Blob,
        /// Where the next slice starts.
        at: u64,
    },
    /// A file from beside the page, as the network brings it.
    Stream {
        /// Its path.
        path: String,
        /// The rest of it.
        reader: ReadableStreamDefaultReader,
        /// In bytes, where the server says so.
        size: Option<u64>,
    },
}

impl Incoming {
    pub(super) fn of_file(file: &File) -> Self {
        Self::File { name: file.name(), blob: Blob::clone(file), at: 0 }
    }

    /// The body of a response to a request for `path`.
    pub(super) fn of_response(path: &str, response: &Response) -> Result<Self, HostError> {
        let refused = |reason: &str| HostError { path: path.to_owned(), reason: reason.to_owned() };
        let body = response.body().ok_or_else(|| refused("the answer was empty"))?;
        let reader = body.get_reader().dyn_into().map_err(|_| refused("it cannot be streamed"))?;
        let header = |name| response.headers().get(name).ok().flatten();
        // The length of a packed body is not that of the file.
        let size = match header("content-encoding") {
            Some(_) => None,
            None => header("content-length").and_then(|length| length.parse().ok()),
        };
        Ok(Self::Stream { path: path.to_owned(), reader, size })
    }
}

impl ScanSource for Incoming {
    fn size(&self) -> Option<u64> {
        match self {
            Self::File { blob, .. } => Some(blob.size()),
            Self::Stream { size, .. } => *size,
        }
    }

    async fn next(&mut self) -> Result<Option<Vec<u8>>, HostError> {
        match self {
            Self::File { name, blob, at } => {
                let end = at.saturating_add(PIECE).min(blob.size());
                if *at >= end {
                    return Ok(None);
                }
                let slice = blob.slice(*at, end);
                *at = end;
                let raw: &web_sys::Blob = slice.as_ref();
                let buffer = JsFuture::from(raw.array_buffer())
                    .await
                    .map_err(|error| unreadable(name, &error))?;
                Ok(Some(Uint8Array::new(&buffer.unchecked_into::<ArrayBuffer>()).to_vec()))
            }
            Self::Stream { path, reader, .. } => {
                let chunk = JsFuture::from(reader.read())
                    .await
                    .map_err(|error| unreadable(path, &error))?;
                let value = Reflect::get(&chunk, &"value".into()).unwrap_or(JsValue::UNDEFINED);
                // At the end there is no value.
                Ok(value.dyn_into::<Uint8Array>().ok().map(|bytes| bytes.to_vec()))
            }
        }
    }
}

/// Photographs with their poses, each read when it is needed.
pub(super) struct Photos(pub(super) Vec<File>);

impl Album for Photos {
    fn names(&self) -> Vec<String> {
        self.0.iter().map(File::name).collect()
    }

    async fn read(&mut self, index: usize) -> Result<Vec<u8>, HostError> {
        let Some(file) = self.0.get(index) else { return Ok(Vec::new()) };
        let blob: &Blob = file;
        let raw: &web_sys::Blob = blob.as_ref();
        let buffer = JsFuture::from(raw.array_buffer())
            .await
            .map_err(|error| unreadable(&file.name(), &error))?;
        Ok(Uint8Array::new(&buffer.unchecked_into::<ArrayBuffer>()).to_vec())
    }
}

/// What the browser said when bytes could not be read.
pub(super) fn unreadable(path: &str, error: &JsValue) -> HostError {
    let reason = match error.dyn_ref::<js_sys::Error>() {
        Some(error) => String::from(error.message()),
        None => "the browser did not say why".to_owned(),
    };
    HostError { path: path.to_owned(), reason }
}
