//! A made-up room on the page: its line, its questions, its test.

use super::app::App;
use super::bus::{Bus, Msg};
use super::dom::{self, DomError};
use super::opened::Source;
use super::sheet::{self, Miss};
use crate::text::{self, Piece};
use crate::words::t;
use gloo::events::EventListener;
use protocol::{Command, JobId, RoomQuestion, ScanChoices, TaskScore};
use scene::InstanceId;
use web_sys::{HtmlButtonElement, HtmlElement, UrlSearchParams};

/// Seeds short enough to be told to somebody.
const SEEDS: f64 = 1_000_000.0;
/// More questions than these are not offered at once.
const MOST_CHIPS: usize = 14;

/// What the page knows of the open made-up room.
pub(crate) struct Surprise {
    panel: HtmlElement,
    line: HtmlElement,
    link: HtmlElement,
    test: HtmlButtonElement,
    questions: Vec<RoomQuestion>,
    /// The verdict on the answer that is coming: a question's id, and whether it is right.
    pub(crate) checked: Option<(String, bool)>,
    pub(crate) testing: Option<JobId>,
    /// Whether a test is wanted as soon as the model is there.
    wished: bool,
    /// Wrong answers of the running test: ids and what was said.
    wrong: Vec<(String, String)>,
    _listener: EventListener,
}

/// A seed that nobody chose.
pub(crate) fn any_seed() -> u32 {
    (js_sys::Math::random() * SEEDS) as u32
}

impl Surprise {
    pub(crate) fn new(bus: &Bus) -> Result<Self, DomError> {
        let test: HtmlButtonElement = bus.by_id("made-test")?;
        let to_page = bus.clone();
        let listener = EventListener::new(&test, "click", move |_| to_page.send(Msg::TestRoom));
        Ok(Self {
            panel: bus.by_id("made")?,
            line: bus.by_id("made-line")?,
            link: bus.by_id("made-link")?,
            test,
            questions: Vec::new(),
            checked: None,
            testing: None,
            wished: false,
            wrong: Vec::new(),
            _listener: listener,
        })
    }

    /// Another scan is opened.
    pub(crate) fn close(&mut self) {
        self.questions.clear();
        self.wished = false;
        self.checked = None;
        dom::set_hidden(&self.panel, true);
    }

    pub(crate) fn set_able(&self, able: bool) {
        self.test.set_disabled(!able || self.questions.is_empty());
    }

    /// Whether a test waits to begin; it does no more.
    pub(crate) fn take_wish(&mut self) -> bool {
        std::mem::take(&mut self.wished)
    }

    fn question(&self, id: &str) -> Option<&RoomQuestion> {
        self.questions.iter().find(|question| question.id == id)
    }
}

impl App {
    pub(crate) fn open_room(&mut self, seed: u32) {
        self.open(
            t!("Made-up room {seed}", seed = seed),
            Source::Room(seed),
            ScanChoices::default(),
        );
    }

    /// Whether a room is being made up, as far as its objects.
    pub(crate) fn is_making(&self) -> bool {
        let scan = self.scan.as_ref();
        scan.is_some_and(|scan| matches!(scan.source, Source::Room(_)) && scan.summary.is_none())
    }

    pub(crate) fn is_test(&self, job: JobId) -> bool {
        self.surprise.testing == Some(job)
    }

    /// Ends what is being done with a made-up room: its making or its test. A test ends with what
    /// it has; the worker tells.
    pub(crate) fn stop_room(&mut self) {
        if let Some(target) = self.surprise.testing {
            self.send(Command::Stop { target }, &[]);
        }
        if self.is_making()
            && let Some(scan) = self.scan.take()
        {
            self.send(Command::Stop { target: scan.job }, &[]);
            self.progress.hide();
            self.show_name(None);
            self.welcome(true);
        }
    }

    pub(crate) fn on_room(&mut self, seed: u32, questions: Vec<RoomQuestion>) {
        let shown: Vec<String> =
            text::varied(&questions, MOST_CHIPS).into_iter().map(|one| one.text.clone()).collect();
        let known = self.known_ids();
        self.composer.set_chips(&shown, |id| known.contains(&id));
        let line = t!("This room is made up, from seed {seed}.", seed = seed);
        self.surprise.line.set_text_content(Some(&line));
        if let Some(address) = address_of(seed) {
            dom::set_attr(&self.surprise.link, "href", &address);
        }
        self.surprise.questions = questions;
        dom::set_hidden(&self.surprise.panel, false);
        self.refresh();
    }

    pub(super) fn known_ids(&self) -> Vec<InstanceId> {
        let summary = self.scan.as_ref().and_then(|scan| scan.summary.as_ref());
        summary.map(|scene| scene.objects.iter().map(|one| one.id).collect()).unwrap_or_default()
    }

    /// What is true, folded, for the answer that has just come.
    pub(crate) fn check(&mut self) -> Option<HtmlElement> {
        let (id, right) = self.surprise.checked.take()?;
        sheet::check(self.surprise.question(&id)?, right)
    }

    pub(crate) fn test_room(&mut self) {
        if self.is_busy() || self.surprise.questions.is_empty() {
            return;
        }
        if self.model.as_ref().is_none_or(|model| !model.ready) {
            self.surprise.wished = true;
            return self.want_model();
        }
        let words = t!("Test the model on this room");
        self.chat.ask(&[Piece::Words(words)], |_| String::new());
        self.surprise.wrong.clear();
        let most = self.settings.questions;
        self.surprise.testing = Some(self.send(Command::TestRoom { most }, &[]));
        self.refresh();
    }

    pub(crate) fn on_judged(&mut self, question: String, said: String, right: bool) {
        if !right {
            self.surprise.wrong.push((question, said));
        }
    }

    pub(crate) fn on_tested(&mut self, scores: &[TaskScore], stopped: bool) {
        self.surprise.testing = None;
        let known = self.known_ids();
        let readable = |question: &RoomQuestion| {
            text::to_typed(&text::pieces(&question.text, |id| known.contains(&id)))
        };
        let misses: Vec<Miss> = std::mem::take(&mut self.surprise.wrong)
            .into_iter()
            .filter_map(|(id, said)| {
                let question = self.surprise.question(&id)?;
                Some(Miss { asked: readable(question), said, question: question.clone() })
            })
            .collect();
        self.chat.finish_with(sheet::result(scores, &misses, stopped));
        self.progress.hide();
        self.refresh();
    }
}

/// The page's address with this room in it.
fn address_of(seed: u32) -> Option<String> {
    let search = dom::window().ok()?.location().search().ok()?;
    let address = UrlSearchParams::new_with_str(&search).ok()?;
    address.set("room", &seed.to_string());
    Some(format!("?{}", String::from(address.to_string())))
}
