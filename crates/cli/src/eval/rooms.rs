//! The rooms of a suite as the referee needs them.

use referee::Case;
use referee::baselines::Prior;
use roomgen::rng::Rng;
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

/// Of the suite, as it is or as worse devices would have scanned it.
pub(super) fn load(
    folder: &Path,
    most_rooms: Option<usize>,
    most_questions: Option<usize>,
    is_noisy: bool,
) -> Result<Vec<Room>, Box<dyn Error>> {
    let mut rooms = suite::open(folder)?;
    rooms.truncate(most_rooms.unwrap_or(usize::MAX));
    rooms.iter().map(|files| room(files, most_questions, is_noisy)).collect()
}

fn room(
    files: &RoomFiles,
    most_questions: Option<usize>,
    is_noisy: bool,
) -> Result<Room, Box<dyn Error>> {
    let truth = suite::read_scene(files)?;
    let questions = spread(suite::read_questions(files, &truth)?, most_questions);
    let mut cloud = ply::read(&std::fs::read(files.scan())?)?;
    // What is true stays as it was scanned.
    let facts = Facts::new(&truth, &cloud)?;
    if is_noisy {
        let [x, y, z] = [0, 1, 2].map(|axis| truth.room.scene_from_file[axis][0]);
        let metres_per_unit = (x * x + y * y + z * z).sqrt() as f32;
        let mut rng = Rng::from_numbers([cloud.len() as u64, 0, 0, 0]);
        cloud = roomgen::scan::worse(&cloud, metres_per_unit, &mut rng);
    }
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
