//! What the page does when the worker speaks, or stops speaking.

use super::app::{App, now_s};
use super::dom;
use super::kept;
use super::lock::show_lock;
use super::opened::{OpenScan, Source};
use super::port::FromWorker;
use super::problem::Remedy;
use super::spotlight::Spotlight;
use crate::text;
use crate::words::{self, t};
use glam::Vec3;
use js_sys::{ArrayBuffer, Float32Array, Uint8Array, Uint32Array};
use protocol::{AskReport, Event, JobId, ObjectSummary, Phase, SceneSummary, VERSION};
use scene::{Aabb, Answer, InstanceId};
use viewer::Cloud;
use web_sys::HtmlElement;

/// Silence after which a person is told, seconds. A long step on a slow machine is no fault.
const SILENCE_S: f64 = 12.0;
/// After so much more it is taken for dead. No step of its work takes half as long, on software graphics either.
const HUNG_S: f64 = 60.0;
/// More than this between two ticks was no waiting.
const MOST_OF_A_TICK_S: f64 = 2.0;
/// A worker that breaks again this soon is not restarted without being asked, seconds.
const RESTART_PAUSE_S: f64 = 30.0;
/// The problem that passes when the worker is heard again.
const SILENT: &str = "engine-silent";

/// How far over the floor a way is drawn, metres.
const ABOVE_FLOOR_M: f32 = 0.05;

impl App {
    pub(crate) fn hear(&mut self, said: FromWorker) {
        self.silent_s = 0.0;
        self.problem.solved(SILENT);
        match said {
            FromWorker::Broken(words) => self.worker_broke(&words),
            FromWorker::Event(event, columns) => self.on_event(event, columns),
        }
    }

    fn on_event(&mut self, event: Event, columns: Vec<ArrayBuffer>) {
        match event {
            Event::Hello { version, canary_blocked } => self.on_hello(version, canary_blocked),
            Event::Heartbeat => {}
            // The answers of a test are not told token by token.
            Event::Progress { job, phase, .. } if self.is_test(job) && phase != Phase::Test => {}
            Event::Progress { job, phase, done, total } if self.is_current(job) => {
                // The last thing done with a scan; nothing else tells its end.
                if phase == Phase::Prefill && Some(done) == total {
                    self.progress.hide();
                } else {
                    self.progress.show(phase, done, total);
                }
            }
            Event::ModelReady { job, systems, backend, bytes, .. } if self.is_model(job) => {
                self.systems.offer(systems);
                self.about.runs = Some((backend, bytes));
                if let Some(model) = &mut self.model {
                    (model.ready, model.before) = (true, None);
                }
                self.progress.hide();
                self.refresh();
                kept::see_whether_kept(&self.bus);
            }
            Event::DeviceLost { losses, backend, .. } => {
                if let Some((runs, _)) = &mut self.about.runs {
                    *runs = backend;
                }
                self.on_device_lost(losses);
            }
            Event::Points { job, bounds, coloured, .. } if self.is_scan(job) => {
                self.on_points(&columns, bounds, coloured);
            }
            // Another model, photographs or a construction have the open scan looked at anew.
            Event::SceneReady { job, scene, chips }
                if self.is_scan(job) || self.is_model(job) || self.looking == Some(job) =>
            {
                self.on_scene(scene, &chips, &columns);
                if self.is_scan(job) {
                    self.restore_talk();
                    self.edit_again();
                }
            }
            Event::Edited { job, scene, chips, history } if self.is_mending(job) => {
                self.on_edited(job, scene, &chips, history, &columns);
            }
            Event::Saved { job, objects } if self.is_mending(job) => {
                self.on_saved(&objects, &columns);
            }
            Event::RoomReady { job, seed, questions } if self.is_scan(job) => {
                self.on_room(seed, questions);
            }
            Event::Checked { job, question, right } if self.asking == Some(job) => {
                self.surprise.checked = Some((question, right));
            }
            Event::Judged { job, question, said, right } if self.is_test(job) => {
                self.on_judged(question, said, right);
            }
            Event::Tested { job, scores, stopped } if self.is_test(job) => {
                self.on_tested(&scores, stopped);
            }
            Event::Partial { job, answer } if self.asking == Some(job) => {
                if !self.systems.is_comparing() {
                    self.chat.partial(&answer, self.look.unit());
                }
                self.shine_on(&answer);
                self.tell_partly(&answer);
            }
            Event::Answered { job, report } if self.asking == Some(job) => self.on_answer(&report),
            Event::Inside { job, inside } if self.asking == Some(job) => {
                self.on_inside(&inside, &columns);
            }
            Event::Stopped { job } if self.is_current(job) => {
                if self.is_test(job) {
                    self.surprise.testing = None;
                    self.chat.end(&t!("Stopped."));
                }
                if self.asking == Some(job) {
                    self.asking = None;
                    self.stop_comparing();
                    self.end_answer(&t!("Stopped."));
                }
                self.progress.hide();
                self.refresh();
            }
            Event::Failed { job, code, message, recoverable } => {
                self.on_failure(job, &code, &words::message(&message), recoverable);
            }
            // Of a job that nobody waits for any more.
            _ => {}
        }
    }

    /// The model that was to come does not: the one before, if any, stays. Whether there was one.
    fn keeps_model(&mut self) -> bool {
        let Some(model) = &mut self.model else { return false };
        let Some(before) = model.before.take() else { return false };
        (model.ready, model.name) = (true, before);
        self.settings.set_model(&model.name);
        true
    }

    fn is_model(&self, job: JobId) -> bool {
        self.model.as_ref().is_some_and(|model| model.job == job)
    }

    pub(crate) fn is_scan(&self, job: JobId) -> bool {
        self.scan.as_ref().is_some_and(|scan| scan.job == job)
    }

    fn is_mending(&self, job: JobId) -> bool {
        self.mend.job == Some(job)
    }

    fn is_current(&self, job: JobId) -> bool {
        let known = self.is_scan(job)
            || self.is_model(job)
            || self.is_mending(job)
            || self.looking == Some(job);
        self.asking == Some(job) || self.is_test(job) || known
    }

    fn on_hello(&mut self, version: u32, canary_blocked: Option<bool>) {
        show_lock(&self.bus, canary_blocked);
        self.tell_lock(canary_blocked == Some(true));
        if version != VERSION {
            let words = t!(
                "The page and its engine are of different versions. Reload the page; if that does \
                 not help, empty the browser's cache for this address."
            );
            self.problem.show("protocol-version", &t!("Old and new parts are mixed"), &words, &[]);
            return;
        }
        self.greeted = true;
        if self.may_fetch {
            self.load_model();
        }
        if let Some(construction) = self.settings.construction() {
            self.lift_by(construction);
        }
        // After a restart, the scan that was open.
        if let Some(OpenScan { source, name, choices, photos, edits, .. }) = self.scan.take() {
            self.send_scan(name, source, choices, photos, edits);
        }
    }

    fn on_points(&mut self, columns: &[ArrayBuffer], bounds: Aabb, coloured: bool) {
        let positions = columns.first().map(floats).unwrap_or_default();
        let colours = match columns.get(1) {
            Some(buffer) if coloured => Uint8Array::new(buffer).to_vec(),
            _ => Vec::new(),
        };
        let (positions, colours) = (positions.as_chunks::<3>().0, colours.as_chunks::<3>().0);
        let (up, most) = (likely_up(&bounds), super::stage::point_budget());
        self.stage.show(Cloud::new(positions, colours, bounds, up, most));
        self.restyle();
        self.stage.mark(viewer::Marks::default(), Vec::new());
    }

    fn on_scene(&mut self, scene: SceneSummary, chips: &[String], columns: &[ArrayBuffer]) {
        let positions = columns.first().map(floats).unwrap_or_default();
        let instances =
            columns.get(1).map(|ids| Uint32Array::new(ids).to_vec()).unwrap_or_default();
        self.stage.place(positions.as_chunks::<3>().0, &instances, scene.bounds);
        self.objects.show(&scene.objects, &scene.warnings, self.look.unit());
        let points = text::count(u64::from(scene.points));
        let most = super::stage::point_budget() as u64;
        let drawn = match u64::from(scene.points) > most {
            true => format!(", {}", t!("{count} of them drawn", count = text::count(most))),
            false => String::new(),
        };
        let points = t!("{count} points", count = points);
        self.show_name(Some(&format!("{} · {points}{drawn}", scene.name)));
        self.progress.hide();
        self.progress.say(&text::found(scene.objects.len()));
        self.before = None;
        self.tell_scene(&scene);
        let known: Vec<InstanceId> = scene.objects.iter().map(|object| object.id).collect();
        let made_up = matches!(&self.scan, Some(OpenScan { source: Source::Room(_), .. }));
        if let Some(scan) = &mut self.scan {
            if !made_up {
                self.reading.show(&scene, &scan.choices);
            }
            scan.summary = Some(scene);
        }
        // A made-up room brings its own questions.
        if !made_up {
            self.composer.set_chips(chips, |id| known.contains(&id));
        }
        self.refresh();
    }

    fn on_answer(&mut self, report: &AskReport) {
        self.asking = None;
        self.progress.hide();
        self.talk.answered(report);
        self.about.last = Some(report.clone());
        let check = self.check();
        self.weights = report.attention.objects.iter().map(|one| (one.id, one.share)).collect();
        if self.systems.is_comparing() {
            if self.compared(report) {
                self.tell_answer(report);
                return;
            }
        } else {
            self.finish_answer(report, check);
        }
        self.close_turn(None);
        self.shine_on(&Answer {
            spans: report.spans.clone(),
            way: report.way.clone(),
            placement: report.placement.clone(),
        });
        let boxes: Vec<Aabb> = report.objects.iter().map(|object| object.box_in_scene).collect();
        if !self.stage.sees(&boxes) {
            self.stage.fit(None);
        }
        self.tell_answer(report);
        self.refresh();
    }

    /// Shows a whole answer.
    pub(super) fn finish_answer(&mut self, report: &AskReport, check: Option<HtmlElement>) {
        let objects = self.scan.as_ref().and_then(|scan| scan.summary.as_ref());
        let objects = objects.map(|scene| scene.objects.as_slice()).unwrap_or_default();
        let one = |id| objects.iter().find(|object: &&ObjectSummary| object.id == id);
        let unit = self.look.unit();
        self.chat.finish(report, check, unit, |id| one(id).map(text::name));
    }

    fn shine_on(&mut self, answer: &Answer) {
        let unit = self.look.unit();
        let lines = answer.spans.iter().filter_map(|span| {
            let measured = span.measured.as_ref()?;
            let line = measured.line_in_scene?.map(Vec3::from);
            let (value, band) = text::value_and_band(&span.text, Some(measured), unit);
            Some((line, [value, band.unwrap_or_default()].join(" ").trim_end().to_owned()))
        });
        let caption = Some(text::short(&answer.text(), 60)).filter(|words| !words.is_empty());
        let lines = lines.collect();
        let corners = answer.way.iter().flat_map(|way| &way.corners_in_scene);
        let ghost = answer.placement.as_ref().and_then(|placement| {
            let moved = placement.object.and_then(|id| self.object(id)).map(text::name);
            Some((placement.bounds_in_scene?, moved.unwrap_or_else(|| placement.name.clone())))
        });
        self.shine(Spotlight {
            lit: answer.objects(),
            lines,
            // A little over the floor, or its points would hide the way.
            way: corners.map(|at| Vec3::from(*at) + Vec3::Z * ABOVE_FLOOR_M).collect(),
            ghost,
            caption,
        });
    }

    fn on_failure(&mut self, job: Option<JobId>, code: &str, message: &str, recoverable: bool) {
        if !recoverable {
            self.worker_broke(message);
            return;
        }
        match job {
            Some(job) if self.asking == Some(job) => {
                self.asking = None;
                self.stop_comparing();
                self.end_answer(message);
                // What breaks a processor once breaks the next question too.
                if ["gpu", "language-model", "encoder"].contains(&code) {
                    let title = t!("The model could not go on");
                    let remedies = [Remedy::Restart, Remedy::UseCpu, Remedy::Dismiss];
                    self.problem.show(code, &title, message, &remedies);
                }
            }
            Some(job) if self.is_test(job) => {
                self.surprise.testing = None;
                self.chat.end(message);
            }
            Some(job) if self.is_mending(job) => self.on_refused_edit(job, message),
            Some(job) if self.looking == Some(job) => {
                self.looking = None;
                if code.starts_with("photos") {
                    if let Some(scan) = &mut self.scan {
                        scan.photos.clear();
                    }
                    let title = t!("These photographs could not be used");
                    self.problem.show(code, &title, message, &[Remedy::Dismiss]);
                } else {
                    let remedies = [Remedy::Restart, Remedy::UseCpu, Remedy::Dismiss];
                    self.problem.show(
                        code,
                        &t!("The scan could not be looked at anew"),
                        message,
                        &remedies,
                    );
                }
            }
            Some(job) if self.is_scan(job) => {
                self.open_before();
                let title = match code == "room-maker" {
                    true => t!("No room could be made"),
                    false => t!("This file could not be opened"),
                };
                self.refuse(code, &title, message);
            }
            Some(job) if self.is_model(job) && self.keeps_model() => {
                let title = t!("The other model could not be had");
                let message = &format!("{message} {}", t!("Until then the one before answers."));
                self.problem.show(code, &title, message, &[Remedy::Dismiss]);
            }
            Some(job) if self.is_model(job) => {
                let first = if code == "gpu" { Remedy::UseCpu } else { Remedy::Restart };
                let title = t!("The model could not be started");
                self.problem.show(code, &title, message, &[first, Remedy::Dismiss]);
            }
            Some(_) => return,
            None => {
                let title = t!("Something went wrong");
                self.problem.show(code, &title, message, &[Remedy::Restart, Remedy::Dismiss]);
            }
        }
        self.progress.hide();
        self.refresh();
    }

    /// A scan is not to be had, for this reason.
    pub(crate) fn refuse(&mut self, code: &str, title: &str, message: &str) {
        self.problem.show(code, title, message, &[Remedy::OtherScan, Remedy::Dismiss]);
        self.tell_refused(code, title, message);
    }

    /// The worker is gone: a new one takes the scan over, unless that was just tried.
    fn worker_broke(&mut self, words: &str) {
        web_sys::console::error_1(&words.into());
        if self.asking.take().is_some() || self.surprise.testing.take().is_some() {
            self.stop_comparing();
            self.end_answer(&t!("The engine broke down before it could finish this answer."));
        }
        self.give_up_waiting(&t!("The engine broke down."));
        let again = now_s() - self.last_restart_s < RESTART_PAUSE_S;
        self.last_restart_s = now_s();
        if again {
            self.port = None;
            self.model = None;
            self.progress.hide();
            let title = t!("The engine broke down again");
            let advice =
                t!("Start it anew; if it breaks once more, try the CPU or a smaller scan.");
            let advice = format!("{words} {advice}");
            let remedies = [Remedy::Restart, Remedy::OtherScan];
            self.problem.show("engine-broke", &title, &advice, &remedies);
            self.refresh();
        } else {
            let title = t!("The engine broke down and was started anew");
            self.problem.show("engine-restarted", &title, words, &[Remedy::Dismiss]);
            self.start_worker();
        }
    }

    /// The engine has helped itself; a person should know why it took a moment, and what is slower now.
    fn on_device_lost(&mut self, losses: u32) {
        let (title, words) = match losses {
            0 | 1 => (
                t!("The graphics processor broke down and was started anew"),
                t!("Nothing was lost: the answer goes on where it was."),
            ),
            _ => (
                t!("The graphics processor broke down again"),
                t!(
                    "Nothing was lost: from now on the CPU answers, more slowly. Choose the graphics \
                     processor in the settings to try it once more."
                ),
            ),
        };
        self.problem.show("gpu-lost", &title, &words, &[Remedy::Dismiss]);
    }

    /// Once a second: is the worker still there? A page that was put to sleep takes no time for silence.
    pub(crate) fn watch(&mut self) {
        let now = now_s();
        self.silent_s += (now - self.last_tick_s).min(MOST_OF_A_TICK_S);
        self.last_tick_s = now;
        if self.port.is_none() {
            return;
        }
        if self.silent_s > HUNG_S {
            self.worker_broke(&t!("It had said nothing for a minute."));
        } else if self.silent_s > SILENCE_S && self.problem.may_tell(SILENT) {
            let words = t!(
                "It may only be slow: a large scan or a software graphics driver can keep it busy. \
                 This note goes when it speaks again."
            );
            let remedies = [Remedy::Restart, Remedy::Dismiss];
            let title = t!("The engine has been silent for a while");
            self.problem.show(SILENT, &title, &words, &remedies);
        }
    }

    pub(crate) fn welcome(&self, shown: bool) {
        if let Ok(welcome) = self.bus.by_id::<HtmlElement>("welcome") {
            dom::set_hidden(&welcome, !shown);
        }
    }
}

pub(super) fn floats(buffer: &ArrayBuffer) -> Vec<f32> {
    Float32Array::new(buffer).to_vec()
}

/// Before a scan is understood: rooms are lower than they are wide.
fn likely_up(bounds: &Aabb) -> Vec3 {
    let size = bounds.size();
    if size.y < size.z.min(size.x) { Vec3::Y } else { Vec3::Z }
}
