use super::length_m;
use super::line::is_clear;
use crate::FreeSpace;
use glam::Vec2;

/// What is to be said of somebody's way.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Walkable {
    /// Whether all of it can be walked.
    pub ok: bool,
    /// The first segment that cannot, by its first waypoint; `None` too where there is no waypoint.
    pub blocked: Option<usize>,
    /// Its length; not a number where a waypoint is not.
    pub length_m: f32,
}

/// Judges a way by every cell that it crosses: all must be free with that clearance. A lone
/// waypoint is a way without length; none at all are no way.
pub fn check(space: &FreeSpace, waypoints: &[Vec2], clearance_m: f32) -> Walkable {
    let blocked = match waypoints {
        [] => return Walkable { ok: false, blocked: None, length_m: 0.0 },
        [only] => (!is_clear(space, *only, *only, clearance_m)).then_some(0),
        _ => waypoints.windows(2).position(|pair| !is_clear(space, pair[0], pair[1], clearance_m)),
    };
    Walkable { ok: blocked.is_none(), blocked, length_m: length_m(waypoints) }
}
