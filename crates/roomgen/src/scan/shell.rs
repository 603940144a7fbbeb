use crate::room::{FloorKind, Room};
use glam::{Vec2, Vec3};

/// Where a view ray leaves the room through its shell.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ShellHit {
    /// Distance in units of the ray's length.
    pub(crate) t: f32,
    /// Unit vector into the room.
    pub(crate) normal: Vec3,
    /// 0..=255.
    pub(crate) colour: Vec3,
}

/// Follows a ray from inside the room to its floor, walls or ceiling.
pub(crate) fn hit_shell(room: &Room, origin: Vec3, ray: Vec3) -> ShellHit {
    let mut t = f32::INFINITY;
    let mut side = 4;
    for axis in 0..3 {
        if ray[axis].abs() > 1e-9 {
            let wall = if ray[axis] > 0.0 { room.size[axis] } else { 0.0 };
            let reach = (wall - origin[axis]) / ray[axis];
            if reach < t {
                t = reach;
                side = 2 * axis + usize::from(ray[axis] > 0.0);
            }
        }
    }
    if let Some((reach, axis)) = hit_notch(room, origin, ray).filter(|(reach, _)| *reach < t) {
        // The notch lies at the far ends, so its faces look towards the origin.
        t = reach;
        side = 2 * axis + 1;
    }
    let mut normal = Vec3::ZERO;
    normal[side / 2] = if side % 2 == 1 { -1.0 } else { 1.0 };
    ShellHit { t, normal, colour: colour(room, side, origin + ray * t) }
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
