use crate::metrics::boxes;
use crate::metrics::instances::{self, Matches, Segmented, average_precision, panoptic_quality};
use crate::stats::{bootstrap, singly};
use crate::{Regime, Row, SystemName};
use scene::Aabb;
use std::collections::BTreeMap;
use std::ops::Range;

/// Objects by the longest edge of their true boxes, metres: the row's task, from, to.
pub(crate) const SIZES: [(&str, f32, f32); 4] = [
    ("instances", 0.0, f32::INFINITY),
    ("instances:under_20cm", 0.0, 0.2),
    ("instances:over_20cm", 0.2, f32::INFINITY),
    ("instances:over_60cm", 0.6, f32::INFINITY),
];

/// The rows about instances: class-agnostic `ap`, `ap50`, `ap25` and `pq` on points, `recall25` and
/// `recall50` of the true objects' boxes, also by size, in percent, for rooms segmented by one
/// system. Boxes are axis-aligned in the frame of `positions` (one list for each room, metres),
/// which should be the rooms' own; true ones round all points, found ones as they are reported,
/// without strays.
pub fn instance_rows(
    rooms: &[(Segmented, Vec<[f32; 3]>)],
    regime: Regime,
    system: SystemName,
) -> Vec<Row> {
    let matches: Vec<Matches> = rooms.iter().map(|(room, _)| Matches::of(room)).collect();
    let precision = |drawn: &[usize]| average_precision(drawn.iter().map(|room| &matches[*room]));
    type Statistic<'a> = Box<dyn Fn(&[usize]) -> Option<f64> + 'a>;
    let mut metrics: Vec<(&str, &str, Statistic<'_>)> = vec![
        ("instances", "ap", Box::new(|drawn| Some(precision(drawn).ap))),
        ("instances", "ap50", Box::new(|drawn| Some(precision(drawn).ap50))),
        ("instances", "ap25", Box::new(|drawn| Some(precision(drawn).ap25))),
        (
            "instances",
            "pq",
            Box::new(|drawn| panoptic_quality(drawn.iter().map(|room| &matches[*room]))),
        ),
    ];
    for (task, from_m, to_m) in SIZES {
        let of_size: Vec<[usize; 3]> =
            rooms.iter().map(|(room, at)| recalls(room, at, from_m..to_m)).collect();
        for (level, metric) in ["recall25", "recall50"].into_iter().enumerate() {
            let of_size = of_size.clone();
            let share = move |drawn: &[usize]| {
                let sum = |column: usize| drawn.iter().map(|room| of_size[*room][column]).sum();
                let (hits, total): (usize, usize) = (sum(level), sum(2));
                (total > 0).then(|| hits as f64 / total as f64)
            };
            metrics.push((task, metric, Box::new(share)));
        }
    }
    let everyone: Vec<usize> = (0..rooms.len()).collect();
    metrics
        .into_iter()
        .filter_map(|(task, metric, statistic)| {
            let value = 100.0 * statistic(&everyone)?;
            let interval =
                bootstrap(&singly(rooms.len()), 200, |d| statistic(d).map(|v| 100.0 * v));
            let (lo, hi) = interval.map_or((value, value), |i| (i.lo, i.hi));
            let (task, metric) = (task.to_owned(), metric.to_owned());
            Some(Row { task, metric, regime, system, value, n: rooms.len(), lo, hi })
        })
        .collect()
}

/// How many true boxes of a size are found at IoU 0.25, at 0.5, and how many there are.
fn recalls(room: &Segmented, positions: &[[f32; 3]], edge_m: Range<f32>) -> [usize; 3] {
    let mut truth = boxes_of(&room.truth, positions, Aabb::of_points);
    truth.retain(|bounds| edge_m.contains(&bounds.size().max_element()));
    let found = boxes_of(&room.found, positions, |points| Aabb::of_most(points.into_iter()));
    let [at25, at50] = [0.25, 0.5].map(|t| boxes::recalled(&found, &truth, t));
    [at25, at50, truth.len()]
}

/// The boxes of the instances with enough points.
fn boxes_of(
    labels: &[u32],
    positions: &[[f32; 3]],
    round: impl Fn(Vec<glam::Vec3>) -> Aabb,
) -> Vec<Aabb> {
    let mut points: BTreeMap<u32, Vec<glam::Vec3>> = BTreeMap::new();
    for (label, position) in labels.iter().zip(positions).filter(|(label, _)| **label != 0) {
        points.entry(*label).or_default().push(glam::Vec3::from(*position));
    }
    let enough = points.into_values().filter(|points| points.len() >= instances::LEAST_POINTS);
    enough.map(round).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instance_rows_of_a_room_found_by_half() {
        let mut room = Segmented::default();
        let mut positions = Vec::new();
        for i in 0..400u32 {
            let object = i / 200 + 1;
            room.truth.push(object);
            room.found.push(if object == 1 { 9 } else { 0 });
            let step = (i % 200) as f32 * 0.005;
            positions.push([object as f32 * 3.0 + step, step, step]);
        }
        let rows = instance_rows(&[(room, positions)], Regime::Predicted, SystemName::Ours);
        let of = |task: &str| -> Vec<&str> {
            let own = rows.iter().filter(|row| row.task == task);
            own.map(|row| row.metric.as_str()).collect()
        };
        assert_eq!(of("instances"), ["ap", "ap50", "ap25", "pq", "recall25", "recall50"]);
        // Both are a metre long.
        assert_eq!(of("instances:over_20cm"), ["recall25", "recall50"]);
        assert!(of("instances:under_20cm").is_empty());
        // One of two found, wholly: PQ 1 / (1 + 1/2).
        let value = |row: &Row| if row.metric == "pq" { 200.0 / 3.0 } else { 50.0 };
        assert!(rows.iter().all(|row| (row.value - value(row)).abs() < 1e-9), "{rows:?}");
    }
}
