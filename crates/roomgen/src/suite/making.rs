use super::{MadeRoom, Order, RoomgenError, dice};
use crate::assets::{AssetError, Assets};
use crate::home::{Home, plan};
use crate::layout::furnish;
use crate::questions;
use crate::rng::Rng;
use crate::scan::{Camera, FrameFault, Fused, Fusion, Preset, frame_faults, walk};
use crate::truth::{Provenance, scene_from_file, truth};
use glam::DVec3;
use scene::{Column, PointCloud, Similarity};
use tasks::facts::Facts;
use tasks::suite::{SceneTruth, Split};

/// A room that is being made, a step at a time, so that whoever makes it can say how far it is,
/// do something else between two steps, or give it up. [`super::make_room`] takes the same steps.
pub struct Making<'a> {
    assets: &'a Assets,
    order: Order,
    tour: Tour,
    visit: Visit,
    /// For what is drawn after the scan.
    rng: Rng,
}

/// What one step of [`Making`] came to.
pub enum Step {
    /// There is more to do.
    Working {
        /// Steps done.
        done: usize,
        /// Of so many.
        total: usize,
    },
    /// The room without its counterfactual twin, and what is true of it.
    Done(Box<(MadeRoom, Facts)>),
}

/// How every home of this room is scanned: a twin is walked as the room itself was.
struct Tour {
    preset: Preset,
    shots: Vec<(Camera, FrameFault)>,
    scene_from_file: Similarity,
    noise: Rng,
}

/// A scan under way.
struct Visit {
    home: Home,
    fusion: Fusion,
    /// Frames fused.
    seen: usize,
    /// The scan and what is true of it, once all frames are fused.
    made: Option<Box<(MadeRoom, Facts)>>,
}

/// Steps after the last frame: the truth, the questions.
const AFTER: usize = 2;

impl<'a> Making<'a> {
    /// Furnishes a home and plans a walk through it.
    ///
    /// # Errors
    /// A mesh that cannot be read.
    pub fn start(assets: &'a Assets, order: &Order, index: usize) -> Result<Self, RoomgenError> {
        Self::start_in(assets, order, index, plan)
    }

    /// The same with a home of one room, which is sooner made and smaller.
    ///
    /// # Errors
    /// A mesh that cannot be read.
    pub fn start_with_one_room(
        assets: &'a Assets,
        order: &Order,
        index: usize,
    ) -> Result<Self, RoomgenError> {
        let one = |assets: &Assets, split, rng: &mut Rng| furnish(assets, split, rng).map(Home::of);
        Self::start_in(assets, order, index, one)
    }

    fn start_in(
        assets: &'a Assets,
        order: &Order,
        index: usize,
        plan: impl FnOnce(&Assets, Split, &mut Rng) -> Result<Home, AssetError>,
    ) -> Result<Self, RoomgenError> {
        let mut rng = dice(order, index, 0);
        let preset = match &order.preset {
            Some(preset) => preset.clone(),
            None => Preset::ALL[rng.below(Preset::ALL.len())].clone(),
        };
        let preset = preset.varied(&mut rng.fork());
        let home = plan(assets, order.split, &mut rng.fork())?;
        let shots = take_shots(&home, &preset, &mut rng.fork());
        let mut place = rng.fork();
        let shift = DVec3::new(
            place.range(-6.0, 6.0).into(),
            place.range(-6.0, 6.0).into(),
            place.range(-1.5, 1.5).into(),
        );
        let scene_from_file =
            scene_from_file(place.range(0.0, std::f32::consts::TAU).into(), shift);
        let tour = Tour { preset, shots, scene_from_file, noise: rng.fork() };
        let visit = Visit::start(home, &tour);
        Ok(Self { assets, order: order.clone(), tour, visit, rng })
    }

    /// Does a little more: fuses a frame, works the truth out, or asks the questions. After
    /// [`Step::Done`] there is nothing left to step.
    ///
    /// # Errors
    /// The truth contradicts the scan, which would be a fault of ours.
    pub fn step(&mut self) -> Result<Step, RoomgenError> {
        match self.visit.made.take() {
            None => {
                self.visit.step(self.assets, &self.order, &self.tour)?;
                let asked = usize::from(self.visit.made.is_some());
                let total = self.tour.shots.len() + AFTER;
                Ok(Step::Working { done: self.visit.seen + asked, total })
            }
            Some(mut made) => {
                made.0.questions = questions::ask_in_words_of(
                    self.order.worded.unwrap_or(self.order.split),
                    &made.1,
                    self.order.split,
                    &mut self.rng.fork(),
                );
                Ok(Step::Done(made))
            }
        }
    }

    /// Dice for what comes after the questions.
    pub(super) fn rest(&mut self) -> Rng {
        self.rng.fork()
    }

    /// Scans another home on the same walk, at once.
    pub(super) fn revisit(&self, home: Home) -> Result<(MadeRoom, Facts), RoomgenError> {
        let mut visit = Visit::start(home, &self.tour);
        loop {
            visit.step(self.assets, &self.order, &self.tour)?;
            if let Some(made) = visit.made {
                return Ok(*made);
            }
        }
    }
}

impl Visit {
    fn start(home: Home, tour: &Tour) -> Self {
        let file_from_scene = tour.scene_from_file.inverse();
        let fusion = Fusion::start(&home, &tour.preset, &file_from_scene, tour.noise.clone());
        Self { home, fusion, seen: 0, made: None }
    }

    fn step(&mut self, assets: &Assets, order: &Order, tour: &Tour) -> Result<(), RoomgenError> {
        let Tour { preset, shots, scene_from_file, .. } = tour;
        if let Some((camera, fault)) = shots.get(self.seen) {
            self.fusion.look(&self.home, preset, camera, fault);
            self.seen += 1;
            return Ok(());
        }
        let (home, preset) = (self.home.clone(), preset.clone());
        let scan = self.fusion.finish(&home);
        let provenance = Provenance { seed: order.seed, split: order.split, preset: preset.name };
        let (truth, instances) = truth(assets, &home, shots, &scan, scene_from_file, provenance);
        let cloud = labelled_cloud(&scan, &truth, &instances);
        let facts = Facts::new(&truth, &cloud)?;
        let (shots, scene_from_file, questions) = (shots.clone(), *scene_from_file, Vec::new());
        let made = MadeRoom { home, shots, preset, scene_from_file, scan, truth, cloud, questions };
        self.made = Some(Box::new((made, facts)));
        Ok(())
    }
}

/// A walk through the home, each frame with its faults.
pub fn take_shots(home: &Home, preset: &Preset, rng: &mut Rng) -> Vec<(Camera, FrameFault)> {
    let cameras = walk(home, preset, &mut rng.fork());
    let faults = frame_faults(preset, cameras.len(), &mut rng.fork());
    cameras.into_iter().zip(faults).collect()
}

/// The scan as it is written: with the columns `instance` and `label`, the latter the place of
/// the object's class in `classes` plus one, 0 for none.
fn labelled_cloud(scan: &Fused, truth: &SceneTruth, instances: &[u16]) -> PointCloud {
    let classes = &truth.classes;
    let label_of = |instance: u16| {
        let object = truth.objects.iter().find(|object| object.id.0 == u32::from(instance));
        let place = object.and_then(|o| classes.iter().position(|class| *class == o.label));
        place.map_or(0.0, |place| place as f64 + 1.0)
    };
    let most = instances.iter().copied().max().unwrap_or(0);
    let labels: Vec<f64> = (0..=most).map(label_of).collect();
    let column = |name: &str, value: &dyn Fn(u16) -> f64| Column {
        name: name.to_owned(),
        values: instances.iter().map(|&instance| value(instance)).collect(),
    };
    PointCloud {
        positions: scan.positions.iter().map(|point| point.to_array()).collect(),
        colours: Some(scan.colours.clone()),
        columns: vec![
            column("instance", &|instance| f64::from(instance)),
            column("label", &|instance| labels[usize::from(instance)]),
        ],
        ..PointCloud::default()
    }
}
