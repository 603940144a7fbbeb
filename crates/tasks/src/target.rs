use crate::program::Program;
use crate::prompt::{Mark, mention};
use crate::suite::{Question, Task};
use scene::InstanceId;

/// The answer to a question in the answer grammar, naming the true objects: what the model is
/// trained to say. `None` for ways and places, for which the grammar has no form.
///
/// Where any of several objects would be right first (existence), the first by id stands there;
/// training takes all of [`Question::objects`] for right.
pub fn target(question: &Question) -> Option<String> {
    let answer = question.answers.first().map(String::as_str).unwrap_or_default();
    if question.task == Task::Abstain {
        return Some(cannot_tell());
    }
    let objects = &question.objects;
    Some(match (&question.program, objects.first()) {
        (Program::Path { .. } | Program::Move { .. } | Program::Place { .. }, _) => return None,
        (Program::Objects { .. }, None) => "None.".to_owned(),
        (Program::Objects { .. }, _) => format!("{}.", joined(objects, ", ")),
        (Program::Exists { .. }, None) => "No.".to_owned(),
        (Program::Exists { .. }, Some(first)) => format!("{} yes.", mention(*first)),
        (Program::Count { .. }, _) => {
            format!("{}{}{}", Mark::Count.name(), joined(objects, ""), Mark::CountEnd.name())
        }
        (
            Program::Class { .. }
            | Program::Colour { .. }
            | Program::Material { .. }
            | Program::Compare { .. }
            | Program::Side { .. },
            Some(object),
        ) => format!("{} {answer}.", mention(*object)),
        (Program::Distance { .. }, _) => {
            let metres = question.value.as_ref().map_or(0.0, |value| value.number);
            let [start, end] = [Mark::Dist, Mark::DistEnd].map(Mark::name);
            format!("{start}{} {metres:.1}{end}", joined(objects, ""))
        }
        (Program::Unknown { .. }, _) => cannot_tell(),
        _ => answer.to_owned(),
    })
}

fn cannot_tell() -> String {
    format!("{} I cannot tell from this scan.", Mark::Unk.name())
}

fn joined(objects: &[InstanceId], between: &str) -> String {
    objects.iter().map(|id| mention(*id)).collect::<Vec<_>>().join(between)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::program::Set;
    use crate::suite::Number;

    fn question(program: Program, objects: &[u32], answer: &str) -> Question {
        Question {
            id: "q000".into(),
            task: Task::Qa,
            text: "?".into(),
            also: Vec::new(),
            answers: vec![answer.to_owned()],
            objects: objects.iter().map(|id| InstanceId(*id)).collect(),
            value: None,
            answer_box: None,
            path: None,
            program,
            phrasing: "test/0".into(),
            tags: Vec::new(),
            twin: None,
        }
    }

    fn chairs() -> Set {
        Set::class("chair")
    }

    #[test]
    fn each_kind_has_its_form() {
        let said =
            |program, objects: &[u32], answer| target(&question(program, objects, answer)).unwrap();
        assert_eq!(said(Program::Objects { of: chairs() }, &[12], ""), "<OBJ012>.");
        assert_eq!(said(Program::Objects { of: chairs() }, &[2, 5], ""), "<OBJ002>, <OBJ005>.");
        assert_eq!(said(Program::Objects { of: chairs() }, &[], "none"), "None.");
        assert_eq!(said(Program::Exists { of: chairs() }, &[2, 5], "yes"), "<OBJ002> yes.");
        assert_eq!(said(Program::Exists { of: chairs() }, &[], "no"), "No.");
        assert_eq!(
            said(Program::Count { of: chairs() }, &[2, 5], "2"),
            "<count><OBJ002><OBJ005></count>"
        );
        assert_eq!(said(Program::Colour { of: chairs() }, &[12], "brown"), "<OBJ012> brown.");
        assert_eq!(said(Program::Class { of: chairs() }, &[7], "chair"), "<OBJ007> chair.");
        let mut far = question(Program::Distance { a: chairs(), b: chairs() }, &[4, 9], "1.8 m");
        far.value = Some(Number { number: 1.83, unit: "m".into() });
        assert_eq!(target(&far).as_deref(), Some("<dist><OBJ004><OBJ009> 1.8</dist>"));
        far.task = Task::Abstain;
        assert_eq!(target(&far).as_deref(), Some("<unk> I cannot tell from this scan."));
        far.task = Task::Navigation;
        far.program = Program::Path { from: chairs(), to: chairs() };
        assert_eq!(target(&far), None);
    }
}
