//! Real scans, read from `$SCANWISE_SCANS` or `../shared/scans`; skipped with a note without them.

#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use scene::{PointCloud, Unit};
use segment::{Options, segment};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

fn scans() -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/scans");
    let folder = std::env::var_os("SCANWISE_SCANS").map_or(beside, PathBuf::from);
    if !folder.is_dir() {
        println!("skipped: no scans at {}", folder.display());
        return None;
    }
    Some(folder)
}

fn read(path: &Path) -> PointCloud {
    ply::read(&std::fs::read(path).unwrap()).unwrap()
}

#[test]
fn dining_room_stands_upright() {
    let Some(scans) = scans() else { return };
    let scene = segment(read(&scans.join("dining_room.ply")), &Options::default()).unwrap();
    assert_eq!((scene.reading.up.name(), scene.reading.unit), ("-y", Unit::Metre));
    let height = scene.bounds.size().z;
    assert!((2.0..3.5).contains(&height), "{height} m high");
    assert!(scene.structure.floor.is_some() && !scene.structure.walls.is_empty());
    let furniture = scene.instances.iter().filter(|instance| {
        let size = instance.bounds.size();
        let across = size.x.max(size.y);
        instance.bounds.min.z < 0.6 && (0.3..2.5).contains(&across) && (0.2..1.6).contains(&size.z)
    });
    let found = furniture.count();
    println!("dining room: {} objects, {found} the size of furniture", scene.instances.len());
    assert!(found >= 4, "{found} objects the size of chairs and tables");
}

/// F1 of matching found objects to true ones at IoU 0.5, the table (the largest) left out.
fn f1(path: &Path) -> f32 {
    let cloud = read(path);
    let truth: Vec<u32> = cloud.column("instance").unwrap().iter().map(|id| *id as u32).collect();
    let mut sizes: BTreeMap<u32, usize> = BTreeMap::new();
    for id in truth.iter().filter(|id| **id != 0) {
        *sizes.entry(*id).or_default() += 1;
    }
    let table = sizes.iter().max_by_key(|(_, size)| **size).map(|(id, _)| *id).unwrap();
    sizes.remove(&table);
    let scene = segment(cloud, &Options::default()).unwrap();
    assert_eq!(scene.reading.up.name(), "-y", "{}", path.display());
    let mut matched = 0;
    for instance in &scene.instances {
        let mut shared: BTreeMap<u32, usize> = BTreeMap::new();
        for point in &instance.points {
            *shared.entry(truth[*point as usize]).or_default() += 1;
        }
        // Above one half an object can have but one partner.
        matched += shared
            .iter()
            .filter(|(id, shared)| {
                sizes
                    .get(id)
                    .is_some_and(|size| 2 * **shared > size + instance.points.len() - **shared)
            })
            .count();
    }
    2.0 * matched as f32 / (scene.instances.len() + sizes.len()).max(1) as f32
}

#[test]
fn table_tops_with_known_objects() {
    let Some(scans) = scans() else { return };
    let mut files: Vec<PathBuf> = std::fs::read_dir(scans.join("mosd"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "ply"))
        .collect();
    files.sort();
    let scores: Vec<f32> = files.iter().map(|path| f1(path)).collect();
    let mean = scores.iter().sum::<f32>() / scores.len() as f32;
    println!("{} table tops: mean F1@0.5 {mean:.2} (plain baseline 0.89)", scores.len());
    assert!(mean > 0.6, "mean F1@0.5 {mean:.2}");
}
