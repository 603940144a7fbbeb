//! One room of a suite: its true and its predicted instances, and its questions.

use super::FeaturesError;
use super::shard::{Set, Shard, Truth};
use glam::DVec3;
use scene::{LabelGuess, OrientedBox, Scene, Similarity};
use serde::Serialize;
use std::collections::HashMap;
use tasks::facts::Facts;
use tasks::suite::{self, RoomFiles, SceneTruth, Split, Task};
use views::Looker;

/// The room's line in the shard's `.jsonl`.
#[derive(Serialize)]
pub(super) struct Line {
    room: usize,
    suite_room: String,
    split: Split,
    questions: Vec<QuestionLine>,
}

#[derive(Serialize)]
struct QuestionLine {
    id: String,
    task: Task,
    tags: Vec<String>,
    text: String,
    also: Vec<String>,
    target: String,
    objects: Vec<u32>,
    anchors: Vec<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    turn: Option<u8>,
    /// Centre and size of the box that answers, scene frame, metres.
    #[serde(rename = "box", skip_serializing_if = "Option::is_none")]
    answer_box: Option<[f32; 6]>,
    /// The corners of the way that answers, scene frame, metres.
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<Vec<[f32; 2]>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    after: Option<String>,
    phrasing: String,
}

/// A predicted instance counts as a true one from this overlap of their points on.
const MATCH_IOU: f64 = 0.5;

/// Adds the room to the shard.
pub(super) fn add(files: &RoomFiles, shard: &mut Shard) -> Result<Line, FeaturesError> {
    let truth = suite::read_scene(files)?;
    let questions = suite::read_questions(files, &truth)?;
    let bytes = std::fs::read(files.scan())?;
    let cloud =
        ply::read(&bytes).map_err(|error| FeaturesError::Scan(files.name.clone(), error))?;
    let Some(ids) = cloud.column("instance") else {
        return Err(FeaturesError::NoTruth(files.name.clone()));
    };
    let ids: Vec<u32> = ids.iter().map(|&id| id as u32).collect();
    let facts = Facts::new(&truth, &cloud)
        .map_err(|error| FeaturesError::Facts(files.name.clone(), error))?;
    let options = segment::Options::default();
    let broken = |error| FeaturesError::Segment(files.name.clone(), error);
    let true_scene = segment::with_instances(cloud.clone(), &ids, &options).map_err(broken)?;
    let predicted_scene = segment::segment(cloud, &options).map_err(broken)?;

    shard.begin_room(&views::layout_rows(&true_scene), &Looker::new(&predicted_scene).shell());
    push_all(shard, Set::True, &true_scene, &truth, |scene, index| {
        scene.instances[index].id.0 as i32
    });
    let sizes = counts(ids.iter().copied());
    push_all(shard, Set::Predicted, &predicted_scene, &truth, |scene, index| {
        best_match(&scene.instances[index].points, &ids, &sizes)
    });

    let frame = &true_scene.scene_from_file;
    Ok(Line {
        room: shard.rooms() - 1,
        suite_room: files.name.clone(),
        split: truth.split,
        questions: questions
            .into_iter()
            .filter_map(|question| {
                Some(QuestionLine {
                    target: tasks::target(&question, &facts)?,
                    answer_box: question.answer_box.as_ref().map(|b| in_scene(frame, b)),
                    path: question
                        .path
                        .as_ref()
                        .map(|way| way.iter().map(|at| on_floor(frame, *at)).collect()),
                    after: question.after,
                    objects: question.objects.iter().map(|id| id.0).collect(),
                    anchors: question.program.anchors(&facts).iter().map(|id| id.0).collect(),
                    turn: question.program.turn(),
                    id: question.id,
                    task: question.task,
                    tags: question.tags,
                    text: question.text,
                    also: question.also,
                    phrasing: question.phrasing,
                })
            })
            .collect(),
    })
}

/// In the frame of the instances beside it, which `segment` chose: the truth's own differs.
fn in_scene(frame: &Similarity, in_file: &OrientedBox) -> [f32; 6] {
    let bounds = frame.box_in_scene(in_file);
    let (c, s) = (bounds.centre(), bounds.size());
    [c.x, c.y, c.z, s.x, s.y, s.z]
}

fn on_floor(frame: &Similarity, in_file: [f64; 3]) -> [f32; 2] {
    frame.apply(DVec3::from(in_file)).as_vec3().truncate().to_array()
}

fn push_all(
    shard: &mut Shard,
    set: Set,
    scene: &Scene,
    truth: &SceneTruth,
    matched: impl Fn(&Scene, usize) -> i32,
) {
    let looker = Looker::new(scene);
    for (index, instance) in scene.instances.iter().enumerate() {
        let matched = matched(scene, index);
        let object = truth.objects.iter().find(|object| object.id.0 as i32 == matched);
        let position = |names: &[String], name: &str| {
            names.iter().position(|known| known == name).map_or(-1, |at| at as i32)
        };
        let mut guess = vec![0.0; truth.classes.len()];
        for (name, p) in instance.label.iter().flat_map(LabelGuess::classes) {
            if let Ok(class) = usize::try_from(position(&truth.classes, name)) {
                guess[class] = p;
            }
        }
        let truth = Truth {
            guess,
            matched: if object.is_some() { matched } else { -1 },
            class: object.map_or(-1, |object| position(&truth.classes, &object.label)),
            colour: object.and_then(|object| object.colour.as_deref()).map_or(-1, |colour| {
                tasks::colour::NAMES
                    .iter()
                    .position(|&known| known == colour)
                    .map_or(-1, |at| at as i32)
            }),
        };
        if let Some(input) = looker.look(instance.id) {
            shard.push(set, instance.id.0, &input, &truth);
        }
    }
}

fn counts(ids: impl Iterator<Item = u32>) -> HashMap<u32, usize> {
    let mut counts = HashMap::new();
    for id in ids {
        *counts.entry(id).or_insert(0) += 1;
    }
    counts
}

/// The true object that shares the most with these points, if that is enough; else −1.
fn best_match(points: &[u32], ids: &[u32], sizes: &HashMap<u32, usize>) -> i32 {
    let shared = counts(points.iter().map(|&point| ids[point as usize]).filter(|&id| id != 0));
    shared
        .into_iter()
        .map(|(id, shared)| {
            let union = points.len() + sizes.get(&id).copied().unwrap_or(0) - shared;
            (shared as f64 / union.max(1) as f64, id)
        })
        .filter(|(iou, _)| *iou >= MATCH_IOU)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map_or(-1, |(_, id)| id as i32)
}
