use super::support::rest_height;
use super::{Layout, Support, fits, is_inside, others};
use crate::Aabb2;
use glam::{Vec2, Vec3};
use scene::{Aabb, InstanceId};

/// Where to look for a place.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Search {
    /// The place that would be best.
    pub near: Vec2,
    /// How far from it is near enough.
    pub radius_m: f32,
}

/// A place found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spot {
    /// Where the thing would be.
    pub bounds: Aabb,
    /// How often it was turned by 90°: 0 or 1. The box of a thing that is turned on by 180° is the
    /// same.
    pub quarter_turns: u8,
    /// What it would rest on.
    pub support: Support,
}

/// Places are tried in steps of this.
const STEP_M: f32 = 0.05;
/// Farther than this is not looked.
const FARTHEST_M: f32 = 20.0;

/// The first place for a thing of this size (width along x, depth along y, height) that
/// [`fits`] and that `accept` accepts, in this order: by distance of its middle from
/// `search.near`, on a grid of 5 cm laid through that point; then unturned before turned; then the
/// floor before the tops of objects in the layout's order. Objects of `except` count as absent.
///
/// `None` where there is no such place within `search.radius_m` (20 m at most), or a number is not
/// finite, or a length not positive.
pub fn find_place(
    layout: &Layout<'_>,
    size: Vec3,
    except: &[InstanceId],
    search: Search,
    accept: impl Fn(&Aabb, Support) -> bool,
) -> Option<Spot> {
    if !search.near.is_finite() || !size.is_finite() || !size.cmpgt(Vec3::ZERO).all() {
        return None;
    }
    let turns = if size.x == size.y { 0..=0 } else { 0..=1 };
    candidates(layout, search).into_iter().find_map(|middle| {
        turns.clone().find_map(|quarter_turns| {
            let turned = if quarter_turns == 0 { size } else { Vec3::new(size.y, size.x, size.z) };
            let half = turned.truncate() / 2.0;
            let footprint = Aabb2 { min: middle - half, max: middle + half };
            if !layout.floor.contains_box(&footprint) {
                return None;
            }
            let tops = others(layout, except).filter_map(|solid| {
                Some((Support::Object(solid.id), rest_height(&footprint, solid)?))
            });
            std::iter::once((Support::Floor, 0.0)).chain(tops).find_map(|(support, height)| {
                let min = footprint.min.extend(height);
                let bounds = Aabb { min, max: min + turned };
                let good = is_inside(layout, &bounds) && accept(&bounds, support) && {
                    let fit = fits(layout, &bounds, except);
                    fit.ok() && fit.support == Some(support)
                };
                good.then_some(Spot { bounds, quarter_turns, support })
            })
        })
    })
}

/// Points of the grid within the radius and the floor's bounds, nearest first.
fn candidates(layout: &Layout<'_>, search: Search) -> Vec<Vec2> {
    let radius_m = search.radius_m.min(FARTHEST_M);
    let floor = layout.floor.bounds();
    if floor.is_empty() || search.radius_m.is_nan() || radius_m < 0.0 {
        return Vec::new();
    }
    let steps = (radius_m / STEP_M) as i32;
    let mut offsets: Vec<(i32, i32)> = (-steps..=steps)
        .flat_map(|y| (-steps..=steps).map(move |x| (y, x)))
        .filter(|(y, x)| y * y + x * x <= steps * steps)
        .filter(|offset| floor.contains(place(search.near, *offset)))
        .collect();
    offsets.sort_unstable_by_key(|(y, x)| (y * y + x * x, *y, *x));
    offsets.into_iter().map(|offset| place(search.near, offset)).collect()
}

fn place(near: Vec2, (y, x): (i32, i32)) -> Vec2 {
    near + Vec2::new(x as f32, y as f32) * STEP_M
}
