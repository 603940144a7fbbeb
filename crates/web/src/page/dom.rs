//! Short names for what the page does to its document.

use crate::wire;
use gloo::file::{Blob, ObjectUrl};
use wasm_bindgen::JsCast;
use web_sys::{CustomEvent, CustomEventInit, Document, Element, HtmlElement, ShadowRoot, Window};

/// What of a document is one Scanwise's own: the tree of `scanwise.html`, and the element that holds it.
#[derive(Clone)]
pub(crate) struct Place {
    pub(crate) root: ShadowRoot,
    pub(crate) host: HtmlElement,
    /// The address of the folder that all files of Scanwise lie in, with its slash.
    pub(crate) base: String,
}

impl Place {
    /// The element with this id.
    pub(crate) fn by_id<T: JsCast>(&self, id: &str) -> Result<T, DomError> {
        self.root
            .get_element_by_id(id)
            .and_then(|element| element.dyn_into().ok())
            .ok_or_else(|| DomError::Missing(format!("#{id}")))
    }

    /// A custom property of the style sheet, as it is written there.
    pub(crate) fn css(&self, name: &str) -> Option<String> {
        let style = window().ok()?.get_computed_style(&self.host).ok()??;
        let value = style.get_property_value(name).ok()?;
        Some(value.trim().to_owned()).filter(|value| !value.is_empty())
    }

    /// What the element is told by its author.
    pub(crate) fn attribute(&self, name: &str) -> Option<String> {
        self.host.get_attribute(name).filter(|value| !value.is_empty())
    }

    /// Lets whoever holds the element follow what happens in it.
    pub(crate) fn tell(&self, name: &str, detail: &impl serde::Serialize) {
        let options = CustomEventInit::new();
        options.set_bubbles(true);
        options.set_composed(true);
        if let Ok(detail) = wire::to_js(detail) {
            options.set_detail(&detail);
        }
        if let Ok(event) = CustomEvent::new_with_event_init_dict(name, &options) {
            // False only where a listener cancels it, which changes nothing here.
            let _ = self.host.dispatch_event(&event);
        }
    }
}

/// What the element should have and has not.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DomError {
    /// Not a browser page.
    #[error("there is no document")]
    NoDocument,
    /// The HTML and the program do not fit.
    #[error("the page has no element {0} of the kind expected")]
    Missing(String),
}

pub(crate) fn window() -> Result<Window, DomError> {
    web_sys::window().ok_or(DomError::NoDocument)
}

pub(crate) fn document() -> Result<Document, DomError> {
    window()?.document().ok_or(DomError::NoDocument)
}

/// A new element with a class and, as plain text, its content. Detached where there is no
/// document, which cannot happen on a page that got this far.
pub(crate) fn element(tag: &str, class: &str, text: &str) -> Option<HtmlElement> {
    let element = document().ok()?.create_element(tag).ok()?;
    if !class.is_empty() {
        element.set_class_name(class);
    }
    if !text.is_empty() {
        element.set_text_content(Some(text));
    }
    element.dyn_into().ok()
}

/// Appends, if there is something to append.
pub(crate) fn append(parent: &Element, child: Option<&HtmlElement>) {
    if let Some(child) = child {
        // Refused only where a child would hold its own parent.
        let _ = parent.append_child(child);
    }
}

/// Appends plain words.
pub(crate) fn append_text(parent: &Element, words: &str) {
    if let Ok(document) = document() {
        let _ = parent.append_child(&document.create_text_node(words));
    }
}

/// Removes all children.
pub(crate) fn clear(element: &Element) {
    element.set_text_content(None);
}

/// Shows or hides by the `hidden` attribute.
pub(crate) fn set_hidden(element: &Element, hidden: bool) {
    let _ = element.toggle_attribute_with_force("hidden", hidden);
}

/// Sets an attribute whose name is ours and hence valid.
pub(crate) fn set_attr(element: &Element, name: &str, value: &str) {
    let _ = element.set_attribute(name, value);
}

/// Sets a style property through the object model, which the policy allows.
pub(crate) fn set_style(element: &HtmlElement, name: &str, value: &str) {
    let _ = element.style().set_property(name, value);
}

/// Hands a file to the browser's downloads.
pub(crate) fn download(name: &str, blob: &Blob) {
    let url = ObjectUrl::from(blob.clone());
    let Some(link) = element("a", "", "") else { return };
    set_attr(&link, "href", &url);
    set_attr(&link, "download", name);
    link.click();
    // The browser has the bytes once the click is over; the address goes a little later.
    gloo::timers::callback::Timeout::new(60_000, move || drop(url)).forget();
}
