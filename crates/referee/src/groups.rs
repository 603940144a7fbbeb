//! Questions that only count together.

use crate::{Case, Verdict};
use std::collections::BTreeMap;
use tasks::suite::Task;

/// What a twin's folder is called beside its room's.
const TWIN: &str = "-twin";

/// Rooms that hang together, each with its twin: what a bootstrap draws.
pub(crate) fn homes(cases: &[Case]) -> Vec<Vec<usize>> {
    let mut homes: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (room, case) in cases.iter().enumerate() {
        let name = case.name.strip_suffix(TWIN).unwrap_or(&case.name);
        homes.entry(name).or_default().push(room);
    }
    homes.into_values().collect()
}

/// Tags of the four rotations of one situated question begin so.
const ROTATION: &str = "rot:";

/// Real-3DQA's viewpoint rotation score at four (VRS, P₄): for each situated question asked from
/// the same spot in all four orientations its room and whether all four answers are right. Groups
/// of which not all four are judged are left out.
pub(crate) fn rotations(cases: &[Case], verdicts: &[&Verdict]) -> Vec<(usize, bool)> {
    let mut groups: BTreeMap<(usize, &str), Vec<bool>> = BTreeMap::new();
    for verdict in verdicts {
        let Some(question) = question_of(cases, verdict) else { continue };
        if question.task != Task::SituatedQa {
            continue;
        }
        for tag in question.tags.iter().filter(|tag| tag.starts_with(ROTATION)) {
            groups.entry((verdict.room, tag)).or_default().push(verdict.right);
        }
    }
    let whole = groups.into_iter().filter(|(_, right)| right.len() == 4);
    whole.map(|((room, _), right)| (room, right.iter().all(|right| *right))).collect()
}

/// One pair of twins: the questions' task, the room of the first, whether both are right.
pub(crate) struct Pair {
    pub(crate) task: Task,
    pub(crate) room: usize,
    pub(crate) right: bool,
}

/// Counterfactual twins, after the contrast sets of Gardner et al. 2020: two questions in two
/// rooms that differ in one thing, and in the answer. Who does not look cannot have both right.
/// Each pair once; those of which only one is judged are left out.
pub(crate) fn pairs(cases: &[Case], verdicts: &[&Verdict]) -> Vec<Pair> {
    let mut by_key: BTreeMap<String, &Verdict> = BTreeMap::new();
    for verdict in verdicts {
        if let Some(key) = key_of(cases, verdict) {
            by_key.insert(key, verdict);
        }
    }
    let mut pairs: BTreeMap<[&str; 2], Pair> = BTreeMap::new();
    for (key, verdict) in &by_key {
        let Some(question) = question_of(cases, verdict) else { continue };
        let Some((other, twin)) =
            question.twin.as_ref().and_then(|twin| by_key.get_key_value(twin))
        else {
            continue;
        };
        let mut names = [key.as_str(), other.as_str()];
        names.sort_unstable();
        let room = verdict.room.min(twin.room);
        let right = verdict.right && twin.right;
        pairs.entry(names).or_insert(Pair { task: question.task, room, right });
    }
    pairs.into_values().collect()
}

/// `ROOM/QID`, by which a question is called outside its room.
pub(crate) fn key_of(cases: &[Case], verdict: &Verdict) -> Option<String> {
    let question = question_of(cases, verdict)?;
    Some(format!("{}/{}", cases.get(verdict.room)?.name, question.id))
}

pub(crate) fn question_of<'a>(
    cases: &'a [Case],
    verdict: &Verdict,
) -> Option<&'a tasks::suite::Question> {
    cases.get(verdict.room)?.questions.get(verdict.question)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Reply;
    use crate::fixture::case;

    fn verdict(room: usize, question: usize, right: bool) -> Verdict {
        let reply = Reply::default();
        Verdict { room, question, reply, right, scores: Vec::new(), caption: None }
    }

    #[test]
    fn a_room_is_drawn_with_its_twin() {
        let named = |name: &str| Case { name: name.to_owned(), ..case() };
        let cases = ["test-1-00000", "test-1-00000-twin", "test-1-00001"].map(named);
        assert_eq!(homes(&cases), [vec![0, 1], vec![2]]);
    }

    #[test]
    fn a_rotation_counts_where_all_four_are_right() {
        let mut case = case();
        for (index, question) in case.questions.iter_mut().enumerate() {
            question.task = Task::SituatedQa;
            // Four of the one, three of the other.
            question.tags = vec!["side".to_owned(), format!("rot:{}", index / 4)];
        }
        let of = |right: [bool; 7]| {
            let verdicts: Vec<Verdict> =
                right.iter().enumerate().map(|(index, right)| verdict(0, index, *right)).collect();
            rotations(&[case.clone()], &verdicts.iter().collect::<Vec<_>>())
        };
        assert_eq!(of([true; 7]), [(0, true)]);
        assert_eq!(of([true, true, false, true, true, true, true]), [(0, false)]);
    }

    #[test]
    fn a_pair_counts_once_and_only_whole() {
        let mut cases = [case(), case(), case()];
        for (case, name) in cases.iter_mut().zip(["a", "b", "c"]) {
            case.name = name.to_owned();
        }
        cases[0].questions[0].twin = Some("b/q0".to_owned());
        cases[1].questions[0].twin = Some("a/q0".to_owned());
        cases[0].questions[1].twin = Some("b/q1".to_owned());
        cases[2].questions[2].twin = Some("elsewhere/q9".to_owned());
        let verdicts = [
            verdict(0, 0, true),
            verdict(1, 0, true),
            verdict(0, 1, true),
            verdict(1, 1, false),
            verdict(2, 2, true),
        ];
        let found = pairs(&cases, &verdicts.iter().collect::<Vec<_>>());
        let right: Vec<bool> = found.iter().map(|pair| pair.right).collect();
        assert_eq!(right, [true, false]);
        assert!(found.iter().all(|pair| pair.room == 0 && pair.task == Task::Qa));
    }
}
