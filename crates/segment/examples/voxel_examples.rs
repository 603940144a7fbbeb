//! Writes what scans with known objects teach the contour network: for each part of a scan a file
//! `OUT/NUMBER.safetensors`. `training/segment/train_contour.py` reads them.
//!
//! `cargo run --release -p segment --features training --example voxel_examples -- OUT SCAN.ply…`
//!
//! With `--golden FILE` it writes the voxels that `goldens.py` and the test of the network are about.

use safetensors::tensor::{Dtype, TensorView};
use scene::{PointCloud, Unit};
use segment::{
    Options, training::VoxelExample, training::golden_example, training::voxel_examples,
};
use std::path::Path;

/// Parts of scans have about this edge, in voxels.
const WINDOW_VOXELS: f32 = 130.0;
/// Voxels of rooms are hardly finer, metres.
const ROOM_M: f32 = 0.03;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let Some(out) = arguments.next() else {
        return Err("usage: voxel_examples OUT SCAN.ply…".into());
    };
    if out == "--golden" {
        let path = arguments.next().ok_or("usage: voxel_examples --golden FILE")?;
        return write(&golden_example(), Path::new(&path));
    }
    std::fs::create_dir_all(&out)?;
    let mut written = 0;
    for (index, path) in arguments.enumerate() {
        let cloud = ply::read(&std::fs::read(&path)?)?;
        let column = |name: &str| -> Option<Vec<u32>> {
            Some(cloud.column(name)?.iter().map(|id| *id as u32).collect())
        };
        let ids = column("instance").ok_or("no column \"instance\"")?;
        let labels = column("label").unwrap_or_else(|| vec![0; ids.len()]);
        // Some without colour.
        let cloud = if index % 8 == 1 { PointCloud { colours: None, ..cloud } } else { cloud };
        let metric = Options { unit: Some(Unit::Metre), ..Options::default() };
        let window_m = WINDOW_VOXELS * ROOM_M;
        for example in voxel_examples(cloud, &ids, &labels, &metric, window_m)? {
            write(&example, &Path::new(&out).join(format!("{written:05}.safetensors")))?;
            written += 1;
        }
        eprintln!("{path}: {written} parts so far");
    }
    Ok(())
}

fn write(example: &VoxelExample, path: &Path) -> Result<(), Box<dyn std::error::Error>> {
    let floats = |values: &[f32]| values.iter().flat_map(|v| v.to_le_bytes()).collect::<Vec<u8>>();
    let numbers = |values: &[u32]| values.iter().flat_map(|v| v.to_le_bytes()).collect::<Vec<u8>>();
    let voxels = example.positions.len();
    let width = example.inputs.first().map_or(0, |row| row.len());
    let mut tensors = vec![
        (
            "inputs".to_owned(),
            Dtype::F32,
            vec![voxels, width],
            floats(example.inputs.as_flattened()),
        ),
        (
            "positions".to_owned(),
            Dtype::F32,
            vec![voxels, 3],
            floats(example.positions.as_flattened()),
        ),
        (
            "middles".to_owned(),
            Dtype::F32,
            vec![example.middles.len(), 3],
            floats(example.middles.as_flattened()),
        ),
        ("objects".to_owned(), Dtype::I32, vec![example.objects.len()], numbers(&example.objects)),
        ("labels".to_owned(), Dtype::I32, vec![example.labels.len()], numbers(&example.labels)),
    ];
    for (index, level) in example.levels.iter().enumerate() {
        for (name, values) in
            [("starts", &level.starts), ("targets", &level.targets), ("parent", &level.parent)]
        {
            tensors.push((
                format!("{name}{index}"),
                Dtype::I32,
                vec![values.len()],
                numbers(values),
            ));
        }
    }
    let views = tensors
        .iter()
        .map(|(name, dtype, shape, bytes)| {
            Ok((name, TensorView::new(*dtype, shape.clone(), bytes)?))
        })
        .collect::<Result<Vec<_>, safetensors::SafeTensorError>>()?;
    safetensors::serialize_to_file(views, None, path)?;
    Ok(())
}
