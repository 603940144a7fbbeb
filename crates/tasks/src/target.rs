use crate::facts::Facts;
use crate::program::{Pose, Program};
use crate::prompt::{LOCATION, Mark, mention};
use crate::suite::{Question, Task};
use scene::InstanceId;

/// A way of more corners is not asked for: its answer would be longer than any other.
pub(crate) const MOST_WAYPOINTS: usize = 8;

/// The answer to a question in the answer grammar, naming the true objects: what the model is
/// trained to say. `None` for a way of too many corners, and where an anchor cannot be told.
///
/// Where any of several objects would be right first (existence), the first by id stands there;
/// training takes all of [`Question::objects`] for right. Places are left open, each a
/// [`LOCATION`]: which number stands there depends on the scene that the model is shown.
pub fn target(question: &Question, facts: &Facts) -> Option<String> {
    let answer = question.answers.first().map(String::as_str).unwrap_or_default();
    if question.task == Task::Abstain {
        return Some(cannot_tell());
    }
    let objects = &question.objects;
    Some(match (&question.program, objects.first()) {
        (Program::Path { .. }, _) => {
            let corners = question.path.as_ref().map_or(0, Vec::len);
            if !(1..=MOST_WAYPOINTS).contains(&corners) {
                return None;
            }
            marked(Mark::Path, &(joined(objects, "") + &LOCATION.repeat(2 * corners)))
        }
        (Program::Move { to, .. }, Some(moved)) => placed(&mention(*moved), to, facts)?,
        (Program::Place { name, to, .. }, _) => placed(name, to, facts)?,
        (Program::Objects { .. }, None) => "None.".to_owned(),
        (Program::Objects { .. }, _) => format!("{}.", joined(objects, ", ")),
        (Program::Exists { .. }, None) => "No.".to_owned(),
        (Program::Exists { .. }, Some(first)) => format!("{} yes.", mention(*first)),
        (Program::Count { .. }, _) => marked(Mark::Count, &joined(objects, "")),
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
            marked(Mark::Dist, &format!("{} {metres:.1}", joined(objects, "")))
        }
        (Program::Unknown { .. }, _) => cannot_tell(),
        _ => answer.to_owned(),
    })
}

fn cannot_tell() -> String {
    format!("{} I cannot tell from this scan.", Mark::Unk.name())
}

/// `<place>`, what is put, the words for where, and six numbers for its box.
fn placed(what: &str, to: &Pose, facts: &Facts) -> Option<String> {
    let anchors = to.anchors(facts)?;
    let told = match to {
        Pose::Towards { metres, .. } => {
            format!("{what} towards {} {metres:.1}", joined(&anchors, ""))
        }
        Pose::Beside { .. } => format!("{what} beside {}", joined(&anchors, "")),
        Pose::On { .. } => format!("{what} on {}", joined(&anchors, "")),
        Pose::Between { .. } => format!("{what} between {}", joined(&anchors, " and ")),
    };
    Some(marked(Mark::Place, &(told + &LOCATION.repeat(6))))
}

/// What stands between a mark and its end.
fn marked(mark: Mark, inside: &str) -> String {
    format!("{}{inside}{}", mark.name(), mark.end().unwrap_or(mark).name())
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
            after: None,
        }
    }

    fn room() -> Facts {
        Facts::of_boxes(Vec::new(), Vec::new())
    }

    fn chairs() -> Set {
        Set::class("chair")
    }

    #[test]
    fn each_kind_has_its_form() {
        let said = |program, objects: &[u32], answer| {
            target(&question(program, objects, answer), &room()).unwrap()
        };
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
        assert_eq!(target(&far, &room()).as_deref(), Some("<dist><OBJ004><OBJ009> 1.8</dist>"));
        far.task = Task::Abstain;
        assert_eq!(target(&far, &room()).as_deref(), Some("<unk> I cannot tell from this scan."));
        far.task = Task::Navigation;
        far.program = Program::Path { from: chairs(), to: chairs() };
        assert_eq!(target(&far, &room()), None);
        far.path = Some(vec![[0.0; 3]; 2]);
        let way = "<path><OBJ004><OBJ009><loc><loc><loc><loc></path>";
        assert_eq!(target(&far, &room()).as_deref(), Some(way));
        far.path = Some(vec![[0.0; 3]; MOST_WAYPOINTS + 1]);
        assert_eq!(target(&far, &room()), None);
    }
}
