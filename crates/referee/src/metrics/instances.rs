//! Class-agnostic instance segmentation scored as ScanNet's evaluation does, all classes in one.

use std::collections::BTreeMap;

/// Smaller instances, true or found, are left out, in points.
pub const LEAST_POINTS: usize = 100;

/// Intersection over union must exceed these for AP: 0.5, 0.55 … 0.9, as in ScanNet's code, whose
/// range ends before 0.95; then 0.25 alone.
const THRESHOLDS: [f64; 10] = [0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.25];

/// One room's points with what they truly belong to and what was found.
#[derive(Clone, Debug, Default)]
pub struct Segmented {
    /// For each point the true instance; 0 for structure and whatever is not to be scored.
    pub truth: Vec<u32>,
    /// For each point the instance found; 0 for none.
    pub found: Vec<u32>,
    /// Confidence of each instance found; 1 where missing.
    pub scores: BTreeMap<u32, f32>,
}

/// Average precision in 0..=1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AveragePrecision {
    /// Mean over the thresholds 0.5 … 0.9.
    pub ap: f64,
    /// At 0.5.
    pub ap50: f64,
    /// At 0.25.
    pub ap25: f64,
}

/// What one room adds to the curves, for each threshold: decisions with their confidence, and true
/// instances that nothing matched.
#[derive(Clone, Debug)]
pub struct Matches {
    decisions: [Vec<(bool, f32)>; 10],
    missed: [usize; 10],
    /// Sum of the IoUs of what matches at 0.5.
    overlap: f64,
}

impl Matches {
    /// Pairs what was found in a room with what is true.
    ///
    /// After ScanNet: a true instance is matched by whatever exceeds the threshold, the most
    /// confident one right, others wrong; something found that matches nothing is wrong, unless
    /// more of it than the threshold lies on unscored points or on true instances that are too
    /// small.
    pub fn of(room: &Segmented) -> Self {
        let mut true_sizes: BTreeMap<u32, usize> = BTreeMap::new();
        let mut found_sizes: BTreeMap<u32, usize> = BTreeMap::new();
        let mut shared: BTreeMap<(u32, u32), usize> = BTreeMap::new();
        for (&truth, &found) in room.truth.iter().zip(&room.found) {
            *true_sizes.entry(truth).or_insert(0) += 1;
            *found_sizes.entry(found).or_insert(0) += 1;
            *shared.entry((truth, found)).or_insert(0) += 1;
        }
        let scored = |sizes: &BTreeMap<u32, usize>| -> Vec<(u32, usize)> {
            let big = |(id, size): &(&u32, &usize)| **id != 0 && **size >= LEAST_POINTS;
            sizes.iter().filter(big).map(|(id, size)| (*id, *size)).collect()
        };
        let (truths, founds) = (scored(&true_sizes), scored(&found_sizes));
        let overlap = |truth: u32, found: u32| shared.get(&(truth, found)).copied().unwrap_or(0);
        let score = |found: u32| room.scores.get(&found).copied().unwrap_or(1.0);
        let mut matches =
            Self { decisions: std::array::from_fn(|_| Vec::new()), missed: [0; 10], overlap: 0.0 };
        for (level, threshold) in THRESHOLDS.into_iter().enumerate() {
            let decisions = &mut matches.decisions[level];
            let mut matched = vec![false; founds.len()];
            for &(truth, true_size) in &truths {
                let mut best: Option<f32> = None;
                for (index, &(found, found_size)) in founds.iter().enumerate() {
                    let both = overlap(truth, found);
                    let iou = both as f64 / (true_size + found_size - both) as f64;
                    if iou <= threshold || matched[index] {
                        continue;
                    }
                    matched[index] = true;
                    let confidence = score(found);
                    match best {
                        None => {
                            best = Some(confidence);
                            // Over a half there is but one.
                            matches.overlap += if level == 0 { iou } else { 0.0 };
                        }
                        Some(other) => {
                            best = Some(other.max(confidence));
                            decisions.push((false, other.min(confidence)));
                        }
                    }
                }
                match best {
                    Some(confidence) => decisions.push((true, confidence)),
                    None => matches.missed[level] += 1,
                }
            }
            for (index, &(found, size)) in founds.iter().enumerate() {
                if matched[index] {
                    continue;
                }
                let ignored: usize = true_sizes
                    .iter()
                    .filter(|(truth, size)| **truth == 0 || **size < LEAST_POINTS)
                    .map(|(truth, _)| overlap(*truth, found))
                    .sum();
                if ignored as f64 / size as f64 <= threshold {
                    decisions.push((false, score(found)));
                }
            }
        }
        matches
    }
}

/// Average precision over rooms. Without any true instance all three are zero.
pub fn average_precision<'a>(
    rooms: impl IntoIterator<Item = &'a Matches> + Clone,
) -> AveragePrecision {
    let at = |level: usize| {
        let decisions = rooms.clone().into_iter().flat_map(|room| room.decisions[level].clone());
        let missed = rooms.clone().into_iter().map(|room| room.missed[level]).sum();
        area(decisions.collect(), missed)
    };
    let levels: Vec<f64> = (0..THRESHOLDS.len()).map(at).collect();
    AveragePrecision { ap: levels[..9].iter().sum::<f64>() / 9.0, ap50: levels[0], ap25: levels[9] }
}

/// Panoptic quality (Kirillov et al. 2019) of things, all classes in one, in 0..=1: the IoUs of what
/// matches over 0.5, over the mean number of true and found instances. `None` without any.
pub fn panoptic_quality<'a>(rooms: impl IntoIterator<Item = &'a Matches>) -> Option<f64> {
    let (mut overlap, mut both) = (0.0, 0);
    for room in rooms {
        let right = room.decisions[0].iter().filter(|decision| decision.0).count();
        overlap += room.overlap;
        both += room.decisions[0].len() + right + room.missed[0];
    }
    (both > 0).then(|| 2.0 * overlap / both as f64)
}

/// The area under precision over recall by ScanNet's rule: precision at each distinct confidence,
/// with half of the steps of recall to both sides, ending at precision 1 and recall 0.
fn area(mut decisions: Vec<(bool, f32)>, missed: usize) -> f64 {
    let right = decisions.iter().filter(|decision| decision.0).count();
    if right == 0 {
        return 0.0;
    }
    decisions.sort_by(|a, b| a.1.total_cmp(&b.1));
    let total = decisions.len();
    let mut precision = Vec::new();
    let mut recall = Vec::new();
    let mut right_below = 0;
    for (index, &(is_right, confidence)) in decisions.iter().enumerate() {
        let first_of_its_kind = index == 0 || decisions[index - 1].1 < confidence;
        if first_of_its_kind {
            let true_positives = (right - right_below) as f64;
            precision.push(true_positives / (total - index) as f64);
            recall.push(true_positives / (right + missed) as f64);
        }
        right_below += usize::from(is_right);
    }
    precision.push(1.0);
    recall.push(0.0);
    let last = recall.len() - 1;
    (0..=last)
        .map(|i| {
            let before = recall[i.saturating_sub(1)];
            let after = if i == last { 0.0 } else { recall[i + 1] };
            precision[i] * 0.5 * (before - after)
        })
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A room from runs of (true, found, points).
    fn room(runs: &[(u32, u32, usize)], scores: &[(u32, f32)]) -> Matches {
        let mut room =
            Segmented { scores: scores.iter().copied().collect(), ..Segmented::default() };
        for &(truth, found, count) in runs {
            room.truth.extend(std::iter::repeat_n(truth, count));
            room.found.extend(std::iter::repeat_n(found, count));
        }
        Matches::of(&room)
    }

    fn score(rooms: &[Matches]) -> AveragePrecision {
        average_precision(rooms)
    }

    #[test]
    fn all_right_is_one() {
        let found = score(&[room(&[(1, 7, 200), (2, 8, 300), (0, 0, 500)], &[])]);
        assert_eq!(found, AveragePrecision { ap: 1.0, ap50: 1.0, ap25: 1.0 });
    }

    #[test]
    fn a_missed_object_halves_the_recall() {
        let found = score(&[room(&[(1, 7, 200), (2, 0, 300)], &[])]);
        assert!((found.ap50 - 0.5).abs() < 1e-12);
    }

    #[test]
    fn half_an_object_counts_at_a_quarter_only() {
        // 120 of 300 points: IoU 0.4.
        let found = score(&[room(&[(1, 7, 120), (1, 0, 180)], &[])]);
        assert_eq!((found.ap50, found.ap25), (0.0, 1.0));
        // 180 of 300: 0.6, passes 0.5 and 0.55 of nine thresholds (must exceed, not reach).
        let found = score(&[room(&[(1, 7, 180), (1, 0, 120)], &[])]);
        assert!((found.ap - 2.0 / 9.0).abs() < 1e-12 && found.ap50 == 1.0);
    }

    #[test]
    fn a_confident_mistake_costs_and_a_doubtful_one_does_not() {
        // Found 8 covers most of two objects, so it matches neither.
        let runs = [(1, 7, 200), (2, 8, 200), (3, 8, 200), (4, 8, 200)];
        let doubtful = score(&[room(&runs, &[(7, 0.9), (8, 0.1)])]);
        // One of four found; precision 1 above 0.1. By ScanNet's steps the doubtful mistake takes
        // nothing: recall stays at 1/4 from 0.1 on. (1/2)(0)·(1/4 − 1/4) + 1·(1/2)(1/4) + 1·(1/2)(1/4).
        assert!((doubtful.ap50 - 0.25).abs() < 1e-12, "{doubtful:?}");
        let confident = score(&[room(&runs, &[(7, 0.1), (8, 0.9)])]);
        // Thresholds 0.1: p = 1/2, r = 1/4; 0.9: p = 0, r = 0; end: p = 1, r = 0.
        // 1/2 · 1/2 · (1/4 − 0) + 0 + 0 = 1/16.
        assert!((confident.ap50 - 1.0 / 16.0).abs() < 1e-12, "{confident:?}");
    }

    #[test]
    fn walls_and_small_things_are_not_held_against_anyone() {
        // Found 8 lies on structure, found 9 on something of 80 points and 40 of structure.
        let runs = [(1, 7, 200), (0, 8, 400), (2, 9, 80), (0, 9, 40), (0, 0, 100)];
        assert_eq!(score(&[room(&runs, &[])]).ap, 1.0);
        // Found 8 half on structure, half on object 1: at 0.5 the ignored half does not exceed it.
        let runs = [(1, 7, 300), (1, 8, 100), (0, 8, 100)];
        let found = score(&[room(&runs, &[])]);
        assert!(found.ap50 < 1.0 && found.ap25 == 1.0, "{found:?}");
    }

    #[test]
    fn panoptic_quality_by_hand() {
        // IoU 180/300 matched; 200 missed; 150 found on nothing scored is left out, on object 3's
        // half of 400 found wrongly.
        let runs = [(1, 7, 180), (1, 0, 120), (2, 0, 200), (0, 9, 150), (3, 8, 200), (3, 0, 200)];
        let rooms = [room(&runs, &[])];
        // Right: 1. True: 3. Found: 2 (7, 8). 0.6 / (1 + (1 + 2) / 2).
        assert!((panoptic_quality(&rooms).unwrap() - 0.6 / 2.5).abs() < 1e-12);
        assert_eq!(panoptic_quality(&[room(&[(1, 7, 200)], &[])]), Some(1.0));
        assert_eq!(panoptic_quality(&[]), None);
    }

    #[test]
    fn rooms_are_taken_together() {
        let good = room(&[(1, 7, 200)], &[(7, 0.9)]);
        let bad = room(&[(1, 0, 200)], &[]);
        assert!((score(&[good.clone(), bad]).ap50 - 0.5).abs() < 1e-12);
        assert_eq!(score(&[good.clone(), good]).ap50, 1.0);
        assert_eq!(score(&[]).ap, 0.0);
    }
}
