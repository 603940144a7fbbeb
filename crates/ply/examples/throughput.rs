//! Megabytes a second of this reader and of two others, on one file:
//! `cargo run --release -p ply --example throughput -- SCAN.ply`; without a file, on two million
//! generated points.

use serde::Deserialize;
use std::error::Error;
use std::time::Instant;

#[derive(Deserialize)]
struct File {
    vertex: Vec<Vertex>,
}

#[derive(Deserialize)]
#[allow(dead_code, reason = "read only to be timed")]
struct Vertex {
    x: f32,
    y: f32,
    z: f32,
    red: Option<u8>,
    green: Option<u8>,
    blue: Option<u8>,
}

fn main() -> Result<(), Box<dyn Error>> {
    let files = match std::env::args().nth(1) {
        Some(path) => vec![std::fs::read(path)?],
        None => vec![generated(ply::Format::BinaryLittleEndian)?, generated(ply::Format::Ascii)?],
    };
    for bytes in &files {
        println!("{} bytes, {:?}", bytes.len(), ply::read_header(bytes)?.format);
        time("ply, one piece", bytes, || Ok(ply::read(bytes)?.len()))?;
        time("ply, pieces of 64 KiB", bytes, || {
            let mut reader = ply::Reader::new(ply::Limits::default());
            for piece in bytes.chunks(64 * 1024) {
                reader.push(piece)?;
            }
            Ok(reader.finish()?.len())
        })?;
        time("serde-ply", bytes, || Ok(serde_ply::from_bytes::<File>(bytes)?.vertex.len()))?;
        time("ply-rs-bw", bytes, || {
            let parser = ply_rs_bw::parser::Parser::<ply_rs_bw::ply::DefaultElement>::new();
            let file = parser.read_ply(&mut std::io::Cursor::new(bytes))?;
            Ok(file.payload.get("vertex").map_or(0, Vec::len))
        })?;
    }
    Ok(())
}

fn generated(format: ply::Format) -> Result<Vec<u8>, ply::PlyError> {
    let count = 2_000_000_u32;
    let cloud = scene::PointCloud {
        positions: (0..count).map(|i| [0.001, 0.37, 0.021].map(|k| (k * i as f32) % 5.0)).collect(),
        colours: Some((0..count).map(|i| [i as u8, (i >> 8) as u8, (i >> 16) as u8]).collect()),
        ..Default::default()
    };
    let mut bytes = Vec::new();
    ply::write(&mut bytes, &cloud, &ply::WriteOptions { format, ..Default::default() })?;
    Ok(bytes)
}

/// Prints the best of five.
fn time(
    name: &str,
    bytes: &[u8],
    mut read: impl FnMut() -> Result<usize, Box<dyn Error>>,
) -> Result<(), Box<dyn Error>> {
    let (mut best, mut points) = (f64::INFINITY, 0);
    for _ in 0..5 {
        let start = Instant::now();
        points = read()?;
        best = best.min(start.elapsed().as_secs_f64());
    }
    let rate = bytes.len() as f64 / best / 1e6;
    println!("  {name:24} {rate:8.0} MB/s  {:8.2} ms  {points} points", best * 1e3);
    Ok(())
}
