use super::{Caption, grams};
use std::collections::{BTreeMap, BTreeSet};

/// How many captions of a corpus have each n-gram among their references: what makes a word rare.
#[derive(Clone, Debug, Default)]
pub struct Documents {
    count: usize,
    with: BTreeMap<Vec<String>, usize>,
}

impl Documents {
    /// Of all captions that are evaluated together.
    pub fn of<'a>(captions: impl IntoIterator<Item = &'a Caption>) -> Self {
        let mut documents = Self::default();
        for caption in captions {
            documents.count += 1;
            let mut seen = BTreeSet::new();
            for reference in &caption.references {
                seen.extend((1..=4).flat_map(|n| reference.windows(n)));
            }
            for gram in seen {
                *documents.with.entry(gram.to_vec()).or_insert(0) += 1;
            }
        }
        documents
    }

    /// CIDEr-D of one caption, 0 to 10 (Vedantam et al. 2015): clipped tf-idf similarity of 1-
    /// to 4-grams with a Gaussian penalty (σ = 6) on the difference in length, the mean over its
    /// references.
    pub fn cider_d(&self, caption: &Caption) -> f64 {
        let by_reference: Vec<f64> = caption
            .references
            .iter()
            .map(|reference| {
                let of_n = |n| self.similarity(&caption.words, reference, n);
                (1..=4).map(of_n).sum::<f64>() / 4.0
            })
            .collect();
        10.0 * by_reference.iter().sum::<f64>() / by_reference.len().max(1) as f64
    }

    fn similarity(&self, words: &[String], reference: &[String], n: usize) -> f64 {
        let (own, theirs) = (self.weights(words, n), self.weights(reference, n));
        let norm = |w: &BTreeMap<&[String], f64>| w.values().map(|v| v * v).sum::<f64>().sqrt();
        let product: f64 = own
            .iter()
            .filter_map(|(gram, w)| theirs.get(gram).map(|other| w.min(*other) * other))
            .sum();
        let norms = norm(&own) * norm(&theirs);
        let difference = words.len() as f64 - reference.len() as f64;
        let penalty = (-difference * difference / (2.0 * 6.0 * 6.0)).exp();
        if norms > 0.0 { penalty * product / norms } else { 0.0 }
    }

    fn weights<'w>(&self, words: &'w [String], n: usize) -> BTreeMap<&'w [String], f64> {
        let log_count = (self.count.max(1) as f64).ln();
        grams(words, n)
            .into_iter()
            .map(|(gram, count)| {
                let with = self.with.get(gram).copied().unwrap_or(0).max(1) as f64;
                (gram, count as f64 * (log_count - with.ln()))
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::caption;
    use super::*;

    fn both(first: &str) -> [f64; 2] {
        let captions = [caption(first, &["sofa"]), caption("lamp", &["desk"])];
        let documents = Documents::of(&captions);
        captions.map(|caption| documents.cider_d(&caption))
    }

    #[test]
    fn cider_worked_by_hand() {
        // One word each. Right: each of the n = 1 terms is 1, n = 2 … 4 are empty: 10 · 1/4. The
        // second shares nothing.
        assert_eq!(both("sofa"), [2.5, 0.0]);
        // Repeating a word is clipped: min(2w, w)·w / (2w · w) = 1/2, length penalty e^(−1/72).
        let expected = 2.5 * 0.5 * (-1.0_f64 / 72.0).exp();
        assert!((both("sofa sofa")[0] - expected).abs() < 1e-12);
    }

    #[test]
    fn words_of_every_caption_weigh_nothing() {
        let captions = [caption("a sofa", &["a sofa"]), caption("a", &["a desk"])];
        // ln 2 − ln 2 = 0 for “a”, which is all that the second says.
        assert_eq!(Documents::of(&captions).cider_d(&captions[1]), 0.0);
    }
}
