//! Writes what rooms with known objects teach the two networks, as rows of little-endian f32:
//! `OUT/pairs.f32` and `OUT/objects.f32`. `training/train.py` reads them.
//!
//! `cargo run --release -p segment --features training --example training_examples -- OUT ROOM.ply…`

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
    for path in arguments {
        let cloud = ply::read(&std::fs::read(&path)?)?;
        let ids: Vec<u32> = match cloud.column("instance") {
            Some(ids) => ids.iter().map(|id| *id as u32).collect(),
            None => return Err(format!("{path} has no column \"instance\"").into()),
        };
        let room = examples(cloud, &ids, &Options::default())?;
        eprintln!("{path}: {} pairs, {} objects", room.pairs.len(), room.objects.len());
        for value in room.pairs.iter().flatten() {
            pairs.write_all(&value.to_le_bytes())?;
        }
        for value in room.objects.iter().flatten() {
            objects.write_all(&value.to_le_bytes())?;
        }
    }
    Ok(())
}
