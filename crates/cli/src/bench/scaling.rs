//! How `segment` grows with its scan.

use super::{Figure, middle};
use crate::Ended;
use scene::PointCloud;
use segment::{Objects, Options, Segmentation, Step};
use std::time::Instant;

/// Points, from a hundred thousand to ten million.
const SIZES: [(usize, &str); 5] = [
    (100_000, "0.1M points"),
    (300_000, "0.3M points"),
    (1_000_000, "1M points"),
    (3_000_000, "3M points"),
    (10_000_000, "10M points"),
];
/// Copies of a point lie so far from it, in metres of a scan in metres.
const SCATTER: f32 = 0.004;

/// Seconds from points to objects for each size, and how much memory the largest took at most.
pub(super) fn rows(cloud: &PointCloud, rows: &mut Vec<Figure>) -> Ended {
    for (points, metric) in SIZES {
        // The larger ones vary little from run to run.
        let runs = if points > 1_000_000 { 1 } else { 3 };
        let (mut seconds, mut slowest) = (Vec::new(), Vec::new());
        for _ in 0..runs {
            let (whole, step) = timed(of_size(cloud, points))?;
            seconds.push(whole);
            slowest.push(step);
        }
        rows.push(Figure::new("segment", metric, middle(seconds), "s", "cpu"));
        rows.push(Figure::new("segment", "  its slowest step", 1e3 * middle(slowest), "ms", "cpu"));
    }
    if let Some(bytes) = peak_bytes() {
        // Fifteen bytes a point: three floats and a colour.
        let of_file = bytes / (15.0 * SIZES[SIZES.len() - 1].0 as f64);
        rows.push(Figure::new("segment", "10M points, peak memory", of_file, "x file", "cpu"));
    }
    Ok(())
}

/// Seconds of the whole and of its slowest step: before that Stop is not heard.
fn timed(cloud: PointCloud) -> Result<(f64, f64), segment::SegmentError> {
    let start = Instant::now();
    let mut work = Segmentation::new(cloud, Objects::Found, &Options::default())?;
    let mut slowest: f64 = 0.0;
    loop {
        let before = Instant::now();
        let step = work.step()?;
        slowest = slowest.max(before.elapsed().as_secs_f64());
        if let Step::Done(_) = step {
            return Ok((start.elapsed().as_secs_f64(), slowest));
        }
    }
}

/// So many points of the same surfaces: every k-th, or each several times a little aside.
fn of_size(cloud: &PointCloud, points: usize) -> PointCloud {
    let count = cloud.len().max(1);
    let index = |at: usize| if points < count { at * count / points } else { at % count };
    let aside = |at: usize, axis: usize| {
        if at < count {
            return 0.0;
        }
        // Any spread will do that is the same each time.
        let mixed = (at as u32 ^ (axis as u32) << 30).wrapping_mul(0x9E37_79B1) >> 16;
        (mixed as f32 / 65_536.0 - 0.5) * 2.0 * SCATTER
    };
    let place = |at: usize| {
        let position = cloud.positions[index(at)];
        std::array::from_fn(|axis| position[axis] + aside(at, axis))
    };
    PointCloud {
        positions: (0..points).map(place).collect(),
        colours: cloud.colours.as_ref().map(|own| (0..points).map(|at| own[index(at)]).collect()),
        origin: cloud.origin,
        ..PointCloud::default()
    }
}

/// The most memory that this process has held, where the system says so.
fn peak_bytes() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kilobytes: f64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kilobytes * 1024.0)
}
