use crate::labels::{Prior, guesses, likely};
use crate::nets::{Features, FusedRows, Nets};
use crate::rows::Rows;
use crate::surface::Surface;
use crate::{Construction, Error, SLOTS};
use scene::{
    Aabb, InstanceId, LabelGuess, Locations, Scene, ScenePrefix, System, Warning, pair_features,
    pairwise_relations,
};
use std::collections::BTreeMap;
use std::sync::Arc;
use views::{InstanceInput, LAYOUT_FEATURES, Looker, Photo, VIEWS, layout_rows};

/// Instances looked at per step, and instances fused per step: few enough to stay within 50 ms.
const LOOKED_AT: usize = if cfg!(target_arch = "wasm32") { 1 } else { 2 };
const FUSED: usize = 8 * LOOKED_AT;

/// What the encoders saw of a scene's objects, kept while others of them change.
#[derive(Clone, Debug, Default)]
pub struct Seen(BTreeMap<InstanceId, (Features, Aabb)>);

impl Seen {
    /// This object is not what it was, or is no more: it is looked at anew.
    pub fn forget(&mut self, id: InstanceId) {
        self.0.remove(&id);
    }
}

/// A scene being encoded, a step at a time.
pub struct Encoding {
    nets: Arc<Nets>,
    looker: Looker,
    ids: Vec<InstanceId>,
    priors: Vec<Prior>,
    slots: Vec<u32>,
    layout: Vec<[f32; LAYOUT_FEATURES]>,
    coloured: bool,
    warnings: Vec<Warning>,
    /// What need not be looked at again.
    seen: Seen,
    boxes: Vec<Aabb>,
    features: Features,
    /// Of MCMF's first half; empty until all instances have been looked at.
    asked: Vec<f32>,
    rows: FusedRows,
    fused: usize,
    surface: Surface,
    photographed: usize,
}

/// What a step came to.
#[derive(Clone, Debug)]
pub enum EncodeStep {
    /// More steps are needed.
    Working {
        /// Instances looked at.
        done: usize,
        /// Instances in all.
        total: usize,
    },
    /// A neural field is being fitted to what was seen; more steps are needed.
    Fitting {
        /// Rounds done.
        done: usize,
        /// Rounds in all.
        total: usize,
    },
    /// The scene is encoded.
    Done(Box<Encoded>),
}

/// An encoded scene.
#[derive(Clone, Debug)]
pub struct Encoded {
    /// For the language model.
    pub prefix: ScenePrefix,
    /// For the language model as each of the systems that it can be by itself.
    pub by_system: Vec<ScenePrefix>,
    /// What went on in the encoders.
    pub inside: Inside,
    /// What each object of the prefix seems to be, in its order.
    pub labels: Vec<LabelGuess>,
    /// What a person should know, such as objects left out.
    pub warnings: Vec<Warning>,
    /// How many of the objects that were looked at just now were seen on photographs.
    pub photographed: usize,
    /// For encoding the scene again after some of its objects have changed.
    pub seen: Seen,
}

/// What 3D-ISR and MCMF weighed in a scene of `n` objects, means over heads.
#[derive(Clone, Debug, Default)]
pub struct Inside {
    ids: Vec<InstanceId>,
    gate: Vec<f32>,      // (n, n)
    attention: Vec<f32>, // (n, n)
    views: Vec<f32>,     // (n, 1+v)
}

/// What an object made of another.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Weighing {
    /// The other.
    pub id: InstanceId,
    /// How far their relation lets it look there, 0..1: 3D-ISR's `w_ij`.
    pub gate: f32,
    /// How much it looked there: `A_ij` of the last layer, which sums to 1 over all objects.
    pub attention: f32,
}

impl Inside {
    /// What an object made of every object, itself included.
    pub fn of(&self, id: InstanceId) -> Vec<Weighing> {
        let n = self.ids.len();
        let Some(i) = self.ids.iter().position(|one| *one == id) else { return Vec::new() };
        let row = |numbers: &[f32]| numbers.get(i * n..(i + 1) * n).unwrap_or_default().to_vec();
        let pairs = row(&self.gate).into_iter().zip(row(&self.attention));
        let of_one = |(id, (gate, attention)): (&InstanceId, (f32, f32))| Weighing {
            id: *id,
            gate,
            attention,
        };
        self.ids.iter().zip(pairs).map(of_one).collect()
    }

    /// How MCMF weighed what the views have in common, and each of an object's views; these sum to 1.
    pub fn views(&self, id: InstanceId) -> Vec<f32> {
        let i = self.ids.iter().position(|one| *one == id);
        let of_one = |i: usize| self.views.get(i * (1 + VIEWS)..(i + 1) * (1 + VIEWS));
        i.and_then(of_one).unwrap_or_default().to_vec()
    }
}

impl Encoding {
    pub(crate) fn new(
        nets: Arc<Nets>,
        scene: &Scene,
        slots: Option<&[u32]>,
        seen: Seen,
    ) -> Result<Self, Error> {
        let kept = kept(scene);
        let slots = match slots {
            None => (0..).take(kept.len()).collect(),
            Some(slots) => checked(slots, scene, &kept)?,
        };
        let mut warnings = Vec::new();
        if kept.len() < scene.instances.len() {
            let (found, kept) = (scene.instances.len(), kept.len());
            let message = format!(
                "{found} objects were found; the model can be told of the {kept} largest and surest. \
                 Cut the scan into rooms to ask about all of them."
            );
            warnings.push(Warning::new("objects-left-out", message));
        } else if kept.len() > ScenePrefix::MOST_OBJECTS {
            let message = format!(
                "{} objects were found. With each question the model is told of the {} that it is \
                 most likely about.",
                kept.len(),
                ScenePrefix::MOST_OBJECTS
            );
            warnings.push(Warning::new("objects-chosen", message));
        }
        let looker = Looker::new(scene);
        Ok(Self {
            surface: Surface::new(looker.shell()),
            looker,
            ids: kept.iter().map(|&i| scene.instances[i].id).collect(),
            priors: kept.iter().map(|&i| Prior::of(&nets.config, &scene.instances[i])).collect(),
            slots,
            layout: layout_rows(scene),
            coloured: scene.cloud.colours.is_some(),
            warnings,
            seen,
            boxes: Vec::with_capacity(kept.len()),
            features: Features::default(),
            asked: Vec::new(),
            rows: FusedRows::default(),
            fused: 0,
            photographed: 0,
            nets,
        })
    }

    /// Lifts features of views to points in this way, for 3D-LLM's rows.
    #[must_use]
    pub fn with_construction(self, construction: Construction) -> Self {
        Self { surface: self.surface.with_construction(construction), ..self }
    }

    /// Looks at photographs of the objects, of those that there are any of, in place of drawings.
    #[must_use]
    pub fn with_photos(self, photos: Arc<[Photo]>) -> Self {
        Self { looker: self.looker.with_photos(photos), ..self }
    }

    /// Looks at the next instances; when all have been looked at, fuses them, and in the last step
    /// relates them to each other. After [`EncodeStep::Done`] it gives the same again.
    ///
    /// # Errors
    /// Where the device fails; the next step tries the same again.
    pub async fn step(&mut self) -> Result<EncodeStep, Error> {
        while let Some(id) = self.ids.get(self.boxes.len())
            && let Some((features, bounds)) = self.seen.0.remove(id)
        {
            self.features.extend(features);
            self.boxes.push(bounds);
        }
        let (done, total) = (self.boxes.len(), self.ids.len());
        if done < total {
            let unseen = self.ids[done..].iter().take_while(|id| !self.seen.0.contains_key(id));
            let ids: Vec<InstanceId> = unseen.take(LOOKED_AT).copied().collect();
            let inputs: Vec<InstanceInput> =
                ids.into_iter().filter_map(|id| self.looker.look(id)).collect();
            let features = self.nets.features(&inputs).await?;
            self.features.extend(features);
            self.photographed += inputs.iter().filter(|input| input.photographed).count();
            self.boxes.extend(inputs.iter().map(|input| crate::bounds(&input.box_m)));
        } else if self.fused < total {
            if self.asked.is_empty() {
                self.asked = self.nets.ask(&self.features).await?;
            }
            let range = self.fused..total.min(self.fused + FUSED);
            let rows = self.nets.fuse(&self.features, &self.asked, range.clone()).await?;
            self.rows.extend(rows);
            self.fused = range.end;
        } else {
            let locations = locations(&self.boxes);
            let boxes = &self.boxes;
            if self.surface.step(&self.nets, &self.features, boxes, &locations).await? {
                let encoded = self.finish(locations).await?;
                return Ok(EncodeStep::Done(Box::new(encoded)));
            }
        }
        Ok(match self.surface.fitting() {
            Some((done, total)) => EncodeStep::Fitting { done, total },
            None => EncodeStep::Working { done: self.boxes.len(), total },
        })
    }

    async fn finish(&self, locations: Locations) -> Result<Encoded, Error> {
        let relations = pairwise_relations(&self.boxes);
        let (mut rows, mut labels) = (Rows::default(), Vec::new());
        let mut inside = Inside::default();
        if !self.ids.is_empty() {
            let related = self.nets.relate(&self.features, &self.boxes, &relations).await?;
            rows.relation = related.rows;
            inside = Inside {
                ids: self.ids.clone(),
                gate: related.gate,
                attention: related.attention,
                views: self.rows.views.clone(),
            };
            let aware =
                self.surface.aware(&self.nets, &self.features, &self.boxes, &locations).await?;
            rows.aware = aware.unwrap_or_default();
            if let Some(place) = &self.nets.place {
                rows.placed = self.nets.placed(place, &self.boxes, &locations).await?;
            }
            let (class, colour) = self.nets.logits(&self.features).await?;
            let class = likely(&self.nets.config, &class, &self.priors);
            labels = guesses(&self.nets.config, &class, &colour, self.coloured);
            if let Some(named) = &self.nets.named {
                rows.named = self.nets.named(named, class).await?;
            }
        }
        rows.layout = self.nets.layout(&self.layout).await?;
        rows.queries.clone_from(&self.surface.queries);
        rows.ids = self.slots.iter().map(|slot| self.nets.id_row(*slot).to_vec()).collect();
        rows.coarse.clone_from(&self.rows.coarse);
        rows.fused.clone_from(&self.rows.fused);
        let slots: Vec<(InstanceId, u32)> =
            self.ids.iter().copied().zip(self.slots.iter().copied()).collect();
        let empty = ScenePrefix {
            width: self.nets.config.row_width,
            locations,
            pairs: pair_features(&self.boxes),
            ..ScenePrefix::default()
        };
        let of = |system| rows.prefix(system, &slots, empty.clone());
        let mut by_system: Vec<_> = self.nets.config.systems.iter().copied().map(of).collect();
        for prefix in by_system.iter_mut().filter(|prefix| prefix.system.writes_boxes()) {
            if let Some(reading) = &self.nets.reading {
                self.nets.read_boxes(reading, prefix, &self.boxes).await?;
            }
        }
        let seen = self.features.rows().zip(self.boxes.iter().copied());
        Ok(Encoded {
            prefix: of(System::Unified),
            by_system,
            inside,
            labels,
            warnings: self.warnings.clone(),
            photographed: self.photographed,
            seen: Seen(self.ids.iter().copied().zip(seen).collect()),
        })
    }
}

/// What location tokens mean before a prefix of these objects.
fn locations(boxes: &[Aabb]) -> Locations {
    Locations::within(&views::padded_box(boxes.iter().copied()))
}

/// Indices of the instances that there are identifiers for, ascending: the surest and largest.
fn kept(scene: &Scene) -> Vec<usize> {
    let worth = |i: &usize| scene.instances[*i].prominence();
    let mut kept: Vec<usize> = (0..scene.instances.len()).collect();
    if kept.len() > SLOTS {
        kept.sort_by(|a, b| worth(b).total_cmp(&worth(a)));
        kept.truncate(SLOTS);
        kept.sort_unstable();
    }
    kept
}

fn checked(slots: &[u32], scene: &Scene, kept: &[usize]) -> Result<Vec<u32>, Error> {
    let wrong = Error::Slots { limit: SLOTS };
    if slots.len() != scene.instances.len() {
        return Err(wrong);
    }
    let slots: Vec<u32> = kept.iter().map(|&i| slots[i]).collect();
    let mut used = [false; SLOTS];
    for &slot in &slots {
        match used.get_mut(slot as usize) {
            Some(used) if !*used => *used = true,
            _ => return Err(wrong),
        }
    }
    Ok(slots)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::golden::Golden;
    use crate::{EncodeDevice, Encoder};
    use glam::Vec3;
    use scene::{Instance, Plane, PointCloud, Reading, Similarity, Structure, Superpoints};

    fn encoder() -> Encoder {
        let golden = Golden::read();
        let tensors = |name: &str| golden.get(name);
        let config = golden.config();
        let load = Encoder::load(&tensors, &config, EncodeDevice::Flex);
        pollster::block_on(load).unwrap()
    }

    /// Rods of growing height on a floor, 1 m apart, ten in a row.
    fn rods(count: u32) -> Scene {
        let mut cloud = PointCloud { colours: Some(Vec::new()), ..PointCloud::default() };
        let mut instances = Vec::new();
        for i in 0..count {
            let at = Vec3::new((i % 10) as f32, (i / 10) as f32, 0.0);
            let first = cloud.len() as u32;
            for step in 0..30 {
                let top = 0.5 + 0.01 * i as f32;
                let (x, z) = (0.01 * (step % 3) as f32, top * step as f32 / 30.0);
                cloud.positions.push((at + Vec3::new(x, 0.0, z)).to_array());
                cloud.colours.as_mut().unwrap().push([200, i as u8, 0]);
            }
            let points: Vec<u32> = (first..cloud.len() as u32).collect();
            let own = points.iter().map(|&p| cloud.positions[p as usize].into());
            let bounds = Aabb::of_points(own);
            instances.push(Instance {
                id: InstanceId(i + 1),
                points,
                bounds,
                score: 0.9,
                label: None,
                told: None,
            });
        }
        let bounds = Aabb { min: Vec3::splat(-1.0), max: Vec3::new(11.0, 13.0, 2.5) };
        let floor = Plane { normal: Vec3::Z, offset_m: 0.0, bounds, points: Vec::new() };
        Scene {
            cloud,
            scene_from_file: Similarity::IDENTITY,
            reading: Reading::default(),
            bounds,
            voxel_m: 0.03,
            structure: Structure { floor: Some(floor), ..Structure::default() },
            instances,
            superpoints: Superpoints::default(),
            warnings: Vec::new(),
        }
    }

    fn run(mut work: Encoding) -> (Encoded, Vec<usize>) {
        let mut progress = Vec::new();
        loop {
            match pollster::block_on(work.step()).unwrap() {
                EncodeStep::Working { done, .. } | EncodeStep::Fitting { done, .. } => {
                    progress.push(done);
                }
                EncodeStep::Done(encoded) => return (*encoded, progress),
            }
        }
    }

    #[test]
    fn a_scene_becomes_rows() {
        let encoder = encoder();
        let scene = rods(5);
        let (encoded, progress) = run(encoder.start(&scene, None).unwrap());
        // Looked at, fused; points of objects, of the shell.
        assert_eq!(progress, [2, 4, 5, 5, 5, 5]);
        let prefix = &encoded.prefix;
        assert_eq!(prefix.queries, crate::llm3d::QUERIES);
        assert_eq!(prefix.row_count(), prefix.queries + 4 * 5 + 1);
        assert_eq!(prefix.pairs.len(), 5 * 5 * scene::PAIR_FEATURES);
        assert!(prefix.rows.iter().all(|v| v.is_finite()));
        assert_eq!(prefix.objects.iter().map(|o| o.slot).collect::<Vec<_>>(), [0, 1, 2, 3, 4]);
        assert_eq!(prefix.objects[3].id, InstanceId(4));
        assert_eq!((encoded.labels.len(), encoded.labels[0].others.len()), (5, 4));
        let label = &encoded.labels[0];
        let sum = label.score + label.others.iter().map(|class| class.1).sum::<f32>();
        assert!(sum > 0.2 && sum <= 1.0 + 1e-5);
        assert!(encoded.warnings.is_empty());
        // The same bytes again, and other identifiers change the identifier rows alone.
        let (again, _) = run(encoder.start(&scene, None).unwrap());
        assert_eq!(again.prefix.rows, prefix.rows);
        let (other, _) = run(encoder.start(&scene, Some(&[9, 8, 7, 6, 199])).unwrap());
        let row = |e: &Encoded, i: usize| {
            let first = (e.prefix.queries + i) * 256;
            e.prefix.rows[first..first + 256].to_vec()
        };
        assert_ne!(row(&other, 0), row(&encoded, 0));
        assert!((1..4).all(|i| row(&other, i) == row(&encoded, i)));
        assert_eq!(other.prefix.objects[4].slot, 199);
        // Objects differ.
        assert_ne!(prefix.objects[0].mention, prefix.objects[1].mention);
    }

    #[test]
    fn an_empty_room_has_its_floor() {
        let (encoded, _) = run(encoder().start(&rods(0), None).unwrap());
        assert_eq!(encoded.prefix.row_count(), 1);
        assert!(encoded.prefix.objects.is_empty() && encoded.labels.is_empty());
    }

    #[test]
    fn more_objects_than_identifiers_are_cut_with_a_warning() {
        let mut scene = rods(203);
        scene.instances[202].score = 0.01;
        scene.instances[50].score = f32::NAN;
        let work = encoder().start(&scene, None).unwrap();
        assert_eq!(work.ids.len(), SLOTS);
        let left_out = |id| !work.ids.contains(&InstanceId(id));
        // The unsure, the one without a score, and the smallest of the others.
        assert!(left_out(203) && left_out(51) && left_out(1), "{:?}", work.ids);
        assert!(work.ids.is_sorted());
        // `<|bos|>`, queries, objects, layout: DESIGN's bound of a prefix.
        const ROWS: usize =
            1 + crate::llm3d::QUERIES + 4 * ScenePrefix::MOST_OBJECTS + views::MAX_LAYOUT_ROWS;
        const { assert!(ROWS <= 480) };
        assert_eq!(work.warnings[0].code, "objects-left-out");
        let work = encoder().start(&rods(103), None).unwrap();
        assert_eq!((work.ids.len(), work.warnings[0].code.as_str()), (103, "objects-chosen"));
    }

    #[test]
    fn slots_are_checked() {
        let encoder = encoder();
        for slots in [&[0, 1][..], &[0, 1, 1], &[0, 1, 200]] {
            let started = encoder.start(&rods(3), Some(slots)).map(|_| ());
            assert_eq!(started, Err(Error::Slots { limit: SLOTS }), "{slots:?}");
        }
    }
}
