//! Holds what `segment` finds against the objects a scan brings in its column `instance`: found,
//! true, matched at IoU 0.5 of their points, F1, and the mean over the scans.
//!
//! `cargo run --release -p segment --example agreement -- [--but-largest] SCAN.ply…`
//!
//! `--but-largest` leaves out the true object of most points, as a table that all else stands on;
//! what is found of it does not count either.

use segment::{Options, segment};
use std::collections::BTreeMap;

/// True objects of fewer points were hardly scanned.
const LEAST_POINTS: usize = 50;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let (mut paths, mut but_largest) = (Vec::new(), false);
    for argument in std::env::args().skip(1) {
        match argument.as_str() {
            "--but-largest" => but_largest = true,
            _ => paths.push(argument),
        }
    }
    let mut scores = Vec::new();
    for path in &paths {
        let cloud = ply::read(&std::fs::read(path)?)?;
        let Some(column) = cloud.column("instance") else {
            return Err(format!("{path} has no column \"instance\"").into());
        };
        let truth: Vec<u32> = column.iter().map(|id| *id as u32).collect();
        let scene = segment(cloud, &Options::default())?;
        let found: Vec<&[u32]> = scene.instances.iter().map(|one| one.points.as_slice()).collect();
        let [found, there, matched] = agreement(&truth, &found, but_largest);
        let f1 = 2.0 * matched as f32 / (found + there).max(1) as f32;
        println!("{path}: {found} found, {there} true, {matched} matched, F1 {f1:.2}");
        scores.push(f1);
    }
    let mean = scores.iter().sum::<f32>() / scores.len().max(1) as f32;
    println!("{} scans, mean F1 {mean:.3}", scores.len());
    Ok(())
}

fn agreement(truth: &[u32], found: &[&[u32]], but_largest: bool) -> [usize; 3] {
    let mut sizes: BTreeMap<u32, usize> = BTreeMap::new();
    truth.iter().filter(|id| **id != 0).for_each(|id| *sizes.entry(*id).or_default() += 1);
    let largest = sizes.iter().max_by_key(|(_, size)| **size).map(|(id, _)| *id);
    let left_out = largest.filter(|_| but_largest);
    sizes.retain(|id, size| *size >= LEAST_POINTS && Some(*id) != left_out);
    let (mut counted, mut matched) = (0, 0);
    for points in found {
        let mut shared: BTreeMap<u32, usize> = BTreeMap::new();
        points.iter().for_each(|point| *shared.entry(truth[*point as usize]).or_default() += 1);
        // Above one half an object can have but one partner.
        let is_match = |id: &u32, both: &usize| {
            sizes.get(id).is_some_and(|size| 2 * both > size + points.len() - both)
        };
        matched += usize::from(shared.iter().any(|(id, both)| is_match(id, both)));
        let mostly = shared.iter().max_by_key(|(_, both)| **both).map(|(id, _)| *id);
        counted += usize::from(mostly.is_none() || mostly != left_out);
    }
    [counted, sizes.len(), matched]
}
