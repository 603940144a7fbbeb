//! Captions: BLEU-1 to 4, ROUGE-L and CIDEr-D, as the COCO caption evaluation (Chen et al. 2015,
//! `pycocoevalcap`) defines them, on our own word splitting (letters and digits, small). METEOR is
//! left out: it needs WordNet's synonyms and a paraphrase table, and we know of no kept-up Rust crate
//! for it; something of the same name without them would not be METEOR.

mod bleu;
mod cider;
mod rouge;

pub use bleu::BleuCounts;
pub use cider::Documents;
pub use rouge::rouge_l;
use std::collections::BTreeMap;

/// One caption with what it may be.
#[derive(Clone, Debug)]
pub struct Caption {
    words: Vec<String>,
    references: Vec<Vec<String>>,
}

impl Caption {
    /// From texts; references without words are left out.
    pub fn new(text: &str, references: &[String]) -> Self {
        let references =
            references.iter().map(|text| split(text)).filter(|words| !words.is_empty());
        Self { words: split(text), references: references.collect() }
    }

    /// With nothing said: what Scan2Cap's m@kIoU (Chen et al. 2021) puts for an object that
    /// was not found. Its code says `sos eos`, of which the marks match those of the references;
    /// here an empty caption gets nothing at all.
    pub fn missed(&self) -> Self {
        Self { words: Vec::new(), references: self.references.clone() }
    }
}

fn split(text: &str) -> Vec<String> {
    text.to_lowercase()
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

type Grams<'a> = BTreeMap<&'a [String], usize>;

fn grams(words: &[String], n: usize) -> Grams<'_> {
    let mut counts = BTreeMap::new();
    for gram in words.windows(n) {
        *counts.entry(gram).or_insert(0) += 1;
    }
    counts
}

#[cfg(test)]
fn caption(text: &str, references: &[&str]) -> Caption {
    let references: Vec<String> = references.iter().map(|text| (*text).to_owned()).collect();
    Caption::new(text, &references)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reference_itself_is_perfect() {
        let same = "A brown sofa next to a coffee table.";
        let other = "A white lamp on the old oak desk.";
        let captions = [caption(same, &[same]), caption(other, &[other])];
        let documents = Documents::of(&captions);
        let mut counts = BleuCounts::default();
        for caption in &captions {
            counts.add(&BleuCounts::of(caption));
            assert!((rouge_l(caption) - 1.0).abs() < 1e-12);
            // Words that both captions share (“a”) have no weight; all n-grams left agree.
            assert!((documents.cider_d(caption) - 10.0).abs() < 1e-9);
        }
        assert!((counts.bleu(4) - 1.0).abs() < 1e-12);
    }

    #[test]
    fn a_missed_object_gets_nothing_and_costs_its_length() {
        let said = caption("a b c d e", &["a b c d e"]);
        let missed = said.missed();
        assert_eq!(rouge_l(&missed), 0.0);
        assert_eq!(Documents::of([&said, &missed]).cider_d(&missed), 0.0);
        let mut counts = BleuCounts::of(&said);
        counts.add(&BleuCounts::of(&missed));
        // All five words right, but five of ten: e^(1 − 10/5).
        assert!((counts.bleu(4) - (-1.0_f64).exp()).abs() < 1e-12);
    }
}
