//! The engine itself: its state, and what each command does to it.

use crate::ask::{self, Asked};
use crate::export::{self, Labels, Replaced, listing};
use crate::history::History;
use crate::model::Model;
use crate::pace::Pace;
use crate::{Album, Canceller, EngineError, Host, ScanOptions, ScanSource, photos, scan, summary};
use encode::{Construction, EncodeStep, Inside, Seen};
use protocol::{BackendChoice, Command, Event, JobId, Phase, Question, Request, Seconds, VERSION};
use scene::{Instance, InstanceId, LabelGuess, PointCloud, Scene, ScenePrefix, System};
use std::collections::BTreeMap;
use std::sync::Arc;
use views::Photo;

/// One person's session.
pub struct Engine<H> {
    host: H,
    canceller: Canceller,
    model: Option<Model>,
    open: Option<OpenScan>,
    construction: Construction,
}

/// A scan that has been understood as far as the loaded model allows.
pub(crate) struct OpenScan {
    pub(crate) name: String,
    pub(crate) scene: Scene,
    pub(crate) seconds: Seconds,
    /// What the person has set right.
    pub(crate) history: History,
    /// Those that were taken of it, in its scene's frame.
    pub(crate) photos: Arc<[Photo]>,
    /// What `segment` takes objects of so many points for; what a model makes of that stands in the
    /// scene.
    pub(crate) first_guesses: BTreeMap<InstanceId, (usize, LabelGuess)>,
    /// What the model's encoders saw of its objects.
    pub(crate) seen: Seen,
    /// For each system that the model can be; made when there is a model.
    pub(crate) prefixes: BTreeMap<System, ScenePrefix>,
    /// What went on in the encoders.
    pub(crate) inside: Inside,
    /// What each system's decoder has been given of its own: all, or what the question is about.
    pub(crate) given: BTreeMap<System, Arc<ScenePrefix>>,
}

impl OpenScan {
    /// The model is to look at it anew.
    fn unlook(&mut self) {
        self.prefixes.clear();
        self.given.clear();
    }
}

/// Whether the work may go well on another processor: what was stopped is not tried again.
fn is_worth_a_try(error: &EngineError) -> bool {
    !matches!(error, EngineError::Stopped)
}

impl<H: Host> Engine<H> {
    /// A session without a model or a scan.
    pub fn new(host: H) -> Self {
        let construction = Construction::default();
        Self { host, canceller: Canceller::default(), model: None, open: None, construction }
    }

    /// How features of views are lifted to points from now on, for 3D-LLM's rows; an open scan is
    /// looked at again with the next question.
    pub fn set_construction(&mut self, construction: Construction) {
        self.construction = construction;
        if let Some(open) = &mut self.open {
            open.unlook();
        }
    }

    /// Uses photographs of the open scan, in place of earlier ones, and looks at it again.
    ///
    /// # Errors
    /// Without a scan; where the files are no photographs with poses that fit them, or none can be
    /// read. Earlier ones are kept then.
    pub async fn take_photos(&mut self, job: JobId, album: impl Album) -> Result<(), EngineError> {
        let mut pace = Pace::new(&self.host, &self.canceller, job);
        let open = self.open.as_mut().ok_or(EngineError::NoScan)?;
        let taken = photos::take(album, &open.scene.scene_from_file, &mut pace).await?;
        open.scene.warnings.retain(|warning| !photos::is_ours(warning));
        open.scene.warnings.extend(taken.notes);
        open.photos = taken.photos;
        open.seen = Seen::default();
        open.unlook();
        self.understand(job).await
    }

    /// The host.
    pub fn host(&self) -> &H {
        &self.host
    }

    /// To stop a job while it runs.
    pub fn canceller(&self) -> Canceller {
        self.canceller.clone()
    }

    /// Does what a front end asks, and says how it ended. `source` are the bytes of a scan that
    /// came beside the request.
    pub async fn handle(&mut self, request: Request, source: Option<impl ScanSource>) {
        let job = request.job;
        let done = if request.version == VERSION {
            self.run(job, request.command, source).await
        } else {
            Err(EngineError::Version { theirs: request.version, ours: VERSION })
        };
        self.settle(job, done);
    }

    /// Says how a job ended: one of the engine's, or one that its owner did with its help.
    pub fn settle(&self, job: JobId, done: Result<(), EngineError>) {
        self.canceller.forget(job);
        match done {
            Ok(()) => {}
            Err(EngineError::Stopped) => self.host.emit(Event::Stopped { job }, Vec::new()),
            Err(error) => self.host.emit(
                Event::Failed {
                    job: Some(job),
                    code: error.code().to_owned(),
                    message: error.to_string(),
                    recoverable: true,
                },
                Vec::new(),
            ),
        }
    }

    async fn run(
        &mut self,
        job: JobId,
        command: Command,
        source: Option<impl ScanSource>,
    ) -> Result<(), EngineError> {
        match command {
            Command::LoadModel { name, backend } => self.load_model(job, &name, backend).await,
            Command::OpenScan { name, path: Some(path), choices } => {
                let options = ScanOptions::chosen(&choices)?;
                let bytes = self.host.fetch(&path).await?;
                self.open_scan(job, name, crate::InMemory::new(bytes), options).await
            }
            Command::OpenScan { name, path: None, choices } => {
                let options = ScanOptions::chosen(&choices)?;
                self.open_scan(job, name, source.ok_or(EngineError::NoSource)?, options).await
            }
            Command::Edit(edit) => {
                self.edit(job, |history, scene| history.make(scene, &edit)).await
            }
            Command::Undo => self.edit(job, History::undo).await,
            Command::Redo => self.edit(job, History::redo).await,
            Command::Save { path: Some(path) } => {
                let bytes = self.host.fetch(&path).await?;
                self.save(job, Some(crate::InMemory::new(bytes))).await
            }
            Command::Save { path: None } => self.save(job, source).await,
            Command::LookInside { id } => {
                let open = self.open.as_ref().ok_or(EngineError::NoScan)?;
                if open.prefixes.is_empty() {
                    return Err(EngineError::NoModel);
                }
                let (inside, pictures) = crate::inside::look(open, id)?;
                self.host.emit(Event::Inside { job, inside }, vec![pictures]);
                Ok(())
            }
            Command::Ask(question) => {
                let report = Box::new(self.ask(job, &question).await?.report);
                self.host.emit(Event::Answered { job, report }, Vec::new());
                Ok(())
            }
            Command::LiftBy { construction } => {
                let construction = Construction::from_key(&construction)
                    .ok_or(EngineError::UnknownConstruction(construction))?;
                self.set_construction(construction);
                self.understand(job).await
            }
            // Whoever owns the engine has the files; it gives them to `take_photos`.
            Command::TakePhotos => Err(EngineError::NoSource),
            // Whoever owns the engine may know how; it does not.
            Command::MakeRoom { .. } => {
                Err(EngineError::Maker("this engine only looks at rooms".to_owned()))
            }
            Command::TestRoom { .. } => Err(EngineError::NoTruth),
            // Heard by the canceller while its job ran; that job has ended by now.
            Command::Stop { .. } => Ok(()),
        }
    }

    /// Loads a model in place of the present one; an open scan is looked at again.
    ///
    /// # Errors
    /// Where a file is missing or not what `model.json` says, or no processor takes it. The
    /// present model is kept then.
    pub async fn load_model(
        &mut self,
        job: JobId,
        name: &str,
        backend: BackendChoice,
    ) -> Result<(), EngineError> {
        let mut pace = Pace::new(&self.host, &self.canceller, job);
        let model = Model::load(&self.host, name, backend, &mut pace).await?;
        self.host.emit(
            Event::ModelReady {
                job,
                name: model.name.clone(),
                backend: model.backend(),
                bytes: model.bytes,
                systems: model.systems(),
            },
            Vec::new(),
        );
        self.model = Some(model);
        if let Some(open) = &mut self.open {
            open.unlook();
            open.seen = Seen::default();
        }
        self.understand(job).await
    }

    /// Shows the points of a cloud that is about to be opened.
    pub fn show(&self, job: JobId, cloud: &PointCloud) {
        let (positions, colours) = (&cloud.positions, cloud.colours.as_deref());
        self.host.emit(
            summary::points(job, positions, colours.is_some()),
            summary::columns(positions, colours.unwrap_or_default()),
        );
    }

    /// Reads, segments and, with a model, encodes a scan in place of the present one.
    ///
    /// # Errors
    /// Where the file is no scan, or the job was stopped before its objects were found: the present
    /// scan is kept then. Where it was stopped or failed later the new scan is open, and the next
    /// question has it looked at.
    pub async fn open_scan(
        &mut self,
        job: JobId,
        name: String,
        mut source: impl ScanSource,
        options: ScanOptions,
    ) -> Result<(), EngineError> {
        let mut pace = Pace::new(&self.host, &self.canceller, job);
        let start_s = self.host.now_s();
        let cloud = scan::read(&mut source, &mut pace).await?;
        let parse = self.host.now_s() - start_s;
        self.show(job, &cloud);
        self.open_cloud(job, name, cloud, options, parse).await
    }

    /// As [`Engine::open_scan`], from points that have been read already in `parse_s` seconds.
    ///
    /// # Errors
    /// Where the points make no scene.
    pub async fn open_cloud(
        &mut self,
        job: JobId,
        name: String,
        cloud: PointCloud,
        options: ScanOptions,
        parse_s: f64,
    ) -> Result<(), EngineError> {
        let mut pace = Pace::new(&self.host, &self.canceller, job);
        let start_s = self.host.now_s();
        let scene = scan::segment(cloud, options, &mut pace).await?;
        let seconds =
            Seconds { parse: parse_s, segment: self.host.now_s() - start_s, ..Seconds::default() };
        let first_guess = |instance: &Instance| {
            let guess = instance.label.clone()?;
            Some((instance.id, (instance.points.len(), guess)))
        };
        self.open = Some(OpenScan {
            name,
            first_guesses: scene.instances.iter().filter_map(first_guess).collect(),
            scene,
            seconds,
            history: History::default(),
            photos: Arc::default(),
            seen: Seen::default(),
            prefixes: BTreeMap::new(),
            inside: Inside::default(),
            given: BTreeMap::new(),
        });
        self.understand(job).await
    }

    /// Gives the open scan back with its objects: the file of `source` with the columns `instance`
    /// and `label`, or the scene's own cloud where no file holds it.
    async fn save(
        &mut self,
        job: JobId,
        source: Option<impl ScanSource>,
    ) -> Result<(), EngineError> {
        let open = self.open.as_ref().ok_or(EngineError::NoScan)?;
        let labels = Labels::of(&open.scene);
        let history = &open.history;
        let replaced = Replaced::of(&open.scene, &history.moved(), history.placed());
        let mut pace = Pace::new(&self.host, &self.canceller, job);
        let ply = match source {
            Some(mut source) => {
                export::rewritten(&labels, replaced, &mut source, &mut pace).await?
            }
            None => export::written(&open.scene, labels)?,
        };
        let objects = listing(&summary::scene(&open.name, &open.scene)).to_string();
        self.host.emit(Event::Saved { job, objects }, vec![ply]);
        Ok(())
    }

    /// Changes the objects of the open scan, and looks at what was reshaped.
    async fn edit(
        &mut self,
        job: JobId,
        change: impl FnOnce(&mut History, &mut Scene) -> Result<Vec<InstanceId>, EngineError>,
    ) -> Result<(), EngineError> {
        let open = self.open.as_mut().ok_or(EngineError::NoScan)?;
        let (moved_before, points_before) = (open.history.moved(), open.scene.cloud.len());
        let names = |scene: &Scene| -> Vec<Option<String>> {
            scene.instances.iter().map(|instance| instance.told.clone()).collect()
        };
        let names_before = names(&open.scene);
        let reshaped = change(&mut open.history, &mut open.scene)?;
        let has_grown = open.scene.cloud.len() != points_before;
        // A point that was moved twice lies elsewhere again, though the same points have moved.
        let has_moved = has_grown || !moved_before.is_empty() || !open.history.moved().is_empty();
        // The model is told what a person calls a thing.
        if !reshaped.is_empty() || names(&open.scene) != names_before {
            open.unlook();
            reshaped.into_iter().for_each(|id| open.seen.forget(id));
        }
        let looked = self.look(job).await;
        // Done it is even where the looking was stopped; the next question has it looked at.
        let Some(open) = &mut self.open else { return looked };
        self.host.emit(
            Event::Edited {
                job,
                scene: summary::scene(&open.name, &open.scene),
                chips: tasks::chips(&open.scene),
                history: open.history.summary(),
            },
            summary::edited_columns(&open.scene, has_moved, has_grown),
        );
        looked?;
        self.read(job).await
    }

    /// Encodes the open scan if there is a model and it has not, and shows the scene.
    async fn understand(&mut self, job: JobId) -> Result<(), EngineError> {
        self.look(job).await?;
        let Some(open) = &self.open else { return Ok(()) };
        self.host.emit(
            Event::SceneReady {
                job,
                scene: summary::scene(&open.name, &open.scene),
                chips: tasks::chips(&open.scene),
            },
            summary::scene_columns(&open.scene),
        );
        // The scene is on screen by now; the model reads it while the person thinks of a question.
        self.read(job).await
    }

    /// Encodes the open scan if there is a model and it has not.
    async fn look(&mut self, job: JobId) -> Result<(), EngineError> {
        loop {
            match self.look_once(job).await {
                Err(error) if is_worth_a_try(&error) && self.recovers(job).await? => {}
                done => return done,
            }
        }
    }

    /// Where the GPU was lost, the model is loaded again and what failed can be tried again. It ends: the CPU is not lost.
    async fn recovers(&mut self, job: JobId) -> Result<bool, EngineError> {
        let Some(model) = self.model.as_mut().filter(|model| model.has_lost_device()) else {
            return Ok(false);
        };
        let mut pace = Pace::new(&self.host, &self.canceller, job);
        model.recover(&self.host, job, &mut pace).await?;
        if let Some(open) = &mut self.open {
            open.given.clear();
        }
        Ok(true)
    }

    async fn look_once(&mut self, job: JobId) -> Result<(), EngineError> {
        let Some(open) = &mut self.open else { return Ok(()) };
        let mut pace = Pace::new(&self.host, &self.canceller, job);
        if let (Some(model), true) = (&mut self.model, open.prefixes.is_empty()) {
            let start_s = self.host.now_s();
            let seen = std::mem::take(&mut open.seen);
            for instance in &mut open.scene.instances {
                // An object that was edited is another one, until that is undone.
                let first = open.first_guesses.get(&instance.id);
                let first = first.filter(|(points, _)| *points == instance.points.len());
                instance.label = first.map(|(_, guess)| guess.clone());
            }
            let mut work = model
                .encoder
                .start_again(&open.scene, seen)?
                .with_construction(self.construction)
                .with_photos(open.photos.clone());
            let encoded = loop {
                match work.step().await? {
                    EncodeStep::Working { done, total } => {
                        pace.step(Phase::Encode, done as u64, Some(total as u64)).await?;
                    }
                    EncodeStep::Fitting { done, total } => {
                        pace.step(Phase::Fit, done as u64, Some(total as u64)).await?;
                    }
                    EncodeStep::Done(encoded) => break *encoded,
                }
            };
            if model.has_lost_device() {
                // What came back from it may be anything.
                return Err(EngineError::Gpu(gpu::Error::Lost("while it looked".to_owned())));
            }
            open.seconds.encode = self.host.now_s() - start_s;
            for (object, label) in encoded.prefix.objects.iter().zip(encoded.labels) {
                if let Some(instance) = open.scene.instance_mut(object.id) {
                    instance.label = Some(label);
                }
            }
            let shown = photos::shown(&open.scene, &open.photos, encoded.photographed);
            for warning in encoded.warnings.into_iter().chain(shown) {
                // Another model may have said the same.
                if !open.scene.warnings.contains(&warning) {
                    open.scene.warnings.push(warning);
                }
            }
            let prefixes = std::iter::once(encoded.prefix).chain(encoded.by_system);
            open.prefixes = prefixes.map(|prefix| (prefix.system, prefix)).collect();
            open.seen = encoded.seen;
            open.inside = encoded.inside;
        }
        Ok(())
    }

    /// Has the model read the open scan, if it has not.
    async fn read(&mut self, job: JobId) -> Result<(), EngineError> {
        loop {
            match self.read_once(job).await {
                Err(error) if is_worth_a_try(&error) && self.recovers(job).await? => {}
                done => return done,
            }
        }
    }

    async fn read_once(&mut self, job: JobId) -> Result<(), EngineError> {
        let mut pace = Pace::new(&self.host, &self.canceller, job);
        match (&mut self.model, &mut self.open) {
            (Some(model), Some(open)) if !open.prefixes.is_empty() => {
                ask::read_prefix(&self.host, model, open, System::Unified, None, &mut pace).await
            }
            _ => Ok(()),
        }
    }

    /// Answers a question about the open scan; one that `follows` may speak of the question and the
    /// answer before it, of the same system.
    ///
    /// # Errors
    /// Without a scan, a model that can be that system, or words; where it mentions what the scan does not have, or leaves no
    /// room for an answer; where the model fails.
    pub async fn ask(&mut self, job: JobId, question: &Question) -> Result<Asked, EngineError> {
        if question.question.trim().is_empty() {
            return Err(EngineError::EmptyQuestion);
        }
        let open = self.open.as_ref().ok_or(EngineError::NoScan)?;
        let model = self.model.as_ref().ok_or(EngineError::NoModel)?;
        if !model.systems().contains(&question.system) {
            return Err(EngineError::NoSystem(question.system));
        }
        ask::check(&open.scene, &question.question)?;
        if open.prefixes.is_empty() {
            // It was stopped before the model had seen the scan.
            self.understand(job).await?;
        }
        loop {
            let open = self.open.as_mut().ok_or(EngineError::NoScan)?;
            let model = self.model.as_mut().ok_or(EngineError::NoModel)?;
            let mut pace = Pace::new(&self.host, &self.canceller, job);
            match ask::answer(&self.host, job, model, open, question, &mut pace).await {
                // Lost before the first word: an answer that has begun goes on by itself.
                Err(error) if is_worth_a_try(&error) && self.recovers(job).await? => {}
                done => return done,
            }
        }
    }

    /// The GPU in use, where there is one.
    pub fn device(&self) -> Option<&gpu::Gpu> {
        self.model.as_ref().and_then(Model::device)
    }

    /// The open scan's scene.
    pub fn scene(&self) -> Option<&Scene> {
        self.open.as_ref().map(|open| &open.scene)
    }

    /// The systems that the model can be; none without one.
    pub fn systems(&self) -> Vec<System> {
        self.model.as_ref().map(Model::systems).unwrap_or_default()
    }

    /// What the model was given of the open scan, as this system.
    pub fn prefix(&self, system: System) -> Option<&ScenePrefix> {
        self.open.as_ref()?.prefixes.get(&system)
    }

    /// Gives the model another scene's prefix in place of the open scan's own: the referee's
    /// control, which shows what answers owe to the scene.
    ///
    /// # Errors
    /// Without a scan or a model, or where the prefix does not fit the model.
    pub async fn replace_prefix(
        &mut self,
        job: JobId,
        prefix: ScenePrefix,
    ) -> Result<(), EngineError> {
        let open = self.open.as_mut().ok_or(EngineError::NoScan)?;
        let model = self.model.as_mut().ok_or(EngineError::NoModel)?;
        let system = prefix.system;
        open.given.remove(&system);
        open.prefixes.insert(system, prefix);
        let mut pace = Pace::new(&self.host, &self.canceller, job);
        let read = ask::read_prefix(&self.host, model, open, system, None, &mut pace).await;
        if read.is_err() && !open.given.contains_key(&system) {
            // It does not fit: the next question has the scan looked at again.
            open.unlook();
        }
        read
    }
}
