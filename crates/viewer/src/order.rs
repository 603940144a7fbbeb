/// Every so many points one of the same phase.
const PHASES: usize = 61;
/// From one phase to the next; a golden step, so that a few phases already lie evenly.
const STEP: usize = 38;

/// The order in which points of a scan are drawn: every 61st from one beginning, then from another,
/// and so on.
///
/// So any first part of it is spread over the whole scan, and what comes one after the other is
/// still near each other in most scans, which graphics memory likes. 61 is prime: whole columns of
/// a depth picture never fall into one phase.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Order {
    points: usize,
    phases: usize,
}

impl Order {
    /// Of a scan of so many points, hardly more than `most` of them (never less than a phase).
    pub fn new(points: usize, most: usize) -> Self {
        let share = most as f64 / points.max(1) as f64;
        let phases = ((PHASES as f64 * share) as usize).clamp(1, PHASES);
        Self { points, phases }
    }

    /// The numbers of the points that are drawn, in the scan.
    pub fn numbers(self) -> impl Iterator<Item = usize> + Clone {
        (0..self.phases).flat_map(move |phase| (start(phase)..self.points).step_by(PHASES))
    }

    /// Of a column of the scan, the entries of the points that are drawn, in the order in which they are.
    pub fn gathered<T: Copy>(self, column: &[T]) -> Vec<T> {
        let column = &column[..column.len().min(self.points)];
        let mut gathered = Vec::with_capacity(column.len());
        for phase in 0..self.phases {
            let of_phase = column.get(start(phase)..).unwrap_or_default();
            gathered.extend(of_phase.iter().step_by(PHASES));
        }
        gathered
    }

    /// The number in the scan of the point that is drawn `k`-th.
    pub fn number(self, mut k: usize) -> Option<usize> {
        for phase in 0..self.phases {
            let count = self.points.saturating_sub(start(phase)).div_ceil(PHASES);
            if k < count {
                return Some(start(phase) + k * PHASES);
            }
            k -= count;
        }
        None
    }
}

fn start(phase: usize) -> usize {
    phase * STEP % PHASES
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn every_point_is_drawn_once_where_all_are() {
        for points in [0, 1, 60, 61, 62, 1000] {
            let order = Order::new(points, 2000);
            let numbers: Vec<usize> = order.numbers().collect();
            assert_eq!(numbers.iter().collect::<HashSet<_>>().len(), points);
            assert_eq!(numbers.len(), points);
            let one_by_one: Vec<usize> = (0..points).filter_map(|k| order.number(k)).collect();
            assert_eq!(numbers, one_by_one);
            assert_eq!(order.number(points), None);
            let column: Vec<usize> = (0..points + 3).collect();
            assert_eq!(order.gathered(&column), numbers);
            assert_eq!(order.gathered(&column[..points / 2]).len(), points / 2);
        }
    }

    #[test]
    fn what_is_drawn_first_lies_evenly() {
        let order = Order::new(61_000, 61_000);
        let mut first: Vec<usize> = order.numbers().take(6_000).collect();
        first.sort_unstable();
        let widest = first.windows(2).map(|pair| pair[1] - pair[0]).max().unwrap();
        // A tenth of the points: evenly they would be ten apart.
        assert!(widest <= 15, "{widest}");
    }

    #[test]
    fn a_big_scan_keeps_to_the_budget() {
        let order = Order::new(10_000_000, 2_000_000);
        let count = order.numbers().count();
        assert!((1_900_000..=2_000_000).contains(&count), "{count}");
    }
}
