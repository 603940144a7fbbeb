//! `compare_scans [--json] [--each] [--thin MM] [PATH…]`: what scans are like, side by side: a line for each
//! PLY file, and for suites a line for each scanner, the median over its scans. Without paths the
//! real scans in `$SCANWISE_SCANS` (or `../shared/scans`). With `--thin` one point is left in each
//! voxel of so many millimetres, so that noise is looked at on patches of one size. The floors
//! are found as the product finds them.

use clap::Parser;
use glam::Vec3;
use roomgen::compare::{Holes, Likeness, holes, likeness, thinned};
use std::collections::BTreeMap;
use std::error::Error;
use std::path::{Path, PathBuf};
use tasks::suite::{open, read_scene};

/// Measures scans.
#[derive(Parser)]
struct Arguments {
    /// PLY files, folders of them, or suites.
    paths: Vec<PathBuf>,
    /// JSON instead of a table.
    #[arg(long)]
    json: bool,
    /// A line for each scan of a suite, too.
    #[arg(long)]
    each: bool,
    /// Leave one point in each voxel of so many millimetres.
    #[arg(long)]
    thin: Option<f32>,
}

fn main() -> Result<(), Box<dyn Error>> {
    let Arguments { mut paths, json, each, thin } = Arguments::parse();
    if paths.is_empty() {
        let folder = std::env::var_os("SCANWISE_SCANS");
        let folder = folder.map_or_else(|| PathBuf::from("../shared/scans"), PathBuf::from);
        paths = vec![folder.clone(), folder.join("mosd")];
    }
    let measure = |file: &Path| measure(file, thin.map(|mm| mm / 1000.0));
    let mut lines: Vec<(String, usize, Likeness)> = Vec::new();
    for path in &paths {
        match open(path) {
            Ok(rooms) => {
                let mut by_scanner: BTreeMap<String, Vec<Likeness>> = BTreeMap::new();
                for room in rooms {
                    let scanner = read_scene(&room)?.preset;
                    let found = measure(&room.scan())?;
                    if each {
                        lines.push((format!("{scanner} {}", room.name), 1, found));
                    }
                    by_scanner.entry(scanner).or_default().push(found);
                }
                for (scanner, of_scanner) in by_scanner {
                    lines.push((scanner, of_scanner.len(), median(&of_scanner)));
                }
            }
            Err(_) => {
                for file in ply_files(path)? {
                    let name = file.file_stem().unwrap_or_default().to_string_lossy();
                    lines.push((name.into_owned(), 1, measure(&file)?));
                }
            }
        }
    }
    if json {
        let rows: Vec<serde_json::Value> = lines
            .iter()
            .map(|(name, scans, likeness)| {
                serde_json::json!({"name": name, "scans": scans, "likeness": likeness})
            })
            .collect();
        println!("{}", serde_json::to_string_pretty(&rows)?);
    } else {
        print(&lines);
    }
    Ok(())
}

/// The file itself, or all of a folder, by name.
fn ply_files(path: &Path) -> Result<Vec<PathBuf>, Box<dyn Error>> {
    if path.is_file() {
        return Ok(vec![path.to_owned()]);
    }
    let mut files = Vec::new();
    for entry in std::fs::read_dir(path).map_err(|error| format!("{}: {error}", path.display()))? {
        let file = entry?.path();
        if file.extension().is_some_and(|extension| extension == "ply") {
            files.push(file);
        }
    }
    files.sort();
    Ok(files)
}

fn measure(file: &Path, thin_m: Option<f32>) -> Result<Likeness, Box<dyn Error>> {
    let cloud = ply::read(&std::fs::read(file)?)?;
    let nothing = vec![0; cloud.len()];
    let scene = segment::with_instances(cloud, &nothing, &segment::Options::default())?;
    let mut points: Vec<Vec3> = scene.cloud.positions.iter().map(|p| Vec3::from(*p)).collect();
    if let Some(voxel_m) = thin_m {
        points = thinned(&points, voxel_m);
    }
    let few = || format!("{}: too few points", file.display());
    let found = likeness(&points).ok_or_else(few)?;
    let upright = scene.structure.floor.is_some().then(|| holes(&points)).flatten();
    Ok(Likeness { holes: upright, ..found })
}

fn median(all: &[Likeness]) -> Likeness {
    let of = |value: &dyn Fn(&Likeness) -> f64| {
        let mut values: Vec<f64> = all.iter().map(value).collect();
        values.sort_by(f64::total_cmp);
        values.get(values.len() / 2).copied().unwrap_or(0.0)
    };
    let with_floor: Vec<Holes> = all.iter().filter_map(|likeness| likeness.holes).collect();
    let of_holes = |value: &dyn Fn(&Holes) -> f64| {
        let mut values: Vec<f64> = with_floor.iter().map(value).collect();
        values.sort_by(f64::total_cmp);
        values.get(values.len() / 2).copied().unwrap_or(0.0)
    };
    Likeness {
        points: of(&|l| l.points as f64) as usize,
        spacing_mm: [0, 1, 2].map(|k| of(&|l| l.spacing_mm[k])),
        residual_mm: [0, 1].map(|k| of(&|l| l.residual_mm[k])),
        strays: of(&|l| l.strays),
        points_per_m2: of(&|l| l.points_per_m2),
        holes: (!with_floor.is_empty())
            .then(|| Holes { bare: of_holes(&|h| h.bare), no_floor: of_holes(&|h| h.no_floor) }),
    }
}

fn print(lines: &[(String, usize, Likeness)]) {
    println!(
        "| scan | scans | points | spacing mm (p10, p90) | residual mm (p90) | strays % | \
         points/m² | bare % | no floor % |"
    );
    println!("|---|---|---|---|---|---|---|---|---|");
    for (name, scans, l) in lines {
        let [spacing, low, high] = l.spacing_mm;
        let [residual, worst] = l.residual_mm;
        let percent = |share: fn(&Holes) -> f64| {
            let share = l.holes.as_ref().map(share);
            share.map_or_else(|| "–".to_owned(), |share| format!("{:.1}", 100.0 * share))
        };
        println!(
            "| {name} | {scans} | {} | {spacing:.1} ({low:.1}, {high:.1}) | {residual:.2} \
             ({worst:.1}) | {:.2} | {:.0} | {} | {} |",
            l.points,
            100.0 * l.strays,
            l.points_per_m2,
            percent(|h| h.bare),
            percent(|h| h.no_floor),
        );
    }
}
