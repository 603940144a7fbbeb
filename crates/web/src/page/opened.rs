//! The scan that is open: where it came from, its photographs, and opening another one.

use super::app::App;
use super::intake;
use super::problem::Remedy;
use super::spotlight::Spotlight;
use crate::words::t;
use protocol::{Command, JobId, ScanChoices, SceneSummary};
use web_sys::File;

/// Where the open scan came from, so that a new worker can be given it again.
#[derive(Clone)]
pub(crate) enum Source {
    /// From the person's own disk.
    File(File),
    /// From beside the page.
    Sample,
    /// Made up from this seed.
    Room(u32),
}

/// The scan that is open or being opened.
pub(crate) struct OpenScan {
    pub(crate) source: Source,
    pub(crate) name: String,
    /// How the person wants it read.
    pub(crate) choices: ScanChoices,
    pub(crate) job: JobId,
    pub(crate) summary: Option<SceneSummary>,
    /// Photographs of it with their poses, as the person gave them.
    pub(crate) photos: Vec<File>,
    /// What the person has set right, to be made again where the engine breaks.
    pub(crate) edits: Vec<(JobId, Command)>,
}

impl App {
    /// Opens the scan among some files, and looks at it on the photographs among them; photographs alone
    /// are of the scan that is open.
    pub(super) fn take_files(&mut self, files: Vec<File>) {
        let (scans, others): (Vec<File>, Vec<File>) =
            files.into_iter().partition(|file| intake::kind(&file.name()) == intake::Kind::Scan);
        let has_photos =
            others.iter().any(|file| intake::kind(&file.name()) == intake::Kind::Picture);
        // What is neither is opened as a scan, so that the person reads why it is none.
        let scan = scans.into_iter().next();
        let scan = scan.or_else(|| others.first().filter(|_| !has_photos).cloned());
        if let Some(file) = scan {
            self.open(file.name(), Source::File(file), ScanChoices::default());
        }
        if !has_photos {
            return;
        }
        match &self.scan {
            Some(_) => self.take_photos(others),
            None => {
                let words = t!(
                    "Photographs show a scan's objects more sharply, but the questions are about \
                     the scan. Open its PLY file first, or drop both together."
                );
                let remedies = [Remedy::OtherScan, Remedy::Dismiss];
                self.problem.show(
                    "photos-without-scan",
                    &t!("Which scan do these show?"),
                    &words,
                    &remedies,
                );
            }
        }
    }

    /// Has the open scan looked at on photographs.
    pub(crate) fn take_photos(&mut self, photos: Vec<File>) {
        if let Some(scan) = &mut self.scan {
            scan.photos = photos;
        }
        self.send_photos();
    }

    /// Gives the worker the open scan's photographs, where there are any.
    fn send_photos(&mut self) {
        let photos = self.scan.as_ref().map(|scan| scan.photos.clone()).unwrap_or_default();
        if !photos.is_empty() {
            self.looking = Some(self.send(Command::TakePhotos, &photos));
        }
    }

    /// Lifts features of views to points in this way, now and after a restart.
    pub(crate) fn lift_by(&mut self, construction: String) {
        self.looking = Some(self.send(Command::LiftBy { construction }, &[]));
    }

    /// Opens a scan in place of the one before.
    pub(crate) fn open(&mut self, name: String, source: Source, choices: ScanChoices) {
        self.stop();
        match self.scan.take() {
            Some(scan) if scan.summary.is_none() => {
                self.send(Command::Stop { target: scan.job }, &[]);
            }
            // A made-up room is soon made up again.
            Some(scan) if !matches!(scan.source, Source::Room(_)) => self.before = Some(scan),
            _ => {}
        }
        self.problem.hide();
        self.chat.clear();
        self.talk.close();
        self.objects.clear();
        self.mend.clear();
        self.clear_measure();
        self.look.unclip();
        self.weights.clear();
        self.reading.hide();
        self.surprise.close();
        self.composer.set_chips(&[], |_| false);
        self.shine(Spotlight::default());
        self.welcome(false);
        self.show_name(Some(&name));
        self.send_scan(name, source, choices, Vec::new(), Vec::new());
    }

    /// The scan that was to be opened cannot be: the one before is opened again, with all that was done to it.
    pub(super) fn open_before(&mut self) {
        self.scan = None;
        self.surprise.close();
        match self.before.take() {
            Some(OpenScan { source, name, choices, photos, edits, .. }) => {
                self.show_name(Some(&name));
                self.send_scan(name, source, choices, photos, edits);
            }
            None => {
                self.show_name(None);
                self.welcome(true);
            }
        }
    }

    /// Gives the worker the scan, the first time or after a restart; then with the photographs given and
    /// the edits made.
    pub(crate) fn send_scan(
        &mut self,
        name: String,
        source: Source,
        choices: ScanChoices,
        photos: Vec<File>,
        edits: Vec<(JobId, Command)>,
    ) {
        let open = |path| Command::OpenScan { name: name.clone(), path, choices: choices.clone() };
        let (command, file) = match &source {
            Source::File(file) => (open(None), Some(file.clone())),
            Source::Sample => (open(Some(intake::SAMPLE_PATH.to_owned())), None),
            Source::Room(seed) => (Command::MakeRoom { seed: *seed }, None),
        };
        let job = self.send(command, file.as_slice());
        self.scan = Some(OpenScan { source, name, choices, job, summary: None, photos, edits });
        self.send_photos();
        self.refresh();
    }

    pub(crate) fn show_name(&self, name: Option<&str>) {
        if let Ok(place) = self.bus.by_id::<web_sys::HtmlElement>("scan-name") {
            place.set_text_content(Some(name.unwrap_or_default()));
        }
    }
}
