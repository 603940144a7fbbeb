use super::bus::Bus;
use super::dom;
use crate::words::t;
use web_sys::HtmlElement;

/// Says what was verified about the lock on connections.
pub(super) fn show_lock(bus: &Bus, canary_blocked: Option<bool>) {
    let Ok(badge) = bus.by_id::<HtmlElement>("lock") else { return };
    let (state, words, more) = match canary_blocked {
        Some(true) => (
            "verified",
            t!("Nothing leaves this tab"),
            match bus.place.attribute("data-lock").as_deref() {
                Some("service-worker") => t!(
                    "Verified: the engine tried to reach another address, and the browser blocked it. \
                     The policy comes from this page's own service worker, for its server sends none."
                ),
                _ => t!(
                    "Verified: the engine tried to reach another address, and the browser blocked it."
                ),
            },
        ),
        Some(false) => (
            "open",
            t!("Not locked"),
            t!("The server of this page sends no policy that keeps connections to itself."),
        ),
        None => ("unknown", t!("Lock not checked"), t!("The engine could not check the lock.")),
    };
    dom::set_attr(&badge, "data-state", state);
    dom::set_attr(&badge, "title", &more);
    if let Ok(place) = bus.by_id::<HtmlElement>("lock-words") {
        place.set_text_content(Some(&words));
    }
    if let Ok(place) = bus.by_id::<HtmlElement>("lock-more") {
        place.set_text_content(Some(&more));
    }
}
