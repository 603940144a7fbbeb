use crate::rng::Rng;
use rustc_hash::FxHashMap;
use scene::{Column, PointCloud};

/// Of all points, this share is lost.
const LOST: f32 = 0.5;
/// Cubes of this edge, and the share of them in which all points are lost.
const HOLE_M: f32 = 0.25;
const HOLES: f32 = 0.05;
/// Standard deviation of the scatter along each axis.
const SCATTER_M: f32 = 0.008;
/// Standard deviation of each channel of the colour.
const COLOUR: f32 = 10.0;

/// The scan as a worse device would have made it: half of the points, holes, more scatter and duller
/// colours. `metres_per_unit` is the size of the file's unit.
pub fn worse(cloud: &PointCloud, metres_per_unit: f32, rng: &mut Rng) -> PointCloud {
    let edge = HOLE_M / metres_per_unit;
    let mut holes = FxHashMap::default();
    let mut kept = Vec::new();
    for (index, position) in cloud.positions.iter().enumerate() {
        let cube = position.map(|x| (x / edge).floor() as i32);
        let is_hole = *holes.entry(cube).or_insert_with(|| rng.chance(HOLES));
        if !rng.chance(LOST) && !is_hole {
            kept.push(index);
        }
    }
    let scatter = SCATTER_M / metres_per_unit;
    let positions = kept.iter().map(|&i| cloud.positions[i].map(|x| x + scatter * rng.normal()));
    let positions = positions.collect();
    let duller = |channel: u8, rng: &mut Rng| (f32::from(channel) + COLOUR * rng.normal()) as u8;
    let colours = cloud.colours.as_ref().map(|colours| {
        kept.iter().map(|&i| colours[i].map(|channel| duller(channel, rng))).collect()
    });
    let column = |column: &Column| Column {
        name: column.name.clone(),
        values: kept.iter().map(|&i| column.values[i]).collect(),
    };
    PointCloud {
        positions,
        origin: cloud.origin,
        colours,
        normals: cloud.normals.as_ref().map(|normals| kept.iter().map(|&i| normals[i]).collect()),
        columns: cloud.columns.iter().map(column).collect(),
        comments: cloud.comments.clone(),
        warnings: cloud.warnings.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fewer_points_near_where_they_were() {
        let positions: Vec<[f32; 3]> =
            (0..40_000).map(|i| [(i % 200) as f32 * 20.0, (i / 200) as f32 * 20.0, 0.0]).collect();
        let column =
            Column { name: "instance".into(), values: (0..40_000).map(f64::from).collect() };
        let cloud = PointCloud {
            colours: Some(vec![[128; 3]; positions.len()]),
            positions,
            columns: vec![column],
            ..PointCloud::default()
        };
        // In millimetres.
        let worse = worse(&cloud, 0.001, &mut Rng::from_numbers([1; 4]));
        let share = worse.len() as f32 / cloud.len() as f32;
        assert!((0.42..0.53).contains(&share), "{share}");
        let of = worse.column("instance").unwrap_or_default();
        let mut squares = 0.0;
        for (moved, &from) in worse.positions.iter().zip(of) {
            let original = cloud.positions[from as usize];
            squares += moved.iter().zip(original).map(|(a, b)| (a - b).powi(2)).sum::<f32>();
        }
        let deviation_mm = (squares / (3 * worse.len()) as f32).sqrt();
        assert!((7.5..8.5).contains(&deviation_mm), "{deviation_mm}");
    }
}
