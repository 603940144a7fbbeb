use super::{Caption, Grams, grams};

/// What BLEU (Papineni et al. 2002) is computed from, for one caption or summed over many.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BleuCounts {
    matched: [usize; 4],
    total: [usize; 4],
    length: usize,
    reference_length: usize,
}

impl BleuCounts {
    /// Of one caption: n-grams clipped by the reference that has most of them, and the length of
    /// the reference closest in length.
    pub fn of(caption: &Caption) -> Self {
        let mut counts = Self { length: caption.words.len(), ..Self::default() };
        let distance =
            |words: &&Vec<String>| (words.len().abs_diff(caption.words.len()), words.len());
        counts.reference_length =
            caption.references.iter().min_by_key(distance).map_or(0, Vec::len);
        for (index, n) in (1..=4).enumerate() {
            let references: Vec<Grams<'_>> =
                caption.references.iter().map(|words| grams(words, n)).collect();
            for (gram, count) in grams(&caption.words, n) {
                let most = references.iter().filter_map(|r| r.get(gram)).max().copied();
                counts.matched[index] += count.min(most.unwrap_or(0));
                counts.total[index] += count;
            }
        }
        counts
    }

    /// Takes in others.
    pub fn add(&mut self, other: &Self) {
        for n in 0..4 {
            self.matched[n] += other.matched[n];
            self.total[n] += other.total[n];
        }
        self.length += other.length;
        self.reference_length += other.reference_length;
    }

    /// Corpus BLEU-`n`, n = 1 … 4, in 0..=1: the geometric mean of the first `n` precisions, times
    /// the brevity penalty. Without smoothing.
    pub fn bleu(&self, n: usize) -> f64 {
        let n = n.clamp(1, 4);
        if self.matched[..n].contains(&0) {
            return 0.0;
        }
        let precisions = self.matched[..n].iter().zip(self.total);
        let log_precision: f64 =
            precisions.map(|(m, t)| (*m as f64 / t as f64).ln() / n as f64).sum();
        let ratio = self.reference_length as f64 / self.length as f64;
        let penalty = if ratio > 1.0 { (1.0 - ratio).exp() } else { 1.0 };
        penalty * log_precision.exp()
    }
}

#[cfg(test)]
mod tests {
    use super::super::caption;
    use super::*;

    #[test]
    fn bleu_worked_by_hand() {
        // 5 words against 6: 1-grams 5/5, 2-grams 4/4, 3-grams 3/3, 4-grams 2/2, brevity e^(1−6/5).
        let counts = BleuCounts::of(&caption("a b c d e", &["a b c d e f"]));
        for n in 1..=4 {
            assert!((counts.bleu(n) - (1.0_f64 - 1.2).exp()).abs() < 1e-12);
        }
        // One wrong word at the end: 4/5, 3/4, 2/3, 1/2.
        let counts = BleuCounts::of(&caption("a b c d x", &["a b c d e"]));
        assert!((counts.bleu(1) - 0.8).abs() < 1e-12);
        assert!((counts.bleu(2) - (0.8_f64 * 0.75).sqrt()).abs() < 1e-12);
        assert!((counts.bleu(3) - 0.4_f64.cbrt()).abs() < 1e-12);
        assert!((counts.bleu(4) - 0.2_f64.powf(0.25)).abs() < 1e-12);
        // No pair of words is right, but a word is.
        let counts = BleuCounts::of(&caption("a x", &["a b"]));
        assert_eq!((counts.bleu(1), counts.bleu(2)), (0.5, 0.0));
        assert_eq!(BleuCounts::default().bleu(4), 0.0);
    }
}
