//! What this browser keeps of Scanwise, how much that is, and letting it go.

use super::app::App;
use super::bus::{Bus, Msg};
use super::dom::{self, DomError};
use super::{storage, talk};
use crate::text;
use crate::words::t;
use gloo::events::EventListener;
use js_sys::{Array, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Blob, Cache, CacheStorage, HtmlElement, Response};

/// Where the worker keeps the files of models.
const MODELS: &str = "scanwise-models";
/// What the names of all our caches, and of all that is stored by name, begin with.
const OURS: &str = "scanwise";

/// The lines of the settings that are about it.
pub(crate) struct Kept {
    words: HtmlElement,
    _listeners: Vec<EventListener>,
}

impl Kept {
    pub(crate) fn new(bus: &Bus) -> Result<Self, DomError> {
        let on = |id: &str, msg: fn() -> Msg| {
            let to_page = bus.clone();
            let button: HtmlElement = bus.by_id(id)?;
            Ok(EventListener::new(&button, "click", move |_| to_page.send(msg())))
        };
        let listeners = vec![
            on("settings-open", || Msg::WeighKept)?,
            on("kept-models", || Msg::ForgetModels)?,
            on("kept-all", || Msg::ForgetAll)?,
        ];
        Ok(Self { words: bus.by_id("kept-words")?, _listeners: listeners })
    }

    pub(crate) fn say(&self, words: &str) {
        self.words.set_text_content(Some(words));
    }
}

impl App {
    /// Finds out how much is kept.
    pub(super) fn weigh_kept(&self) {
        let to_page = self.bus.clone();
        spawn_local(async move {
            let words = match weighed().await {
                Ok((models, rest)) => t!(
                    "Models {models}, the page itself {rest}. {talk}",
                    models = text::bytes(models),
                    rest = text::bytes(rest),
                    talk = talk::describe_kept()
                ),
                Err(_) => t!("This browser keeps no files. {talk}", talk = talk::describe_kept()),
            };
            to_page.send(Msg::Weighed(words));
        });
    }

    /// Lets the files of models go; one that is in use stays until the page is closed.
    pub(super) fn forget_models(&self) {
        self.forget(|name| name == MODELS);
    }

    /// Lets everything go: models, the page itself, conversations, choices.
    pub(super) fn forget_all(&mut self) {
        talk::forget_all();
        self.talk.close();
        self.chat.clear();
        for (key, _) in storage::keys(OURS) {
            storage::delete(&key);
        }
        // Whoever holds the element ends what else it keeps for it: a service worker.
        self.bus.place.tell("scanwise-cleared", &());
        self.forget(|name| name.starts_with(OURS));
    }

    fn forget(&self, which: fn(&str) -> bool) {
        let to_page = self.bus.clone();
        spawn_local(async move {
            if let Err(error) = delete(which).await {
                web_sys::console::warn_1(&error);
            }
            to_page.send(Msg::WeighKept);
        });
    }
}

/// Tells the page where a model has been fetched before: fetching it again costs nothing.
pub(crate) fn look_for_models(bus: &Bus) {
    let to_page = bus.clone();
    spawn_local(async move {
        if has_models().await.unwrap_or(false) {
            to_page.send(Msg::WantModel);
        }
    });
}

/// Tells the page where a model that has come could not be kept.
pub(crate) fn see_whether_kept(bus: &Bus) {
    let to_page = bus.clone();
    spawn_local(async move {
        if !has_models().await.unwrap_or(false) {
            to_page.send(Msg::NotKept);
        }
    });
}

async fn has_models() -> Result<bool, JsValue> {
    let caches = caches()?;
    if JsFuture::from(caches.has(MODELS)).await? != JsValue::TRUE {
        return Ok(false);
    }
    Ok(keys(&open(&caches, MODELS).await?).await?.length() > 0)
}

/// Bytes of models and of everything else.
async fn weighed() -> Result<(u64, u64), JsValue> {
    let caches = caches()?;
    let (mut models, mut rest) = (0, 0);
    for name in names(&caches).await? {
        let cache = open(&caches, &name).await?;
        let mut size = 0;
        for request in keys(&cache).await? {
            let url = Reflect::get(&request, &"url".into())?.as_string().unwrap_or_default();
            let found = JsFuture::from(cache.match_with_str(&url)).await?;
            if let Ok(response) = found.dyn_into::<Response>() {
                let blob = JsFuture::from(response.blob()?).await?;
                size += blob.unchecked_into::<Blob>().size() as u64;
            }
        }
        *(if name == MODELS { &mut models } else { &mut rest }) += size;
    }
    Ok((models, rest))
}

async fn delete(which: fn(&str) -> bool) -> Result<(), JsValue> {
    let caches = caches()?;
    for name in names(&caches).await?.iter().filter(|name| which(name)) {
        JsFuture::from(caches.delete(name)).await?;
    }
    Ok(())
}

fn caches() -> Result<CacheStorage, JsValue> {
    let window = dom::window().map_err(|error| JsValue::from(error.to_string()))?;
    // Not there on a page that is neither of this machine nor encrypted.
    if Reflect::get(&window, &"caches".into())?.is_undefined() {
        return Err("this page may keep no files".into());
    }
    window.caches()
}

/// Of our caches.
async fn names(caches: &CacheStorage) -> Result<Vec<String>, JsValue> {
    let all: Array = JsFuture::from(caches.keys()).await?.unchecked_into();
    let names = all.iter().filter_map(|name| name.as_string());
    Ok(names.filter(|name| name.starts_with(OURS)).collect())
}

async fn open(caches: &CacheStorage, name: &str) -> Result<Cache, JsValue> {
    Ok(JsFuture::from(caches.open(name)).await?.unchecked_into())
}

async fn keys(cache: &Cache) -> Result<Array, JsValue> {
    Ok(JsFuture::from(cache.keys()).await?.unchecked_into())
}
