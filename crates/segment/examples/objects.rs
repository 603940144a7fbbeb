//! Prints what `segment` finds in a PLY file; with a second path, writes the upright cloud there
//! in one colour per object.
//!
//! `cargo run --release -p segment --example objects -- SCAN.ply [OUT.ply]`

use scene::{PointCloud, Scene};
use segment::{Objects, Options, Segmentation, Step};
use std::time::Instant;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let Some(path) = arguments.next() else {
        return Err("usage: objects SCAN.ply [OUT.ply]".into());
    };
    let cloud = ply::read(&std::fs::read(path)?)?;
    let points = cloud.len();
    let started = Instant::now();
    let (scene, slowest) = timed(Segmentation::new(cloud, Objects::Found, &Options::default())?)?;
    println!(
        "{points} points, {:.2} s, slowest step {:.0} ms ({})",
        started.elapsed().as_secs_f32(),
        slowest.0 * 1e3,
        slowest.1
    );
    report(&scene);
    if let Some(out) = arguments.next() {
        let file = std::io::BufWriter::new(std::fs::File::create(out)?);
        ply::write(file, &coloured(&scene), &ply::WriteOptions::default())?;
    }
    Ok(())
}

fn timed(mut work: Segmentation) -> Result<(Scene, (f32, &'static str)), segment::SegmentError> {
    let mut slowest = (0.0, "");
    let mut phase = ("", Instant::now());
    loop {
        let started = Instant::now();
        let step = work.step()?;
        let took = started.elapsed().as_secs_f32();
        let what = if let Step::Working { what, .. } = &step { *what } else { "the last step" };
        if took > slowest.0 {
            slowest = (took, what);
        }
        if phase.0 != what {
            println!("  {:.3} s {}", phase.1.elapsed().as_secs_f32(), phase.0);
            phase = (what, started);
        }
        if let Step::Done(scene) = step {
            return Ok((*scene, slowest));
        }
    }
}

fn report(scene: &Scene) {
    let size = scene.bounds.size();
    println!(
        "up {} ({:.3}), unit {:?}, {:.2} x {:.2} x {:.2} m, voxel {:.1} cm",
        scene.reading.up.name(),
        scene.reading.up.0,
        scene.reading.unit,
        size.x,
        size.y,
        size.z,
        scene.voxel_m * 100.0
    );
    for row in scene.scene_from_file.rows() {
        println!("  {row:.4?}");
    }
    let shell = &scene.structure;
    for (name, plane) in shell
        .floor
        .iter()
        .map(|plane| ("floor", plane))
        .chain(shell.ceiling.iter().map(|plane| ("ceiling", plane)))
        .chain(shell.walls.iter().map(|plane| ("wall", plane)))
    {
        let (centre, size) = (plane.bounds.centre(), plane.bounds.size());
        println!("{name:8} at {centre:.2} size {size:.2} points {}", plane.points.len());
    }
    for opening in &shell.openings {
        let (centre, size) = (opening.bounds.centre(), opening.bounds.size());
        println!("opening  at {centre:.2} size {size:.2}");
    }
    for instance in &scene.instances {
        println!(
            "{:3} {:7} points, score {:.2}, at {:.2} size {:.2}",
            instance.id,
            instance.points.len(),
            instance.score,
            instance.bounds.centre(),
            instance.bounds.size()
        );
    }
    for warning in &scene.warnings {
        println!("warning {}: {}", warning.code, warning.message);
    }
}

/// The scene's cloud: structure in its own colours darkened, each object in one bright colour.
fn coloured(scene: &Scene) -> PointCloud {
    let positions = scene.cloud.positions.clone();
    let mut colours: Vec<[u8; 3]> = match &scene.cloud.colours {
        Some(colours) => colours.iter().map(|colour| colour.map(|value| value / 3)).collect(),
        None => vec![[60; 3]; positions.len()],
    };
    for instance in &scene.instances {
        let hash = instance.id.0.wrapping_mul(0x9E37_79B1);
        let colour =
            [hash >> 24, hash >> 16 & 255, hash >> 8 & 255].map(|v| 80 + (v as u8) / 3 * 2);
        for &point in &instance.points {
            colours[point as usize] = colour;
        }
    }
    PointCloud { positions, colours: Some(colours), ..PointCloud::default() }
}
