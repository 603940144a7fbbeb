use super::about::About;
use super::bus::{Bus, Msg};
use super::chat::Chat;
use super::dom::{self, DomError};
use super::kept::{self, Kept};
use super::keys::Keys;
use super::look::Look;
use super::measure::Measure;
use super::mend::Mend;
use super::models::Model;
use super::objects::Objects;
use super::opened::{OpenScan, Source};
use super::port::Port;
use super::problem::{Problem, Remedy};
use super::progress::Progress;
use super::reading::Reading;
use super::settings::Settings;
use super::spotlight::Spotlight;
use super::stage::Stage;
use super::surprise::Surprise;
use super::systems::Systems;
use super::talk::Talk;
use super::{composer::Composer, intake};
use crate::text;
use crate::words::t;
use gloo::events::EventListener;
use gloo::timers::callback::Interval;
use protocol::{Command, JobId, ObjectSummary, Request, ScanChoices, VERSION};
use scene::InstanceId;
use web_sys::File;

/// The page's one state.
pub(crate) struct App {
    pub(crate) bus: Bus,
    pub(crate) port: Option<Port>,
    pub(crate) stage: Stage,
    pub(crate) chat: Chat,
    pub(crate) objects: Objects,
    pub(crate) reading: Reading,
    pub(crate) mend: Mend,
    pub(crate) look: Look,
    pub(crate) keys: Keys,
    pub(crate) kept: Kept,
    pub(crate) about: About,
    pub(crate) measure: Measure,
    pub(crate) progress: Progress,
    pub(crate) problem: Problem,
    pub(crate) settings: Settings,
    pub(crate) composer: Composer,
    pub(crate) last_job: u32,
    pub(crate) model: Option<Model>,
    /// Whether the worker has said Hello.
    pub(crate) greeted: bool,
    /// Whether somebody has asked for what needs the model, or it is here already: nothing large is
    /// fetched without.
    pub(crate) may_fetch: bool,
    pub(crate) scan: Option<OpenScan>,
    /// The scan that was open, until the next one is.
    pub(crate) before: Option<OpenScan>,
    /// The last job that has the open scan looked at anew.
    pub(crate) looking: Option<JobId>,
    pub(crate) asking: Option<JobId>,
    pub(crate) surprise: Surprise,
    pub(crate) systems: Systems,
    pub(crate) talk: Talk,
    /// A question that waits until it can be answered.
    pub(crate) waiting: Option<String>,
    /// The question that is being answered, as it was asked.
    pub(crate) asked: Option<String>,
    pub(crate) spot: Spotlight,
    /// How much the last answer looked at each object, as shares.
    pub(crate) weights: Vec<(InstanceId, f32)>,
    pub(crate) hovered: Option<InstanceId>,
    /// Lit in place of the spotlight for as long as something points at them.
    pub(crate) glimpse: Vec<InstanceId>,
    /// For how long the worker has said nothing, while the page was awake, seconds.
    pub(crate) silent_s: f64,
    pub(crate) last_tick_s: f64,
    pub(crate) last_restart_s: f64,
    _listeners: Vec<EventListener>,
    _tick: Interval,
}

impl App {
    pub(crate) fn new(bus: Bus) -> Result<Self, DomError> {
        let mut listeners = intake::listen(&bus)?;
        // Settings first: they set the theme that the view reads.
        let settings = Settings::new(&bus)?;
        listeners.extend(Stage::tools(&bus)?);
        let tick = bus.clone();
        let mend = Mend::new(&bus)?;
        let keys = Keys::new(&bus, &mend.keys())?;
        let mut app = Self {
            port: None,
            stage: Stage::new(&bus)?,
            chat: Chat::new(&bus)?,
            objects: Objects::new(&bus)?,
            reading: Reading::new(&bus)?,
            mend,
            keys,
            kept: Kept::new(&bus)?,
            about: About::new(&bus)?,
            look: Look::new(&bus)?,
            measure: Measure::new(&bus)?,
            progress: Progress::new(&bus)?,
            problem: Problem::new(&bus)?,
            settings,
            composer: Composer::new(&bus)?,
            last_job: 0,
            model: None,
            greeted: false,
            may_fetch: false,
            scan: None,
            before: None,
            looking: None,
            asking: None,
            surprise: Surprise::new(&bus)?,
            systems: Systems::new(&bus)?,
            talk: Talk::new(&bus)?,
            waiting: None,
            asked: None,
            spot: Spotlight::default(),
            weights: Vec::new(),
            hovered: None,
            glimpse: Vec::new(),
            silent_s: 0.0,
            last_tick_s: now_s(),
            last_restart_s: f64::NEG_INFINITY,
            _listeners: listeners,
            _tick: Interval::new(1000, move || tick.send(Msg::Tick)),
            bus,
        };
        app.stage.set_unit(app.look.unit());
        app.restyle();
        app.start_worker();
        kept::look_for_models(&app.bus);
        Ok(app)
    }

    pub(crate) fn update(&mut self, msg: Msg) {
        match msg {
            Msg::Worker(said) => self.hear(said),
            Msg::Files(files) => self.take_files(files),
            Msg::LiftBy(construction) => self.lift_by(construction),
            Msg::OpenSample => {
                let name = t!("Sample room");
                self.open(name, Source::Sample, ScanChoices::default());
            }
            Msg::ReadAgain => self.read_again(),
            Msg::Surprise => self.open_room(super::surprise::any_seed()),
            Msg::MakeRoom(seed) => self.open_room(seed),
            Msg::Refuse { code, message } => {
                self.refuse(&code, &t!("This scan cannot be had"), &message)
            }
            Msg::Theme(theme) => {
                self.settings.set_theme(&self.bus.place, &theme);
                self.stage.recolour();
            }
            Msg::TestRoom => self.test_room(),
            Msg::Ask => self.ask(self.composer.question()),
            Msg::AskThis(question) => self.ask(question),
            Msg::Turn(act, turn) => self.act_on_turn(act, turn),
            Msg::Copied(done) => self.say_copied(done),
            Msg::SaveTalk => self.save_talk(),
            Msg::ClearTalk => self.clear_talk(),
            Msg::WantModel => self.want_model(),
            Msg::WeighKept => {
                self.show_about();
                self.weigh_kept();
            }
            Msg::Weighed(words) => self.kept.say(&words),
            Msg::NotKept => self.composer.say(&t!(
                "This browser has no room to keep the model: it will be fetched again at the next visit."
            )),
            Msg::ForgetModels => self.forget_models(),
            Msg::ForgetAll => self.forget_all(),
            Msg::Stop => self.stop(),
            Msg::ToQuestion => self.composer.focus(),
            Msg::Light(ids) => self.light(ids),
            Msg::Highlight(lit) => self.shine(Spotlight { lit, ..Spotlight::default() }),
            Msg::GoTo(id) => {
                self.shine(Spotlight::default());
                self.light(vec![id]);
            }
            Msg::Select(id) => self.select(id),
            Msg::Hover(id) => self.hover(id),
            Msg::Glimpse(ids) => self.glimpse(ids),
            Msg::Picked(pick, also) => self.picked(pick, also),
            Msg::SelectAlso(id) => self.select_also(id),
            Msg::MoveTo(id, middle) => self.move_to(id, middle),
            Msg::PlaceThing(name, bounds) => self.place_thing(name, bounds),
            Msg::Mend(tool) => self.mend(tool),
            Msg::AskAbout(id) => self.composer.insert(&format!("#{id} ")),
            Msg::Fit => self.stage.fit(None),
            Msg::Zoom(factor) => self.stage.zoom(factor),
            Msg::LookFrom(side) => self.stage.look_from(side),
            Msg::GoHome => self.stage.go_home(),
            Msg::ShowLook => self.toggle_look(),
            Msg::Restyle => self.restyle(),
            Msg::Unclip => {
                self.look.unclip();
                self.restyle();
            }
            Msg::Colours => self.toggle_colours(),
            Msg::Measures => self.take_unit(),
            Msg::TakePicture => self.take_picture(),
            Msg::Picture { labelled, then } => self.stage.picture(labelled, then),
            Msg::ToggleMeasure => self.toggle_measure(),
            Msg::FinishMeasure => self.finish_measure(),
            Msg::ClearMeasure => self.clear_measure(),
            Msg::ToggleWalk => self.stage.toggle_walk(),
            Msg::ShowKeys => self.keys.show(),
            Msg::Backend(choice) => self.choose_backend(choice),
            Msg::Model(name) => self.choose_model(&name),
            Msg::Recolour => self.stage.recolour(),
            Msg::Restart => self.start_worker(),
            Msg::Tick => self.watch(),
        }
    }

    /// Starts the worker, in place of an earlier one. All else follows on its Hello.
    pub(crate) fn start_worker(&mut self) {
        self.port = None;
        self.greeted = false;
        self.model = None;
        self.asking = None;
        self.surprise.testing = None;
        self.mend.job = None;
        self.silent_s = 0.0;
        self.progress.hide();
        match Port::open(&self.bus) {
            Ok(port) => self.port = Some(port),
            Err(error) => {
                let words = t!(
                    "This browser could not start a module worker ({error}).",
                    error = format!("{error:?}")
                );
                self.problem.show("no-worker", &t!("The engine could not start"), &words, &[]);
            }
        }
        self.refresh();
    }

    /// Sends work and gives it its number.
    pub(crate) fn send(&mut self, command: Command, files: &[File]) -> JobId {
        self.last_job += 1;
        let job = JobId(self.last_job);
        let request = Request { version: VERSION, job, command };
        let sent = self.port.as_ref().map(|port| port.send(&request, files));
        if let Some(Err(words)) = sent {
            let title = t!("The engine could not be reached");
            self.problem.show("no-worker", &title, &words, &[Remedy::Restart]);
        }
        job
    }

    pub(super) fn ask(&mut self, question: String) {
        let question = question.trim().to_owned();
        if question.is_empty() {
            return;
        }
        self.composer.clear();
        let ready = self.model.as_ref().is_some_and(|model| model.ready);
        let seen = self.scan.as_ref().is_some_and(|scan| scan.summary.is_some());
        if !ready || !seen || self.is_busy() {
            self.give_up_waiting(&t!("Another question took its place."));
            self.waiting = Some(question);
            self.want_model();
            self.refresh();
            return;
        }
        self.give_up_waiting(&t!("Another question took its place."));
        self.shine(Spotlight::default());
        let turn = self.show_asked(&question);
        self.talk.begin(turn, question.clone());
        let pieces = text::pieces(&question, |id| self.object(id).is_some());
        self.tell_asked(question);
        self.put(text::to_wire(&pieces));
        self.refresh();
    }

    /// Shows a question; its turn's number.
    pub(super) fn show_asked(&mut self, question: &str) -> u32 {
        let pieces = text::pieces(question, |id| self.object(id).is_some());
        let named = |id| self.object(id).map_or_else(|| format!("#{id}"), text::name);
        let names: Vec<(InstanceId, String)> = pieces
            .iter()
            .filter_map(|piece| match piece {
                text::Piece::Object(id) => Some((*id, named(*id))),
                text::Piece::Words(_) => None,
            })
            .collect();
        self.chat.ask(&pieces, |id| {
            names
                .iter()
                .find(|(known, _)| *known == id)
                .map_or_else(String::new, |(_, n)| n.clone())
        })
    }

    /// Whether something is being done that Stop ends.
    pub(crate) fn is_busy(&self) -> bool {
        self.asking.is_some() || self.surprise.testing.is_some() || self.is_making()
    }

    pub(crate) fn stop(&mut self) {
        self.give_up_waiting(&t!("Stopped."));
        self.stop_room();
        if let Some(target) = self.asking.take() {
            self.send(Command::Stop { target }, &[]);
            self.stop_comparing();
            self.end_answer(&t!("Stopped."));
            self.progress.hide();
        }
        self.refresh();
    }

    /// Asks what waited, once it can be answered, and shows what can be done now.
    pub(crate) fn refresh(&mut self) {
        let ready = self.model.as_ref().is_some_and(|model| model.ready);
        let seen = self.scan.as_ref().is_some_and(|scan| scan.summary.is_some());
        if ready
            && seen
            && !self.is_busy()
            && let Some(question) = self.waiting.take()
        {
            self.ask(question);
            return;
        }
        if ready && seen && !self.is_busy() && self.surprise.take_wish() {
            self.test_room();
            return;
        }
        let testing = self.surprise.testing.is_some();
        let fetches = t!(
            "The first question fetches the model ({model}), once.",
            model = self.settings.model_words()
        );
        let hint = match (self.scan.is_some(), seen, ready, self.waiting.is_some()) {
            (false, ..) => t!("Open a scan to ask about it."),
            (_, false, _, true) => t!("Your question will be asked when the objects are found."),
            (_, true, true, true) if testing => t!("Your question will be asked after the test."),
            (_, true, true, true) => t!("Your question will be asked after this answer."),
            (_, true, false, true) => t!("Your question will be asked when the model is ready."),
            (_, false, ..) => t!("Finding out what is in the room…"),
            (_, _, false, _) if !self.may_fetch => fetches,
            (_, _, false, _) => t!("The model is still loading…"),
            _ => String::new(),
        };
        let able = seen && (ready || !self.may_fetch);
        self.composer.set_state(able, self.is_busy(), &hint);
        self.surprise.set_able(able && !self.is_busy());
        self.show_mend();
    }

    pub(crate) fn object(&self, id: InstanceId) -> Option<&ObjectSummary> {
        let summary = self.scan.as_ref()?.summary.as_ref()?;
        summary.objects.iter().find(|object| object.id == id)
    }
}

/// Seconds since the page was opened.
pub(crate) fn now_s() -> f64 {
    dom::window()
        .ok()
        .and_then(|window| window.performance())
        .map_or(0.0, |performance| performance.now() / 1000.0)
}
