use crate::Config;
use scene::LabelGuess;

/// From the logits of the classes (n, classes) and of the colours (n, colours). A scan without
/// colour gives no colour words.
pub(crate) fn guesses(
    config: &Config,
    class: &[f32],
    colour: &[f32],
    coloured: bool,
) -> Vec<LabelGuess> {
    let rows = |logits: &[f32], names: &[String]| -> Vec<Option<LabelGuess>> {
        let rows = logits.chunks(names.len().max(1));
        rows.map(|row| LabelGuess::likeliest(names, &softmax(row))).collect()
    };
    let colours = rows(colour, &config.colours);
    rows(class, &config.classes)
        .into_iter()
        .enumerate()
        .filter_map(|(i, label)| {
            let word = colours.get(i).and_then(|guess| Some(guess.as_ref()?.class.clone()));
            Some(LabelGuess { colour: word.filter(|_| coloured), ..label? })
        })
        .collect()
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
        let class = [0.0, 2f32.ln(), 0.0, 0.0, 0.0, 0.0];
        let found = guesses(&config, &class, &[1.0, 2.0], true);
        assert_eq!(found[0].class, "table");
        assert_eq!(found[0].colour.as_deref(), Some("blue"));
        assert!((found[0].score - 2.0 / 7.0).abs() < 1e-6);
        assert_eq!(found[0].others.len(), LabelGuess::TOLD - 1);
        assert_eq!(guesses(&config, &class, &[1.0, 2.0], false)[0].colour, None);
    }
}
