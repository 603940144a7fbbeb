//! The points of a scene that 3D-LLM and Spatial 3D-LLM look at, and the stages in which they do.

use crate::Error;
use crate::llm3d::{Construction, Points, lifted};
use crate::nets::{Features, Gathered, Nets};
use crate::spatial::CLUSTERS;
use scene::{Aabb, Locations};
use views::{CENTRE_FEATURES, PATCHES, SHELL_FEATURES, VIEWS};

/// Instances whose points are looked at per step.
const AT_ONCE: usize = if cfg!(target_arch = "wasm32") { 8 } else { 16 };

/// What has been made of a scene's points so far.
#[derive(Clone, Debug, Default)]
pub(crate) struct Surface {
    shell: Vec<[f32; SHELL_FEATURES]>,
    construction: Construction,
    gathered: Gathered,
    /// Of the instances' points, in order; then of the shell's.
    keys: Vec<f32>,
    done: usize,
    shell_is_done: bool,
    /// (32, d), or none where the model has no Q-Former.
    pub(crate) queries: Vec<f32>,
    is_complete: bool,
}

impl Surface {
    pub(crate) fn new(shell: Vec<[f32; SHELL_FEATURES]>, construction: Construction) -> Self {
        Self { shell, construction, ..Self::default() }
    }

    /// Looks at the next points; true once all have been and the query rows are made.
    pub(crate) async fn step(
        &mut self,
        nets: &Nets,
        features: &Features,
        boxes: &[Aabb],
        locations: &Locations,
    ) -> Result<bool, Error> {
        if self.done < boxes.len() {
            let range = self.done..boxes.len().min(self.done + AT_ONCE);
            let part = features.part(range.clone());
            if let Some(spatial) = &nets.spatial {
                let gathered = nets.gather(spatial, &part).await?;
                self.gathered.extend(gathered);
            }
            if let Some(llm3d) = &nets.llm3d {
                let known: Vec<f32> = self.lift(&part, nets.config.width);
                let at = positions(&part, &boxes[range.clone()], PATCHES);
                let keys = nets.keys(llm3d, &Points::Lifted(&known), &at, locations).await?;
                self.keys.extend(keys);
            }
            self.done = range.end;
        } else if !self.shell_is_done {
            if let Some(llm3d) = nets.llm3d.as_ref().filter(|_| !self.shell.is_empty()) {
                let at: Vec<[f32; 3]> = self.shell.iter().map(|p| [p[0], p[1], p[2]]).collect();
                let keys = nets.keys(llm3d, &Points::Shell(&self.shell), &at, locations).await?;
                self.keys.extend(keys);
            }
            self.shell_is_done = true;
        } else if !self.is_complete {
            if let Some(llm3d) = nets.llm3d.as_ref().filter(|_| !self.keys.is_empty()) {
                self.queries = nets.queries(llm3d, &self.keys).await?;
            }
            self.is_complete = true;
        }
        Ok(self.is_complete)
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

    /// Features of views at every patch centre (n·32, d_e).
    fn lift(&self, part: &Features, width: usize) -> Vec<f32> {
        let views = part.o2d.chunks_exact(VIEWS * width).zip(part.view_valid.chunks_exact(VIEWS));
        let trust = part.trust.chunks_exact(PATCHES * VIEWS);
        views
            .zip(trust)
            .flat_map(|((o2d, valid), trust)| lifted(o2d, valid, trust, self.construction))
            .collect()
    }
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
