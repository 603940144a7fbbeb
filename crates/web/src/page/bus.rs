use super::app::App;
use super::dom::{DomError, Place};
use super::mend::Tool;
use super::picture::OnPicture;
use super::port::FromWorker;
use super::talk::Act;
use protocol::BackendChoice;
use scene::{Aabb, InstanceId};
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;
use viewer::Side;
use wasm_bindgen::JsCast;

/// Everything that can happen on the page.
#[allow(clippy::large_enum_variant, reason = "messages are handled one at a time, never stored")]
pub(crate) enum Msg {
    /// The worker said something, or broke.
    Worker(FromWorker),
    /// Open the scan among files that the person dropped or picked, and take the photographs.
    Files(Vec<web_sys::File>),
    /// Lift features of views to points in this way: `direct`, `fusion` or `field`.
    LiftBy(String),
    /// Open the room that comes with the page.
    OpenSample,
    /// Open the scan again, read as the person chose.
    ReadAgain,
    /// Make a room up and open it.
    Surprise,
    /// Make the room of this seed up and open it.
    MakeRoom(u32),
    /// A scan that was asked for cannot be had.
    Refuse { code: String, message: String },
    /// Take this appearance.
    Theme(String),
    /// Put the questions of the made-up room to the model.
    TestRoom,
    /// Send the question in the box.
    Ask,
    /// Put this into the box and send it.
    AskThis(String),
    /// Go to the question box.
    ToQuestion,
    /// Do this with a turn of the conversation.
    Turn(Act, u32),
    /// Whether an answer has come to the clipboard.
    Copied(bool),
    /// Save the conversation.
    SaveTalk,
    /// Let the conversation go.
    ClearTalk,
    /// Somebody wants answers: the model may be fetched.
    WantModel,
    /// Find out how much this browser keeps.
    WeighKept,
    /// So much, in words.
    Weighed(String),
    /// There was no room to keep the model.
    NotKept,
    /// Let the kept models go.
    ForgetModels,
    /// Let everything go.
    ForgetAll,
    /// Give up the running work.
    Stop,
    /// Light these, as named in an answer; again: turn them off.
    Light(Vec<InstanceId>),
    /// Light these while the pointer or the focus is on what names them; nothing: no more.
    Glimpse(Vec<InstanceId>),
    /// Light one object of the list and go there; again: turn it off.
    Select(InstanceId),
    /// Outline an object while the pointer or the focus is on it.
    Hover(Option<InstanceId>),
    /// Light these and nothing else, whatever is lit.
    Highlight(Vec<InstanceId>),
    /// Light one object and go there.
    GoTo(InstanceId),
    /// The person clicked here in the view; whether to add to what is selected.
    Picked(Option<viewer::Pick>, bool),
    /// Select this object of the list too, or no more.
    SelectAlso(InstanceId),
    /// Move this object so that the middle of its box comes here, scene frame, metres.
    MoveTo(InstanceId, [f32; 3]),
    /// Put a new thing of this name there, scene frame, metres.
    PlaceThing(String, Aabb),
    /// Use a tool on what is selected.
    Mend(Tool),
    /// Put the object into the question box.
    AskAbout(InstanceId),
    /// Show the whole scan.
    Fit,
    /// Come nearer or go away.
    Zoom(f32),
    /// See the whole scan from one side.
    LookFrom(Side),
    /// See it as at first.
    GoHome,
    /// Open the panel of the view, or close it.
    ShowLook,
    /// Show the points as the panel says.
    Restyle,
    /// Cut nothing off any more.
    Unclip,
    /// A colour for each object, or the scan's own again.
    Colours,
    /// Show lengths in the unit chosen, and what is measured as chosen.
    Measures,
    /// Save the view as a picture.
    TakePicture,
    /// Take a picture for somebody else.
    Picture { labelled: bool, then: OnPicture },
    /// Take the measuring tool, or lay it down.
    ToggleMeasure,
    /// The last point is measured.
    FinishMeasure,
    /// Measure anew.
    ClearMeasure,
    /// List the keys.
    ShowKeys,
    /// Walk through the scan, or turn round it again.
    ToggleWalk,
    /// Choose what answers.
    Backend(BackendChoice),
    /// Answer with the model of this folder.
    Model(String),
    /// The colours of the page changed.
    Recolour,
    /// Start the worker anew.
    Restart,
    /// A second has passed.
    Tick,
}

/// Carries messages to the one state, one after the other.
///
/// A listener may fire while the state is being changed (focus moves when a button is removed);
/// its message then waits its turn.
#[derive(Clone)]
pub(crate) struct Bus {
    pub(crate) place: Place,
    queue: Rc<RefCell<VecDeque<Msg>>>,
    app: Rc<RefCell<Option<App>>>,
    ended: Rc<Cell<bool>>,
}

impl Bus {
    pub(crate) fn new(place: Place) -> Self {
        Self { place, queue: Rc::default(), app: Rc::default(), ended: Rc::default() }
    }

    /// The element of ours with this id.
    pub(crate) fn by_id<T: JsCast>(&self, id: &str) -> Result<T, DomError> {
        self.place.by_id(id)
    }

    /// No message reaches anything any more, and all that listened is gone.
    pub(crate) fn end(&self) {
        self.ended.set(true);
        self.drain();
    }

    /// From now on messages reach `app`.
    pub(crate) fn run(&self, app: App) {
        if let Ok(mut slot) = self.app.try_borrow_mut() {
            *slot = Some(app);
        }
        self.drain();
    }

    pub(crate) fn send(&self, msg: Msg) {
        self.queue.borrow_mut().push_back(msg);
        self.drain();
    }

    fn drain(&self) {
        let Ok(mut slot) = self.app.try_borrow_mut() else { return };
        let Some(app) = slot.as_mut() else { return };
        while !self.ended.get() {
            let next = self.queue.borrow_mut().pop_front();
            match next {
                Some(msg) => app.update(msg),
                None => return,
            }
        }
        let last = slot.take();
        drop(slot);
        drop(last);
    }
}
