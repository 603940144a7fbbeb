//! Numeric answers as in VSI-Bench.

/// Mean relative accuracy (Yang et al. 2025, “Thinking in Space”): the share of the ten
/// thresholds θ = 0.5, 0.55 … 0.95 for which `|answer − truth| / truth < 1 − θ`, as the paper has
/// it; its code lets equality pass too. Zero without an answer, and for a truth that is not above
/// zero.
pub fn mean_relative_accuracy(answer: Option<f64>, truth: f64) -> f64 {
    let Some(answer) = answer.filter(|_| truth > 0.0) else { return 0.0 };
    let error = (answer - truth).abs() / truth;
    // In twentieths, so that thresholds are exact: 1 − θ = 10/20, 9/20 … 1/20.
    let passed = (1..=10).filter(|twentieths| error < f64::from(*twentieths) / 20.0).count();
    passed as f64 / 10.0
}

#[cfg(test)]
mod tests {
    use super::mean_relative_accuracy as mra;

    #[test]
    fn accuracies_worked_by_hand() {
        assert_eq!(mra(Some(2.0), 2.0), 1.0);
        // 12 % off: passes 0.15 … 0.50, eight of ten.
        assert_eq!(mra(Some(1.12), 1.0), 0.8);
        assert_eq!(mra(Some(0.88), 1.0), 0.8);
        assert_eq!(mra(Some(1.5), 1.0), 0.0);
        // A quarter off, exactly: passes 0.30 … 0.50, and not 0.25 itself.
        assert_eq!(mra(Some(1.25), 1.0), 0.5);
        assert_eq!(mra(None, 1.0), 0.0);
        assert_eq!(mra(Some(f64::NAN), 1.0), 0.0);
        assert_eq!(mra(Some(0.0), 0.0), 0.0);
    }
}
