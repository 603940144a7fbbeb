//! What the browser keeps by name, where it does: a private window, or a person who allows no cookies, may
//! refuse. Then nothing is found, and what is kept lasts as long as the page.

use super::dom;
use serde::Serialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::JsValue;
use web_sys::Storage;

/// None where it is refused.
fn storage() -> Option<Storage> {
    dom::window().ok()?.local_storage().ok()?
}

/// As JSON, as it was set.
pub(crate) fn get<T: DeserializeOwned>(key: &str) -> Option<T> {
    let text = storage()?.get_item(key).ok()??;
    let value = js_sys::JSON::parse(&text).ok()?;
    serde_wasm_bindgen::from_value(value).ok()
}

/// Whether there was room for it.
pub(crate) fn set(key: &str, value: &impl Serialize) -> bool {
    let text = crate::wire::to_js(value)
        .ok()
        .and_then(|value: JsValue| js_sys::JSON::stringify(&value).ok())
        .and_then(|text| text.as_string());
    match (storage(), text) {
        (Some(storage), Some(text)) => storage.set_item(key, &text).is_ok(),
        _ => false,
    }
}

pub(crate) fn delete(key: &str) {
    if let Some(storage) = storage() {
        // It is gone, or was never there.
        let _ = storage.remove_item(key);
    }
}

/// The keys that begin with this, and how long what they keep is.
pub(crate) fn keys(prefix: &str) -> Vec<(String, usize)> {
    let Some(storage) = storage() else { return Vec::new() };
    let keys = (0..storage.length().unwrap_or(0)).filter_map(|at| storage.key(at).ok().flatten());
    let size = |key: &str| storage.get_item(key).ok().flatten().map_or(0, |text| text.len());
    keys.filter(|key| key.starts_with(prefix)).map(|key| (key.clone(), size(&key))).collect()
}
