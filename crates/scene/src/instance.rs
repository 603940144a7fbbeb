use crate::Aabb;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Names an instance within its scene. 1 and up; 0 in a label column means "none or structure".
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct InstanceId(pub u32);

impl fmt::Display for InstanceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// One object: some of the scene's points.
#[derive(Clone, Debug)]
pub struct Instance {
    /// Its name in the scene.
    pub id: InstanceId,
    /// Indices into the scene's cloud, ascending.
    pub points: Vec<u32>,
    /// Round its points, in the scene frame, metres; a few stray points may lie outside.
    pub bounds: Aabb,
    /// How sure the segmentation is that this is one object, 0..=1.
    pub score: f32,
    /// What it may be, once a model has looked at it.
    pub label: Option<LabelGuess>,
    /// What the file or a person says it is; goes before any guess.
    pub told: Option<String>,
}

/// A class with its probability.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LabelGuess {
    /// The class name, such as `armchair`.
    pub class: String,
    /// Its colour in one word.
    pub colour: Option<String>,
    /// Probability of the class, 0..=1.
    pub score: f32,
    /// The classes that come next, with their probabilities, likeliest first.
    pub others: Vec<(String, f32)>,
}

/// Less likely classes are no name: ten times chance among a hundred.
const UNSURE: f32 = 0.1;

impl LabelGuess {
    /// How many classes are told of an object, the likeliest among them.
    pub const TOLD: usize = 5;

    /// Every class told with its probability, likeliest first.
    pub fn classes(&self) -> impl Iterator<Item = (&str, f32)> {
        let first = std::iter::once((self.class.as_str(), self.score));
        first.chain(self.others.iter().map(|(name, p)| (name.as_str(), *p)))
    }

    /// From the names of the classes and a probability of each; `None` without any.
    pub fn likeliest(names: &[String], probabilities: &[f32]) -> Option<Self> {
        let mut named: Vec<(&String, f32)> =
            names.iter().zip(probabilities.iter().copied()).collect();
        named.sort_by(|a, b| b.1.total_cmp(&a.1));
        let mut told = named.into_iter().take(Self::TOLD).map(|(name, p)| (name.clone(), p));
        let (class, score) = told.next()?;
        Some(Self { class, colour: None, score, others: told.collect() })
    }
}

impl Instance {
    /// What it is told to be, else the class guessed, or `object` where neither is known or the guess
    /// is hardly better than any other.
    pub fn name(&self) -> &str {
        let sure = self.label.as_ref().filter(|label| label.score >= UNSURE);
        let guess = sure.map(|label| label.class.as_str());
        self.told.as_deref().or(guess).unwrap_or("object")
    }

    /// How much it is worth telling of where not all can be told: sure and large. Zero for what has no
    /// number.
    pub fn prominence(&self) -> f32 {
        let prominence = self.score * self.bounds.size().length();
        if prominence.is_finite() { prominence } else { 0.0 }
    }
}
