//! The conversation about a scan: kept in this browser, by the scan, and what can be done with its turns.

use super::app::App;
use super::bus::{Bus, Msg};
use super::dom::{self, DomError};
use super::opened::Source;
use super::{storage, systems};
use crate::talk::{self, Kept};
use crate::text;
use crate::words::{later, t};
use gloo::events::EventListener;
use gloo::file::Blob;
use js_sys::Reflect;
use protocol::{AskReport, SceneSummary};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::HtmlElement;

/// What the keys of all conversations begin with.
const KEYS: &str = "scanwise.talk.";
/// The oldest turns beyond these are let go.
const MOST_TURNS: usize = 60;

/// What can be done with a turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Act {
    /// Take its answer to the clipboard.
    Copy,
    /// Ask the same again.
    Again,
    /// Put its question into the box.
    Edit,
    /// Let it go.
    Remove,
}

impl Act {
    pub(crate) const ALL: [(&str, &str, Self); 4] = [
        ("copy", later!("Copy"), Self::Copy),
        ("again", later!("Ask again"), Self::Again),
        ("edit", later!("Edit"), Self::Edit),
        ("remove", later!("Remove"), Self::Remove),
    ];

    pub(crate) fn of(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(own, ..)| *own == key).map(|(.., act)| act)
    }
}

/// The turns that are over, by their numbers, and where they are kept.
pub(crate) struct Talk {
    bar: HtmlElement,
    key: Option<String>,
    turns: Vec<(u32, Kept)>,
    /// The turn that is being answered, and the answers of its systems so far.
    open: Option<(u32, Kept)>,
    /// Whether the next question must not follow what was said last: that has been removed.
    pub(crate) forgets: bool,
    _listeners: Vec<EventListener>,
}

impl Talk {
    pub(crate) fn new(bus: &Bus) -> Result<Self, DomError> {
        let on = |id: &str, msg: fn() -> Msg| {
            let to_page = bus.clone();
            let button: HtmlElement = bus.by_id(id)?;
            Ok(EventListener::new(&button, "click", move |_| to_page.send(msg())))
        };
        let listeners =
            vec![on("talk-save", || Msg::SaveTalk)?, on("talk-clear", || Msg::ClearTalk)?];
        let bar = bus.by_id("talk")?;
        let (key, turns, open) = (None, Vec::new(), None);
        Ok(Self { bar, key, turns, open, forgets: false, _listeners: listeners })
    }

    /// A question is put.
    pub(crate) fn begin(&mut self, turn: u32, asked: String) {
        self.open = Some((turn, Kept { asked, reports: Vec::new(), ended: None }));
    }

    /// An answer to it.
    pub(crate) fn answered(&mut self, report: &AskReport) {
        if let Some((_, kept)) = &mut self.open {
            kept.reports.push(report.clone());
        }
    }

    /// It is over, here for this reason: the turn that was.
    fn end(&mut self, reason: Option<&str>) -> Option<u32> {
        let (turn, mut kept) = self.open.take()?;
        kept.ended = reason.map(str::to_owned);
        self.turns.push((turn, kept));
        self.keep();
        Some(turn)
    }

    /// Another scan is opened.
    pub(crate) fn close(&mut self) {
        self.key = None;
        self.turns.clear();
        self.open = None;
        self.forgets = false;
        self.show();
    }

    fn show(&self) {
        dom::set_hidden(&self.bar, self.turns.is_empty());
    }

    /// Private windows and full stores refuse; the conversation then lasts as long as the page.
    fn keep(&mut self) {
        self.show();
        let Some(key) = &self.key else { return };
        if self.turns.is_empty() {
            storage::delete(key);
            return;
        }
        let from = self.turns.len().saturating_sub(MOST_TURNS);
        let kept: Vec<&Kept> = self.turns[from..].iter().map(|(_, kept)| kept).collect();
        storage::set(key, &kept);
    }

    fn turn(&self, turn: u32) -> Option<&Kept> {
        self.turns.iter().find(|(own, _)| *own == turn).map(|(_, kept)| kept)
    }
}

/// The same scan again, as far as its name, its points and its extent tell.
fn key_of(scene: &SceneSummary) -> String {
    let size = scene.bounds.size();
    let extent = format!("{:.2}x{:.2}x{:.2}", size.x, size.y, size.z);
    format!("{KEYS}{}.{}.{extent}", scene.name, scene.points)
}

impl App {
    /// A scan has been opened: what was said about it in this browser before comes back. What is said
    /// already, before an engine broke, stays.
    pub(super) fn restore_talk(&mut self) {
        let Some(scan) = &self.scan else { return };
        let Some(summary) = &scan.summary else { return };
        // Of rooms that are made up there are as many as one likes.
        if matches!(scan.source, Source::Room(_)) || self.talk.key.is_some() {
            return;
        }
        let key = key_of(summary);
        let kept: Vec<Kept> = storage::get(&key).unwrap_or_default();
        self.talk.key = Some(key);
        let now = std::mem::take(&mut self.talk.turns);
        for turn in kept {
            self.show_kept(turn);
        }
        self.talk.turns.extend(now);
        self.talk.show();
    }

    fn show_kept(&mut self, kept: Kept) {
        let turn = self.show_asked(&kept.asked);
        let unit = self.look.unit();
        let known = self.known_ids();
        match kept.reports.as_slice() {
            [] => {}
            [report] => self.finish_answer(&still_there(report, &known), None),
            reports => {
                let there: Vec<_> = reports.iter().map(|one| still_there(one, &known)).collect();
                self.chat.finish_with(systems::table(&there, None, unit));
            }
        }
        if let Some(ended) = &kept.ended {
            self.chat.end(ended);
        }
        self.chat.offer_acts(turn);
        self.talk.turns.push((turn, kept));
    }

    /// The turn that was open is over.
    pub(super) fn close_turn(&mut self, reason: Option<&str>) {
        if let Some(turn) = self.talk.end(reason) {
            self.chat.offer_acts(turn);
        }
    }

    pub(super) fn act_on_turn(&mut self, act: Act, turn: u32) {
        let Some(kept) = self.talk.turn(turn) else { return };
        match act {
            Act::Copy => {
                let words = talk::words(kept, self.look.unit());
                let said = self.bus.clone();
                spawn_local(async move {
                    said.send(Msg::Copied(to_clipboard(&words).await.is_ok()));
                });
            }
            Act::Again => self.ask(kept.asked.clone()),
            Act::Edit => {
                self.composer.clear();
                let asked = kept.asked.clone();
                self.composer.insert(&asked);
            }
            Act::Remove => {
                // What was said last is what a question that follows is about.
                self.talk.forgets |= self.talk.turns.last().is_some_and(|(own, _)| *own == turn);
                self.talk.turns.retain(|(own, _)| *own != turn);
                self.chat.remove(turn);
                self.talk.keep();
            }
        }
    }

    /// Lets the whole conversation about this scan go, here and in the browser.
    pub(super) fn clear_talk(&mut self) {
        self.stop();
        self.chat.clear();
        self.talk.turns.clear();
        self.talk.forgets = true;
        self.talk.keep();
    }

    /// The conversation as a file.
    pub(super) fn save_talk(&self) {
        let name = self.scan.as_ref().map_or("scan", |scan| &scan.name);
        let turns: Vec<Kept> = self.talk.turns.iter().map(|(_, kept)| kept.clone()).collect();
        let page = talk::markdown(name, &turns, self.look.unit());
        let stem = name.strip_suffix(".ply").unwrap_or(name);
        let blob = Blob::new_with_options(page.as_str(), Some("text/markdown"));
        dom::download(&format!("{stem}.md"), &blob);
    }

    pub(super) fn say_copied(&self, done: bool) {
        let words =
            if done { t!("Copied.") } else { t!("The browser did not let the answer be copied.") };
        self.composer.say(&words);
    }
}

/// Refused where the page is not trusted with it, and not there at all where the page is neither of this machine
/// nor encrypted.
async fn to_clipboard(words: &str) -> Result<(), JsValue> {
    let window = dom::window().map_err(|error| JsValue::from(error.to_string()))?;
    let navigator = window.navigator();
    if Reflect::get(&navigator, &"clipboard".into())?.is_undefined() {
        return Err("there is no clipboard".into());
    }
    JsFuture::from(navigator.clipboard().write_text(words)).await.map(drop)
}

/// An answer of an earlier visit: what it names is pointed at only where the same thing is still there.
fn still_there(report: &AskReport, known: &[scene::InstanceId]) -> AskReport {
    let mut report = report.clone();
    for span in &mut report.spans {
        span.objects.retain(|id| known.contains(id));
    }
    report.attention.objects.retain(|one| known.contains(&one.id));
    // What was offered has been taken or left.
    report.placement = None;
    report
}

/// Lets every conversation in this browser go.
pub(crate) fn forget_all() {
    for (key, _) in storage::keys(KEYS) {
        storage::delete(&key);
    }
}

/// What is kept, in words: `3 conversations, 12.3 kB`.
pub(crate) fn describe_kept() -> String {
    let kept = storage::keys(KEYS);
    let size = text::bytes(kept.iter().map(|(_, size)| *size as u64).sum());
    match kept.len() {
        0 => t!("No conversation is kept."),
        1 => t!("1 conversation, {size}", size = size),
        count => t!("{count} conversations, {size}", count = count, size = size),
    }
}
