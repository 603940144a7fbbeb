use crate::{GivenRoom, SystemName};
use scene::{Answer, InstanceId, OrientedBox};
use tasks::answer::Parsed;
use tasks::prompt::mention;

/// What a system said.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reply {
    /// The short answer: words without mentions and marks; a count as digits.
    pub text: String,
    /// The whole answer, each object's mention `<OBJ012>` before the words that stand for it: by
    /// this, verbs are told to belong to objects, and asking back to be asking.
    pub steps_text: String,
    /// The given objects that it names, in order. Who has predicted boxes names them by id too.
    pub objects: Vec<InstanceId>,
    /// A length, measured.
    pub metres: Option<f64>,
    /// The length that the language model itself wrote.
    pub lm_metres: Option<f64>,
    /// Whether it says that the scan does not show it.
    pub unknown: bool,
    /// How much speaks for saying so, on any scale that is the same for all questions.
    pub unknown_score: Option<f64>,
    /// A way, file coordinates.
    pub path: Option<Vec<[f64; 3]>>,
    /// The way that the language model itself wrote.
    pub lm_path: Option<Vec<[f64; 3]>>,
    /// Where an object is put, file coordinates.
    pub placed: Option<OrientedBox>,
    /// Where the language model itself would put it.
    pub lm_placed: Option<OrientedBox>,
}

impl Reply {
    /// From an answer of the grammar. The first length is the one that counts.
    pub fn of_parsed(parsed: &Parsed) -> Self {
        let measured = parsed.answer.spans.iter().filter_map(|span| span.measured.as_ref());
        let length = measured.into_iter().find(|measured| measured.unit == "m");
        Self {
            text: parsed.short.clone(),
            steps_text: with_mentions(&parsed.answer),
            objects: parsed.answer.objects(),
            metres: length.map(|measured| measured.value),
            lm_metres: length.and_then(|measured| measured.lm_estimate),
            unknown: parsed.unknown,
            path: parsed.answer.way.as_ref().map(|way| way.corners_in_file.clone()),
            lm_path: parsed.answer.way.as_ref().map(|way| way.lm_corners_in_file.clone()),
            placed: parsed.answer.placement.as_ref().and_then(|place| place.box_in_file.clone()),
            lm_placed: parsed
                .answer
                .placement
                .as_ref()
                .and_then(|place| place.lm_box_in_file.clone()),
            ..Self::default()
        }
    }
}

fn with_mentions(answer: &Answer) -> String {
    let mut text = String::new();
    for span in &answer.spans {
        for id in &span.objects {
            text += &mention(*id);
            text.push(' ');
        }
        text += &span.text;
    }
    text
}

/// Something that answers: a model, or a rule to hold it against.
pub trait System {
    /// Under which name it is listed.
    fn name(&self) -> SystemName;

    /// Hears the question that is asked right before one that follows it. Who remembers nothing
    /// need not listen.
    ///
    /// # Errors
    /// As [`System::answer`].
    fn hear(&mut self, _room: usize, _text: &str) -> Result<(), String> {
        Ok(())
    }

    /// Answers a question about a room; `room` and `question` are its places in the cases. Must
    /// not look at the true answer, which is what it is judged by.
    ///
    /// # Errors
    /// In words, where the system cannot go on at all; an answer that fails is an empty reply.
    fn answer(
        &mut self,
        room: usize,
        question: usize,
        text: &str,
        given: &GivenRoom,
    ) -> Result<Reply, String>;
}

#[cfg(test)]
mod tests {
    use super::*;
    use scene::{Measured, Source, Span};

    fn span(text: &str, objects: &[u32]) -> Span {
        Span {
            text: text.to_owned(),
            source: Source::Lm,
            objects: objects.iter().map(|id| InstanceId(*id)).collect(),
            measured: None,
        }
    }

    #[test]
    fn mentions_stand_before_the_words_that_stood_for_them() {
        let spans = vec![
            span("1. Turn on ", &[]),
            span("tv", &[7]),
            span(". 2. Sit on ", &[]),
            span("sofa", &[1]),
            span(".", &[]),
        ];
        let parsed = Parsed { answer: Answer { spans, ..Answer::default() }, ..Parsed::default() };
        let reply = Reply::of_parsed(&parsed);
        assert_eq!(reply.steps_text, "1. Turn on <OBJ007> tv. 2. Sit on <OBJ001> sofa.");
        assert_eq!(reply.objects, [InstanceId(7), InstanceId(1)]);
        assert!(!reply.unknown && reply.metres.is_none());
    }

    #[test]
    fn a_length_comes_with_what_the_model_wrote() {
        let measured = Measured {
            value: 1.83,
            unit: "m".to_owned(),
            band: 0.02,
            line_in_scene: None,
            line_in_file: None,
            lm_estimate: Some(1.8),
        };
        let spans = vec![Span { measured: Some(measured), ..span("1.83 m", &[4, 9]) }];
        let reply = Reply::of_parsed(&Parsed {
            answer: Answer { spans, ..Answer::default() },
            ..Parsed::default()
        });
        assert_eq!((reply.metres, reply.lm_metres), (Some(1.83), Some(1.8)));
    }
}
