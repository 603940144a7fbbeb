//! A made-up room and its truth, which the engine never sees: the engine gets the points alone,
//! finds the objects itself, and is judged by what it says.
#![cfg_attr(
    not(target_arch = "wasm32"),
    allow(dead_code, unused_imports, reason = "used by the worker alone")
)]

mod tally;
mod words;

pub(crate) use tally::Tally;

use protocol::{JobId, RoomQuestion, TrueObject};
use referee::{Case, GivenRoom, Regime, Reply, judge_one, positions_in_room};
use roomgen::scan::Preset;
use roomgen::suite::{MadeRoom, Order};
use scene::{PointCloud, Scene};
use tasks::answer::Parsed;
use tasks::facts::Facts;
use tasks::prompt::parts;
use tasks::suite::{Question, Split, Task};

/// What is true of a made-up room.
pub(crate) struct Room {
    /// Who asked for it, and for which.
    job: JobId,
    seed: u32,
    case: Case,
    /// The scan's points in the true frame.
    positions: Vec<[f32; 3]>,
}

/// What to make of a seed. Neither shapes nor phrasings of this split were trained on.
pub(crate) fn order(seed: u32) -> Order {
    let preset = Some(Preset::for_browser());
    Order { seed: seed.into(), split: Split::Val, worded: None, preset }
}

/// As shown to the person.
pub(crate) fn name(seed: u32) -> String {
    format!("Made-up room {seed}")
}

impl Room {
    /// The truth to keep, and the scan to show: points and colours without their true instances.
    pub(crate) fn of(job: JobId, seed: u32, made: MadeRoom, facts: Facts) -> (Self, PointCloud) {
        let MadeRoom { mut cloud, truth, mut questions, .. } = made;
        cloud.columns.clear();
        // What is right of a way or a place is no word that could be shown beside the answer.
        questions.retain(|question| {
            let in_space = matches!(question.task, Task::Navigation | Task::Move | Task::Place);
            question.after.is_none() && !in_space
        });
        let positions = positions_in_room(&cloud, &truth);
        let case = Case { name: name(seed), facts, questions };
        (Self { job, seed, case, positions }, cloud)
    }

    /// The job that it was made in, and its seed.
    pub(crate) fn made_by(&self) -> (JobId, u32) {
        (self.job, self.seed)
    }

    /// Which objects found stand for the true ones.
    pub(crate) fn given(&self, scene: &Scene) -> GivenRoom {
        GivenRoom::of_scene(scene, &self.positions, &self.case.facts)
    }

    /// The questions with their truth, for the page.
    pub(crate) fn questions(&self, given: &GivenRoom) -> Vec<RoomQuestion> {
        self.case.questions.iter().map(|question| self.told(question, given)).collect()
    }

    fn told(&self, question: &Question, given: &GivenRoom) -> RoomQuestion {
        let label = |id| {
            let place = self.case.facts.index_of(id);
            place.map_or("object", |place| self.case.facts.objects[place].label.as_str())
        };
        let asked = given.question(question);
        let objects = question.objects.iter().map(|id| TrueObject {
            label: label(*id).to_owned(),
            found: given.given_from_true.get(id).copied(),
        });
        RoomQuestion {
            id: question.id.clone(),
            task: question.task.name().to_owned(),
            askable: asked.is_some(),
            text: asked.unwrap_or_else(|| words::with_labels(&question.text, label)),
            right: words::right_answer(question),
            objects: objects.collect(),
        }
    }

    /// The places of at most so many questions, evenly from the list.
    pub(crate) fn chosen(&self, most: Option<u32>) -> Vec<usize> {
        let all = self.case.questions.len();
        let kept = most.map_or(all, |most| all.min(most as usize));
        (0..kept).map(|nth| nth * all / kept).collect()
    }

    /// A question with its wording; `None` where an object that it mentions was not found.
    pub(crate) fn wording(&self, given: &GivenRoom, place: usize) -> Option<String> {
        given.question(self.case.questions.get(place)?)
    }

    /// Its id and its task.
    pub(crate) fn name_of(&self, place: usize) -> Option<(&str, Task)> {
        self.case.questions.get(place).map(|question| (question.id.as_str(), question.task))
    }

    /// The place of the question that is asked in these words.
    pub(crate) fn place_of(&self, given: &GivenRoom, asked: &str) -> Option<usize> {
        let asked = parts(asked.trim());
        self.case.questions.iter().position(|question| {
            given.question(question).is_some_and(|wording| parts(wording.trim()) == asked)
        })
    }

    /// Whether an answer is right; none at all is wrong, as is one to no question of the room.
    pub(crate) fn is_right(&self, given: &GivenRoom, place: usize, said: Option<&Parsed>) -> bool {
        let reply = said.map(Reply::of_parsed).unwrap_or_default();
        judge_one(&self.case, given, Regime::Predicted, place, reply)
            .is_some_and(|verdict| verdict.right)
    }
}

#[cfg(test)]
mod tests;
