use crate::figures::{Figure, figures};
use crate::groups::{homes, key_of};
use crate::stats::bootstrap;
use crate::{Case, Regime, Row, SystemName, Verdict};
use std::collections::BTreeSet;

/// All that one system said in one regime, judged.
#[derive(Clone, Debug)]
pub struct Judged {
    /// Which instances were given.
    pub regime: Regime,
    /// Who answered.
    pub system: SystemName,
    /// One for each question, in order of rooms and questions.
    pub verdicts: Vec<Verdict>,
}

/// How often rooms are drawn anew.
const RESAMPLES: usize = 1000;
/// Tasks of the hard split end so.
const HARD: &str = "_hard";

impl Judged {
    /// One row for each task and metric, in percent, with intervals over the rooms.
    pub fn rows(&self, cases: &[Case]) -> Vec<Row> {
        let verdicts: Vec<&Verdict> = self.verdicts.iter().collect();
        self.as_rows(cases, figures(cases, &verdicts, ""))
    }

    /// The same of the questions named, as `ROOM/QID`: those that some other model that sees no
    /// scene got wrong. The tasks' names end in `_hard`.
    pub fn hard_rows(&self, cases: &[Case], hard: &BTreeSet<String>) -> Vec<Row> {
        let is_hard =
            |verdict: &&Verdict| key_of(cases, verdict).is_some_and(|k| hard.contains(&k));
        let verdicts: Vec<&Verdict> = self.verdicts.iter().filter(is_hard).collect();
        self.as_rows(cases, figures(cases, &verdicts, HARD))
    }

    /// The questions that it got wrong, as `ROOM/QID`, in order.
    pub fn wrong(&self, cases: &[Case]) -> Vec<String> {
        let wrong = self.verdicts.iter().filter(|verdict| !verdict.right);
        wrong.filter_map(|verdict| key_of(cases, verdict)).collect()
    }

    fn as_rows(&self, cases: &[Case], figures: Vec<Figure>) -> Vec<Row> {
        let everyone: Vec<usize> = (0..cases.len()).collect();
        let homes = homes(cases);
        figures
            .into_iter()
            .filter_map(|Figure { task, metric, n, over }| {
                let over = |drawn: &[usize]| over(drawn).map(|value| 100.0 * value);
                let value = over(&everyone)?;
                let interval = bootstrap(&homes, RESAMPLES, over);
                let (lo, hi) = interval.map_or((value, value), |i| (i.lo, i.hi));
                let (regime, system) = (self.regime, self.system);
                Some(Row { task, metric: metric.to_owned(), regime, system, value, n, lo, hi })
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{asked, case, verdict};
    use crate::{GivenRoom, Reply};
    use scene::InstanceId;
    use tasks::program::{Program, Set, Why};
    use tasks::suite::Task;

    fn value(rows: &[Row], task: &str, metric: &str) -> f64 {
        rows.iter().find(|row| row.task == task && row.metric == metric).unwrap().value
    }

    fn judged(cases: &[Case], replies: Vec<Reply>) -> Judged {
        let verdicts = replies
            .into_iter()
            .enumerate()
            .map(|(question, reply)| verdict(&cases[0], question, Regime::True, reply))
            .collect();
        Judged { regime: Regime::True, system: SystemName::Model, verdicts }
    }

    #[test]
    fn the_hard_split_is_what_another_got_wrong() {
        let cases = [case()];
        let say = |text: &str| Reply { text: text.to_owned(), ..Reply::default() };
        // Chairs: two; a sofa: no; the desk: brown.
        let blind = judged(&cases, vec![say("2"), say("yes"), say("red")]);
        assert_eq!(blind.wrong(&cases), ["00000/q1", "00000/q2"]);
        let hard = blind.wrong(&cases).into_iter().collect();
        let model = judged(&cases, vec![say("3"), say("no"), say("red")]);
        let rows = model.hard_rows(&cases, &hard);
        assert_eq!(value(&rows, "qa_hard", "em"), 50.0);
        assert_eq!(value(&rows, "qa_hard:existence", "em"), 100.0);
        assert!(rows.iter().all(|row| row.task.contains("_hard")));
        assert!((value(&model.rows(&cases), "qa", "em") - 100.0 / 3.0).abs() < 1e-9);
        assert!(model.hard_rows(&cases, &BTreeSet::new()).is_empty());
    }

    #[test]
    fn refusals_are_counted_on_both_sides() {
        let unknown = Program::Unknown { why: Why::Absent, of: Set::class("sofa") };
        let count = Program::Count { of: Set::class("chair") };
        let questions = vec![
            ("What colour is the sofa?", Task::Abstain, unknown.clone(), &[][..]),
            ("How heavy is the sofa?", Task::Abstain, unknown, &[]),
            ("How many chairs?", Task::Qa, count.clone(), &[]),
            ("Count the chairs.", Task::Qa, count, &[]),
        ];
        let cases = [asked(case(), questions)];
        let sure =
            |unknown, score| Reply { unknown, unknown_score: Some(score), ..Reply::default() };
        let replies = vec![sure(true, 0.9), sure(false, 0.4), sure(true, 0.6), sure(false, 0.1)];
        let rows = judged(&cases, replies).rows(&cases);
        assert_eq!(value(&rows, "abstain", "abstain_recall"), 50.0);
        assert_eq!(value(&rows, "abstain", "false_refusal"), 50.0);
        // Of two none may be refused: only 0.9 lies above 0.6.
        assert_eq!(value(&rows, "abstain:at5", "abstain_recall"), 50.0);
        let plain = vec![Reply { unknown: true, ..Reply::default() }];
        let rows = judged(&cases, plain).rows(&cases);
        assert!(rows.iter().all(|row| row.task != "abstain:at5"));
    }

    #[test]
    fn captions_of_objects_not_found_count_as_empty() {
        let caption = |id| Program::Caption { of: Set::Object { id: InstanceId(id) } };
        let questions = vec![
            ("Describe <OBJ001>.", Task::DenseCaption, caption(1), &[][..]),
            ("Describe <OBJ002>.", Task::DenseCaption, caption(2), &[]),
        ];
        let cases = [asked(case(), questions)];
        // The desk was found off by a half (IoU 1/3), the red chair exactly.
        let mut given = GivenRoom::of_truth(&cases[0].facts);
        given.objects[0].bounds.min.x += 0.5;
        given.objects[0].bounds.max.x += 0.5;
        let matching = crate::matching::Matching::new(&cases[0], &given, Regime::Predicted);
        let verdicts = (0..2)
            .map(|index| {
                let question = &cases[0].questions[index];
                let text = question.answers[0].clone();
                let place =
                    crate::verdict::Place { room: 0, question: index, case: &cases[0], matching };
                Verdict::of(&place, question, Reply { text, ..Reply::default() })
            })
            .collect();
        let (regime, system) = (Regime::Predicted, SystemName::Model);
        let rows = Judged { regime, system, verdicts }.rows(&cases);
        assert!((value(&rows, "dense_caption", "rouge_l") - 100.0).abs() < 1e-9);
        assert!((value(&rows, "dense_caption:at25", "rouge_l") - 100.0).abs() < 1e-9);
        assert!((value(&rows, "dense_caption:at50", "rouge_l") - 50.0).abs() < 1e-9);
        // “A brown desk.” and “A red chair.”: three of six words, all right: e^(1 − 6/3).
        let expected = 100.0 * (-1.0_f64).exp();
        assert!((value(&rows, "dense_caption:at50", "bleu1") - expected).abs() < 1e-9);
    }
}
