//! Messages between page and worker as the browser carries them.
//!
//! To the worker: `{request, files}`; `files` is an array of `File`s. To the page: `{event,
//! columns}`; `columns` is an array of `ArrayBuffer`s that are moved, not copied.

#[cfg(feature = "page")]
use js_sys::ArrayBuffer;
#[cfg(feature = "worker")]
use js_sys::Uint8Array;
use js_sys::{Array, Object, Reflect};
use protocol::{Event, Request};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::File;

/// A message that is not one of ours.
#[derive(Debug, thiserror::Error)]
#[error("a message could not be read: {0}")]
pub(crate) struct WireError(String);

impl From<serde_wasm_bindgen::Error> for WireError {
    fn from(error: serde_wasm_bindgen::Error) -> Self {
        Self(error.to_string())
    }
}

/// A value as JSON would have it: objects for maps, null for nothing.
pub(crate) fn to_js(value: &impl Serialize) -> Result<JsValue, WireError> {
    Ok(value.serialize(&Serializer::json_compatible())?)
}

fn field<T: DeserializeOwned>(message: &JsValue, name: &str) -> Result<T, WireError> {
    let value = Reflect::get(message, &name.into())
        .map_err(|_| WireError(format!("there is no {name}")))?;
    Ok(serde_wasm_bindgen::from_value(value)?)
}

/// Sets a field of an object of our own; a plain object accepts any.
fn set(object: &Object, name: &str, value: &JsValue) {
    let accepted = Reflect::set(object, &name.into(), value);
    debug_assert!(accepted.is_ok(), "a plain object takes every field");
}

#[cfg(feature = "page")]
pub(crate) fn pack_request(request: &Request, files: &[File]) -> Result<Object, WireError> {
    let message = Object::new();
    set(&message, "request", &to_js(request)?);
    set(&message, "files", &files.iter().collect::<Array>());
    Ok(message)
}

#[cfg(feature = "worker")]
pub(crate) fn unpack_request(message: &JsValue) -> Result<(Request, Vec<File>), WireError> {
    let files = Reflect::get(message, &"files".into()).ok();
    let files = files.and_then(|files| files.dyn_into::<Array>().ok()).unwrap_or_default();
    let files = files.iter().filter_map(|file| file.dyn_into().ok()).collect();
    Ok((field(message, "request")?, files))
}

/// The message and the list of what to move with it.
#[cfg(feature = "worker")]
pub(crate) fn pack_event(event: &Event, columns: &[Vec<u8>]) -> Result<(Object, Array), WireError> {
    let message = Object::new();
    let moved = Array::new();
    set(&message, "event", &to_js(event)?);
    for column in columns {
        moved.push(&Uint8Array::from(column.as_slice()).buffer());
    }
    // The same buffers in an array of their own: the list of moved ones must stay as it is.
    set(&message, "columns", &moved.slice(0, moved.length()));
    Ok((message, moved))
}

#[cfg(feature = "page")]
pub(crate) fn unpack_event(message: &JsValue) -> Result<(Event, Vec<ArrayBuffer>), WireError> {
    let columns = Reflect::get(message, &"columns".into())
        .ok()
        .and_then(|columns| columns.dyn_into::<Array>().ok())
        .map(|columns| columns.iter().filter_map(|column| column.dyn_into().ok()).collect())
        .unwrap_or_default();
    Ok((field(message, "event")?, columns))
}
