//! Ways: whether one gets there, and how directly.

/// Whether a way leads there, for one question.
pub fn success(walked_m: Option<f64>) -> f64 {
    f64::from(u8::from(walked_m.is_some()))
}

/// One question's term of SPL (Anderson et al. 2018, “On Evaluation of Embodied Navigation
/// Agents”): `S · ℓ / max(p, ℓ)` with `S` the success, `ℓ` the shortest length and `p` the
/// length walked, metres; SPL is the mean. `walked_m` is `None` where the way cannot be walked or
/// does not lead there. Zero for lengths that are none.
pub fn spl(walked_m: Option<f64>, shortest_m: f64) -> f64 {
    let Some(walked_m) = walked_m else { return 0.0 };
    let longer = walked_m.max(shortest_m);
    let is_length = |length: f64| length.is_finite() && length >= 0.0;
    if !is_length(walked_m) || !is_length(shortest_m) {
        return 0.0;
    }
    // Who is there already need not walk.
    if longer > 0.0 { shortest_m / longer } else { 1.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spl_worked_by_hand() {
        assert_eq!(spl(Some(4.0), 4.0), 1.0);
        assert_eq!(spl(Some(5.0), 4.0), 0.8);
        // Shorter than the shortest, for it was found on a grid.
        assert_eq!(spl(Some(3.9), 4.0), 1.0);
        assert_eq!((spl(None, 4.0), success(None)), (0.0, 0.0));
        assert_eq!((spl(Some(0.0), 0.0), success(Some(0.0))), (1.0, 1.0));
        assert_eq!(spl(Some(f64::NAN), 4.0), 0.0);
    }
}
