use super::{Target, check, shortest_path};
use crate::FreeSpace;
use glam::Vec2;

/// How well somebody's way did, as *On Evaluation of Embodied Navigation Agents* (Anderson et al.
/// 2018) counts it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Attempt {
    /// Whether it begins and ends where it should and can be walked.
    pub success: bool,
    /// Its length, `p`.
    pub length_m: f32,
    /// The length of the shortest way, `l`.
    pub shortest_m: f32,
}

impl Attempt {
    /// This attempt's share in the mean *success weighted by path length*: `S l / max(p, l)`, in
    /// 0..=1. One for success where there was no way to go.
    pub fn spl(&self) -> f32 {
        let longer = self.length_m.max(self.shortest_m);
        match (self.success, longer > 0.0) {
            (true, true) => self.shortest_m / longer,
            (true, false) => 1.0,
            (false, _) => 0.0,
        }
    }
}

/// Judges a way from one place to another. Both ends count as reached within 0.6 m, no wall
/// between. `None` where there is no way at all, so nothing to judge by.
pub fn attempt(
    space: &FreeSpace,
    waypoints: &[Vec2],
    from: impl Into<Target>,
    to: impl Into<Target>,
    clearance_m: f32,
) -> Option<Attempt> {
    let (from, to) = (from.into(), to.into());
    let shortest_m = shortest_path(space, from, to, clearance_m)?.length_m;
    let walk = check(space, waypoints, clearance_m);
    let reached = |end: Option<&Vec2>, target: Target| {
        end.is_some_and(|at| target.is_reached_from(space, *at))
    };
    let success = walk.ok && reached(waypoints.first(), from) && reached(waypoints.last(), to);
    Some(Attempt { success, length_m: walk.length_m, shortest_m })
}
