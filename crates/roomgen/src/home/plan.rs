use super::{Home, MOST_SPACES, Opening, join};
use crate::assets::{AssetError, Assets};
use crate::layout::{Manner, furnish, furnish_as};
use crate::paint::Paint;
use crate::rng::Rng;
use crate::room::{Carrier, Piece, Placed, Purpose, Room, overlaps, yaw_facing};
use glam::{Vec2, Vec3};
use scene::Aabb;
use tasks::suite::Split;

/// How many homes have one room, two, three, four.
const ODDS: [f32; MOST_SPACES] = [0.62, 0.2, 0.12, 0.06];

/// Fewest and most pieces a room in homes of one room, two, three, four: together at most 60 with
/// the leaves of the doors.
const PIECES: [(usize, usize); MOST_SPACES] = [(6, 25), (10, 28), (9, 19), (6, 14)];

/// Rooms planned for one place before the home goes without it.
const TRIES: usize = 16;

/// Openings with a door that stands open.
const LEAF: f32 = 0.5;

/// How many rooms of a home are laid out oddly on purpose.
const ODD: f32 = 0.15;

/// A furnished home of one to four rooms, each of which can be walked into from every other.
///
/// # Errors
/// A mesh that cannot be read.
pub fn plan(assets: &Assets, split: Split, rng: &mut Rng) -> Result<Home, AssetError> {
    let count = rng.weighted(&ODDS).unwrap_or(0) + 1;
    if count == 1 {
        return Ok(Home::of(furnish(assets, split, rng)?));
    }
    let purposes = purposes(count, rng);
    let limits = PIECES[count - 1];
    let mut hub = room(assets, split, purposes[0], limits, rng)?;
    if rng.chance(0.5) {
        without_doors(&mut hub);
    }
    // Ceilings of one home are mostly of one height.
    let storey_m = rng.chance(0.8).then_some(hub.size.z);
    let mut home = Home::of(hub);
    for &purpose in &purposes[1..] {
        for _ in 0..TRIES {
            let mut new = room(assets, split, purpose, limits, rng)?;
            without_doors(&mut new);
            if let Some(height_m) = storey_m {
                set_height(&mut new, height_m);
            }
            if rng.chance(0.5) {
                new.finish.wall_colour = home.spaces[0].room.finish.wall_colour;
            }
            // Mostly off the first room, as off a hall.
            let first = if rng.chance(0.6) { 0 } else { rng.below(home.spaces.len()) };
            let anchors: Vec<usize> = std::iter::once(first)
                .chain((0..home.spaces.len()).filter(|index| *index != first))
                .collect();
            if anchors.into_iter().any(|anchor| join::join(&mut home, anchor, &new, rng)) {
                break;
            }
        }
    }
    for opening in home.openings.clone() {
        if opening.width() < 1.1 && rng.chance(LEAF) {
            hang_leaf(assets, split, &opening, &mut home, rng)?;
        }
    }
    Ok(home)
}

/// Purposes that are found together; the first is the room that the others open to.
fn purposes(count: usize, rng: &mut Rng) -> Vec<Purpose> {
    use Purpose::{
        Bath, Bedroom, Child, Dining, Kitchen, Living, Meeting, Office, Storage, Studio,
    };
    let together: &[&[Purpose]] = match count {
        2 => &[
            &[Bedroom, Bath],
            &[Living, Dining],
            &[Living, Kitchen],
            &[Dining, Kitchen],
            &[Living, Bedroom],
            &[Studio, Bath],
            &[Bedroom, Child],
            &[Office, Office],
            &[Living, Office],
            &[Office, Meeting],
            &[Kitchen, Storage],
        ],
        3 => &[
            &[Living, Dining, Kitchen],
            &[Living, Bedroom, Bath],
            &[Living, Kitchen, Bedroom],
            &[Bedroom, Bath, Child],
            &[Office, Office, Kitchen],
            &[Living, Office, Bedroom],
            &[Office, Meeting, Storage],
        ],
        _ => &[
            &[Living, Kitchen, Bedroom, Bath],
            &[Living, Dining, Kitchen, Bedroom],
            &[Living, Bedroom, Child, Bath],
            &[Living, Kitchen, Bedroom, Office],
            &[Office, Office, Meeting, Kitchen],
        ],
    };
    rng.pick(together).map_or_else(|| vec![Living], |group| group.to_vec())
}

/// One room of several, its last pieces left out where there are too many.
fn room(
    assets: &Assets,
    split: Split,
    purpose: Purpose,
    (least, most): (usize, usize),
    rng: &mut Rng,
) -> Result<Room, AssetError> {
    let manner = if rng.chance(ODD) { Manner::Odd } else { Manner::LivedIn };
    let mut room = furnish_as(assets, split, purpose, manner, rng)?;
    // Carriers stand before what they carry in the list, so none is lost from under anything.
    room.placed.truncate(rng.between(least, most));
    Ok(room)
}

/// Takes the doors out. They carry nothing.
fn without_doors(room: &mut Room) {
    while let Some(door) = room.placed.iter().position(|p| p.piece.class == "door") {
        room.placed.remove(door);
        for placed in &mut room.placed {
            if let Carrier::Piece(carrier) = &mut placed.support
                && *carrier > door
            {
                *carrier -= 1;
            }
        }
    }
}

/// Another ceiling, no lower than what stands and hangs in the room.
fn set_height(room: &mut Room, height_m: f32) {
    let hangs = |placed: &&Placed| placed.support != Carrier::Ceiling;
    let top = room.placed.iter().filter(hangs).map(|p| p.bounds.max.z).fold(0.0, f32::max);
    let height_m = height_m.max(top + 0.02);
    for placed in room.placed.iter_mut().filter(|p| p.support == Carrier::Ceiling) {
        let up = Vec3::Z * (height_m - room.size.z);
        placed.base += up;
        placed.bounds.min += up;
        placed.bounds.max += up;
    }
    room.size.z = height_m;
}

/// An open door at one side of an opening, into one of its rooms, where it does not hit anything
/// nor bar the way.
fn hang_leaf(
    assets: &Assets,
    split: Split,
    opening: &Opening,
    home: &mut Home,
    rng: &mut Rng,
) -> Result<(), AssetError> {
    let (numbers, weights): (Vec<usize>, Vec<f32>) =
        assets.of("door", split).map(|(number, listing)| (number, listing.weight)).unzip();
    let Some(number) = rng.weighted(&weights).map(|index| numbers[index]) else { return Ok(()) };
    let mesh = assets.mesh(number)?;
    let size = opening.hole.size();
    let scale = Vec3::new(
        (opening.width() - 0.04) / mesh.size.x.max(0.1),
        0.05 / mesh.size.y.max(0.01),
        (size.z - 0.02) / mesh.size.z.max(0.1),
    );
    let paint = if rng.chance(0.6) {
        let name = rng.pick(&["white", "brown", "grey", "beige"]).copied().unwrap_or("white");
        Paint::named(&mesh, name, rng)
    } else {
        Paint::default()
    };
    let piece = Piece { class: "door".to_owned(), mesh, scale, paint };
    let [a, b] = opening.feet().map(|foot| foot.truncate());
    let mut ways: Vec<(usize, bool, bool)> =
        (0..8).map(|bits| (bits & 1, bits & 2 != 0, bits & 4 != 0)).collect();
    rng.shuffle(&mut ways);
    for (side, is_at_a, is_flat) in ways {
        let space = opening.between[side];
        let mut inward = Vec2::ZERO;
        inward[opening.axis] = if side == 0 { -1.0 } else { 1.0 };
        let foot = if is_at_a { a } else { b };
        let outward =
            if is_at_a { (a - b).normalize_or_zero() } else { (b - a).normalize_or_zero() };
        let hinge = foot + inward * (size[opening.axis] / 2.0 + 0.03);
        // Straight into the room, or nearly back to the wall.
        let leaf = if is_flat {
            (outward + inward * rng.range(0.03, 0.12)).normalize_or_zero()
        } else {
            (inward + outward * rng.range(0.02, 0.35)).normalize_or_zero()
        };
        let middle = hinge + leaf * (piece.size().x / 2.0 + 0.02) + inward * 0.03;
        let yaw = yaw_facing(leaf.perp());
        let base = middle.extend(0.01);
        let bounds = piece.bounds_at(base, yaw);
        let hits = home.placed.iter().any(|other| overlaps(&bounds, &other.bounds, 0.004));
        let room = &home.spaces[space];
        let corners = [bounds.min, bounds.max].map(|corner| room.home_from_room.inverse(corner));
        let local = Aabb { min: corners[0].min(corners[1]), max: corners[0].max(corners[1]) };
        if hits || !room.room.holds(&local, 0.02) {
            continue;
        }
        home.placed.push(Placed {
            piece: piece.clone(),
            base,
            yaw,
            bounds,
            support: Carrier::Wall,
        });
        home.space_of.push(space);
        if join::can_be_walked(home) {
            return Ok(());
        }
        home.placed.pop();
        home.space_of.pop();
    }
    Ok(())
}
