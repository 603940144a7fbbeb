//! The rooms of a suite as the referee needs them.

use referee::Case;
use referee::baselines::Prior;
use scene::PointCloud;
use std::error::Error;
use std::path::Path;
use tasks::facts::Facts;
use tasks::suite::{self, Question, RoomFiles};

/// A room with its scan and its truth.
pub(super) struct Room {
    pub case: Case,
    /// In file coordinates.
    pub cloud: PointCloud,
    /// The true instance of each point, 0 for none.
    pub ids: Vec<u32>,
    /// The points in the true frame of the room, metres.
    pub positions: Vec<[f32; 3]>,
}

pub(super) fn load(
    folder: &Path,
    most_rooms: Option<usize>,
    most_questions: Option<usize>,
) -> Result<Vec<Room>, Box<dyn Error>> {
    let mut rooms = suite::open(folder)?;
    rooms.truncate(most_rooms.unwrap_or(usize::MAX));
    rooms.iter().map(|files| room(files, most_questions)).collect()
}

fn room(files: &RoomFiles, most_questions: Option<usize>) -> Result<Room, Box<dyn Error>> {
    let truth = suite::read_scene(files)?;
    let questions = spread(suite::read_questions(files, &truth)?, most_questions);
    let cloud = ply::read(&std::fs::read(files.scan())?)?;
    let facts = Facts::new(&truth, &cloud)?;
    let ids = cloud.column("instance").unwrap_or_default().iter().map(|&id| id as u32).collect();
    let positions = referee::positions_in_room(&cloud, &truth);
    let case = Case { name: files.name.clone(), facts, questions };
    Ok(Room { case, cloud, ids, positions })
}

/// At most so many questions, evenly from the list.
fn spread(questions: Vec<Question>, most: Option<usize>) -> Vec<Question> {
    let all = questions.len();
    let kept = most.unwrap_or(all).min(all);
    // The k-th kept one is at ⌊k·all/kept⌋.
    let mut next = 0;
    questions
        .into_iter()
        .enumerate()
        .filter(|(index, _)| {
            let keep = next < kept && *index == next * all / kept;
            next += usize::from(keep);
            keep
        })
        .map(|(_, question)| question)
        .collect()
}

/// The most frequent answers of a suite.
pub(super) fn prior(folder: &Path) -> Result<Prior, Box<dyn Error>> {
    let mut seen = Vec::new();
    for files in suite::open(folder)? {
        let truth = suite::read_scene(&files)?;
        for question in suite::read_questions(&files, &truth)? {
            let label = question.objects.first().and_then(|id| {
                truth.objects.iter().find(|object| object.id == *id).map(|one| one.label.clone())
            });
            seen.push((question, label));
        }
    }
    Ok(Prior::of(seen.iter().map(|(question, label)| (question, label.as_deref()))))
}
