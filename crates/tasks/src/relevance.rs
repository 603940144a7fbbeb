//! Which objects a question is likely to be about, where a scene has more of them than the model has
//! room for. It chooses what the model is told, not what it answers.

use crate::prompt::{Part, parts};
use crate::words;
use scene::{Instance, InstanceId, Scene};
use std::cmp::Ordering;

/// Within so many metres of what a question speaks of, others may matter to it.
const NEAR_M: f32 = 2.0;

/// Indices into `ids` of the `most` objects that `question` may be about, ascending.
///
/// First come those that it mentions; then those whose name, or a guess at it, is among its words,
/// the surest first; then what lies near any of these, the nearest first; then the surest and largest.
pub fn relevant(scene: &Scene, ids: &[InstanceId], question: &str, most: usize) -> Vec<usize> {
    if ids.len() <= most {
        return (0..ids.len()).collect();
    }
    let asked = Asked::of(question);
    let known: Vec<Option<&Instance>> = ids.iter().map(|id| scene.instance(*id)).collect();
    let likeness: Vec<f32> =
        known.iter().map(|one| one.map_or(0.0, |one| asked.likeness(one))).collect();
    let spoken_of = known.iter().zip(&likeness).filter(|(_, likeness)| **likeness > 0.0);
    let spoken_of: Vec<&Instance> = spoken_of.filter_map(|(one, _)| *one).collect();
    let nearness = |one: &Instance| {
        let gaps = spoken_of.iter().map(|other| one.bounds.distance(&other.bounds));
        (1.0 - gaps.fold(f32::INFINITY, f32::min) / NEAR_M).max(0.0)
    };
    let worth: Vec<[f32; 3]> = known
        .iter()
        .zip(&likeness)
        .map(|(one, likeness)| {
            one.map_or([0.0; 3], |one| [*likeness, nearness(one), one.prominence()])
        })
        .collect();
    let mut order: Vec<usize> = (0..ids.len()).collect();
    order.sort_by(|&a, &b| {
        let by_each = worth[b].iter().zip(&worth[a]).map(|(b, a)| b.total_cmp(a));
        by_each.fold(Ordering::Equal, Ordering::then).then(a.cmp(&b))
    });
    order.truncate(most);
    order.sort_unstable();
    order
}

/// A question's mentions and words.
struct Asked {
    mentions: Vec<InstanceId>,
    /// In lower case, a space before, between and behind them.
    words: String,
}

impl Asked {
    fn of(question: &str) -> Self {
        let (mut mentions, mut words) = (Vec::new(), String::from(" "));
        for part in parts(question) {
            match part {
                Part::Object(id) => mentions.push(id),
                Part::Text(text) => {
                    let text = text.to_lowercase();
                    let found = text.split(|letter: char| !letter.is_alphanumeric());
                    for word in found.filter(|word| !word.is_empty()) {
                        words.push_str(word);
                        words.push(' ');
                    }
                }
                Part::Mark(_) => {}
            }
        }
        Self { mentions, words }
    }

    /// 2 for an object that is mentioned, else the probability that it bears a name in the words.
    fn likeness(&self, instance: &Instance) -> f32 {
        if self.mentions.contains(&instance.id) {
            return 2.0;
        }
        if let Some(told) = &instance.told {
            return f32::from(u8::from(self.speaks_of(&told.to_lowercase())));
        }
        let Some(label) = &instance.label else { return 0.0 };
        let guesses = std::iter::once((label.class.as_str(), label.score))
            .chain(label.others.iter().map(|(class, score)| (class.as_str(), *score)));
        guesses.filter(|(class, _)| self.speaks_of(class)).map(|(_, score)| score).sum()
    }

    /// Whether the words name this class: by its name or another, or by the kind of thing that its
    /// last word tells, one or several.
    fn speaks_of(&self, class: &str) -> bool {
        let kind = class.rsplit(' ').next().filter(|kind| *kind != class);
        let has = |name: &str| self.has(name) || self.has(&words::plural(name));
        has(class) || kind.is_some_and(has) || words::synonyms(class).any(has)
    }

    fn has(&self, name: &str) -> bool {
        self.words.contains(&format!(" {name} "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::scene_of;

    fn told(scene: &Scene, question: &str, most: usize) -> Vec<usize> {
        let ids: Vec<InstanceId> = scene.instances.iter().map(|one| one.id).collect();
        relevant(scene, &ids, question, most)
    }

    #[test]
    fn what_is_spoken_of_comes_first_then_what_is_near() {
        let scene = scene_of(&["bed", "desk", "lamp", "rug", "coffee table", "office chair"]);
        assert_eq!(told(&scene, "Is there a couch?", 9), [0, 1, 2, 3, 4, 5]);
        assert_eq!(told(&scene, "Where are the chairs?", 2), [4, 5]);
        assert_eq!(told(&scene, "What colour is the carpet?", 3), [2, 3, 4]);
        assert_eq!(told(&scene, "Which TABLE is it?", 1), [4]);
        assert_eq!(told(&scene, "How far is <OBJ002> from the rug?", 2), [1, 3]);
        // A lampshade is no lamp.
        assert_eq!(told(&scene, "Is there a lampshade?", 1), [0]);
    }

    #[test]
    fn a_guess_counts_as_far_as_it_goes_and_a_correction_wholly() {
        let mut scene = scene_of(&["bed", "desk", "desk"]);
        let label = scene.instances[0].label.as_mut().unwrap();
        label.others = vec![("sofa".to_owned(), 0.1)];
        assert_eq!(told(&scene, "Where is the sofa?", 1), [0]);
        scene.instances[2].told = Some("Sofa".to_owned());
        assert_eq!(told(&scene, "Where is the sofa?", 1), [2]);
        assert_eq!(told(&scene, "Where is the desk?", 1), [1]);
    }

    #[test]
    fn with_nothing_asked_the_surest_and_largest_are_told_of() {
        let mut scene = scene_of(&["bed", "desk", "lamp"]);
        scene.instances[0].score = f32::NAN;
        scene.instances[1].score = 0.1;
        assert_eq!(told(&scene, "", 1), [2]);
        assert_eq!(told(&scene, "", 2), [1, 2]);
    }
}
