use super::{CELL_M, Cell, FreeSpace, FreeSpaceError, Grid, HEAD_M, STEP_M, squared_distances};
use crate::Aabb2;
use glam::Vec3;
use scene::{InstanceId, Scene};

/// Gaps in the seen floor are closed up to twice this width.
const GAP_M: f32 = 0.1;
/// Fewer points than this in a cell and its eight neighbours are stray.
const STRAY_POINTS: u32 = 3;

impl FreeSpace {
    /// From what was scanned. Floor is where some point lies within 0.15 m of z = 0, gaps up to
    /// 0.2 m closed; in the way is where points lie between 0.15 m and 1.8 m, fewer than three
    /// within 15 cm left out as stray; all else is unknown. Points of `walls` are kept apart from
    /// `points`, for nothing is reached through a wall; without them nothing is told apart from
    /// furniture. Points that are not finite are left out.
    ///
    /// # Errors
    /// Bounds without area, or too large for the grid.
    pub fn of_scan(
        bounds: Aabb2,
        points: impl IntoIterator<Item = Vec3>,
        walls: impl IntoIterator<Item = Vec3>,
    ) -> Result<Self, FreeSpaceError> {
        // Wider by the gap, so that closing finds the same at the edge as in the middle.
        let grid = Grid::new(&bounds.grown(GAP_M))?;
        let mut floor_seen = vec![false; grid.len()];
        let mut in_the_way = vec![0_u32; grid.len()];
        for point in points.into_iter().filter(|point| bounds.contains(point.truncate())) {
            let Some(cell) = grid.cell_of(point.truncate()) else { continue };
            if point.z.abs() <= STEP_M {
                floor_seen[cell] = true;
            } else if point.z > STEP_M && point.z < HEAD_M {
                in_the_way[cell] += 1;
            }
        }
        let mut wall = vec![false; grid.len()];
        for point in walls.into_iter().filter(|point| point.z > STEP_M && point.z < HEAD_M) {
            if let Some(cell) = grid.cell_of(point.truncate()) {
                wall[cell] = true;
            }
        }
        let floor = closed(&grid, &floor_seen);
        let cells = (0..grid.len())
            .map(|cell| {
                if wall[cell] {
                    Cell::Unknown
                } else if in_the_way[cell] > 0 && is_dense(&grid, &in_the_way, cell) {
                    Cell::Occupied
                } else if floor[cell] {
                    Cell::Free
                } else {
                    Cell::Unknown
                }
            })
            .collect();
        Ok(Self::new(grid, cells))
    }

    /// [`FreeSpace::of_scan`] of a scene's cloud with its walls, where the scene's bounds end;
    /// instances of `passable`, such as door leaves, are not in the way.
    ///
    /// # Errors
    /// As there.
    pub fn of_scene(scene: &Scene, passable: &[InstanceId]) -> Result<Self, FreeSpaceError> {
        let positions = &scene.cloud.positions;
        let mut left_out = vec![false; positions.len()];
        let wall_points = || scene.structure.walls.iter().flat_map(|wall| &wall.points);
        let passed = passable.iter().filter_map(|id| scene.instance(*id));
        for &point in passed.flat_map(|instance| &instance.points).chain(wall_points()) {
            if let Some(left_out) = left_out.get_mut(point as usize) {
                *left_out = true;
            }
        }
        let points = positions.iter().zip(&left_out).filter(|(_, left_out)| !**left_out);
        let walls = wall_points().filter_map(|&point| positions.get(point as usize));
        Self::of_scan(
            scene.bounds.into(),
            points.map(|(position, _)| Vec3::from(*position)),
            walls.map(|position| Vec3::from(*position)),
        )
    }
}

/// Morphological closing by a disc: grown by the gap, then shrunk again. Nothing may be seen within
/// the gap of the grid's end.
fn closed(grid: &Grid, seen: &[bool]) -> Vec<bool> {
    let gap = GAP_M / CELL_M;
    let reach = gap * gap;
    let away: Vec<bool> =
        squared_distances(grid.columns, seen).iter().map(|squared| *squared > reach).collect();
    squared_distances(grid.columns, &away).iter().map(|squared| *squared > reach).collect()
}

/// Whether enough points lie in the cell and its neighbours.
fn is_dense(grid: &Grid, counts: &[u32], cell: usize) -> bool {
    let (column, row) = (cell % grid.columns, cell / grid.columns);
    let near = |at: usize, count: usize| at.saturating_sub(1)..(at + 2).min(count);
    let total: u32 = near(row, grid.rows)
        .flat_map(|row| near(column, grid.columns).map(move |column| (row, column)))
        .map(|(row, column)| counts[row * grid.columns + column])
        .fold(0, u32::saturating_add);
    total >= STRAY_POINTS
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{block, rect, scene_of};
    use glam::Vec2;
    use scene::Plane;

    /// A point every 2 cm over a rectangle of the floor.
    fn floor(area: Aabb2) -> impl Iterator<Item = Vec3> {
        let [nx, ny] = ((area.max - area.min) / 0.02).to_array().map(|n| n.round() as u32);
        (0..nx).flat_map(move |x| {
            (0..ny).map(move |y| {
                let at = area.min + Vec2::new(x as f32 + 0.5, y as f32 + 0.5) * 0.02;
                at.extend(0.004)
            })
        })
    }

    #[test]
    fn seen_floor_is_free_and_a_gap_in_it_is_closed() {
        let bounds = rect(0.0, 0.0, 4.0, 2.0);
        // Nothing was seen of a strip of 16 cm and of everything beyond x = 3.
        let seen = floor(rect(0.0, 0.0, 1.0, 2.0)).chain(floor(rect(1.16, 0.0, 3.0, 2.0)));
        let space = FreeSpace::of_scan(bounds, seen, []).unwrap();
        assert_eq!(space.cell(Vec2::new(1.075, 1.0)), Cell::Free);
        assert_eq!(space.cell(Vec2::new(3.5, 1.0)), Cell::Unknown);
        assert!((space.free_area_m2() - 6.0).abs() < 0.02, "{}", space.free_area_m2());
        // Half a metre is too much to guess.
        let seen = floor(rect(0.0, 0.0, 1.0, 2.0)).chain(floor(rect(1.5, 0.0, 3.0, 2.0)));
        let space = FreeSpace::of_scan(bounds, seen, []).unwrap();
        assert_eq!(space.cell(Vec2::new(1.25, 1.0)), Cell::Unknown);
    }

    #[test]
    fn things_are_in_the_way_and_stray_points_are_not() {
        let bounds = rect(0.0, 0.0, 3.0, 2.0);
        let table = block(Vec3::new(1.0, 0.5, 0.7), Vec3::new(1.0, 0.6, 0.05));
        let lamp = block(Vec3::new(0.2, 0.2, 1.9), Vec3::splat(0.3));
        let stray = [Vec3::new(0.5, 1.5, 1.0), Vec3::new(0.5, 1.5, 1.1), Vec3::NAN];
        let points = floor(bounds).chain(table).chain(lamp).chain(stray);
        let space = FreeSpace::of_scan(bounds, points, []).unwrap();
        assert_eq!(space.cell(Vec2::new(1.5, 0.8)), Cell::Occupied);
        assert_eq!(space.cell(Vec2::new(0.3, 0.3)), Cell::Free);
        assert_eq!(space.cell(Vec2::new(0.5, 1.5)), Cell::Free);
    }

    #[test]
    fn a_scene_gives_its_walls_and_leaves_out_door_leaves() {
        let bounds = rect(0.0, 0.0, 3.0, 2.0);
        let mut scene = scene_of(&[
            ("floor", floor(bounds).collect()),
            ("wall", block(Vec3::new(2.0, 0.0, 0.0), Vec3::new(0.02, 1.2, 2.4))),
            ("door", block(Vec3::new(2.0, 1.25, 0.0), Vec3::new(0.02, 0.75, 2.0))),
        ]);
        let wall = scene.instances.remove(1);
        scene.structure.walls = vec![Plane {
            normal: Vec3::X,
            offset_m: 2.0,
            bounds: wall.bounds,
            points: wall.points,
        }];
        let (wall, door) = (Vec2::new(2.01, 0.6), Vec2::new(2.01, 1.6));
        let space = FreeSpace::of_scene(&scene, &[]).unwrap();
        assert_eq!((space.cell(wall), space.cell(door)), (Cell::Unknown, Cell::Occupied));
        let space = FreeSpace::of_scene(&scene, &[InstanceId(3), InstanceId(99)]).unwrap();
        assert_eq!((space.cell(wall), space.cell(door)), (Cell::Unknown, Cell::Free));
    }

    #[test]
    fn nothing_scanned_is_an_error() {
        let error = FreeSpace::of_scene(&scene_of(&[]), &[]).unwrap_err();
        assert_eq!(error, FreeSpaceError::NoArea);
        let huge = rect(0.0, 0.0, f32::INFINITY, 1.0);
        assert_eq!(FreeSpace::of_scan(huge, [], []).unwrap_err(), FreeSpaceError::TooLarge);
        let empty = FreeSpace::of_scan(rect(0.0, 0.0, 1.0, 1.0), [], []).unwrap();
        assert_eq!(empty.free_area_m2(), 0.0);
    }
}
