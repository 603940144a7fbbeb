//! Seconds that it takes to look at the instances of a made-up room, and the pictures taken.
//!
//! `cargo run --release -p views --example look_cost [-- PICTURES.ppm]`

use glam::Vec3;
use scene::{
    Aabb, Instance, InstanceId, PointCloud, Reading, Scene, Similarity, Structure, Superpoints,
};
use std::io::Write;
use std::time::Instant;
use views::{CROP_LEVELS, CROP_PX, InstanceInput, Looker, VIEWS};

fn main() -> std::io::Result<()> {
    let scene = room();
    let start = Instant::now();
    let looker = Looker::new(&scene);
    println!("{} points: thinned in {:.1} ms", scene.cloud.len(), ms(start));
    let start = Instant::now();
    let inputs: Vec<InstanceInput> = looker.ids().filter_map(|id| looker.look(id)).collect();
    println!("{} instances: {:.2} ms each", inputs.len(), ms(start) / inputs.len() as f64);
    match std::env::args().nth(1) {
        Some(path) => write_pictures(&path, &inputs),
        None => Ok(()),
    }
}

fn ms(start: Instant) -> f64 {
    start.elapsed().as_secs_f64() * 1e3
}

/// A line per instance: the widest crop of each view, then its mask.
fn write_pictures(path: &str, inputs: &[InstanceInput]) -> std::io::Result<()> {
    let pixels = CROP_PX * CROP_PX;
    let columns = 2 * VIEWS * CROP_PX;
    let mut file = std::io::BufWriter::new(std::fs::File::create(path)?);
    writeln!(file, "P6 {columns} {} 255", inputs.len() * CROP_PX)?;
    for input in inputs {
        for row in 0..CROP_PX {
            for column in 0..columns {
                let view = column / CROP_PX % VIEWS;
                let crop = (view + 1) * CROP_LEVELS - 1;
                let crop = &input.crops[crop * InstanceInput::CROP_LEN..];
                let pixel = row * CROP_PX + column % CROP_PX;
                let mask = column >= columns / 2;
                let channel = |c: usize| crop[if mask { 3 } else { c } * pixels + pixel];
                file.write_all(&[channel(0), channel(1), channel(2)])?;
            }
        }
    }
    Ok(())
}

/// 150,000 points: a floor, four walls, 16 tables and armchairs.
fn room() -> Scene {
    let mut cloud = PointCloud { colours: Some(Vec::new()), ..PointCloud::default() };
    let mut add = |from: Vec3, along: Vec3, up: Vec3, colour: [u8; 3]| {
        let first = cloud.len() as u32;
        let steps = |v: Vec3| (v.length() / 0.0215).ceil() as usize;
        for i in 0..=steps(along) {
            for j in 0..=steps(up) {
                let (u, v) = (i as f32 / steps(along) as f32, j as f32 / steps(up) as f32);
                cloud.positions.push((from + u * along + v * up).to_array());
                let shade = 0.8 + 0.2 * (10.0 * u).sin() * (10.0 * v).sin();
                let colours = cloud.colours.get_or_insert_default();
                colours.push(colour.map(|c| (f32::from(c) * shade) as u8));
            }
        }
        first..cloud.len() as u32
    };
    let (x, y, z) = (Vec3::X, Vec3::Y, Vec3::Z);
    add(Vec3::ZERO, 6.0 * x, 5.0 * y, [180, 150, 110]);
    for (from, along) in [(Vec3::ZERO, 6.0 * x), (5.0 * y, 6.0 * x)] {
        add(from, along, 2.5 * z, [220, 220, 210]);
    }
    for (from, along) in [(Vec3::ZERO, 5.0 * y), (6.0 * x, 5.0 * y)] {
        add(from, along, 2.5 * z, [210, 220, 220]);
    }
    let mut instances = Vec::new();
    for i in 0..16u32 {
        let at = Vec3::new(0.6 + 1.4 * (i % 4) as f32, 0.5 + 1.15 * (i / 4) as f32, 0.0);
        let mut points = Vec::new();
        if i % 2 == 0 {
            points.extend(add(at + 0.7 * z, 0.8 * x, 0.6 * y, [120, 70, 30]));
            for leg in [Vec3::ZERO, 0.76 * x, 0.56 * y, 0.76 * x + 0.56 * y] {
                points.extend(add(at + leg, 0.04 * x, 0.7 * z, [60, 40, 20]));
            }
        } else {
            points.extend(add(at + 0.4 * z, 0.7 * x, 0.7 * y, [40, 60, 160]));
            points.extend(add(at + 0.1 * z, 0.7 * x, 0.3 * z, [40, 60, 160]));
            points.extend(add(at + 0.7 * y + 0.1 * z, 0.7 * x, 0.8 * z, [60, 90, 190]));
            for side in [Vec3::ZERO, 0.7 * x] {
                points.extend(add(at + side + 0.1 * z, 0.7 * y, 0.5 * z, [160, 40, 40]));
            }
        }
        let id = InstanceId(i + 1);
        instances.push(Instance {
            id,
            points,
            bounds: Aabb::EMPTY,
            score: 1.0,
            label: None,
            told: None,
        });
    }
    for instance in &mut instances {
        let own = instance.points.iter().map(|&p| cloud.positions[p as usize].into());
        instance.bounds = Aabb::of_points(own);
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
