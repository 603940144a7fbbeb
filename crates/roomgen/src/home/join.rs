//! Finds where two rooms can stand wall to wall with a way between them.

use super::{FloorGrid, Home, Opening, Space, Stance};
use crate::rng::Rng;
use crate::room::{Placed, Room, Wall, overlaps};
use glam::{Vec2, Vec3};
use scene::Aabb;

/// Walls between rooms are this thick, metres.
const WALL_M: (f32, f32) = (0.08, 0.20);

/// Least and greatest width of a door, and of a wide opening, metres.
const DOOR_M: (f32, f32) = (0.8, 1.2);
const WIDE_M: (f32, f32) = (1.3, 2.2);

/// How many openings are wide, where there is room for it.
const WIDE: f32 = 0.25;

/// Height of an opening, metres.
const HIGH_M: (f32, f32) = (2.0, 2.2);

/// So far before an opening nothing stands, and beside it, metres.
const BEFORE_M: f32 = 0.55;
const BESIDE_M: f32 = 0.06;

/// Of so many places for a room, the one that makes the home most compact is taken.
const CHOICE: usize = 5;

/// Half the width of who must get through, metres.
const BODY_M: f32 = 0.2;

/// A stretch of wall before which nothing stands.
#[derive(Clone, Copy, Debug)]
struct Gap {
    wall: Wall,
    low_m: f32,
    high_m: f32,
}

impl Gap {
    fn length(&self) -> f32 {
        self.high_m - self.low_m
    }
}

/// A way to put the new room, and the opening that leads into it.
struct Fit {
    stance: Stance,
    opening: Opening,
}

/// Puts `room` beside the room `anchor` of the home, with an opening between them; `false`, and
/// the home as it was, where there is no place for it.
pub(super) fn join(home: &mut Home, anchor: usize, room: &Room, rng: &mut Rng) -> bool {
    let theirs = gaps(&room.walls(), &room.placed.iter().collect::<Vec<_>>());
    let walls = home.spaces[anchor].room.walls().into_iter();
    let stance = home.spaces[anchor].home_from_room;
    let walls: Vec<Wall> = walls.map(|wall| in_home(&wall, &stance)).collect();
    let pieces: Vec<&Placed> = home.pieces_in(anchor).map(|(_, placed)| placed).collect();
    let mut ours = gaps(&walls, &pieces);
    ours.retain(|gap| {
        let strip = before(gap);
        !home.openings.iter().any(|other| {
            let grown = Aabb { min: other.hole.min - 0.3, max: other.hole.max + 0.3 };
            overlaps(&strip, &grown, 0.0)
        })
    });
    let mut pairs: Vec<(Gap, Gap)> =
        ours.iter().flat_map(|a| theirs.iter().map(move |b| (*a, *b))).collect();
    rng.shuffle(&mut pairs);
    let height = room.size.z.min(home.spaces[anchor].room.size.z);
    let mut best: Option<(f32, Home)> = None;
    let mut found = 0;
    for (a, b) in pairs {
        let fit = fit(home, anchor, (&a, &b), height, rng);
        let Some(joined) = with_room(home, room, fit) else { continue };
        // By the diagonal, as the area is least where all stand in a row.
        let length_m = bounds(&joined).size().truncate().length();
        if best.as_ref().is_none_or(|(least, _)| length_m < *least) {
            best = Some((length_m, joined));
        }
        found += 1;
        if found == CHOICE {
            break;
        }
    }
    let Some((_, joined)) = best else { return false };
    *home = joined;
    true
}

/// The box round all rooms.
pub(super) fn bounds(home: &Home) -> Aabb {
    let all = home.spaces.iter().map(Space::bounds);
    all.fold(Aabb::of_points([]), |bounds, of_space| bounds.union(&of_space))
}

fn in_home(wall: &Wall, stance: &Stance) -> Wall {
    Wall {
        start: stance.apply(wall.start.extend(0.0)).truncate(),
        end: stance.apply(wall.end.extend(0.0)).truncate(),
        normal: stance.turn(wall.normal),
    }
}

/// The stretches of the walls before which nothing stands, each long enough for a door.
fn gaps(walls: &[Wall], pieces: &[&Placed]) -> Vec<Gap> {
    let mut gaps = Vec::new();
    for &wall in walls {
        let whole = Gap { wall, low_m: BESIDE_M, high_m: wall.length() - BESIDE_M };
        let strip = before(&whole);
        let mut taken: Vec<(f32, f32)> = pieces
            .iter()
            .filter(|placed| overlaps(&strip, &placed.bounds, 0.0))
            .map(|placed| {
                let along = |corner: Vec3| (corner.truncate() - wall.start).dot(wall.along());
                let (a, b) = (along(placed.bounds.min), along(placed.bounds.max));
                (a.min(b) - BESIDE_M, a.max(b) + BESIDE_M)
            })
            .collect();
        taken.sort_by(|a, b| a.0.total_cmp(&b.0));
        taken.push((whole.high_m, whole.high_m));
        let mut low_m = whole.low_m;
        for (start, end) in taken {
            let gap = Gap { low_m, high_m: start.min(whole.high_m), ..whole };
            if gap.length() >= DOOR_M.0 {
                gaps.push(gap);
            }
            low_m = low_m.max(end);
        }
    }
    gaps
}

/// What must be free before a stretch of wall. Rugs may lie there.
fn before(gap: &Gap) -> Aabb {
    let along = gap.wall.along();
    let a = gap.wall.start + along * gap.low_m - gap.wall.normal * 0.05;
    let b = gap.wall.start + along * gap.high_m + gap.wall.normal * BEFORE_M;
    Aabb { min: a.min(b).extend(0.05), max: a.max(b).extend(HIGH_M.1) }
}

fn fit(home: &Home, anchor: usize, (a, b): (&Gap, &Gap), height_m: f32, rng: &mut Rng) -> Fit {
    let most = a.length().min(b.length());
    let range = if most > WIDE_M.0 && rng.chance(WIDE) { WIDE_M } else { DOOR_M };
    let width = rng.range(range.0, range.1.min(most)).min(most);
    let high = rng.range(HIGH_M.0, HIGH_M.1).min(height_m - 0.1);
    let thick = rng.range(WALL_M.0, WALL_M.1);
    let mut middle = |gap: &Gap| {
        let along = rng.range(gap.low_m + width / 2.0, gap.high_m - width / 2.0);
        gap.wall.start + gap.wall.along() * along
    };
    let (in_anchor, in_room) = (middle(a), middle(b));
    let quarters = Stance::between(b.wall.normal, -a.wall.normal);
    let mut stance = Stance { quarters, shift: Vec2::ZERO };
    let far_side = in_anchor - a.wall.normal * thick;
    stance.shift = far_side - stance.turn(in_room);
    let across = a.wall.along() * (width / 2.0);
    let corners = [in_anchor - across, in_anchor + across, far_side - across, far_side + across];
    let axis = usize::from(a.wall.normal.y.abs() > 0.5);
    let new = home.spaces.len();
    let hole = Aabb {
        min: corners.into_iter().fold(Vec2::INFINITY, Vec2::min).extend(0.0),
        max: corners.into_iter().fold(Vec2::NEG_INFINITY, Vec2::max).extend(high),
    };
    let between = if a.wall.normal[axis] > 0.0 { [new, anchor] } else { [anchor, new] };
    let jamb_colour = if rng.chance(0.7) {
        Vec3::splat(rng.range(215.0, 240.0))
    } else {
        Vec3::new(150.0, 112.0, 76.0) * rng.range(0.7, 1.1)
    };
    Fit { stance, opening: Opening { between, hole, axis, jamb_colour } }
}

/// The home with the room in it; `None` where it would stand in another, would wall up a window
/// or a door, or could not be walked into.
fn with_room(home: &Home, room: &Room, fit: Fit) -> Option<Home> {
    let mut shell = room.clone();
    shell.placed.clear();
    let space = Space { room: shell, home_from_room: fit.stance };
    let least = WALL_M.0 * 0.99;
    for other in &home.spaces {
        for [low, high] in space.footprint() {
            let grown = Aabb { min: (low - least).extend(0.0), max: (high + least).extend(1.0) };
            let is_hit = |[low, high]: [Vec2; 2]| {
                overlaps(&grown, &Aabb { min: low.extend(0.0), max: high.extend(1.0) }, 0.0)
            };
            if other.footprint().into_iter().any(is_hit) {
                return None;
            }
        }
    }
    let mut joined = home.clone();
    let (first, index) = (joined.placed.len(), joined.spaces.len());
    for placed in &room.placed {
        let mut moved = fit.stance.move_piece(placed);
        if let crate::room::Carrier::Piece(carrier) = &mut moved.support {
            *carrier += first;
        }
        joined.placed.push(moved);
        joined.space_of.push(index);
    }
    joined.spaces.push(space);
    joined.openings.push(fit.opening);
    (!walls_up_a_light(&joined) && can_be_walked(&joined)).then_some(joined)
}

/// Whether a window or an outer door looks into a room.
fn walls_up_a_light(home: &Home) -> bool {
    let outward = home.placed.iter().zip(&home.space_of).filter(|(placed, _)| {
        matches!(placed.piece.class.as_str(), "door" | "window")
            && placed.support == crate::room::Carrier::Wall
    });
    outward.into_iter().any(|(placed, &own)| {
        let behind = -placed.front() * 0.4;
        let at = placed.bounds.centre();
        let seen = Vec3::new(at.x + behind.x, at.y + behind.y, 1.0);
        home.spaces.iter().enumerate().any(|(index, space)| index != own && space.contains(seen))
    })
}

/// Whether all openings can be reached from each other.
pub(super) fn can_be_walked(home: &Home) -> bool {
    let floor = FloorGrid::new(home, BODY_M);
    let mut parts = home.openings.iter().map(|opening| {
        let [a, b] = opening.feet();
        floor.part_at(((a + b) / 2.0).truncate(), 0.1)
    });
    let Some(first) = parts.next() else { return true };
    first.is_some() && parts.all(|part| part == first)
}
