use scene::InstanceId;
use tasks::program::Program;
use tasks::prompt::{Part, parts, target_parts};
use tasks::suite::{Question, Task};

/// The true answer as people read it; empty where it is objects alone.
pub(super) fn right_answer(question: &Question) -> String {
    if question.task == Task::Abstain {
        return "The scan does not show it.".to_owned();
    }
    match &question.program {
        Program::Objects { .. } if question.objects.is_empty() => "None.".to_owned(),
        Program::Objects { .. } => String::new(),
        _ => question.answers.first().map(|answer| without_mentions(answer)).unwrap_or_default(),
    }
}

/// The words alone: `A picture next to <OBJ021> picture.` is read `A picture next to picture.`
fn without_mentions(answer: &str) -> String {
    let words = target_parts(answer).into_iter().filter_map(|part| match part {
        Part::Text(words) => Some(words),
        Part::Object(_) | Part::Mark(_) => None,
    });
    words.collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A question that cannot be put: what it mentions is called by its true class.
pub(super) fn with_labels<'a>(text: &str, label: impl Fn(InstanceId) -> &'a str) -> String {
    let word = |part| match part {
        Part::Text(words) => words,
        Part::Object(id) => format!("the {}", label(id)),
        Part::Mark(mark) => mark.name().into_owned(),
    };
    parts(text).into_iter().map(word).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mentions_are_left_out_or_named() {
        assert_eq!(without_mentions("A red cup on <OBJ007> table."), "A red cup on table.");
        assert_eq!(without_mentions("2"), "2");
        let label = |id: InstanceId| if id.0 == 7 { "table" } else { "object" };
        assert_eq!(with_labels("What is on <OBJ007>?", label), "What is on the table?");
    }
}
