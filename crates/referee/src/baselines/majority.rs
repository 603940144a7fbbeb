use super::reader::Kind;
use crate::verdict::without_mentions;
use crate::{GivenRoom, Reply, System, SystemName};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use tasks::program::Program;
use tasks::suite::{Question, Task};

/// The most frequent answer of training for each kind of question, told apart by its words alone.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Prior {
    /// Short answers.
    pub answers: BTreeMap<Kind, String>,
    /// The median distance, metres.
    pub metres: Option<f64>,
    /// The class that is looked for most often.
    pub sought: Option<String>,
    /// What things of each class are made of.
    #[serde(default)]
    pub materials: BTreeMap<String, String>,
}

/// The answer of questions that have none.
const CANNOT_TELL: &str = "cannot tell";

impl Prior {
    /// Counted over the questions of training; `label` gives the class of a question's first
    /// object, where it has one.
    pub fn of<'a>(questions: impl IntoIterator<Item = (&'a Question, Option<&'a str>)>) -> Self {
        let mut counts: BTreeMap<Kind, BTreeMap<String, usize>> = BTreeMap::new();
        let mut metres: Vec<f64> = Vec::new();
        let mut sought: BTreeMap<String, usize> = BTreeMap::new();
        let mut made_of: BTreeMap<String, BTreeMap<String, usize>> = BTreeMap::new();
        for (question, label) in questions {
            match question.task {
                Task::Distance => metres.extend(question.value.as_ref().map(|value| value.number)),
                Task::Grounding => {
                    if let Some(label) = label {
                        *sought.entry(label.to_owned()).or_insert(0) += 1;
                    }
                }
                // No answer of these is right in two rooms.
                Task::Plan | Task::Dialog | Task::Navigation | Task::Move | Task::Place => {}
                Task::Qa
                | Task::SituatedQa
                | Task::DenseCaption
                | Task::SceneCaption
                | Task::Abstain => {
                    let Some(answer) = question.answers.first() else { continue };
                    let of_kind = counts.entry(Kind::of(&question.text)).or_default();
                    *of_kind.entry(without_mentions(answer)).or_insert(0) += 1;
                    if let (Program::Material { .. }, Some(label)) = (&question.program, label) {
                        let of_class = made_of.entry(label.to_owned()).or_default();
                        *of_class.entry(answer.clone()).or_insert(0) += 1;
                    }
                }
            }
        }
        metres.sort_by(f64::total_cmp);
        Self {
            answers: counts
                .into_iter()
                .filter_map(|(kind, answers)| Some((kind, most_frequent(answers)?)))
                .collect(),
            metres: metres.get(metres.len() / 2).copied(),
            sought: most_frequent(sought),
            materials: made_of
                .into_iter()
                .filter_map(|(class, materials)| Some((class, most_frequent(materials)?)))
                .collect(),
        }
    }
}

/// Of equally frequent ones the first by name.
fn most_frequent(counts: BTreeMap<String, usize>) -> Option<String> {
    let by_count = |a: &(String, usize), b: &(String, usize)| a.1.cmp(&b.1).then(b.0.cmp(&a.0));
    counts.into_iter().max_by(by_count).map(|(name, _)| name)
}

/// Says what was most often right in training, whatever the room.
pub struct Majority {
    prior: Prior,
}

impl Majority {
    /// With the prior of a training set.
    pub fn new(prior: Prior) -> Self {
        Self { prior }
    }
}

impl System for Majority {
    fn name(&self) -> SystemName {
        SystemName::Majority
    }

    fn answer(
        &mut self,
        _room: usize,
        _question: usize,
        text: &str,
        given: &GivenRoom,
    ) -> Result<Reply, String> {
        let kind = Kind::of(text);
        let sought = given
            .objects
            .iter()
            .find(|object| object.label.is_some() && object.label == self.prior.sought);
        let text = self.prior.answers.get(&kind).cloned().unwrap_or_default();
        Ok(Reply {
            unknown: text == CANNOT_TELL,
            text,
            objects: sought.or(given.objects.first()).map(|object| object.id).into_iter().collect(),
            metres: self.prior.metres,
            ..Reply::default()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{asked, case};
    use scene::InstanceId;
    use tasks::program::{Set, Why};

    #[test]
    fn the_most_frequent_answer_of_each_kind() {
        let case = case();
        let mut questions = case.questions.clone();
        // Three counts: 2, 3, 3.
        let mut other = questions[0].clone();
        other.answers = vec!["3".to_owned()];
        questions.extend([other.clone(), other]);
        let prior = Prior::of(questions.iter().map(|question| (question, Some("chair"))));
        assert_eq!(prior.answers[&Kind::Count], "3");
        assert_eq!(prior.answers[&Kind::Exists], "no");
        assert_eq!(prior.answers[&Kind::Colour], "brown");
        assert!((prior.metres.unwrap() - 2.0).abs() < 1e-6);
        let given = GivenRoom::of_truth(&case.facts);
        let mut majority = Majority::new(prior);
        let reply = majority.answer(0, 0, "How many sofas?", &given).unwrap();
        assert_eq!(reply.text, "3");
        let reply = majority.answer(0, 0, "Find the sofa.", &given).unwrap();
        assert_eq!(reply.objects, [InstanceId(2)], "the first chair");
    }

    #[test]
    fn kinds_that_mostly_have_no_answer_are_refused() {
        let of = Set::class("sofa");
        let unknown = Program::Unknown { why: Why::Absent, of: of.clone() };
        let colour = Program::Colour { of: Set::class("desk") };
        let case = asked(
            case(),
            vec![
                ("What colour is the sofa?", Task::Abstain, unknown, &[]),
                ("What colour is the desk?", Task::Qa, colour, &[]),
                ("Do what you want.", Task::Dialog, Program::Objects { of }, &[]),
            ],
        );
        let given = GivenRoom::of_truth(&case.facts);
        let unknown = |questions: &[Question]| {
            let prior = Prior::of(questions.iter().map(|question| (question, None)));
            let mut majority = Majority::new(prior);
            majority.answer(0, 0, "What colour is the lamp?", &given).unwrap().unknown
        };
        // Of one against one the first by name: brown.
        assert!(unknown(&case.questions[..1]) && !unknown(&case.questions));
        let prior = Prior::of([(&case.questions[2], None)]);
        assert!(prior.answers.is_empty(), "talk has no answer for all rooms");
    }

    #[test]
    fn a_prior_survives_json() {
        let case = case();
        let prior = Prior::of(case.questions.iter().map(|question| (question, None)));
        let text = serde_json::to_string(&prior).unwrap();
        assert_eq!(serde_json::from_str::<Prior>(&text).unwrap(), prior);
    }
}
