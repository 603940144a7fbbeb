//! Writes what rooms with known objects teach the two networks, as rows of little-endian f32:
//! `OUT/pairs.f32`, `OUT/objects.f32`, `OUT/classes.f32`. `training/segment/train_joining.py` reads them.
//!
//! `cargo run --release -p segment --features training --example training_examples -- OUT ROOM.ply…`

use scene::{PointCloud, Unit};
use segment::{Options, training::examples};
use std::{fs::File, io::BufWriter, io::Write, path::Path};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let Some(out) = arguments.next() else {
        return Err("usage: training_examples OUT ROOM.ply…".into());
    };
    std::fs::create_dir_all(&out)?;
    let mut pairs = BufWriter::new(File::create(Path::new(&out).join("pairs.f32"))?);
    let mut objects = BufWriter::new(File::create(Path::new(&out).join("objects.f32"))?);
    let mut classes = BufWriter::new(File::create(Path::new(&out).join("classes.f32"))?);
    for (index, path) in arguments.enumerate() {
        let cloud = ply::read(&std::fs::read(&path)?)?;
        let ids: Vec<u32> = match cloud.column("instance") {
            Some(ids) => ids.iter().map(|id| *id as u32).collect(),
            None => return Err(format!("{path} has no column \"instance\"").into()),
        };
        let labels: Vec<u32> = match cloud.column("label") {
            Some(labels) => labels.iter().map(|label| *label as u32).collect(),
            None => vec![0; ids.len()],
        };
        let mut versions = vec![cloud.clone()];
        // Some also without colour.
        if index % 6 == 1 {
            versions.push(PointCloud { colours: None, ..cloud });
        }
        for cloud in versions {
            let metric = Options { unit: Some(Unit::Metre), ..Options::default() };
            let room = examples(cloud, &ids, &labels, &metric)?;
            eprintln!("{path}: {} pairs, {} objects", room.pairs.len(), room.objects.len());
            for value in room.pairs.iter().flatten() {
                pairs.write_all(&value.to_le_bytes())?;
            }
            for value in room.objects.iter().flatten() {
                objects.write_all(&value.to_le_bytes())?;
            }
            for value in room.classes.iter().flatten() {
                classes.write_all(&value.to_le_bytes())?;
            }
        }
    }
    Ok(())
}
