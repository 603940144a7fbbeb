//! What a person does to the objects found: sets them right, hides them, saves them.

use super::app::App;
use super::bus::{Bus, Msg};
use super::dom::{self, DomError};
use super::events::floats;
use super::intake::SAMPLE_PATH;
use super::opened::{OpenScan, Source};
use super::spotlight::Spotlight;
use crate::words::t;
use crate::{palette, text};
use gloo::events::{EventListener, EventListenerOptions};
use gloo::file::Blob;
use js_sys::{ArrayBuffer, Uint8Array, Uint32Array};
use protocol::{Command, HistorySummary, JobId, ObjectSummary, SceneSummary};
use scene::{Aabb, Edit, InstanceId};
use viewer::Cloud;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlButtonElement, HtmlElement, HtmlInputElement, KeyboardEvent};

/// What has been moved by less has not: a box is computed again from its points.
const MOVED_M: f32 = 1e-3;

/// One tool of the bar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tool {
    /// Make one object of those selected.
    Merge,
    /// Take the one selected apart.
    Split,
    /// Say what it is: asks for the name.
    Name,
    /// Take the name that was typed.
    TakeName,
    /// The next click in the view makes an object of what it hits.
    Add,
    /// What is selected is no object.
    Delete,
    /// Do not show what is selected; with nothing selected, show everything again.
    Hide,
    /// Show nothing but what is selected, or everything again.
    Only,
    /// Show what the encoders weighed about the one selected.
    Inside,
    /// Take the last edit back.
    Undo,
    /// Make it again.
    Redo,
    /// Save the scan with its objects.
    Save,
    /// Leave what was begun.
    Escape,
}

/// The buttons: element, tool, and the key that does the same.
const BUTTONS: [(&str, Tool, &str); 12] = [
    ("mend-merge", Tool::Merge, "m"),
    ("mend-split", Tool::Split, "s"),
    ("mend-name", Tool::Name, "n"),
    ("mend-add", Tool::Add, "a"),
    ("mend-delete", Tool::Delete, "Delete"),
    ("mend-hide", Tool::Hide, "h"),
    ("mend-only", Tool::Only, "i"),
    ("mend-inside", Tool::Inside, "e"),
    ("mend-undo", Tool::Undo, "z"),
    ("mend-redo", Tool::Redo, "y"),
    ("mend-save", Tool::Save, ""),
    ("mend-name-cancel", Tool::Escape, "Escape"),
];

/// The bar under the list of objects.
pub(crate) struct Mend {
    buttons: Vec<(Tool, HtmlButtonElement)>,
    form: HtmlElement,
    input: HtmlInputElement,
    note: HtmlElement,
    pub(crate) history: HistorySummary,
    /// The edit or save that is under way.
    pub(crate) job: Option<JobId>,
    /// Whether the next click in the view makes an object.
    adding: bool,
    pub(crate) hidden: Vec<InstanceId>,
    pub(crate) only_lit: bool,
    _listeners: Vec<EventListener>,
}

impl Mend {
    pub(crate) fn new(bus: &Bus) -> Result<Self, DomError> {
        let (mut buttons, mut listeners) = (Vec::new(), Vec::new());
        for (id, tool, _) in BUTTONS {
            let button: HtmlButtonElement = bus.by_id(id)?;
            let to_page = bus.clone();
            let click = move |_: &Event| to_page.send(Msg::Mend(tool));
            listeners.push(EventListener::new(&button, "click", click));
            buttons.push((tool, button));
        }
        let form: HtmlElement = bus.by_id("mend-form")?;
        let may_prevent = EventListenerOptions::enable_prevent_default();
        let to_page = bus.clone();
        let submit = move |event: &Event| {
            event.prevent_default();
            to_page.send(Msg::Mend(Tool::TakeName));
        };
        listeners.push(EventListener::new_with_options(&form, "submit", may_prevent, submit));
        for id in ["found", "canvas"] {
            let place: HtmlElement = bus.by_id(id)?;
            let keys = key(bus);
            listeners.push(EventListener::new_with_options(&place, "keydown", may_prevent, keys));
        }
        Ok(Self {
            buttons,
            form,
            input: bus.by_id("mend-input")?,
            note: bus.by_id("mend-note")?,
            history: HistorySummary::default(),
            job: None,
            adding: false,
            hidden: Vec::new(),
            only_lit: false,
            _listeners: listeners,
        })
    }

    /// What the tools with a key do, and the key.
    pub(crate) fn keys(&self) -> Vec<(String, String)> {
        let of_one = |(_, own, key): &(&str, Tool, &str)| {
            let (_, button) = self.buttons.iter().find(|(tool, _)| tool == own)?;
            // The key stands behind what the button says of itself.
            let title = button.title();
            let words = title.split(" (").next().unwrap_or_default().to_owned();
            let held = match own {
                Tool::Undo | Tool::Redo => t!("Ctrl + {key}", key = key.to_uppercase()),
                _ => key.to_uppercase(),
            };
            let is_told = !words.is_empty() && !key.is_empty();
            is_told.then_some((words, held))
        };
        BUTTONS.iter().filter_map(of_one).collect()
    }

    /// Another scan: nothing is hidden and nothing edited. The colours stay as they were chosen.
    pub(crate) fn clear(&mut self) {
        self.history = HistorySummary::default();
        (self.job, self.adding, self.only_lit) = (None, false, false);
        self.hidden.clear();
        self.say("");
        dom::set_hidden(&self.form, true);
    }

    /// Shows what can be done with so many objects selected.
    fn set_state(&self, selected: usize, can_edit: bool) {
        for (tool, button) in &self.buttons {
            let able = match tool {
                Tool::Merge => can_edit && selected > 1,
                Tool::Split | Tool::Name | Tool::Inside => can_edit && selected == 1,
                Tool::Delete => can_edit && selected > 0,
                Tool::Add => can_edit,
                Tool::Hide => selected > 0 || !self.hidden.is_empty(),
                Tool::Only => selected > 0 || self.only_lit,
                Tool::Undo => can_edit && self.history.undo,
                Tool::Redo => can_edit && self.history.redo,
                Tool::Save => can_edit,
                Tool::TakeName | Tool::Escape => true,
            };
            button.set_disabled(!able);
            let pressed = match tool {
                Tool::Add => Some(self.adding),
                Tool::Only => Some(self.only_lit),
                _ => None,
            };
            if let Some(on) = pressed {
                dom::set_attr(button, "aria-pressed", if on { "true" } else { "false" });
            }
            if *tool == Tool::Hide {
                let words = if selected == 0 && able { t!("Show all") } else { t!("Hide") };
                button.set_text_content(Some(&words));
            }
        }
    }

    pub(crate) fn say(&self, words: &str) {
        self.note.set_text_content(Some(words));
        dom::set_hidden(&self.note, words.is_empty());
    }
}

/// Keys on the list and on the view; what is being typed is left alone.
fn key(bus: &Bus) -> impl FnMut(&Event) + 'static {
    let bus = bus.clone();
    move |event| {
        let Some(event) = event.dyn_ref::<KeyboardEvent>() else { return };
        let typing = event
            .target()
            .and_then(|target| target.dyn_into::<Element>().ok())
            .is_some_and(|element| ["INPUT", "SELECT", "TEXTAREA"].contains(&&*element.tag_name()));
        let with_command = event.ctrl_key() || event.meta_key();
        let pressed = event.key();
        let tool = match pressed.as_str() {
            "Escape" => Some(Tool::Escape),
            _ if typing || event.alt_key() => None,
            "z" | "Z" if with_command && event.shift_key() => Some(Tool::Redo),
            "z" if with_command => Some(Tool::Undo),
            "y" if with_command => Some(Tool::Redo),
            "F2" => Some(Tool::Name),
            "Backspace" => Some(Tool::Delete),
            _ if with_command => None,
            key => {
                let alone = |tool: &Tool| !matches!(tool, Tool::Undo | Tool::Redo);
                let known = BUTTONS.iter().find(|(_, tool, own)| alone(tool) && *own == key);
                known.map(|(_, tool, _)| *tool)
            }
        };
        if let Some(tool) = tool {
            event.prevent_default();
            bus.send(Msg::Mend(tool));
        }
    }
}

impl App {
    /// Does what a tool or its key asks for, where it can be done.
    pub(crate) fn mend(&mut self, tool: Tool) {
        let selected = self.spot.lit.clone();
        let can_edit = self.can_edit();
        match (tool, selected.as_slice()) {
            (Tool::Merge, [_, _, ..]) if can_edit => self.edit(Edit::Merge { ids: selected }),
            (Tool::Split, [id]) if can_edit => self.edit(Edit::Split { id: *id }),
            (Tool::Delete, [_, ..]) if can_edit => {
                selected.into_iter().for_each(|id| self.edit(Edit::Delete { id }));
            }
            (Tool::Name, [id]) if can_edit => self.ask_name(*id),
            (Tool::TakeName, [id]) if can_edit => {
                let name = self.mend.input.value().trim().to_owned();
                self.leave();
                self.edit(Edit::Rename { id: *id, name });
            }
            (Tool::Add, _) if can_edit => {
                self.mend.adding = !self.mend.adding;
                let words = t!("Click on the thing that was missed.");
                self.mend.say(if self.mend.adding { &words } else { "" });
            }
            (Tool::Undo, _) if can_edit => self.send_edit(Command::Undo),
            (Tool::Redo, _) if can_edit => self.send_edit(Command::Redo),
            (Tool::Inside, [id]) if can_edit => self.see_inside(*id),
            (Tool::Save, _) if can_edit => self.save(),
            (Tool::Hide, []) => self.mend.hidden.clear(),
            (Tool::Hide, _) => {
                self.mend.hidden.extend(selected);
                self.mend.only_lit = false;
                self.shine(Spotlight::default());
            }
            (Tool::Only, _) => self.mend.only_lit = !self.mend.only_lit && !selected.is_empty(),
            (Tool::Escape, _) => {
                self.leave_view_tools();
                self.escape();
            }
            _ => {}
        }
        self.show_mend();
        self.show_marks();
    }

    /// Whether the engine is free to change the objects of the open scan.
    fn can_edit(&self) -> bool {
        let seen = self.scan.as_ref().is_some_and(|scan| scan.summary.is_some());
        seen && !self.is_busy() && self.mend.job.is_none()
    }

    /// Brings the bar up to date with what is selected and what goes on.
    pub(crate) fn show_mend(&self) {
        self.objects.set_hidden(&self.mend.hidden);
        self.objects.set_colours(|id| palette::to_hex(self.colour_of(id)));
        self.mend.set_state(self.spot.lit.len(), self.can_edit());
    }

    fn ask_name(&mut self, id: InstanceId) {
        let name = self.object(id).map(|object| object.label.clone()).unwrap_or_default();
        self.mend.input.set_value(&name);
        dom::set_hidden(&self.mend.form, false);
        // Without focus it can still be clicked into.
        let _ = self.mend.input.focus();
        self.mend.input.select();
    }

    /// Closes what a tool has opened; whether there was something.
    fn leave(&mut self) -> bool {
        let open = self.mend.adding || !self.mend.form.hidden();
        self.mend.adding = false;
        self.mend.say("");
        dom::set_hidden(&self.mend.form, true);
        open
    }

    fn escape(&mut self) {
        if !self.leave() {
            self.mend.only_lit = false;
            self.shine(Spotlight::default());
        }
    }

    /// A click in the view: what it means depends on the tool. `also` adds to what is selected.
    pub(crate) fn picked(&mut self, pick: Option<viewer::Pick>, also: bool) {
        if !self.measure.is_open() && !self.mend.adding {
            self.tell_picked(pick.and_then(|pick| pick.instance));
        }
        match pick {
            pick if self.measure.is_open() => self.measure_at(pick.map(|pick| pick.position)),
            Some(pick) if self.mend.adding => {
                self.leave();
                self.edit(Edit::Grow { point: pick.point as u32 });
                self.show_mend();
            }
            Some(viewer::Pick { instance: Some(id), .. }) if also => self.select_also(id),
            Some(viewer::Pick { instance: Some(id), .. }) => self.select(id),
            _ if also || self.mend.adding => {}
            _ => {
                self.mend.only_lit = false;
                self.shine(Spotlight::default());
            }
        }
    }

    /// Moves an object, box and points, so that the middle of its box comes there.
    pub(crate) fn move_to(&mut self, id: InstanceId, middle: [f32; 3]) {
        if self.mend.job.is_some() {
            // By how much depends on where the change under way leaves it.
            self.mend.say(&t!("Another change is being made. Press again when it is done."));
            return self.chat.offer_again(id);
        }
        let Some(object) = self.object(id) else { return };
        let by = glam::Vec3::from(middle) - object.box_in_scene.centre();
        self.edit(Edit::Move { id, by: by.to_array() });
    }

    /// Puts a new thing there, with points on its surface.
    pub(crate) fn place_thing(&mut self, name: String, bounds: Aabb) {
        self.edit(Edit::Place { name, bounds });
    }

    fn edit(&mut self, edit: Edit) {
        self.send_edit(Command::Edit(edit));
    }

    fn send_edit(&mut self, command: Command) {
        self.mend.say("");
        let job = self.send(command.clone(), &[]);
        self.mend.job = Some(job);
        if let Some(scan) = &mut self.scan {
            scan.edits.push((job, command));
        }
        self.refresh();
    }

    /// Makes the edits again that an engine which broke had made.
    pub(crate) fn edit_again(&mut self) {
        let Some(scan) = &mut self.scan else { return };
        let edits = std::mem::take(&mut scan.edits);
        edits.into_iter().for_each(|(_, command)| self.send_edit(command));
    }

    /// Whether an object is elsewhere than it was.
    fn has_moved(&self, now: &ObjectSummary) -> bool {
        let by = |before: &ObjectSummary| {
            before.box_in_scene.centre().distance(now.box_in_scene.centre())
        };
        self.object(now.id).is_some_and(|before| by(before) > MOVED_M)
    }

    pub(crate) fn on_edited(
        &mut self,
        job: JobId,
        scene: SceneSummary,
        chips: &[String],
        history: HistorySummary,
        columns: &[ArrayBuffer],
    ) {
        let instances = columns.first().map(|ids| Uint32Array::new(ids).to_vec());
        let instances = instances.unwrap_or_default();
        let points_before = self.scan.as_ref().and_then(|scan| scan.summary.as_ref());
        let has_grown = points_before.is_some_and(|before| before.points != scene.points);
        match columns.get(1).map(floats).filter(|positions| !positions.is_empty()) {
            Some(positions) if has_grown => {
                let colours = columns.get(2).map(|bytes| Uint8Array::new(bytes).to_vec());
                let colours = colours.unwrap_or_default();
                let positions = positions.as_chunks::<3>().0;
                let colours = colours.as_chunks::<3>().0;
                let (bounds, most) = (scene.bounds, super::stage::point_budget());
                let mut cloud = Cloud::new(positions, colours, bounds, glam::Vec3::Z, most);
                cloud.place(positions, &instances, scene.bounds);
                self.stage.regrow(cloud);
            }
            Some(positions) => {
                self.stage.shift(positions.as_chunks::<3>().0, &instances, scene.bounds);
            }
            None => self.stage.relabel(&instances),
        }
        self.objects.show(&scene.objects, &scene.warnings, self.look.unit());
        self.progress.hide();
        let known: Vec<InstanceId> = scene.objects.iter().map(|object| object.id).collect();
        let before = |id: &InstanceId| self.object(*id).is_some();
        let new: Vec<InstanceId> = known.iter().copied().filter(|id| !before(id)).collect();
        let moved: Vec<&ObjectSummary> =
            scene.objects.iter().filter(|object| self.has_moved(object)).collect();
        let mut lit = self.spot.lit.clone();
        lit.retain(|id| known.contains(id));
        lit.extend(&new);
        // What stands on a moved thing goes along; nobody should have to find that out.
        if moved.len() > 1 {
            let names: Vec<String> = moved.iter().map(|object| text::name(object)).collect();
            self.mend.say(&t!("These moved together: {names}.", names = names.join(", ")));
            lit.extend(moved.iter().map(|object| object.id));
        }
        self.mend.hidden.retain(|id| known.contains(id));
        self.mend.history = history;
        if let Some(scan) = &mut self.scan {
            scan.summary = Some(scene);
        }
        // A made-up room brings its own questions.
        if !matches!(&self.scan, Some(OpenScan { source: Source::Room(_), .. })) {
            self.composer.set_chips(chips, |id| known.contains(&id));
        }
        if self.mend.job == Some(job) {
            self.mend.job = None;
        }
        self.shine(Spotlight { lit, ..Spotlight::default() });
        self.refresh();
    }

    /// An edit could not be made: the scan is as it was.
    pub(crate) fn on_refused_edit(&mut self, job: JobId, message: &str) {
        if let Some(scan) = &mut self.scan {
            scan.edits.retain(|(made, _)| *made != job);
        }
        self.mend.job = None;
        self.mend.say(message);
        self.show_mend();
    }

    fn save(&mut self) {
        let Some(OpenScan { source, .. }) = &self.scan else { return };
        let (path, file) = match source {
            Source::File(file) => (None, Some(file.clone())),
            Source::Sample => (Some(SAMPLE_PATH.to_owned()), None),
            Source::Room(_) => (None, None),
        };
        self.mend.job = Some(self.send(Command::Save { path }, file.as_slice()));
        self.refresh();
    }

    pub(crate) fn on_saved(&mut self, objects: &str, columns: &[ArrayBuffer]) {
        self.mend.job = None;
        self.progress.hide();
        let name = self.scan.as_ref().map_or("scan", |scan| &scan.name);
        let stem = name.strip_suffix(".ply").unwrap_or(name).to_owned();
        if let Some(ply) = columns.first() {
            dom::download(&format!("{stem}-objects.ply"), &Blob::new(ply.clone()));
        }
        dom::download(&format!("{stem}-objects.json"), &Blob::new(objects));
        self.mend.say(&t!("Saved: the scan with the columns “instance” and “label”, and a list."));
        self.refresh();
    }
}
