use crate::home::{Home, Opening, Place, Space};
use crate::room::{FloorKind, Room};
use glam::{Vec2, Vec3};

/// Where a view ray ends at the shell of the home.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ShellHit {
    /// Distance in units of the ray's length.
    pub(crate) t: f32,
    /// Unit vector into the room.
    pub(crate) normal: Vec3,
    /// 0..=255.
    pub(crate) colour: Vec3,
    /// The room whose light falls there.
    pub(crate) space: usize,
}

/// Follows a ray from `start` through openings to the floor, wall, ceiling or jamb that ends it.
/// `entered` gets a mark for each room that it passes.
pub(crate) fn hit_shell(
    home: &Home,
    start: Place,
    origin: Vec3,
    ray: Vec3,
    entered: &mut [bool],
) -> ShellHit {
    let mut place = start;
    let mut least_t = 0.0;
    loop {
        match place {
            Place::Space(index) => {
                if let Some(mark) = entered.get_mut(index) {
                    *mark = true;
                }
                let hit = hit_room(home, index, origin, ray);
                let at = origin + ray * hit.t;
                let way = home.openings.iter().position(|opening| {
                    opening.between.contains(&index)
                        && hit.normal[opening.axis].abs() > 0.5
                        && is_in_mouth(opening, at)
                });
                // A ray only goes on, so that rounding at a mouth's edge cannot make it circle.
                match way.filter(|_| hit.t > least_t) {
                    Some(way) => (place, least_t) = (Place::Opening(way), hit.t),
                    None => return hit,
                }
            }
            Place::Opening(index) => {
                let opening = &home.openings[index];
                let (t, side) = leave(opening.hole.min, opening.hole.max, origin, ray);
                if side / 2 != opening.axis || t <= least_t {
                    let colour = opening.jamb_colour * if side == 4 { 0.7 } else { 1.0 };
                    return ShellHit { t, normal: inward(side), colour, space: opening.between[0] };
                }
                (place, least_t) = (Place::Space(opening.between[side % 2]), t);
            }
        }
    }
}

/// Whether a point on a wall's face is where the opening is.
fn is_in_mouth(opening: &Opening, at: Vec3) -> bool {
    let (low, high) = (opening.hole.min, opening.hole.max);
    let (axis, across) = (opening.axis, 1 - opening.axis);
    let off = (at[axis] - low[axis]).abs().min((at[axis] - high[axis]).abs());
    off < 1e-3 && (low[across]..high[across]).contains(&at[across]) && at.z < high.z
}

/// Where a ray leaves a box that it passes: how far, and by which side, `2 · axis` at the low end
/// and one more at the high end.
fn leave(low: Vec3, high: Vec3, origin: Vec3, ray: Vec3) -> (f32, usize) {
    let mut found = (f32::INFINITY, 4);
    for axis in 0..3 {
        if ray[axis].abs() > 1e-9 {
            let wall = if ray[axis] > 0.0 { high[axis] } else { low[axis] };
            let reach = (wall - origin[axis]) / ray[axis];
            if reach < found.0 {
                found = (reach, 2 * axis + usize::from(ray[axis] > 0.0));
            }
        }
    }
    found
}

fn inward(side: usize) -> Vec3 {
    let mut normal = Vec3::ZERO;
    normal[side / 2] = if side % 2 == 1 { -1.0 } else { 1.0 };
    normal
}

fn hit_room(home: &Home, index: usize, origin: Vec3, ray: Vec3) -> ShellHit {
    let Space { room, home_from_room } = &home.spaces[index];
    let (origin, ray) = (home_from_room.inverse(origin), home_from_room.turn_back(ray));
    let (mut t, mut side) = leave(Vec3::ZERO, room.size, origin, ray);
    if let Some((reach, axis)) = hit_notch(room, origin, ray).filter(|(reach, _)| *reach < t) {
        // The notch lies at the far ends, so its faces look towards the origin.
        t = reach;
        side = 2 * axis + 1;
    }
    let local = inward(side);
    let normal = home_from_room.turn(local.truncate()).extend(local.z);
    ShellHit { t, normal, colour: colour(room, side, origin + ray * t), space: index }
}

fn hit_notch(room: &Room, origin: Vec3, ray: Vec3) -> Option<(f32, usize)> {
    let corner = room.notch?;
    (0..2)
        .filter(|&axis| ray[axis] > 1e-9)
        .filter_map(|axis| {
            let t = (corner[axis] - origin[axis]) / ray[axis];
            let other = 1 - axis;
            (t > 0.0 && origin[other] + ray[other] * t >= corner[other]).then_some((t, axis))
        })
        .min_by(|a, b| a.0.total_cmp(&b.0))
}

fn colour(room: &Room, side: usize, at: Vec3) -> Vec3 {
    let finish = &room.finish;
    match side {
        4 => floor(finish.floor, finish.floor_colour, at.truncate()),
        5 => finish.ceiling_colour,
        _ => {
            let plain = match finish.accent {
                Some((accent, colour)) if accent == side => colour,
                _ => finish.wall_colour,
            };
            // A skirting board.
            if at.z < 0.08 { Vec3::splat(228.0) } else { plain * (1.0 + 0.02 * speckle(at * 40.0)) }
        }
    }
}

fn floor(kind: FloorKind, main: Vec3, at: Vec2) -> Vec3 {
    let grain = match kind {
        FloorKind::Boards => {
            let board = (at.y / 0.14).floor();
            let piece = ((at.x + 0.37 * board) / 1.3).floor();
            let tone = 0.1 * speckle(Vec3::new(board, piece, 0.0));
            let seam = at.y.rem_euclid(0.14) < 0.008;
            if seam { -0.3 } else { tone + 0.03 * speckle(Vec3::new(at.x * 8.0, at.y * 90.0, 1.0)) }
        }
        FloorKind::Tiles => {
            let seam = at.x.rem_euclid(0.33) < 0.012 || at.y.rem_euclid(0.33) < 0.012;
            if seam { -0.25 } else { 0.04 * speckle((at / 0.33).floor().extend(2.0)) }
        }
        FloorKind::Carpet => 0.08 * speckle((at * 120.0).extend(3.0)),
    };
    (main * (1.0 + grain)).clamp(Vec3::ZERO, Vec3::splat(255.0))
}

/// A fixed value in −1..1 for each unit cell of space.
fn speckle(at: Vec3) -> f32 {
    let [x, y, z] = at.floor().to_array().map(|v| v as i32 as u32);
    let mut h =
        x.wrapping_mul(0x9E37_79B1) ^ y.wrapping_mul(0x85EB_CA77) ^ z.wrapping_mul(0xC2B2_AE3D);
    h = (h ^ (h >> 15)).wrapping_mul(0x2C1B_3C6D);
    h = (h ^ (h >> 12)).wrapping_mul(0x297A_2D39);
    ((h ^ (h >> 15)) >> 8) as f32 / (1 << 23) as f32 - 1.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::home::Stance;
    use crate::room::{Finish, Purpose, Room};
    use scene::Aabb;

    fn room(size: Vec3) -> Room {
        let finish = Finish {
            floor: FloorKind::Carpet,
            floor_colour: Vec3::splat(90.0),
            wall_colour: Vec3::splat(200.0),
            accent: None,
            ceiling_colour: Vec3::splat(240.0),
        };
        Room { purpose: Purpose::Living, size, notch: None, finish, placed: Vec::new() }
    }

    /// 4 × 3 m, and east of it, turned a quarter, 2 × 3 m behind 10 cm of wall; the door between
    /// them is 1 m wide, from y = 1 to y = 2, and 2 m high.
    fn two_rooms() -> Home {
        let mut home = Home::of(room(Vec3::new(4.0, 3.0, 2.5)));
        let home_from_room = Stance { quarters: 1, shift: Vec2::new(6.1, 0.0) };
        home.spaces.push(Space { room: room(Vec3::new(3.0, 2.0, 2.4)), home_from_room });
        home.openings.push(Opening {
            between: [0, 1],
            hole: Aabb { min: Vec3::new(4.0, 1.0, 0.0), max: Vec3::new(4.1, 2.0, 2.0) },
            axis: 0,
            jamb_colour: Vec3::splat(123.0),
        });
        home
    }

    #[test]
    fn rays_go_through_doors_and_end_at_jambs() {
        let home = two_rooms();
        let eye = Vec3::new(2.0, 1.5, 1.5);
        let start = home.place_of(eye).unwrap();
        assert_eq!(start, Place::Space(0));
        let mut entered = [false; 2];
        let mut hit = |ray: Vec3| hit_shell(&home, start, eye, ray, &mut entered);
        // Beside the door: the wall 2 m ahead.
        let wall = hit(Vec3::new(1.0, 0.4, 0.0));
        assert!((wall.t - 2.0).abs() < 1e-5 && wall.space == 0);
        // Over it.
        assert!((hit(Vec3::new(1.0, 0.0, 0.3)).t - 2.0).abs() < 1e-5);
        // Through it to the far wall at x = 6.1.
        let far = hit(Vec3::X);
        assert!((far.t - 4.1).abs() < 1e-5 && far.space == 1, "{far:?}");
        assert_eq!(far.normal, Vec3::NEG_X);
        // Into its side, 5 cm deep: y = 2 at x = 4.05.
        let jamb = hit(Vec3::new(2.05, 0.5, 0.0));
        assert!((jamb.t - 1.0).abs() < 1e-5, "{jamb:?}");
        assert_eq!((jamb.normal, jamb.colour), (Vec3::NEG_Y, Vec3::splat(123.0)));
        assert_eq!(entered, [true, true]);
        // Back from the door's middle, where the walker stands too.
        let inside = Vec3::new(4.05, 1.5, 1.0);
        let place = home.place_of(inside).unwrap();
        assert_eq!(place, Place::Opening(0));
        let back = hit_shell(&home, place, inside, Vec3::NEG_X, &mut entered);
        assert!((back.t - 4.05).abs() < 1e-5 && back.space == 0);
        assert!(home.place_of(Vec3::new(4.05, 0.5, 1.0)).is_none(), "inside the wall");
    }
}
