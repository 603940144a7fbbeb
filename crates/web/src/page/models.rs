//! Which model answers, on what, and when it is fetched.

use super::app::App;
use protocol::{BackendChoice, Command, JobId};

/// The model, as far as the page knows.
pub(crate) struct Model {
    pub(crate) job: JobId,
    pub(crate) name: String,
    pub(crate) ready: bool,
    /// The one that answers as long as this one does not: where it cannot be had, it stays.
    pub(crate) before: Option<String>,
}

impl App {
    /// From now on the model may be fetched: it is, if it is not there.
    pub(crate) fn want_model(&mut self) {
        self.may_fetch = true;
        if self.greeted && self.model.is_none() {
            self.load_model();
        }
    }

    pub(crate) fn load_model(&mut self) {
        let name = self.settings.model().to_owned();
        let command = Command::LoadModel { name: name.clone(), backend: self.settings.backend() };
        let before = self.model.take().and_then(|old| match old.ready {
            true => Some(old.name),
            false => {
                self.send(Command::Stop { target: old.job }, &[]);
                old.before
            }
        });
        let before = before.filter(|before| *before != name);
        let job = self.send(command, &[]);
        self.model = Some(Model { job, name, ready: false, before });
        self.refresh();
    }

    pub(super) fn choose_backend(&mut self, choice: BackendChoice) {
        self.stop();
        self.settings.set_backend(choice);
        self.problem.hide();
        if self.greeted && self.may_fetch {
            self.load_model();
        }
    }

    pub(super) fn choose_model(&mut self, name: &str) {
        self.stop();
        self.settings.set_model(name);
        self.problem.hide();
        self.may_fetch = true;
        if self.greeted {
            self.load_model();
        }
    }
}
