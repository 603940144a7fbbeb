use crate::Config;
use scene::{Instance, LabelGuess};

/// What was thought of an instance before the encoders looked at it: what a person says it is, else
/// what `segment` takes it for.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Prior {
    /// A person says that it is of this class.
    Told(usize),
    /// Probabilities of some classes.
    Guessed(Vec<(usize, f32)>),
}

impl Prior {
    /// A class that the model has no name for is nothing that it could be told.
    pub(crate) fn of(config: &Config, instance: &Instance) -> Self {
        let class = |name: &str| config.classes.iter().position(|class| class == name);
        if let Some(told) = instance.told.as_deref().and_then(class) {
            return Self::Told(told);
        }
        let guessed = instance.label.iter().flat_map(LabelGuess::classes);
        Self::Guessed(guessed.filter_map(|(name, p)| Some((class(name)?, p))).collect())
    }

    /// Probabilities of all classes, from this and from the logits of the head: the mean of both
    /// where there are both.
    fn joined(&self, logits: &[f32]) -> Vec<f32> {
        let mut all = softmax(logits);
        match self {
            Self::Told(told) => {
                all.iter_mut().enumerate().for_each(|(class, p)| {
                    *p = if class == *told { 1.0 } else { 0.0 };
                });
            }
            Self::Guessed(guess) => {
                let sum = 1.0 + guess.iter().map(|(_, p)| p).sum::<f32>();
                guess.iter().for_each(|(class, p)| all[*class] += p);
                all.iter_mut().for_each(|p| *p /= sum);
            }
        }
        all
    }
}

/// What each instance is likely to be, (n, classes): of its prior and the logits of the class head,
/// (n, classes).
pub(crate) fn likely(config: &Config, class: &[f32], priors: &[Prior]) -> Vec<f32> {
    let rows = class.chunks(config.classes.len().max(1)).zip(priors);
    rows.flat_map(|(row, prior)| prior.joined(row)).collect()
}

/// From probabilities of the classes (n, classes) and logits of the colours (n, colours). A scan
/// without colour gives no colour words.
pub(crate) fn guesses(
    config: &Config,
    class: &[f32],
    colour: &[f32],
    coloured: bool,
) -> Vec<LabelGuess> {
    let rows = |numbers: &[f32], names: &[String]| -> Vec<Option<LabelGuess>> {
        let rows = numbers.chunks(names.len().max(1));
        rows.map(|row| LabelGuess::likeliest(names, row)).collect()
    };
    let colours = rows(&softmax_rows(colour, config.colours.len()), &config.colours);
    rows(class, &config.classes)
        .into_iter()
        .enumerate()
        .filter_map(|(i, label)| {
            let word = colours.get(i).and_then(|guess| Some(guess.as_ref()?.class.clone()));
            Some(LabelGuess { colour: word.filter(|_| coloured), ..label? })
        })
        .collect()
}

fn softmax_rows(logits: &[f32], width: usize) -> Vec<f32> {
    logits.chunks(width.max(1)).flat_map(softmax).collect()
}

fn softmax(logits: &[f32]) -> Vec<f32> {
    let most = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let sum: f32 = logits.iter().map(|logit| (logit - most).exp()).sum();
    logits.iter().map(|logit| (logit - most).exp() / sum).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn likeliest_first_and_no_colour_without_colour() {
        let names = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect();
        let config = Config::small(
            names(&["chair", "table", "lamp", "bed", "sofa", "desk"]),
            names(&["red", "blue"]),
        );
        let class = softmax(&[0.0, 2f32.ln(), 0.0, 0.0, 0.0, 0.0]);
        let found = guesses(&config, &class, &[1.0, 2.0], true);
        assert_eq!(found[0].class, "table");
        assert_eq!(found[0].colour.as_deref(), Some("blue"));
        assert!((found[0].score - 2.0 / 7.0).abs() < 1e-6);
        assert_eq!(found[0].others.len(), LabelGuess::TOLD - 1);
        assert_eq!(guesses(&config, &class, &[1.0, 2.0], false)[0].colour, None);
    }

    #[test]
    fn what_was_thought_before_counts_half_and_what_is_told_counts_alone() {
        let names = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect();
        let config = Config::small(names(&["chair", "table", "lamp"]), names(&["red"]));
        let guess = |class: &str, others| LabelGuess {
            class: class.into(),
            colour: None,
            score: 0.6,
            others,
        };
        let mut instance = Instance {
            id: scene::InstanceId(1),
            points: Vec::new(),
            bounds: scene::Aabb::EMPTY,
            score: 1.0,
            label: Some(guess("lamp", vec![("chair".into(), 0.2), ("harp".into(), 0.2)])),
            told: None,
        };
        let even = [0.0; 3];
        let close = |found: Vec<f32>, expected: [f32; 3]| {
            assert!(found.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-6), "{found:?}");
        };
        let third = 1.0 / 3.0;
        let prior = Prior::of(&config, &instance);
        let expected = [third + 0.2, third, third + 0.6].map(|p| p / 1.8);
        close(likely(&config, &even, &[prior]), expected);
        instance.told = Some("table".into());
        close(likely(&config, &even, &[Prior::of(&config, &instance)]), [0.0, 1.0, 0.0]);
        (instance.told, instance.label) = (Some("harp".into()), None);
        close(likely(&config, &even, &[Prior::of(&config, &instance)]), [third; 3]);
    }
}
