//! Grounding: ScanRefer's accuracy and Multi3DRefer's F1.

use super::assignment::best_assignment;
use scene::Aabb;

/// How well each object named (a row) lies on each true one (a column), 0..=1: the intersection
/// over union of their boxes, or 1 and 0 where ids can be compared.
pub type Overlaps = [Vec<f64>];

/// The overlaps of boxes.
pub fn overlaps(named: &[Aabb], truth: &[Aabb]) -> Vec<Vec<f64>> {
    named.iter().map(|a| truth.iter().map(|b| f64::from(a.iou(b))).collect()).collect()
}

/// ScanRefer's Acc@`threshold` (Chen et al. 2020) of one answer to a question that means one
/// object: whether the first object named overlaps it that much.
pub fn is_hit(named: &Overlaps, threshold: f64) -> bool {
    named.first().and_then(|row| row.first()).is_some_and(|overlap| *overlap >= threshold)
}

/// Multi3DRefer's F1@`threshold` (Zhang et al. 2023) of one answer: named and true objects
/// are paired for the largest sum of overlaps (Hungarian), pairs at or above the threshold count,
/// F1 = 2 pairs / (named + true). Where nothing is true, naming nothing is 1 and naming anything
/// is 0.
pub fn f1(named: &Overlaps, true_count: usize, threshold: f64) -> f64 {
    if true_count == 0 || named.is_empty() {
        return if true_count == 0 && named.is_empty() { 1.0 } else { 0.0 };
    }
    let paired = best_assignment(named);
    let hits = paired
        .iter()
        .zip(named)
        .filter(|(column, row)| column.is_some_and(|c| row[c] >= threshold))
        .count();
    2.0 * hits as f64 / (named.len() + true_count) as f64
}

/// How many of the true boxes some box found has at least this intersection over union with.
pub fn recalled(found: &[Aabb], truth: &[Aabb], threshold: f32) -> usize {
    truth.iter().filter(|t| found.iter().any(|f| f.iou(t) >= threshold)).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use glam::Vec3;

    /// A unit cube moved along x; moved by s < 1 from another, their IoU is (1 − s) / (1 + s).
    fn cube(x: f32) -> Aabb {
        Aabb::from_centre_size(Vec3::new(x, 0.0, 0.0), Vec3::ONE)
    }

    #[test]
    fn only_the_first_box_counts() {
        // Moved by 0.5: IoU 1/3.
        let hit = |named: &[Aabb], threshold| is_hit(&overlaps(named, &[cube(0.0)]), threshold);
        assert!(hit(&[cube(0.5)], 0.25));
        assert!(!hit(&[cube(0.5)], 0.5));
        assert!(!hit(&[cube(9.0), cube(0.0)], 0.25));
        assert!(!hit(&[], 0.25));
    }

    fn f1(named: &[Aabb], truth: &[Aabb], threshold: f64) -> f64 {
        super::f1(&overlaps(named, truth), truth.len(), threshold)
    }

    #[test]
    fn f1_worked_by_hand() {
        let truth = [cube(0.0), cube(5.0)];
        assert_eq!(f1(&truth, &truth, 0.5), 1.0);
        // One of two found: 2 · 1 / (1 + 2).
        assert!((f1(&[cube(0.0)], &truth, 0.5) - 2.0 / 3.0).abs() < 1e-12);
        // Both found and one too many: 2 · 2 / (3 + 2).
        assert!((f1(&[cube(0.0), cube(9.0), cube(5.0)], &truth, 0.5) - 0.8).abs() < 1e-12);
        // The same box twice is one hit.
        assert_eq!(f1(&[cube(0.0), cube(0.0)], &truth, 0.5), 0.5);
        assert_eq!(f1(&[cube(0.5)], &[cube(0.0)], 0.25), 1.0);
        assert_eq!(f1(&[cube(0.5)], &[cube(0.0)], 0.5), 0.0);
    }

    #[test]
    fn nothing_is_the_right_answer_where_nothing_is_there() {
        assert_eq!(f1(&[], &[], 0.5), 1.0);
        assert_eq!(f1(&[cube(0.0)], &[], 0.5), 0.0);
        assert_eq!(f1(&[], &[cube(0.0)], 0.5), 0.0);
    }

    #[test]
    fn recall_counts_true_boxes() {
        let truth = [cube(0.0), cube(5.0), cube(8.0)];
        assert_eq!(recalled(&[cube(0.5), cube(5.1)], &truth, 0.25), 2);
        assert_eq!(recalled(&[cube(0.5), cube(5.1)], &truth, 0.5), 1);
    }
}
