use crate::verdict::without_mentions;
use crate::{Case, GivenRoom, Reply, System, SystemName};
use tasks::program::Program as Code;
use tasks::prompt::{Part, mention, target_parts};

/// The question's own program on the truth: checks the questions rather than a model.
pub struct Program<'a> {
    cases: &'a [Case],
}

impl<'a> Program<'a> {
    /// Of the cases that are going to be judged.
    pub fn new(cases: &'a [Case]) -> Self {
        Self { cases }
    }
}

impl System for Program<'_> {
    fn name(&self) -> SystemName {
        SystemName::Program
    }

    fn answer(
        &mut self,
        room: usize,
        question: usize,
        _text: &str,
        given: &GivenRoom,
    ) -> Result<Reply, String> {
        let Some(case) = self.cases.get(room) else { return Ok(Reply::default()) };
        let Some(question) = case.questions.get(question) else { return Ok(Reply::default()) };
        // A program that comes to nothing is a wrong question, and shows as a wrong answer.
        let Ok(outcome) = question.program.run(&case.facts) else { return Ok(Reply::default()) };
        let objects =
            outcome.objects.iter().filter_map(|id| given.given_from_true.get(id).copied());
        Ok(Reply {
            text: outcome.answers.first().map(|text| without_mentions(text)).unwrap_or_default(),
            objects: objects.collect(),
            metres: outcome.value.filter(|value| value.unit == "m").map(|value| value.number),
            unknown: matches!(question.program, Code::Unknown { .. }),
            path: outcome.path,
            placed: outcome.answer_box,
            steps_text: in_given_ids(outcome.answers.first(), given),
            ..Reply::default()
        })
    }
}

/// An answer with what stands for the true objects.
fn in_given_ids(answer: Option<&String>, given: &GivenRoom) -> String {
    let parts = target_parts(answer.map(String::as_str).unwrap_or_default()).into_iter();
    let words = parts.map(|part| match part {
        Part::Object(id) => {
            given.given_from_true.get(&id).map_or_else(String::new, |id| mention(*id))
        }
        Part::Text(words) => words,
        Part::Mark(mark) => mark.name().into_owned(),
    });
    words.collect()
}
