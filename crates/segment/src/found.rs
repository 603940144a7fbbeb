//! Objects before they have boxes: found, or given with the cloud.

use crate::finish::robust_box;
use scene::{Instance, InstanceId, LabelGuess, Warning};

/// The most instances a scene has; the language model has as many names.
pub(crate) const MOST_INSTANCES: usize = 200;

/// An object as voxels or as points, before it has a box.
#[derive(Clone, Debug, Default)]
pub(crate) struct Found {
    pub(crate) id: u32,
    pub(crate) points: Vec<u32>,
    pub(crate) score: f32,
    pub(crate) label: Option<LabelGuess>,
}

impl Found {
    /// The instance: the object with its box.
    pub(crate) fn into_instance(self, positions: &[[f32; 3]]) -> Instance {
        let bounds = robust_box(&self.points, positions);
        Instance {
            id: InstanceId(self.id),
            points: self.points,
            bounds,
            score: self.score,
            label: self.label,
            told: None,
        }
    }
}

/// The objects that the ids of the points name, by ascending id; 0 names none.
pub(crate) fn given(ids: &[u32], positions: &[[f32; 3]]) -> Vec<Found> {
    let mut rows: Vec<(u32, u32)> = ids
        .iter()
        .zip(positions)
        .enumerate()
        .filter(|(_, (id, position))| **id != 0 && position.iter().all(|value| value.is_finite()))
        .map(|(point, (id, _))| (*id, point as u32))
        .collect();
    rows.sort_unstable();
    rows.chunk_by(|a, b| a.0 == b.0)
        .map(|rows| Found {
            id: rows[0].0,
            points: rows.iter().map(|(_, point)| *point).collect(),
            score: 1.0,
            label: None,
        })
        .collect()
}

/// At most [`MOST_INSTANCES`], the largest; a warning where some are left out.
pub(crate) fn capped(mut found: Vec<Found>, warnings: &mut Vec<Warning>) -> Vec<Found> {
    if found.len() > MOST_INSTANCES {
        warnings.push(Warning::new(
            "too-many-objects",
            format!(
                "{} objects were found; only the {MOST_INSTANCES} largest are kept.",
                found.len()
            ),
        ));
        found.sort_by_key(|object| (std::cmp::Reverse(object.points.len()), object.id));
        found.truncate(MOST_INSTANCES);
    }
    found
}
