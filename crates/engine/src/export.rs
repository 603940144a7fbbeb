//! The scan given back with its objects: the person's own file with two more columns, and a list.

use crate::pace::Pace;
use crate::summary::instances_of_points;
use crate::{EngineError, Host, ScanSource};
use glam::Vec3;
use ply::{Appended, Moved, Rewriter, Scalar, WriteOptions};
use protocol::{Phase, SceneSummary};
use scene::{Column, Scene};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The objects in the form that `scanwise segment --json` prints, less its seconds.
pub fn listing(summary: &SceneSummary) -> Value {
    let objects: Vec<Value> = summary
        .objects
        .iter()
        .map(|object| {
            json!({
                "id": object.id, "label": object.label, "score": object.score,
                "points": object.points, "box": object.box_in_file,
            })
        })
        .collect();
    json!({
        "points": summary.points, "up": summary.up, "unit": summary.unit,
        "confidence": {
            "up": summary.reading.up_confidence, "unit": summary.reading.unit_confidence,
            "yaw": summary.reading.yaw_confidence,
        },
        "scene_from_file": summary.scene_from_file, "warnings": summary.warnings,
        "objects": objects,
    })
}

/// What is appended to a scan: `instance` (the object's id, 0 for none) and `label` (a number, 0
/// for none) of each point. Comments in the header, `label 3 chair`, name the numbers, which go up
/// from 1 in alphabetical order.
pub(crate) struct Labels {
    instance: Vec<f64>,
    label: Vec<f64>,
    comments: Vec<String>,
}

impl Labels {
    pub(crate) fn of(scene: &Scene) -> Self {
        let mut names: Vec<&str> = scene.instances.iter().map(scene::Instance::name).collect();
        names.sort_unstable();
        names.dedup();
        let number = |name: &str| names.binary_search(&name).map_or(0.0, |at| at as f64 + 1.0);
        let label_of: BTreeMap<u32, f64> =
            scene.instances.iter().map(|one| (one.id.0, number(one.name()))).collect();
        let ids = instances_of_points(scene);
        Self {
            instance: ids.iter().map(|id| f64::from(*id)).collect(),
            label: ids.iter().map(|id| label_of.get(id).copied().unwrap_or(0.0)).collect(),
            comments: (1..).zip(&names).map(|(at, name)| format!("label {at} {name}")).collect(),
        }
    }

    fn appended(&self) -> [Appended<'_>; 2] {
        let [instance, label] = self.types();
        let column = |(name, scalar), values| Appended { name, scalar, values };
        [column(instance, &self.instance), column(label, &self.label)]
    }

    /// Ids that a file brought may be of any size.
    fn types(&self) -> [(&'static str, Scalar); 2] {
        let is_small = self.instance.iter().all(|id| *id <= f64::from(u16::MAX));
        let instance = if is_small { Scalar::U16 } else { Scalar::U32 };
        [("instance", instance), ("label", Scalar::U16)]
    }
}

/// What stands elsewhere than in the file, and what the file does not have, in its coordinates.
pub(crate) struct Replaced {
    moved: Vec<Moved>,
    added: Vec<[f64; 3]>,
}

impl Replaced {
    /// `moved` are points of the cloud; the last `placed` ones are not of the file.
    pub(crate) fn of(scene: &Scene, moved: &[u32], placed: usize) -> Self {
        let file_from_scene = scene.scene_from_file.inverse();
        let place = |at: &[f32; 3]| file_from_scene.apply(Vec3::from(*at).as_dvec3()).to_array();
        let rows = scene.cloud.len().saturating_sub(placed);
        let (own, added) = scene.cloud.positions.split_at(rows);
        let of_own = |&row: &u32| Some(Moved { row, to: place(own.get(row as usize)?) });
        Self {
            moved: moved.iter().filter_map(of_own).collect(),
            added: added.iter().map(place).collect(),
        }
    }
}

/// The file of `source` again, all of its own columns kept, with those of [`Labels`], with the
/// places of what was moved and the points of what was placed.
pub(crate) async fn rewritten<H: Host>(
    labels: &Labels,
    replaced: Replaced,
    source: &mut impl ScanSource,
    pace: &mut Pace<'_, H>,
) -> Result<Vec<u8>, EngineError> {
    let appended = labels.appended();
    let Replaced { moved, added } = replaced;
    let rewriter = Rewriter::new(&appended, &labels.comments)?;
    let mut rewriter = rewriter.with_moved(moved).with_added(added);
    let mut out = Vec::new();
    let (mut done, total) = (0, source.size());
    while let Some(piece) = source.next().await? {
        for bite in piece.chunks(1 << 18) {
            rewriter.push(bite, &mut out)?;
            done += bite.len() as u64;
            pace.step(Phase::Save, done, total).await?;
        }
    }
    rewriter.finish(&mut out)?;
    Ok(out)
}

/// The scene's own cloud, metres and upright, for a scan that no file holds.
pub(crate) fn written(scene: &Scene, labels: Labels) -> Result<Vec<u8>, EngineError> {
    let column = |name: &str, values| Column { name: name.to_owned(), values };
    let types = labels.types();
    let Labels { instance, label, comments } = labels;
    let cloud = scene::PointCloud {
        columns: vec![column("instance", instance), column("label", label)],
        ..scene.cloud.clone()
    };
    let options =
        WriteOptions { column_types: &types, comments: &comments, ..WriteOptions::default() };
    let mut out = Vec::new();
    ply::write(&mut out, &cloud, &options)?;
    Ok(out)
}
