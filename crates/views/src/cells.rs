use glam::{IVec3, Vec3};

/// How many points lie in each cell of a grid over all space.
#[derive(Clone, Debug)]
pub(crate) struct Cells {
    edge_m: f32,
    /// Occupied cells with their counts, sorted.
    counts: Vec<([i32; 3], u32)>,
}

impl Cells {
    pub(crate) fn new(positions: impl Iterator<Item = Vec3>, edge_m: f32) -> Self {
        let mut cells: Vec<[i32; 3]> =
            positions.map(|position| cell(position, edge_m).to_array()).collect();
        cells.sort_unstable();
        let runs = cells.chunk_by(|a, b| a == b);
        Self { edge_m, counts: runs.map(|run| (run[0], run.len() as u32)).collect() }
    }

    /// The occupied cells and their counts.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (IVec3, u32)> {
        self.counts.iter().map(|&(cell, count)| (cell.into(), count))
    }

    /// The cell in which a position lies.
    pub(crate) fn cell(&self, position: Vec3) -> IVec3 {
        cell(position, self.edge_m)
    }

    /// The occupied cells no more than `reach` cells from `middle` along any axis.
    pub(crate) fn around(&self, middle: IVec3, reach: i32) -> impl Iterator<Item = (IVec3, u32)> {
        let columns = (-reach..=reach).flat_map(move |x| (-reach..=reach).map(move |y| (x, y)));
        columns.flat_map(move |(x, y)| {
            let low = middle.saturating_add(IVec3::new(x, y, -reach)).to_array();
            let high = middle.saturating_add(IVec3::new(x, y, reach)).to_array();
            let first = self.counts.partition_point(|(cell, _)| *cell < low);
            let column = self.counts[first..].iter().take_while(move |(cell, _)| *cell <= high);
            column.map(|&(cell, count)| (cell.into(), count))
        })
    }

    /// How far it is from `position` to the nearest occupied cell, `most_m` at most.
    pub(crate) fn clearance_m(&self, position: Vec3, most_m: f32) -> f32 {
        let reach = (most_m / self.edge_m).ceil() as i32;
        let gaps = self.around(self.cell(position), reach).map(|(cell, _)| {
            let low = cell.as_vec3() * self.edge_m;
            position.distance(position.clamp(low, low + self.edge_m))
        });
        gaps.fold(most_m, f32::min)
    }
}

fn cell(position: Vec3, edge_m: f32) -> IVec3 {
    (position / edge_m).floor().as_ivec3()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_and_clearance() {
        let points = [Vec3::ZERO, Vec3::splat(0.05), Vec3::new(0.0, 0.0, 0.55), Vec3::splat(-9.0)];
        let cells = Cells::new(points.into_iter(), 0.1);
        let around = |reach| cells.around(IVec3::ZERO, reach).map(|(_, n)| n).sum::<u32>();
        assert_eq!([around(0), around(4), around(5), around(90)], [2, 2, 3, 4]);
        let clearance_m = |x, z| cells.clearance_m(Vec3::new(x, 0.05, z), 0.3);
        assert!((clearance_m(0.05, 0.2) - 0.1).abs() < 1e-6);
        assert!((clearance_m(-0.2, 0.45) - (0.04f32 + 0.0025).sqrt()).abs() < 1e-6);
        assert_eq!([clearance_m(0.05, 0.05), clearance_m(2.0, 0.0)], [0.0, 0.3]);
        assert_eq!(cells.clearance_m(Vec3::splat(1e38), 0.3), 0.3);
    }
}
