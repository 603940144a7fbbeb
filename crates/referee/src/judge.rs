use crate::metrics::captions::{Caption, bleu4, cider_d, rouge_l};
use crate::metrics::{boxes, numbers, text};
use crate::stats::bootstrap;
use crate::{Case, GivenRoom, Regime, Reply, Row, SystemName};
use scene::Aabb;
use std::collections::BTreeMap;
use tasks::prompt::{Part, target_parts};
use tasks::suite::{Question, Task};

/// What replies to questions were worth, by task and metric.
#[derive(Clone, Debug, Default)]
pub struct Scores {
    /// Each value with its room.
    values: BTreeMap<(String, &'static str), Vec<(usize, f64)>>,
    captions: Vec<(usize, Caption)>,
    /// Whether any reply came with a length that a language model wrote.
    has_lm_metres: bool,
}

const RESAMPLES: usize = 1000;
/// Corpus metrics are computed anew for each resample.
const CAPTION_RESAMPLES: usize = 100;

impl Scores {
    /// Judges one reply. `given` says which boxes the reply's objects are.
    pub fn add(
        &mut self,
        room: usize,
        case: &Case,
        question: &Question,
        given: &GivenRoom,
        reply: &Reply,
    ) {
        match question.task {
            Task::Grounding => self.grounding(room, case, question, given, reply),
            Task::Distance => {
                self.has_lm_metres |= reply.lm_metres.is_some();
                let truth = question.value.as_ref().map_or(0.0, |value| value.number);
                for (metric, metres) in [("mra", reply.metres), ("mra_lm", reply.lm_metres)] {
                    let value = numbers::mean_relative_accuracy(metres, truth);
                    self.put("distance", &[], metric, room, value);
                }
            }
            Task::DenseCaption => {
                let references: Vec<String> =
                    question.answers.iter().map(|answer| without_mentions(answer)).collect();
                self.captions.push((room, Caption::new(&reply.text, &references)));
            }
            _ => {
                let (exact, refined) = text::exact_match(&reply.text, &question.answers);
                let tags: Vec<&str> =
                    question.tags.first().map(String::as_str).into_iter().collect();
                let task = question.task.name();
                self.put(task, &tags, "em", room, f64::from(u8::from(exact)));
                let refined = f64::from(u8::from(exact || refined));
                self.put(task, &tags, "em_refined", room, refined);
            }
        }
    }

    fn grounding(
        &mut self,
        room: usize,
        case: &Case,
        question: &Question,
        given: &GivenRoom,
        reply: &Reply,
    ) {
        let named: Vec<Aabb> = reply.objects.iter().filter_map(|id| given.bounds_of(*id)).collect();
        let truth: Vec<Aabb> = question
            .objects
            .iter()
            .filter_map(|id| case.facts.index_of(*id))
            .map(|index| case.facts.objects[index].scanned)
            .collect();
        let has = |tag: &&str| question.tags.iter().any(|own| own == tag);
        if let [only] = truth[..] {
            let spread: Vec<&str> = ["unique", "multiple"].into_iter().filter(has).collect();
            for (metric, threshold) in [("acc25", 0.25), ("acc50", 0.5)] {
                let hit = boxes::is_hit(&named, &only, threshold);
                self.put("grounding", &spread, metric, room, f64::from(u8::from(hit)));
            }
        }
        let number: Vec<&str> = ["none", "one", "many"].into_iter().filter(has).collect();
        for (metric, threshold) in [("f1_25", 0.25), ("f1_50", 0.5)] {
            let value = boxes::f1(&named, &truth, threshold);
            self.put("grounding", &number, metric, room, value);
        }
    }

    /// Under the task and under each of its parts.
    fn put(&mut self, task: &str, parts: &[&str], metric: &'static str, room: usize, value: f64) {
        let whole = std::iter::once(task.to_owned());
        for name in whole.chain(parts.iter().map(|part| format!("{task}:{part}"))) {
            self.values.entry((name, metric)).or_default().push((room, value));
        }
    }

    /// One row for each task and metric, in percent, with intervals over this many rooms.
    pub fn rows(&self, rooms: usize, regime: Regime, system: SystemName) -> Vec<Row> {
        let mut rows = Vec::new();
        // Who never writes a length is not scored on it.
        let scored = |metric: &str| metric != "mra_lm" || self.has_lm_metres;
        for ((task, metric), values) in self.values.iter().filter(|((_, m), _)| scored(m)) {
            let mut by_room = vec![(0.0, 0usize); rooms];
            for (room, value) in values {
                if let Some((sum, count)) = by_room.get_mut(*room) {
                    *sum += value;
                    *count += 1;
                }
            }
            let mean = |drawn: &[usize]| {
                let (sum, count) = drawn.iter().fold((0.0, 0), |(sum, count), &room| {
                    (sum + by_room[room].0, count + by_room[room].1)
                });
                (count > 0).then(|| 100.0 * sum / count as f64)
            };
            let everyone: Vec<usize> = (0..rooms).collect();
            let Some(value) = mean(&everyone) else { continue };
            let interval = bootstrap(rooms, RESAMPLES, mean);
            let (lo, hi) = interval.map_or((value, value), |interval| (interval.lo, interval.hi));
            let (task, metric) = (task.clone(), (*metric).to_owned());
            rows.push(Row { task, metric, regime, system, value, n: values.len(), lo, hi });
        }
        rows.extend(self.caption_rows(rooms, regime, system));
        rows
    }

    fn caption_rows(&self, rooms: usize, regime: Regime, system: SystemName) -> Vec<Row> {
        type Metric = fn(&[Caption]) -> f64;
        // CIDEr-D runs to 10; times ten it reads as its authors print it.
        let metrics: [(&str, Metric, f64); 3] =
            [("bleu4", bleu4, 100.0), ("rouge_l", rouge_l, 100.0), ("cider", cider_d, 10.0)];
        if self.captions.is_empty() {
            return Vec::new();
        }
        let mut by_room: Vec<Vec<&Caption>> = vec![Vec::new(); rooms];
        for (room, caption) in &self.captions {
            if let Some(captions) = by_room.get_mut(*room) {
                captions.push(caption);
            }
        }
        metrics
            .into_iter()
            .map(|(metric, score, scale)| {
                let of = |drawn: &[usize]| {
                    let captions: Vec<Caption> = drawn
                        .iter()
                        .flat_map(|room| by_room[*room].iter().copied().cloned())
                        .collect();
                    (!captions.is_empty()).then(|| scale * score(&captions))
                };
                let everyone: Vec<usize> = (0..rooms).collect();
                let value = of(&everyone).unwrap_or_default();
                let interval = bootstrap(rooms, CAPTION_RESAMPLES, of);
                let (lo, hi) = interval.map_or((value, value), |i| (i.lo, i.hi));
                Row {
                    task: Task::DenseCaption.name().to_owned(),
                    metric: metric.to_owned(),
                    regime,
                    system,
                    value,
                    n: self.captions.len(),
                    lo,
                    hi,
                }
            })
            .collect()
    }
}

/// The words of a caption alone.
pub(crate) fn without_mentions(text: &str) -> String {
    let words = target_parts(text).into_iter().map(|part| match part {
        Part::Text(words) => words,
        Part::Object(_) | Part::Mark(_) => String::new(),
    });
    words.collect()
}

#[cfg(test)]
mod tests {
    use super::without_mentions;
    use crate::metrics::text::clean_answer;

    #[test]
    fn mentions_leave_the_words() {
        let words = without_mentions("A brown sofa next to <OBJ004> coffee table.");
        assert_eq!(clean_answer(&words), "brown sofa next to coffee table");
    }
}
