use super::Caption;

/// ROUGE-L (Lin 2004) of one caption in 0..=1, with β = 1.2: best precision and best recall of the
/// longest common subsequence over the references.
pub fn rouge_l(caption: &Caption) -> f64 {
    let best = |length: &dyn Fn(&Vec<String>) -> usize| {
        let share =
            |r: &Vec<String>| longest_common(&caption.words, r) as f64 / length(r).max(1) as f64;
        caption.references.iter().map(share).fold(0.0, f64::max)
    };
    let precision = best(&|_| caption.words.len());
    let recall = best(&Vec::len);
    let beta_squared = 1.2 * 1.2;
    if precision * recall > 0.0 {
        (1.0 + beta_squared) * precision * recall / (recall + beta_squared * precision)
    } else {
        0.0
    }
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

#[cfg(test)]
mod tests {
    use super::super::caption;
    use super::*;

    #[test]
    fn rouge_worked_by_hand() {
        // Common subsequence “a c d” of 4 words, reference of 5: P = 3/4, R = 3/5.
        let (p, r) = (0.75, 0.6);
        let expected = 2.44 * p * r / (r + 1.44 * p);
        assert!((rouge_l(&caption("a x c d", &["a b c d e"])) - expected).abs() < 1e-12);
        assert_eq!(rouge_l(&caption("", &["a"])), 0.0);
    }
}
