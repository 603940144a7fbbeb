//! The points of a scene that 3D-LLM and Spatial 3D-LLM look at, and the stages in which they do.

use crate::Error;
use crate::begin::Begin;
use crate::field::{self, Field, Sample};
use crate::llm3d::{Construction, Points, lifted};
use crate::nets::{Features, Gathered, Nets};
use crate::spatial::CLUSTERS;
use scene::{Aabb, Locations};
use std::ops::Range;
use views::{CENTRE_FEATURES, PATCHES, SHELL_FEATURES, VIEWS};

/// Instances whose points are looked at per step.
const AT_ONCE: usize = if cfg!(target_arch = "wasm32") { 8 } else { 16 };
/// Rounds in which a neural field is fitted, per step.
const ROUNDS_AT_ONCE: usize = if cfg!(target_arch = "wasm32") { 4 } else { 16 };

/// What has been made of a scene's points so far.
#[derive(Clone, Debug, Default)]
pub(crate) struct Surface {
    shell: Vec<[f32; SHELL_FEATURES]>,
    construction: Construction,
    gathered: Gathered,
    gathered_of: usize,
    /// Where that is the construction, once all views are known.
    field: Option<Field>,
    /// Of the instances' points, in order; then of the shell's.
    keys: Vec<f32>,
    keys_of: usize,
    /// To the instances' points (n·32, d_e).
    lifted: Vec<f32>,
    shell_is_done: bool,
    /// (32, d), or none where the model has no Q-Former.
    pub(crate) queries: Vec<f32>,
    is_complete: bool,
}

impl Surface {
    pub(crate) fn new(shell: Vec<[f32; SHELL_FEATURES]>) -> Self {
        Self { shell, ..Self::default() }
    }

    pub(crate) fn with_construction(self, construction: Construction) -> Self {
        Self { construction, ..self }
    }

    /// Looks at the next points; true once all have been and the query rows are made.
    pub(crate) async fn step(
        &mut self,
        nets: &Nets,
        features: &Features,
        boxes: &[Aabb],
        locations: &Locations,
    ) -> Result<bool, Error> {
        if self.gathered_of < boxes.len() {
            let range = next(self.gathered_of, boxes);
            if let Some(spatial) = &nets.spatial {
                let gathered = nets.gather(spatial, &features.part(range.clone())).await?;
                self.gathered.extend(gathered);
            }
            self.gathered_of = range.end;
            // A field knows of no point before it has seen all.
            if self.construction != Construction::Field {
                self.add_keys(nets, features, boxes, locations).await?;
            }
        } else if self.construction == Construction::Field && self.field.is_none() {
            self.field = Some(unfitted(features, boxes, nets.config.width));
        } else if self.field.as_mut().is_some_and(|field| !field.fit(ROUNDS_AT_ONCE)) {
            // Fitted a little further.
        } else if self.keys_of < boxes.len() {
            self.add_keys(nets, features, boxes, locations).await?;
        } else if !self.shell_is_done {
            if let Some(llm3d) = nets.llm3d.as_ref().filter(|_| !self.shell.is_empty()) {
                let at: Vec<[f32; 3]> = self.shell.iter().map(|p| [p[0], p[1], p[2]]).collect();
                let keys = nets.keys(llm3d, &Points::Shell(&self.shell), &at, locations).await?;
                self.keys.extend(keys);
            }
            self.shell_is_done = true;
        } else if !self.is_complete {
            if let Some(llm3d) = nets.llm3d.as_ref().filter(|_| !boxes.is_empty()) {
                let at = positions(features, boxes, PATCHES);
                let begins = Begin::of_points(&at, &self.lifted);
                self.queries = nets.queries(llm3d, &self.keys, &begins, locations).await?;
            }
            self.is_complete = true;
        }
        Ok(self.is_complete)
    }

    /// The keys of the next instances' points.
    async fn add_keys(
        &mut self,
        nets: &Nets,
        features: &Features,
        boxes: &[Aabb],
        locations: &Locations,
    ) -> Result<(), Error> {
        let range = next(self.keys_of, boxes);
        if let Some(llm3d) = &nets.llm3d {
            let part = features.part(range.clone());
            let at = positions(&part, &boxes[range.clone()], PATCHES);
            let known = self.lift(&part, &at, nets.config.width);
            let keys = nets.keys(llm3d, &Points::Lifted(&known), &at, locations).await?;
            self.keys.extend(keys);
            self.lifted.extend(known);
        }
        self.keys_of = range.end;
        Ok(())
    }

    /// What Spatial 3D-LLM knows of the referents, for their relation rows (n, d); nothing where
    /// the model has no such stages.
    pub(crate) async fn aware(
        &self,
        nets: &Nets,
        features: &Features,
        boxes: &[Aabb],
        locations: &Locations,
    ) -> Result<Option<Vec<f32>>, Error> {
        let Some(spatial) = nets.spatial.as_ref().filter(|_| !boxes.is_empty()) else {
            return Ok(None);
        };
        let places = positions(features, boxes, CLUSTERS);
        nets.aware(spatial, &self.gathered, boxes, &places, locations).await.map(Some)
    }

    /// While a neural field is being fitted: rounds done, and in all.
    pub(crate) fn fitting(&self) -> Option<(usize, usize)> {
        let rounds = self.field.as_ref().map(Field::rounds)?;
        (rounds < field::ROUNDS && self.keys_of == 0).then_some((rounds, field::ROUNDS))
    }

    /// Features of views at every patch centre (n·32, d_e), which lie at `at`.
    fn lift(&self, part: &Features, at: &[[f32; 3]], width: usize) -> Vec<f32> {
        if let Some(field) = &self.field {
            return field.of(at);
        }
        let views = part.o2d.chunks_exact(VIEWS * width).zip(part.view_valid.chunks_exact(VIEWS));
        let trust = part.trust.chunks_exact(PATCHES * VIEWS);
        views
            .zip(trust)
            .flat_map(|((o2d, valid), trust)| lifted(o2d, valid, trust, self.construction))
            .collect()
    }
}

/// The instances that are looked at next.
fn next(done: usize, boxes: &[Aabb]) -> Range<usize> {
    done..boxes.len().min(done + AT_ONCE)
}

/// The field of what all views saw, not fitted yet.
fn unfitted(features: &Features, boxes: &[Aabb], width: usize) -> Field {
    let at = positions(features, boxes, PATCHES);
    let valid = |view: usize| features.view_valid.get(view).is_some_and(|&valid| valid != 0);
    let mut samples = Vec::new();
    for (point, (at, trust)) in at.iter().zip(features.trust.chunks_exact(VIEWS)).enumerate() {
        for (view, &trust) in trust.iter().enumerate() {
            let feature = point / PATCHES * VIEWS + view;
            if trust > 0 && valid(feature) {
                samples.push(Sample { at: *at, feature, trust: f32::from(trust) / 255.0 });
            }
        }
    }
    Field::new(samples, &features.o2d, width)
}

/// Where the first `count` patch centres of each instance are, metres.
fn positions(features: &Features, boxes: &[Aabb], count: usize) -> Vec<[f32; 3]> {
    let centres = features.centres.chunks_exact(PATCHES * CENTRE_FEATURES);
    let of_one = centres.zip(&features.radius).zip(boxes);
    of_one
        .flat_map(|((centres, radius), bounds)| {
            let middle = bounds.centre();
            centres
                .chunks_exact(CENTRE_FEATURES)
                .take(count)
                .map(move |place| (middle + glam::Vec3::from_slice(place) * *radius).to_array())
        })
        .collect()
}
