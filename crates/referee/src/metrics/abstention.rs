//! Saying that the scan does not show it.

/// How much recall is worth depends on how often answerable questions are refused, so systems are
/// compared where that share is the same.
pub const FALSE_REFUSALS: f64 = 0.05;

/// The recall of unanswerable questions at the threshold where at most [`FALSE_REFUSALS`] of the
/// answerable ones are refused: a question is refused where its score is above the threshold, the
/// lowest at which few enough are. It is the true-positive rate at a false-positive rate of 5 %
/// of a ROC curve (Fawcett 2006). `None` where either list is empty.
pub fn recall_at(answerable: &[f64], unanswerable: &[f64]) -> Option<f64> {
    if answerable.is_empty() || unanswerable.is_empty() {
        return None;
    }
    let mut falling = answerable.to_vec();
    falling.sort_by(|a, b| b.total_cmp(a));
    let refused = (FALSE_REFUSALS * falling.len() as f64) as usize;
    let threshold = falling.get(refused)?;
    let recalled = unanswerable.iter().filter(|score| *score > threshold).count();
    Some(recalled as f64 / unanswerable.len() as f64)
}

#[cfg(test)]
mod tests {
    use super::recall_at;

    #[test]
    fn recall_worked_by_hand() {
        // Twenty answerable ones at 0.00 … 0.95: one may be refused, so the threshold is 0.90.
        let answerable: Vec<f64> = (0..20).map(|i| f64::from(i) / 20.0).collect();
        assert_eq!(recall_at(&answerable, &[0.99, 0.92, 0.9, 0.1]), Some(0.5));
        // Of nineteen none may be: the highest, 0.90, is the threshold.
        assert_eq!(recall_at(&answerable[..19], &[0.99, 0.92, 0.9, 0.1]), Some(0.5));
        assert_eq!(recall_at(&answerable[..19], &[0.9]), Some(0.0));
        // Scores that say nothing recall nothing.
        assert_eq!(recall_at(&[0.5; 100], &[0.5; 10]), Some(0.0));
        assert_eq!(recall_at(&[], &[0.5]), None);
    }
}
