use crate::metrics::boxes;
use crate::metrics::instances::{self, Matches, Segmented, average_precision, panoptic_quality};
use crate::stats::{bootstrap, singly};
use crate::{Regime, Row, SystemName};
use scene::Aabb;
use std::collections::BTreeMap;

/// The rows about instances: class-agnostic `ap`, `ap50`, `ap25` and `pq` on points, `recall25` and
/// `recall50` of the true objects' boxes, in percent, for rooms segmented by one system. Boxes are
/// axis-aligned in the frame of `positions` (one list for each room, metres), which should be the
/// rooms' own.
pub fn instance_rows(
    rooms: &[(Segmented, Vec<[f32; 3]>)],
    regime: Regime,
    system: SystemName,
) -> Vec<Row> {
    let matches: Vec<Matches> = rooms.iter().map(|(room, _)| Matches::of(room)).collect();
    let recalls: Vec<[usize; 3]> = rooms
        .iter()
        .map(|(room, positions)| {
            let truth = boxes_of(&room.truth, positions);
            let found = boxes_of(&room.found, positions);
            let [at25, at50] = [0.25, 0.5].map(|t| boxes::recalled(&found, &truth, t));
            [at25, at50, truth.len()]
        })
        .collect();
    let precision = |drawn: &[usize]| average_precision(drawn.iter().map(|room| &matches[*room]));
    let recall = |drawn: &[usize], level: usize| {
        let total: usize = drawn.iter().map(|room| recalls[*room][2]).sum();
        let hits: usize = drawn.iter().map(|room| recalls[*room][level]).sum();
        (total > 0).then(|| hits as f64 / total as f64)
    };
    type Statistic<'a> = Box<dyn Fn(&[usize]) -> Option<f64> + 'a>;
    let metrics: [(&str, Statistic<'_>); 6] = [
        ("ap", Box::new(|drawn| Some(precision(drawn).ap))),
        ("ap50", Box::new(|drawn| Some(precision(drawn).ap50))),
        ("ap25", Box::new(|drawn| Some(precision(drawn).ap25))),
        ("pq", Box::new(|drawn| panoptic_quality(drawn.iter().map(|room| &matches[*room])))),
        ("recall25", Box::new(|drawn| recall(drawn, 0))),
        ("recall50", Box::new(|drawn| recall(drawn, 1))),
    ];
    let everyone: Vec<usize> = (0..rooms.len()).collect();
    metrics
        .into_iter()
        .filter_map(|(metric, statistic)| {
            let value = 100.0 * statistic(&everyone)?;
            let interval =
                bootstrap(&singly(rooms.len()), 200, |d| statistic(d).map(|v| 100.0 * v));
            let (lo, hi) = interval.map_or((value, value), |i| (i.lo, i.hi));
            let (task, metric) = ("instances".to_owned(), metric.to_owned());
            Some(Row { task, metric, regime, system, value, n: rooms.len(), lo, hi })
        })
        .collect()
}

/// The boxes of the instances with enough points.
fn boxes_of(labels: &[u32], positions: &[[f32; 3]]) -> Vec<Aabb> {
    let mut points: BTreeMap<u32, Vec<glam::Vec3>> = BTreeMap::new();
    for (label, position) in labels.iter().zip(positions).filter(|(label, _)| **label != 0) {
        points.entry(*label).or_default().push(glam::Vec3::from(*position));
    }
    points
        .into_values()
        .filter(|points| points.len() >= instances::LEAST_POINTS)
        .map(Aabb::of_points)
        .collect()
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
        let names: Vec<&str> = rows.iter().map(|row| row.metric.as_str()).collect();
        assert_eq!(names, ["ap", "ap50", "ap25", "pq", "recall25", "recall50"]);
        // One of two found, wholly: PQ 1 / (1 + 1/2).
        let value = |row: &Row| if row.metric == "pq" { 200.0 / 3.0 } else { 50.0 };
        assert!(rows.iter().all(|row| (row.value - value(row)).abs() < 1e-9), "{rows:?}");
    }
}
