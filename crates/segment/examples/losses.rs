//! Of the true objects over 20 cm in scans with a column `instance`: the share whose points, and
//! whose box, are found with an IoU of at least a half, after each stage and were all later ones
//! perfect.
//!
//! `cargo run --release -p segment --features training --example losses -- ROOM.ply…`

use glam::Vec3;
use scene::{Aabb, Unit};
use segment::{
    Options,
    losses::{STAGES, stages},
};
use std::collections::BTreeMap;

/// As in `referee`.
const LEAST_POINTS: usize = 100;
const LEAST_M: f32 = 0.2;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut hits = [[0_usize; 4]; STAGES.len()];
    let (mut all, mut found_all) = (0, [0; STAGES.len()]);
    for path in std::env::args().skip(1) {
        let cloud = ply::read(&std::fs::read(&path)?)?;
        let column = cloud.column("instance").ok_or("no column \"instance\"")?;
        let truth: Vec<u32> = column.iter().map(|id| *id as u32).collect();
        let metric = Options { unit: Some(Unit::Metre), ..Options::default() };
        let scan = stages(cloud, &truth, &metric)?;
        let true_objects = objects(&truth, &scan.positions, true);
        let large = |object: &&Object| object.bounds.size().max_element() >= LEAST_M;
        all += true_objects.iter().filter(large).count();
        for (stage, labels) in scan.labels.iter().enumerate() {
            let found = objects(labels, &scan.positions, false);
            found_all[stage] += found.iter().filter(large).count();
            for object in true_objects.iter().filter(large) {
                let any = |good: &dyn Fn(&Object) -> bool| usize::from(found.iter().any(good));
                let ious = |least: f32| any(&|other| object.bounds.iou(&other.bounds) >= least);
                let share = |least: f32| any(&|other| object.iou(other) >= least);
                let now = [share(0.5), share(0.25), ious(0.5), ious(0.25)];
                hits[stage].iter_mut().zip(now).for_each(|(sum, hit)| *sum += hit);
            }
        }
    }
    println!(
        "{all} objects\n| stage | found | points 0.5 | 0.25 | box 0.5 | 0.25 |\n|---|--:|--:|--:|--:|--:|"
    );
    for ((stage, row), found) in STAGES.iter().zip(hits).zip(found_all) {
        let [a, b, c, d] = row.map(|hit| 100.0 * hit as f32 / all.max(1) as f32);
        println!("| {stage} | {found} | {a:.1} | {b:.1} | {c:.1} | {d:.1} |");
    }
    Ok(())
}

struct Object {
    points: Vec<u32>,
    bounds: Aabb,
}

impl Object {
    fn iou(&self, other: &Self) -> f32 {
        let both =
            self.points.iter().filter(|point| other.points.binary_search(point).is_ok()).count();
        both as f32 / (self.points.len() + other.points.len() - both) as f32
    }
}

fn objects(labels: &[u32], positions: &[[f32; 3]], is_true: bool) -> Vec<Object> {
    let mut points: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for (point, label) in (0..).zip(labels).filter(|(_, label)| **label != 0) {
        points.entry(*label).or_default().push(point);
    }
    points
        .into_values()
        .filter(|points| points.len() >= LEAST_POINTS)
        .map(|points| {
            let at = |point: &u32| Vec3::from(positions[*point as usize]);
            let all = points.iter().map(at);
            let bounds = if is_true { Aabb::of_points(all) } else { Aabb::of_most(all) };
            Object { points, bounds }
        })
        .collect()
}
