//! What the browser keeps for the next visit: files of models, by their sums, in its cache storage. Nothing here
//! fails: where there is no place, a file is fetched again.

use super::host::scope;
use js_sys::{ArrayBuffer, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Cache, Response};

const NAME: &str = "scanwise-models";

pub(super) async fn kept(name: &str) -> Option<Vec<u8>> {
    found(name).await.ok()?
}

pub(super) async fn keep(name: &str, bytes: &[u8]) {
    if let Err(error) = put(name, bytes).await {
        // A private window, or a full disk.
        web_sys::console::warn_1(&error);
    }
}

async fn found(name: &str) -> Result<Option<Vec<u8>>, JsValue> {
    let cache = cache().await?;
    let Ok(response) = JsFuture::from(cache.match_with_str(&address(name))).await?.dyn_into()
    else {
        return Ok(None);
    };
    let response: Response = response;
    let buffer = JsFuture::from(response.array_buffer()?).await?;
    Ok(Some(Uint8Array::new(&buffer.unchecked_into::<ArrayBuffer>()).to_vec()))
}

async fn put(name: &str, bytes: &[u8]) -> Result<(), JsValue> {
    let copied = Uint8Array::from(bytes);
    let response = Response::new_with_opt_buffer_source(Some(&copied))?;
    JsFuture::from(cache().await?.put_with_str(&address(name), &response)).await?;
    Ok(())
}

async fn cache() -> Result<Cache, JsValue> {
    let scope = scope().ok_or("no worker")?;
    // Not there on a page that is neither of this machine nor encrypted.
    if Reflect::get(&scope, &"caches".into())?.is_undefined() {
        return Err("this page may keep no files".into());
    }
    Ok(JsFuture::from(scope.caches()?.open(NAME)).await?.unchecked_into())
}

/// A cache goes by addresses; nothing is ever fetched from this one.
fn address(name: &str) -> String {
    format!("kept/{name}")
}
