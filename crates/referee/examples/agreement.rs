//! Holds objects found against those a scan brings in its column `instance`, for scans that are in
//! no suite: F1 at IoU 0.5 of their points, of `segment` and of the baselines, and the means.
//!
//! `cargo run --release -p referee --example agreement -- [--table-tops] SCAN.ply…`
//!
//! With `--table-tops` the true object of most points is the table: it is left out, and so is what
//! is found of it. The baselines then look for one plane.

use referee::baselines::{euclidean::EuclideanClustering, felzenszwalb::Felzenszwalb};
use scene::PointCloud;
use segment::{Options, segment};
use std::collections::BTreeMap;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let (mut paths, mut table_tops) = (Vec::new(), false);
    for argument in std::env::args().skip(1) {
        match argument.as_str() {
            "--table-tops" => table_tops = true,
            _ => paths.push(argument),
        }
    }
    println!(
        "| scan | true | found | segment | Euclidean | Felzenszwalb |\n|---|--:|--:|--:|--:|--:|"
    );
    let mut sums = [0.0_f32; 3];
    for path in &paths {
        let cloud = ply::read(&std::fs::read(path)?)?;
        let Some(column) = cloud.column("instance") else {
            return Err(format!("{path} has no column \"instance\"").into());
        };
        let truth = Truth::of(column, table_tops);
        let scores = all_found(cloud, table_tops)?.map(|found| truth.against(&found));
        let f1 = scores.map(|(_, f1)| f1);
        let name = path.rsplit('/').next().unwrap_or(path);
        let there = truth.sizes.len();
        println!(
            "| {name} | {there} | {} | {:.2} | {:.2} | {:.2} |",
            scores[0].0, f1[0], f1[1], f1[2]
        );
        sums.iter_mut().zip(f1).for_each(|(sum, f1)| *sum += f1);
    }
    let [a, b, c] = sums.map(|sum| sum / paths.len().max(1) as f32);
    println!("| mean of {} | | | {a:.3} | {b:.3} | {c:.3} |", paths.len());
    Ok(())
}

/// The points of each object: of `segment`, Euclidean clustering, Felzenszwalb.
fn all_found(
    cloud: PointCloud,
    table_tops: bool,
) -> Result<[Vec<Vec<u32>>; 3], segment::SegmentError> {
    let (euclidean, felzenszwalb) = if table_tops {
        (EuclideanClustering::TABLE, Felzenszwalb::TABLE)
    } else {
        (EuclideanClustering::ROOM, Felzenszwalb::ROOM)
    };
    let colours = cloud.colours.clone().unwrap_or_default();
    let baselines =
        [euclidean.clusters(&cloud.positions), felzenszwalb.clusters(&cloud.positions, &colours)];
    let scene = segment(cloud, &Options::default())?;
    let ours = scene.instances.into_iter().map(|instance| instance.points).collect();
    let [a, b] = baselines;
    Ok([ours, a, b])
}

struct Truth {
    /// The object of each point, 0 for none.
    ids: Vec<u32>,
    /// Points of each object.
    sizes: BTreeMap<u32, usize>,
    /// The table, where it is left out.
    table: Option<u32>,
}

impl Truth {
    fn of(column: &[f64], table_tops: bool) -> Self {
        let ids: Vec<u32> = column.iter().map(|id| *id as u32).collect();
        let mut sizes: BTreeMap<u32, usize> = BTreeMap::new();
        ids.iter().filter(|id| **id != 0).for_each(|id| *sizes.entry(*id).or_default() += 1);
        let largest = sizes.iter().max_by_key(|(_, size)| **size).map(|(id, _)| *id);
        let table = largest.filter(|_| table_tops);
        sizes.retain(|id, _| Some(*id) != table);
        Self { ids, sizes, table }
    }

    /// How many were found that are not the table, and F1.
    fn against(&self, found: &[Vec<u32>]) -> (usize, f32) {
        let (mut counted, mut matched) = (0, 0);
        for points in found {
            let mut shared: BTreeMap<u32, usize> = BTreeMap::new();
            points.iter().for_each(|at| *shared.entry(self.ids[*at as usize]).or_default() += 1);
            // Above one half an object can have but one partner.
            let is_match = |id: &u32, both: &usize| {
                self.sizes.get(id).is_some_and(|size| 2 * both > size + points.len() - both)
            };
            matched += usize::from(shared.iter().any(|(id, both)| is_match(id, both)));
            let mostly = shared.iter().max_by_key(|(_, both)| **both).map(|(id, _)| *id);
            counted += usize::from(self.table.is_none() || mostly != self.table);
        }
        let f1 = 2.0 * matched as f32 / (counted + self.sizes.len()).max(1) as f32;
        (counted, f1)
    }
}
