use serde::{Deserialize, Serialize};

/// A 95 % interval.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Interval {
    /// 2.5 % of the resampled values lie below.
    pub lo: f64,
    /// 2.5 % lie above.
    pub hi: f64,
}

/// The percentile bootstrap over groups of rooms: questions of one room hang together, and so do
/// those of twins, so whole groups are drawn, with replacement, `resamples` times. `statistic` gets
/// the rooms drawn and may have no value for them. Deterministic. `None` where no draw had a value.
pub fn bootstrap(
    groups: &[Vec<usize>],
    resamples: usize,
    mut statistic: impl FnMut(&[usize]) -> Option<f64>,
) -> Option<Interval> {
    if groups.is_empty() {
        return None;
    }
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut draw = || {
        // SplitMix64 (Steele, Lea and Flood 2014).
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = state;
        z = (z ^ z >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ z >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((u128::from(z ^ z >> 31) * groups.len() as u128) >> 64) as usize
    };
    let mut values: Vec<f64> = (0..resamples)
        .filter_map(|_| {
            let drawn: Vec<usize> =
                (0..groups.len()).flat_map(|_| groups[draw()].iter().copied()).collect();
            statistic(&drawn)
        })
        .collect();
    values.sort_by(f64::total_cmp);
    let last = values.len().checked_sub(1)?;
    let at = |share: f64| values[(share * last as f64).round() as usize];
    Some(Interval { lo: at(0.025), hi: at(0.975) })
}

/// Each room by itself.
pub(crate) fn singly(rooms: usize) -> Vec<Vec<usize>> {
    (0..rooms).map(|room| vec![room]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_interval_of_a_mean_is_about_two_standard_errors() {
        // 100 rooms, half 0 and half 1: standard error 0.05.
        let values: Vec<f64> = (0..100).map(|i| f64::from(i % 2)).collect();
        let mean = |drawn: &[usize]| {
            Some(drawn.iter().map(|i| values[*i]).sum::<f64>() / drawn.len() as f64)
        };
        let interval = bootstrap(&singly(100), 2000, mean).unwrap();
        assert!((0.38..0.43).contains(&interval.lo) && (0.57..0.62).contains(&interval.hi));
        assert_eq!(bootstrap(&singly(100), 2000, mean), Some(interval));
    }

    #[test]
    fn one_room_has_no_spread_and_none_has_no_interval() {
        let interval = bootstrap(&singly(1), 100, |_| Some(0.3)).unwrap();
        assert_eq!((interval.lo, interval.hi), (0.3, 0.3));
        assert_eq!(bootstrap(&[], 100, |_| Some(0.3)), None);
        assert_eq!(bootstrap(&singly(5), 100, |_| None), None);
    }
}
