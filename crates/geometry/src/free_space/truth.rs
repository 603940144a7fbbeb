use super::shadow::shadow;
use super::{Cell, FreeSpace, FreeSpaceError, Grid, HEAD_M, STEP_M};
use crate::{Floor, Polygon};
use glam::{Vec2, Vec3};
use scene::Aabb;

/// Something that stands in the way.
#[derive(Clone, Copy, Debug)]
pub enum Obstacle<'a> {
    /// All of a box.
    Box(Aabb),
    /// An object's surface, points less than 5 cm apart. What the points enclose in plan is in the
    /// way too.
    Points(&'a [Vec3]),
}

impl FreeSpace {
    /// From the true floor and what stands on it. Cells whose middle lies in a room or doorway are
    /// floor; an obstacle takes every cell that it overlaps between 0.15 m and 1.8 m above z = 0.
    ///
    /// # Errors
    /// A floor without area, or too large for the grid.
    pub fn of_floor<'a>(
        floor: &Floor,
        obstacles: impl IntoIterator<Item = Obstacle<'a>>,
    ) -> Result<Self, FreeSpaceError> {
        let grid = Grid::new(&floor.bounds())?;
        let mut cells = vec![Cell::Unknown; grid.len()];
        for room in &floor.rooms {
            lay_floor(&grid, &mut cells, room);
        }
        for doorway in floor.doorways.iter().filter_map(|doorway| Polygon::rectangle(*doorway)) {
            lay_floor(&grid, &mut cells, &doorway);
        }
        for obstacle in obstacles {
            match obstacle {
                Obstacle::Box(bounds) => {
                    if !bounds.is_empty() && bounds.min.z < HEAD_M && bounds.max.z > STEP_M {
                        occupy(&mut cells, grid.overlapped(&bounds.into()));
                    }
                }
                Obstacle::Points(points) => occupy(&mut cells, shadow(&grid, points)),
            }
        }
        Ok(Self::new(grid, cells))
    }
}

/// A wall stays a wall though a wardrobe's box reaches into it.
fn occupy(cells: &mut [Cell], taken: impl IntoIterator<Item = usize>) {
    for cell in taken {
        if cells[cell] == Cell::Free {
            cells[cell] = Cell::Occupied;
        }
    }
}

fn lay_floor(grid: &Grid, cells: &mut [Cell], room: &Polygon) {
    let mut crossings = Vec::new();
    for row in 1..grid.rows - 1 {
        let start = row * grid.columns;
        crossings.clear();
        crossings.extend(room.crossings(grid.centre(start).y).map(|x| {
            // The first cell whose middle lies at or beyond the crossing. The cast saturates.
            let middles = grid.cells_from_metres(Vec2::new(x, 0.0)).x - 0.5;
            (middles - ROUNDING).ceil().max(0.0) as usize
        }));
        crossings.sort_unstable();
        for pair in crossings.chunks_exact(2) {
            cells[start + pair[0]..start + pair[1].min(grid.columns - 1)].fill(Cell::Free);
        }
    }
}

/// In cells: a wall through the middle of a cell leaves it to the room on its right.
const ROUNDING: f32 = 1e-3;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{boxed, ell, rect, two_rooms};

    fn room(x: f32, y: f32) -> Floor {
        Floor {
            rooms: vec![Polygon::rectangle(rect(0.0, 0.0, x, y)).unwrap()],
            doorways: Vec::new(),
        }
    }

    #[test]
    fn an_empty_room_is_free_up_to_its_walls() {
        let space = FreeSpace::of_floor(&room(3.0, 2.0), []).unwrap();
        assert!((space.free_area_m2() - 6.0).abs() < 1e-3);
        // The middle of a cell 1.025 m from the nearest wall, and of one in the corner.
        assert!((space.clearance_m(Vec2::new(1.025, 0.975)) - 0.975).abs() < 1e-4);
        assert!((space.clearance_m(Vec2::new(0.02, 0.02)) - 0.025).abs() < 1e-4);
        assert_eq!(space.cell(Vec2::new(-0.02, 1.0)), Cell::Unknown);
        assert_eq!(space.cell(Vec2::new(50.0, 1.0)), Cell::Unknown);
        assert_eq!((space.cell(Vec2::NAN), space.clearance_m(Vec2::NAN)), (Cell::Unknown, 0.0));
    }

    #[test]
    fn boxes_between_knee_and_head_are_in_the_way() {
        let boxes = [
            boxed([1.0, 0.5, 0.0], [2.0, 1.0, 0.7]),
            boxed([0.0, 0.0, 0.0], [3.0, 2.0, 0.02]),
            boxed([0.0, 0.0, 1.9], [3.0, 2.0, 2.2]),
            Aabb::EMPTY,
            boxed([f32::NAN; 3], [1.0; 3]),
            boxed([2.9, 1.9, 0.0], [9.0, 9.0, 2.0]),
        ];
        let space = FreeSpace::of_floor(&room(3.0, 2.0), boxes.map(Obstacle::Box)).unwrap();
        // Less 1 m × 0.5 m, and the 10 cm square that the last one takes of the corner.
        assert!((space.free_area_m2() - (6.0 - 0.5 - 0.01)).abs() < 1e-3);
        assert_eq!(space.cell(Vec2::new(1.5, 0.75)), Cell::Occupied);
        // 0.225 m from the box's side.
        assert!((space.clearance_m(Vec2::new(0.775, 0.75)) - 0.225).abs() < 1e-4);
    }

    #[test]
    fn a_tall_wardrobe_is_not_hollow() {
        let side = |x: f32, y: f32| (0..55).map(move |z| Vec3::new(x, y, z as f32 * 0.04));
        let shell: Vec<Vec3> = (0..=25)
            .map(|i| i as f32 * 0.04)
            .flat_map(|t| {
                [(1.0 + t, 0.51), (1.0 + t, 1.51), (1.01, 0.5 + t), (2.01, 0.5 + t)]
                    .into_iter()
                    .flat_map(move |(x, y)| side(x, y))
            })
            .collect();
        let space = FreeSpace::of_floor(&room(3.0, 2.0), [Obstacle::Points(&shell)]).unwrap();
        assert_eq!(space.cell(Vec2::new(1.5, 1.0)), Cell::Occupied);
        assert_eq!(space.cell(Vec2::new(0.9, 1.0)), Cell::Free);
        // Without its front one can walk in.
        let open: Vec<Vec3> = shell.into_iter().filter(|p| p.y < 1.5).collect();
        let space = FreeSpace::of_floor(&room(3.0, 2.0), [Obstacle::Points(&open)]).unwrap();
        assert_eq!(space.cell(Vec2::new(1.5, 1.0)), Cell::Free);
    }

    #[test]
    fn bad_points_are_passed_over() {
        let points = [
            Vec3::NAN,
            Vec3::INFINITY,
            Vec3::new(1e30, 0.0, 1.0),
            Vec3::new(-1e30, 5.0, 1.0),
            Vec3::new(1.0, 1.0, 1.0),
        ];
        let space = FreeSpace::of_floor(&room(3.0, 2.0), [Obstacle::Points(&points)]).unwrap();
        assert!((space.free_area_m2() - (6.0 - 0.0025)).abs() < 1e-4);
        let space = FreeSpace::of_floor(&room(3.0, 2.0), [Obstacle::Points(&[])]).unwrap();
        assert!((space.free_area_m2() - 6.0).abs() < 1e-3);
    }

    #[test]
    fn a_doorway_joins_two_rooms_and_a_notch_is_no_floor() {
        let space = FreeSpace::of_floor(&two_rooms(), []).unwrap();
        assert!((space.free_area_m2() - (12.0 + 9.0 + 0.09)).abs() < 0.02);
        assert_eq!(space.cell(Vec2::new(4.05, 2.5)), Cell::Free);
        assert_eq!(space.cell(Vec2::new(4.05, 1.0)), Cell::Unknown);
        let ell = Floor { rooms: vec![ell()], doorways: Vec::new() };
        let space = FreeSpace::of_floor(&ell, []).unwrap();
        assert!((space.free_area_m2() - 8.0).abs() < 1e-3);
    }

    #[test]
    fn no_floor_and_too_much_floor_are_errors() {
        let error = |floor: &Floor| FreeSpace::of_floor(floor, []).unwrap_err();
        assert_eq!(error(&Floor::default()), FreeSpaceError::NoArea);
        assert_eq!(error(&room(101.0, 101.0)), FreeSpaceError::TooLarge);
        assert_eq!(error(&room(1e30, 1e-3)), FreeSpaceError::TooLarge);
        assert_eq!(error(&room(1001.0, 0.1)), FreeSpaceError::TooLarge);
    }
}
