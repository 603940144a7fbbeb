use crate::instances::SIZES;
use crate::metrics::instances::{LEAST_POINTS, Segmented};
use crate::stats::{bootstrap, singly};
use crate::{Regime, Row, SystemName};
use scene::{Aabb, LabelGuess};
use std::collections::BTreeMap;

/// A true object that was found, and what it was taken for.
#[derive(Clone, Debug, PartialEq)]
pub struct Named {
    /// Its true class.
    pub class: String,
    /// The longest edge of its true box, metres.
    pub edge_m: f32,
    /// The classes guessed, likeliest first.
    pub guesses: Vec<String>,
}

impl Named {
    /// Of one room: every true object of enough points whose points some object found overlaps by
    /// more than a half. `class_of` knows the true objects' classes, `guesses_of` what a found
    /// object is taken for.
    pub fn of_room(
        room: &Segmented,
        positions: &[[f32; 3]],
        class_of: impl Fn(u32) -> Option<String>,
        guesses_of: impl Fn(u32) -> Vec<String>,
    ) -> Vec<Self> {
        let mut found_sizes: BTreeMap<u32, usize> = BTreeMap::new();
        let mut bounds: BTreeMap<u32, Aabb> = BTreeMap::new();
        let mut shared: BTreeMap<u32, BTreeMap<u32, usize>> = BTreeMap::new();
        for ((&truth, &found), position) in room.truth.iter().zip(&room.found).zip(positions) {
            *found_sizes.entry(found).or_default() += 1;
            if truth != 0 {
                *shared.entry(truth).or_default().entry(found).or_default() += 1;
                let known = bounds.entry(truth).or_insert(Aabb::EMPTY);
                *known = known.union(&Aabb::of_points([glam::Vec3::from(*position)]));
            }
        }
        let named = |(truth, shared): (&u32, &BTreeMap<u32, usize>)| {
            let size: usize = shared.values().sum();
            let overlaps = |(found, both): &(&u32, &usize)| {
                **found != 0 && 2 * **both > size + found_sizes[*found] - **both
            };
            let (found, _) = shared.iter().find(overlaps).filter(|_| size >= LEAST_POINTS)?;
            let edge_m = bounds[truth].size().max_element();
            Some(Self { class: class_of(*truth)?, edge_m, guesses: guesses_of(*found) })
        };
        shared.iter().filter_map(named).collect()
    }

    fn is_within(&self, most: usize) -> bool {
        self.guesses.iter().take(most).any(|guess| *guess == self.class)
    }
}

/// The rows `top1` and `top5` about what the objects found were taken for, in percent: of all, by
/// size, and of each class (`n` is the number of objects there).
pub fn class_rows(rooms: &[Vec<Named>], regime: Regime, system: SystemName) -> Vec<Row> {
    type Belongs = Box<dyn Fn(&Named) -> bool>;
    let mut groups: Vec<(String, Belongs)> = Vec::new();
    for (task, from_m, to_m) in SIZES {
        groups.push((task.to_owned(), Box::new(move |one| (from_m..to_m).contains(&one.edge_m))));
    }
    let mut classes: Vec<&String> = rooms.iter().flatten().map(|one| &one.class).collect();
    classes.sort();
    classes.dedup();
    for class in classes {
        let own = class.clone();
        groups.push((format!("instances:class:{class}"), Box::new(move |one| one.class == own)));
    }
    let everyone: Vec<usize> = (0..rooms.len()).collect();
    let mut rows = Vec::new();
    for (task, belongs) in groups {
        for (metric, most) in [("top1", 1), ("top5", LabelGuess::TOLD)] {
            let of_room = |room: &Vec<Named>| {
                let own = || room.iter().filter(|one| belongs(one));
                (own().filter(|one| one.is_within(most)).count(), own().count())
            };
            let counts: Vec<(usize, usize)> = rooms.iter().map(of_room).collect();
            let share = |drawn: &[usize]| {
                let right: usize = drawn.iter().map(|room| counts[*room].0).sum();
                let all: usize = drawn.iter().map(|room| counts[*room].1).sum();
                (all > 0).then(|| 100.0 * right as f64 / all as f64)
            };
            let Some(value) = share(&everyone) else { continue };
            let interval = bootstrap(&singly(rooms.len()), 200, share);
            let (lo, hi) = interval.map_or((value, value), |i| (i.lo, i.hi));
            let n = counts.iter().map(|(_, all)| all).sum();
            let (task, metric) = (task.clone(), metric.to_owned());
            rows.push(Row { task, metric, regime, system, value, n, lo, hi });
        }
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_found_is_named_and_who_is_not_is_left_out() {
        let mut room = Segmented::default();
        let mut positions = Vec::new();
        // Object 1 found by two thirds, object 2 by a third, object 3 too small.
        for (truth, found, points) in
            [(1, 9, 200), (1, 0, 100), (2, 8, 100), (2, 0, 200), (3, 7, 50)]
        {
            for i in 0..points {
                room.truth.push(truth);
                room.found.push(found);
                positions.push([i as f32 * 0.01, truth as f32, 0.0]);
            }
        }
        let class_of = |id: u32| Some(format!("class {id}"));
        let guesses_of = |_: u32| vec!["sofa".to_owned(), "class 1".to_owned()];
        let named = Named::of_room(&room, &positions, class_of, guesses_of);
        assert_eq!(named.len(), 1);
        assert!((named[0].edge_m - 1.99).abs() < 1e-5);
        let rows = class_rows(&[named], Regime::Predicted, SystemName::Ours);
        let value = |task: &str, metric: &str| {
            rows.iter().find(|row| row.task == task && row.metric == metric).map(|row| row.value)
        };
        assert_eq!(value("instances", "top1"), Some(0.0));
        assert_eq!(value("instances", "top5"), Some(100.0));
        assert_eq!(value("instances:class:class 1", "top5"), Some(100.0));
        assert_eq!(value("instances:under_20cm", "top1"), None);
    }
}
