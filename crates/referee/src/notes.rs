//! What is said under the table.

use crate::figures::figures;
use crate::groups::homes;
use crate::stats::bootstrap;
use crate::{Case, GivenRoom, Judged, Verdict};
use tasks::suite::Task;

const RESAMPLES: usize = 1000;
/// The metrics of which differences are told.
const MAIN: [&str; 12] = [
    "em",
    "vrs4",
    "pair",
    "acc25",
    "f1_25",
    "mra",
    "cider",
    "valid",
    "abstain_recall",
    "success",
    "iou50",
    "fits",
];

/// What pointing at random would get in ScanRefer's accuracy, 0..=1: the mean of one over the
/// number of objects given, over the questions that mean one object. `None` without any.
pub fn chance(cases: &[Case], given: &[GivenRoom]) -> Option<f64> {
    let mut shares = Vec::new();
    for (case, given) in cases.iter().zip(given) {
        let about_one = |question: &&tasks::suite::Question| {
            question.task == Task::Grounding && question.objects.len() == 1
        };
        let share = 1.0 / given.objects.len().max(1) as f64;
        shares.extend(case.questions.iter().filter(about_one).map(|_| share));
    }
    (!shares.is_empty()).then(|| shares.iter().sum::<f64>() / shares.len() as f64)
}

/// What the table does not say by itself, for true instances `given`.
pub fn notes(cases: &[Case], given: &[GivenRoom]) -> Vec<String> {
    let mut notes = vec![
        "Intervals: 95 %, over rooms drawn anew. control is the model given another room's prefix; \
         reader is keyword rules over the same objects; program is each question's own program on \
         the truth."
            .to_owned(),
    ];
    notes.extend(chance(cases, given).map(|share| {
        format!(
            "In the regime true, acc25 and acc50 are accuracy of the id alone; pointing at random \
             gets {:.1} %. In the others the box of what is named is held against the true one.",
            100.0 * share
        )
    }));
    notes
}

/// By how much the one system is better than the other in the same regime: for the main figures
/// of whole tasks that both have the difference in percentage points and its 95 % interval, both being
/// computed on the same draws of rooms (paired bootstrap). `None` where they share no figure.
pub fn difference(cases: &[Case], ours: &Judged, other: &Judged) -> Option<String> {
    let everyone: Vec<usize> = (0..cases.len()).collect();
    let homes = homes(cases);
    let is_main = |figure: &crate::figures::Figure| {
        MAIN.contains(&figure.metric) && !figure.task.contains(':')
    };
    let of = |judged: &Judged| {
        let verdicts: Vec<&Verdict> = judged.verdicts.iter().collect();
        let mut figures = figures(cases, &verdicts, "");
        figures.retain(is_main);
        figures
    };
    let theirs = of(other);
    let mut said = Vec::new();
    for own in of(ours) {
        let same = |figure: &&crate::figures::Figure| {
            (&figure.task, figure.metric) == (&own.task, own.metric)
        };
        let Some(their) = theirs.iter().find(same) else { continue };
        let over = |drawn: &[usize]| Some(100.0 * ((own.over)(drawn)? - (their.over)(drawn)?));
        let Some(value) = over(&everyone) else { continue };
        let Some(interval) = bootstrap(&homes, RESAMPLES, over) else { continue };
        said.push(format!(
            "{} {} {value:+.1} [{:+.1}, {:+.1}]",
            own.task, own.metric, interval.lo, interval.hi
        ));
    }
    let head = format!("{}, {} − {}: ", ours.regime, ours.system, other.system);
    (!said.is_empty()).then(|| format!("{head}{}.", said.join("; ")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{case, verdict};
    use crate::{Regime, Reply, SystemName};

    #[test]
    fn chance_is_one_over_the_objects_given() {
        // One question means one object, among three; then among one.
        let cases = [case(), case()];
        let whole = GivenRoom::of_truth(&cases[0].facts);
        let mut lone = whole.clone();
        lone.objects.truncate(1);
        let found = chance(&cases, &[whole.clone(), lone]).unwrap();
        assert!((found - (1.0 / 3.0 + 1.0) / 2.0).abs() < 1e-12);
        assert!(notes(&cases[..1], &[whole])[1].contains("gets 33.3 %"));
        assert_eq!(chance(&[], &[]), None);
    }

    fn judged(cases: &[Case], system: SystemName, right: &[bool]) -> Judged {
        // “How many chairs are there?” Two.
        let answer = |(room, right): (usize, &bool)| {
            let text = if *right { "2" } else { "3" };
            let reply = Reply { text: text.to_owned(), ..Reply::default() };
            Verdict { room, ..verdict(&cases[room], 0, Regime::True, reply) }
        };
        let verdicts = right.iter().enumerate().map(answer).collect();
        Judged { regime: Regime::True, system, verdicts }
    }

    #[test]
    fn differences_are_taken_room_by_room() {
        // Both are right in a half of the rooms, and in the same ones: the difference has no
        // spread, though each figure has.
        let cases = vec![case(); 20];
        let half: Vec<bool> = (0..20).map(|room| room % 2 == 0).collect();
        let ours = judged(&cases, SystemName::Model, &half);
        let other = judged(&cases, SystemName::Control, &half);
        let note = difference(&cases, &ours, &other).unwrap();
        assert!(note.starts_with("true, model − control: "), "{note}");
        assert!(note.contains("qa em +0.0 [+0.0, +0.0]"), "{note}");
        let worse = judged(&cases, SystemName::Control, &[false; 20]);
        let note = difference(&cases, &ours, &worse).unwrap();
        assert!(note.contains("qa em +50.0 ["), "{note}");
        assert!(!note.contains("qa:"), "whole tasks only");
        let silent = judged(&cases, SystemName::Control, &[]);
        assert_eq!(difference(&cases, &ours, &silent), None);
    }
}
