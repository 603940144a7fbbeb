//! Floating-point operations of encoding one instance, and the seconds that it takes on the CPU
//! (with the random weights of `training/goldens`, which are of real size).
//!
//! `cargo run --release -p encode --example cost`

use encode::{Config, EncodeDevice, EncodeStep, Encoder, cost};
use glam::Vec3;
use half::f16;
use safetensors::{SafeTensorError, SafeTensors};
use scene::{
    Aabb, Instance, InstanceId, PointCloud, Reading, Scene, Similarity, Structure, Superpoints,
};
use std::time::Instant;

const INSTANCES: u32 = 40;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../training/goldens/encode.safetensors");
    let bytes = std::fs::read(path)?;
    let stored = SafeTensors::deserialize(&bytes)?;
    let tensors = |name: &str| {
        let view = stored.tensor(name)?;
        let halves = view.data().as_chunks().0.iter().map(|b| f16::from_le_bytes(*b).to_f32());
        Ok::<_, SafeTensorError>((view.shape().to_vec(), halves.collect()))
    };
    let names = |head: &str| -> Result<Vec<String>, SafeTensorError> {
        let bias = stored.tensor(&format!("encode.heads.{head}.bias"))?;
        Ok((0..bias.shape()[0]).map(|i| format!("{head} {i}")).collect())
    };
    let config = Config::small(names("class")?, names("colour")?);
    let cost = cost(&config, INSTANCES as usize);
    for (part, flops) in [
        ("point encoder", cost.points),
        ("view encoder", cost.views),
        ("MCMF", cost.mcmf),
        ("3D-ISR", cost.isr),
        ("in all", cost.total()),
    ] {
        println!("{part:14} {:8.2} MFLOP an instance", flops as f64 / 1e6);
    }

    let encoder = pollster::block_on(Encoder::load(&tensors, &config, EncodeDevice::Flex))?;
    let scene = room();
    let start = Instant::now();
    let mut work = encoder.start(&scene, None)?;
    println!("thinned {} points in {:.0} ms", scene.cloud.len(), ms(start));
    let mut longest_ms: f64 = 0.0;
    let encoded = loop {
        let step = Instant::now();
        let outcome = pollster::block_on(work.step())?;
        longest_ms = longest_ms.max(ms(step));
        if let EncodeStep::Done(encoded) = outcome {
            break encoded;
        }
    };
    println!(
        "{} instances in {:.3} s on {}: {:.1} ms each, longest step {longest_ms:.0} ms, {} rows",
        encoded.labels.len(),
        ms(start) / 1e3,
        encoder.backend_name(),
        ms(start) / f64::from(INSTANCES),
        encoded.prefix.row_count(),
    );
    Ok(())
}

fn ms(start: Instant) -> f64 {
    start.elapsed().as_secs_f64() * 1e3
}

/// 40 boxes of points in rows.
fn room() -> Scene {
    let mut cloud = PointCloud { colours: Some(Vec::new()), ..PointCloud::default() };
    let mut instances = Vec::new();
    for id in 0..INSTANCES {
        let at = Vec3::new(1.2 * (id % 8) as f32, 1.2 * (id / 8) as f32, 0.0);
        let size = Vec3::new(0.6, 0.5, 0.4 + 0.02 * id as f32);
        let first = cloud.len() as u32;
        for i in 0..4000u32 {
            let (u, v) = ((i % 50) as f32 / 50.0, (i / 50 % 40) as f32 / 40.0);
            let face = if i < 2000 { Vec3::new(u, v, 1.0) } else { Vec3::new(u, 0.0, v) };
            cloud.positions.push((at + face * size).to_array());
            cloud.colours.get_or_insert_default().push([(id * 6) as u8, 100, (i % 250) as u8]);
        }
        let bounds = Aabb { min: at, max: at + size };
        let points = (first..cloud.len() as u32).collect();
        instances.push(Instance {
            id: InstanceId(id + 1),
            points,
            bounds,
            score: 1.0,
            label: None,
            told: None,
        });
    }
    let bounds = Aabb::of_points(cloud.positions.iter().map(|&p| p.into()));
    Scene {
        cloud,
        scene_from_file: Similarity::IDENTITY,
        reading: Reading::default(),
        bounds,
        voxel_m: 0.03,
        structure: Structure::default(),
        instances,
        superpoints: Superpoints::default(),
        warnings: Vec::new(),
    }
}
