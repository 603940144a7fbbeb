//! Captions: corpus BLEU-4, ROUGE-L and CIDEr-D, as the COCO caption evaluation defines them, on
//! our own word splitting (letters and digits, small).

use std::collections::{BTreeMap, BTreeSet};

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

/// Corpus BLEU-4 in 0..=1: geometric mean of the clipped 1- to 4-gram precisions, times the
/// brevity penalty against the reference closest in length.
pub fn bleu4(captions: &[Caption]) -> f64 {
    let mut matched = [0usize; 4];
    let mut total = [0usize; 4];
    let (mut length, mut reference_length) = (0usize, 0usize);
    for caption in captions {
        length += caption.words.len();
        let distance =
            |words: &&Vec<String>| (words.len().abs_diff(caption.words.len()), words.len());
        reference_length += caption.references.iter().min_by_key(distance).map_or(0, Vec::len);
        for n in 1..=4 {
            let references: Vec<Grams<'_>> =
                caption.references.iter().map(|words| grams(words, n)).collect();
            for (gram, count) in grams(&caption.words, n) {
                let most = references.iter().filter_map(|r| r.get(gram)).max().copied();
                matched[n - 1] += count.min(most.unwrap_or(0));
                total[n - 1] += count;
            }
        }
    }
    if matched.contains(&0) {
        return 0.0;
    }
    let log_precision: f64 =
        matched.iter().zip(total).map(|(m, t)| (*m as f64 / t as f64).ln() / 4.0).sum();
    let ratio = reference_length as f64 / length as f64;
    let penalty = if ratio > 1.0 { (1.0 - ratio).exp() } else { 1.0 };
    penalty * log_precision.exp()
}

/// Mean ROUGE-L in 0..=1 with β = 1.2: best precision and best recall of the longest common
/// subsequence over the references.
pub fn rouge_l(captions: &[Caption]) -> f64 {
    mean(captions.iter().map(|caption| {
        let common = |r: &Vec<String>| longest_common(&caption.words, r) as f64;
        let best = |length: &dyn Fn(&Vec<String>) -> usize| {
            let shares = caption.references.iter().map(|r| common(r) / length(r).max(1) as f64);
            shares.fold(0.0, f64::max)
        };
        let precision = best(&|_| caption.words.len());
        let recall = best(&Vec::len);
        let beta_squared = 1.2 * 1.2;
        if precision * recall > 0.0 {
            (1.0 + beta_squared) * precision * recall / (recall + beta_squared * precision)
        } else {
            0.0
        }
    }))
}

fn longest_common(a: &[String], b: &[String]) -> usize {
    let mut row = vec![0; b.len() + 1];
    for word in a {
        let mut diagonal = 0;
        for (column, other) in b.iter().enumerate() {
            let above = row[column + 1];
            row[column + 1] = if word == other { diagonal + 1 } else { above.max(row[column]) };
            diagonal = above;
        }
    }
    row[b.len()]
}

/// Mean CIDEr-D, 0 to 10 (Vedantam et al. 2015): clipped tf-idf similarity of 1- to 4-grams with a
/// Gaussian penalty (σ = 6) on the difference in length. Document frequencies come from these
/// captions' references.
pub fn cider_d(captions: &[Caption]) -> f64 {
    let mut frequencies: BTreeMap<&[String], usize> = BTreeMap::new();
    for caption in captions {
        let mut seen = BTreeSet::new();
        for reference in &caption.references {
            seen.extend((1..=4).flat_map(|n| reference.windows(n)));
        }
        for gram in seen {
            *frequencies.entry(gram).or_insert(0) += 1;
        }
    }
    let log_documents = (captions.len().max(1) as f64).ln();
    let weights = |words: &[String], n: usize| -> BTreeMap<Vec<String>, f64> {
        grams(words, n)
            .into_iter()
            .map(|(gram, count)| {
                let documents = frequencies.get(gram).copied().unwrap_or(0).max(1) as f64;
                (gram.to_vec(), count as f64 * (log_documents - documents.ln()))
            })
            .collect()
    };
    let norm = |w: &BTreeMap<Vec<String>, f64>| w.values().map(|v| v * v).sum::<f64>().sqrt();
    mean(captions.iter().map(|caption| {
        let similarity = |reference: &Vec<String>, n: usize| {
            let (own, theirs) = (weights(&caption.words, n), weights(reference, n));
            let product: f64 = own
                .iter()
                .filter_map(|(gram, w)| theirs.get(gram).map(|other| w.min(*other) * other))
                .sum();
            let norms = norm(&own) * norm(&theirs);
            let difference = caption.words.len() as f64 - reference.len() as f64;
            let penalty = (-difference * difference / (2.0 * 6.0 * 6.0)).exp();
            if norms > 0.0 { penalty * product / norms } else { 0.0 }
        };
        let by_reference = caption
            .references
            .iter()
            .map(|reference| (1..=4).map(|n| similarity(reference, n)).sum::<f64>() / 4.0);
        10.0 * mean(by_reference)
    }))
}

fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let (sum, count) = values.fold((0.0, 0usize), |(sum, count), value| (sum + value, count + 1));
    if count == 0 { 0.0 } else { sum / count as f64 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn caption(text: &str, references: &[&str]) -> Caption {
        let references: Vec<String> = references.iter().map(|text| (*text).to_owned()).collect();
        Caption::new(text, &references)
    }

    #[test]
    fn the_reference_itself_is_perfect() {
        let same = "A brown sofa next to a coffee table.";
        let other = "A white lamp on the old oak desk.";
        let captions = [caption(same, &[same]), caption(other, &[other])];
        assert!((bleu4(&captions) - 1.0).abs() < 1e-12);
        assert!((rouge_l(&captions) - 1.0).abs() < 1e-12);
        // Words that both captions share (“a”) have no weight; all n-grams left agree.
        assert!((cider_d(&captions) - 10.0).abs() < 1e-9);
    }

    #[test]
    fn bleu_worked_by_hand() {
        // 5 words against 6: 1-grams 5/5, 2-grams 4/4, 3-grams 3/3, 4-grams 2/2, brevity e^(1−6/5).
        let captions = [caption("a b c d e", &["a b c d e f"])];
        assert!((bleu4(&captions) - (1.0_f64 - 1.2).exp()).abs() < 1e-12);
        // One wrong word at the end: 4/5, 3/4, 2/3, 1/2.
        let captions = [caption("a b c d x", &["a b c d e"])];
        let expected = (0.8_f64 * 0.75 * (2.0 / 3.0) * 0.5).powf(0.25);
        assert!((bleu4(&captions) - expected).abs() < 1e-12);
        assert_eq!(bleu4(&[caption("x y", &["a b c d"])]), 0.0);
        assert_eq!(bleu4(&[]), 0.0);
    }

    #[test]
    fn rouge_worked_by_hand() {
        // Common subsequence “a c d” of 4 words, reference of 5: P = 3/4, R = 3/5.
        let captions = [caption("a x c d", &["a b c d e"])];
        let (p, r) = (0.75, 0.6);
        let expected = 2.44 * p * r / (r + 1.44 * p);
        assert!((rouge_l(&captions) - expected).abs() < 1e-12);
        assert_eq!(rouge_l(&[caption("", &["a"])]), 0.0);
    }

    #[test]
    fn cider_worked_by_hand() {
        // Two captions, one word each. Right: each of the n = 1 terms is 1, n = 2 … 4 are empty:
        // 10 · 1/4. The second shares nothing: 0.
        let captions = [caption("sofa", &["sofa"]), caption("lamp", &["desk"])];
        assert!((cider_d(&captions) - 10.0 * 0.25 / 2.0).abs() < 1e-12);
        // Repeating a word is clipped: min(2w, w)·w / (2w · w) = 1/2, length penalty e^(−1/72).
        let captions = [caption("sofa sofa", &["sofa"]), caption("lamp", &["desk"])];
        let expected = 10.0 * 0.25 * 0.5 * (-1.0_f64 / 72.0).exp() / 2.0;
        assert!((cider_d(&captions) - expected).abs() < 1e-12);
    }
}
