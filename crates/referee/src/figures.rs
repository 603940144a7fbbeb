//! From verdicts to figures over rooms.

use crate::groups::{pairs, question_of, rotations};
use crate::metrics::abstention::recall_at;
use crate::metrics::captions::{BleuCounts, Documents, rouge_l};
use crate::verdict::Described;
use crate::{Case, Verdict};
use std::collections::BTreeMap;
use tasks::suite::Task;

/// One figure of one system, of any draw of rooms.
pub(crate) struct Figure {
    /// A task's name, with what it is limited to after a colon.
    pub(crate) task: String,
    pub(crate) metric: &'static str,
    /// How many questions, pairs or groups it is of.
    pub(crate) n: usize,
    /// 0..=1; `None` where the rooms drawn have no such question.
    pub(crate) over: Statistic,
}

/// A value of some rooms, by their places; one may come several times.
type Statistic = Box<dyn Fn(&[usize]) -> Option<f64>>;

/// The name of a task and of its parts in the table; `suffix` sets a split of the questions apart.
struct Names<'a> {
    suffix: &'a str,
}

impl Names<'_> {
    fn whole(&self, task: Task) -> String {
        format!("{}{}", task.name(), self.suffix)
    }

    fn part(&self, task: Task, part: &str) -> String {
        format!("{}{}:{part}", task.name(), self.suffix)
    }
}

/// Sums and counts by task and metric, each with its room.
#[derive(Default)]
struct Means(BTreeMap<(String, &'static str), Vec<(usize, f64)>>);

impl Means {
    fn put(&mut self, task: String, metric: &'static str, room: usize, value: f64) {
        self.0.entry((task, metric)).or_default().push((room, value));
    }

    fn put_bool(&mut self, task: String, metric: &'static str, room: usize, holds: bool) {
        self.put(task, metric, room, f64::from(u8::from(holds)));
    }
}

/// All figures of these verdicts, by task and metric; those of whole corpora come last.
pub(crate) fn figures(cases: &[Case], verdicts: &[&Verdict], suffix: &str) -> Vec<Figure> {
    let names = Names { suffix };
    let mut means = Means::default();
    // Who never writes a length is not scored on it.
    let writes_metres = verdicts.iter().any(|verdict| verdict.reply.lm_metres.is_some());
    for verdict in verdicts {
        let Some(question) = question_of(cases, verdict) else { continue };
        for score in &verdict.scores {
            if score.metric == "mra_lm" && !writes_metres {
                continue;
            }
            means.put(names.whole(question.task), score.metric, verdict.room, score.value);
            for part in &score.parts {
                let task = names.part(question.task, part);
                means.put(task, score.metric, verdict.room, score.value);
            }
        }
        if question.task != Task::Abstain {
            let task = names.whole(Task::Abstain);
            means.put_bool(task, "false_refusal", verdict.room, verdict.reply.unknown);
        }
    }
    for (room, right) in rotations(cases, verdicts) {
        means.put_bool(names.whole(Task::SituatedQa), "vrs4", room, right);
    }
    for pair in pairs(cases, verdicts) {
        means.put_bool(names.whole(pair.task), "pair", pair.room, pair.right);
    }
    let mut corpora = Vec::new();
    for task in [Task::DenseCaption, Task::SceneCaption] {
        corpora.extend(captions(cases, verdicts, task, &names, &mut means));
    }
    let rooms = cases.len();
    let mut figures: Vec<Figure> = means
        .0
        .into_iter()
        .map(|((task, metric), values)| mean(task, metric, &values, rooms))
        .collect();
    figures.extend(corpora);
    figures.extend(recall_at_few_refusals(cases, verdicts, &names));
    figures
}

fn mean(task: String, metric: &'static str, values: &[(usize, f64)], rooms: usize) -> Figure {
    let mut by_room = vec![(0.0, 0usize); rooms];
    for (room, value) in values {
        if let Some((sum, count)) = by_room.get_mut(*room) {
            *sum += value;
            *count += 1;
        }
    }
    let over = move |drawn: &[usize]| {
        let (sum, count) = drawn
            .iter()
            .fold((0.0, 0), |(sum, count), &room| (sum + by_room[room].0, count + by_room[room].1));
        (count > 0).then(|| sum / count as f64)
    };
    Figure { task, metric, n: values.len(), over: Box::new(over) }
}

/// Least overlaps with the object described, as in Scan2Cap's m@kIoU; none for all captions.
const CAPTION_LEVELS: [(Option<&str>, f64); 3] =
    [(None, 0.0), (Some("at25"), 0.25), (Some("at50"), 0.5)];

/// ROUGE-L and CIDEr-D are means over captions, CIDEr-D with the rarity of words in the whole
/// corpus; BLEU is put together anew for each draw.
fn captions(
    cases: &[Case],
    verdicts: &[&Verdict],
    task: Task,
    names: &Names<'_>,
    means: &mut Means,
) -> Vec<Figure> {
    let of_task = |verdict: &&&Verdict| {
        question_of(cases, verdict).is_some_and(|question| question.task == task)
    };
    let described: Vec<(usize, &Described)> = verdicts
        .iter()
        .filter(of_task)
        .filter_map(|verdict| Some((verdict.room, verdict.caption.as_ref()?)))
        .collect();
    if described.is_empty() {
        return Vec::new();
    }
    let documents = Documents::of(described.iter().map(|(_, described)| &described.caption));
    let mut figures = Vec::new();
    // A room cannot be missed.
    let levels =
        if task == Task::DenseCaption { &CAPTION_LEVELS[..] } else { &CAPTION_LEVELS[..1] };
    for (part, least) in levels {
        let name = part.map_or_else(|| names.whole(task), |part| names.part(task, part));
        let mut by_room = vec![BleuCounts::default(); cases.len()];
        for (room, described) in &described {
            let missed = described.caption.missed();
            let caption = if described.found >= *least { &described.caption } else { &missed };
            means.put(name.clone(), "rouge_l", *room, rouge_l(caption));
            // CIDEr-D runs to 10; as a tenth in percent it reads as its authors print it.
            means.put(name.clone(), "cider", *room, documents.cider_d(caption) / 10.0);
            by_room[*room].add(&BleuCounts::of(caption));
        }
        for (n, metric) in (1..=4).zip(["bleu1", "bleu2", "bleu3", "bleu4"]) {
            let by_room = by_room.clone();
            let over = move |drawn: &[usize]| {
                let mut counts = BleuCounts::default();
                drawn.iter().for_each(|room| counts.add(&by_room[*room]));
                (counts != BleuCounts::default()).then(|| counts.bleu(n))
            };
            let over = Box::new(over);
            figures.push(Figure { task: name.clone(), metric, n: described.len(), over });
        }
    }
    figures
}

/// The recall of what cannot be told where a twentieth of the rest is refused; only for systems
/// that say how sure they are.
fn recall_at_few_refusals(
    cases: &[Case],
    verdicts: &[&Verdict],
    names: &Names<'_>,
) -> Option<Figure> {
    let mut by_room: Vec<[Vec<f64>; 2]> = vec![Default::default(); cases.len()];
    let mut n = 0;
    for verdict in verdicts {
        let Some(score) = verdict.reply.unknown_score else { continue };
        let Some(question) = question_of(cases, verdict) else { continue };
        let is_abstention = question.task == Task::Abstain;
        by_room[verdict.room][usize::from(is_abstention)].push(score);
        n += usize::from(is_abstention);
    }
    let over = move |drawn: &[usize]| {
        let all = |kind: usize| -> Vec<f64> {
            drawn.iter().flat_map(|room| by_room[*room][kind].iter().copied()).collect()
        };
        recall_at(&all(0), &all(1))
    };
    let task = names.part(Task::Abstain, "at5");
    (n > 0).then(|| Figure { task, metric: "abstain_recall", n, over: Box::new(over) })
}
