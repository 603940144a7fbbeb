use crate::matching::Matching;
use crate::verdict::Place;
use crate::{Case, GivenRoom, Judged, Regime, Reply, System, Verdict};

/// Puts every question of every room to a system and judges the replies. `given` runs beside
/// `cases`. A question about an object that was not found gets an empty reply; one that follows
/// another is asked right after that. `progress` hears
/// after each question how many are done.
///
/// # Errors
/// What the system said.
pub fn judge(
    cases: &[Case],
    given: &[GivenRoom],
    regime: Regime,
    system: &mut dyn System,
    progress: &mut dyn FnMut(usize),
) -> Result<Judged, String> {
    let mut verdicts = Vec::new();
    for (room, (case, given)) in cases.iter().zip(given).enumerate() {
        let matching = Matching::new(case, given, regime);
        for (index, question) in case.questions.iter().enumerate() {
            let before = question.after.as_ref().map(|id| {
                let earlier = case.questions.iter().find(|question| question.id == *id);
                earlier.and_then(|earlier| given.question(earlier))
            });
            let reply = match (before, given.question(question)) {
                (None, Some(text)) => system.answer(room, index, &text, given)?,
                (Some(Some(before)), Some(text)) => {
                    system.hear(room, &before)?;
                    system.answer(room, index, &text, given)?
                }
                (_, None) | (Some(None), _) => Reply::default(),
            };
            let place = Place { room, question: index, case, matching };
            verdicts.push(Verdict::of(&place, question, reply));
            progress(verdicts.len());
        }
    }
    Ok(Judged { regime, system: system.name(), verdicts })
}

/// Judges one reply to a question of a room, `question` being its place in the case; `None` where
/// there is no such question.
pub fn judge_one(
    case: &Case,
    given: &GivenRoom,
    regime: Regime,
    question: usize,
    reply: Reply,
) -> Option<Verdict> {
    let matching = Matching::new(case, given, regime);
    let asked = case.questions.get(question)?;
    Some(Verdict::of(&Place { room: 0, question, case, matching }, asked, reply))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::baselines::Program;
    use crate::fixture::case;
    use crate::{Row, SystemName};
    use scene::InstanceId;

    fn value(rows: &[Row], task: &str, metric: &str) -> f64 {
        rows.iter().find(|row| row.task == task && row.metric == metric).unwrap().value
    }

    struct Fixed(Vec<Reply>);

    impl System for Fixed {
        fn name(&self) -> SystemName {
            SystemName::Model
        }

        fn answer(
            &mut self,
            _room: usize,
            question: usize,
            _text: &str,
            _given: &GivenRoom,
        ) -> Result<Reply, String> {
            self.0.get(question).cloned().ok_or_else(|| "out of replies".to_owned())
        }
    }

    #[test]
    fn the_truth_gets_everything() {
        let cases = vec![case(), case()];
        let given: Vec<GivenRoom> = cases.iter().map(|c| GivenRoom::of_truth(&c.facts)).collect();
        let mut program = Program::new(&cases);
        let mut asked = 0;
        let rows =
            judge(&cases, &given, Regime::True, &mut program, &mut |done| asked = done).unwrap();
        let rows = rows.rows(&cases);
        assert_eq!(asked, 14);
        // A caption of three words has no four in a row, and of two alike no word is rare.
        for row in rows.iter().filter(|row| !["bleu4", "cider"].contains(&row.metric.as_str())) {
            let best = if row.metric == "false_refusal" { 0.0 } else { 100.0 };
            assert!((row.value - best).abs() < 1e-9, "{row:?}");
        }
        assert!(rows.iter().all(|row| row.metric != "mra_lm"), "it writes no number");
    }

    #[test]
    fn replies_worked_by_hand() {
        let say = |text: &str, objects: &[u32]| Reply {
            text: text.to_owned(),
            objects: objects.iter().map(|id| InstanceId(*id)).collect(),
            ..Reply::default()
        };
        // Right; wrong; only refined; wrong chair; one named where none is; 12 % off; no caption.
        let mut replies = vec![
            say("two", &[2, 3]),
            say("yes", &[]),
            say("dark brown", &[1]),
            say("", &[3]),
            say("", &[1]),
            say("", &[]),
            say("", &[]),
        ];
        replies[5].metres = Some(2.0 * 1.12);
        replies[5].lm_metres = Some(2.0);
        let cases = [case()];
        let given = [GivenRoom::of_truth(&cases[0].facts)];
        let rows = judge(&cases, &given, Regime::True, &mut Fixed(replies), &mut |_| {}).unwrap();
        let rows = rows.rows(&cases);
        assert!((value(&rows, "qa", "em") - 100.0 / 3.0).abs() < 1e-9);
        assert!((value(&rows, "qa", "em_refined") - 200.0 / 3.0).abs() < 1e-9);
        assert_eq!(value(&rows, "qa:count", "em"), 100.0);
        assert_eq!(value(&rows, "grounding", "acc25"), 0.0);
        assert_eq!(value(&rows, "grounding:none", "f1_25"), 0.0);
        assert!((value(&rows, "distance", "mra") - 80.0).abs() < 1e-9);
        assert_eq!(value(&rows, "distance", "mra_lm"), 100.0);
        assert_eq!(value(&rows, "dense_caption", "rouge_l"), 0.0);
    }

    #[test]
    fn one_reply_is_judged_as_among_many() {
        let case = case();
        let given = GivenRoom::of_truth(&case.facts);
        let say = |text: &str| Reply { text: text.to_owned(), ..Reply::default() };
        let right = |question, reply| {
            judge_one(&case, &given, Regime::True, question, reply).map(|verdict| verdict.right)
        };
        // How many chairs: two.
        assert_eq!(right(0, say("two")), Some(true));
        assert_eq!(right(0, say("three")), Some(false));
        assert_eq!(right(99, say("two")), None);
    }

    #[test]
    fn a_system_that_gives_up_is_heard() {
        let cases = [case()];
        let given = [GivenRoom::of_truth(&cases[0].facts)];
        let failed = judge(&cases, &given, Regime::True, &mut Fixed(Vec::new()), &mut |_| {});
        assert_eq!(failed.unwrap_err(), "out of replies");
    }
}
