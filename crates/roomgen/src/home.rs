//! One to four furnished rooms side by side, joined by openings in their walls. One frame for
//! all: metres, z up, floors at z = 0, walls along x and y, the first room as it was planned.

mod floor;
mod join;
mod outline;
mod plan;
mod stance;

pub use floor::FloorGrid;
pub use plan::plan;
pub use stance::Stance;

use crate::room::{Placed, Room};
use glam::{Vec2, Vec3};
use scene::Aabb;

/// Most rooms of a home.
pub const MOST_SPACES: usize = 4;

/// Rooms, what joins them, and all that stands in them.
#[derive(Clone, Debug)]
pub struct Home {
    /// The rooms, the one that was planned first in front; never empty.
    pub spaces: Vec<Space>,
    /// The holes in walls that lead from one room to another.
    pub openings: Vec<Opening>,
    /// The furniture of all rooms; carriers are indices of this list.
    pub placed: Vec<Placed>,
    /// For each piece the index of its room in [`Home::spaces`].
    pub space_of: Vec<usize>,
}

/// One room of a home.
#[derive(Clone, Debug)]
pub struct Space {
    /// Its shell, in its own frame; its furniture is in [`Home::placed`].
    pub room: Room,
    /// Where it lies in the home.
    pub home_from_room: Stance,
}

/// A hole in the wall between two rooms, from the floor up.
#[derive(Clone, Debug)]
pub struct Opening {
    /// The rooms on its sides: first the one at the low end of `axis`.
    pub between: [usize; 2],
    /// The hole itself, as deep as the wall is thick.
    pub hole: Aabb,
    /// The axis that leads through it: 0 for x, 1 for y.
    pub axis: usize,
    /// Of its sides, its top and its threshold, 0..=255.
    pub jamb_colour: Vec3,
}

/// Where in a home a point is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// In the room of this index.
    Space(usize),
    /// In the opening of this index.
    Opening(usize),
}

impl Home {
    /// A home of one room.
    pub fn of(mut room: Room) -> Self {
        let placed = std::mem::take(&mut room.placed);
        let space_of = vec![0; placed.len()];
        let space = Space { room, home_from_room: Stance::default() };
        Self { spaces: vec![space], openings: Vec::new(), placed, space_of }
    }

    /// The room or opening that a point is in; `None` inside walls and outdoors.
    pub fn place_of(&self, point: Vec3) -> Option<Place> {
        let space = self.spaces.iter().position(|space| space.contains(point)).map(Place::Space);
        let in_hole = |opening: &Opening| opening.hole.contains(point);
        space.or_else(|| self.openings.iter().position(in_hole).map(Place::Opening))
    }

    /// The corners of the floor of the whole home, rooms and openings, in order round it. A yard
    /// between rooms counts as floor.
    pub fn outline(&self) -> Vec<Vec2> {
        let holes = self
            .openings
            .iter()
            .map(|opening| [opening.hole.min.truncate(), opening.hole.max.truncate()]);
        let rects: Vec<[Vec2; 2]> =
            self.spaces.iter().flat_map(Space::footprint).chain(holes).collect();
        outline::outline(&rects)
    }

    /// Square metres of wall, floor and a little furniture: what a scan covers.
    pub fn surface_m2(&self) -> f32 {
        let of_room = |size: Vec3| 1.6 * size.x * size.y + 2.0 * size.z * (size.x + size.y);
        self.spaces.iter().map(|space| of_room(space.room.size)).sum()
    }

    /// From floor to the highest ceiling, metres.
    pub fn height(&self) -> f32 {
        self.spaces.iter().map(|space| space.room.size.z).fold(0.0, f32::max)
    }

    /// The pieces of one room, with their indices.
    pub fn pieces_in(&self, space: usize) -> impl Iterator<Item = (usize, &Placed)> {
        let all = self.placed.iter().enumerate();
        all.zip(&self.space_of).filter(move |(_, of)| **of == space).map(|(piece, _)| piece)
    }
}

impl Space {
    /// Whether the point is within its walls, floor and ceiling.
    pub fn contains(&self, point: Vec3) -> bool {
        let local = self.home_from_room.inverse(point);
        let inside = Aabb { min: Vec3::ZERO, max: self.room.size }.contains(local);
        inside && !self.room.notch_box().is_some_and(|notch| notch.contains(local))
    }

    /// The corners of its floor, in order round it.
    pub fn corners(&self) -> Vec<Vec2> {
        let corners = self.room.corners().into_iter();
        corners.map(|corner| self.home_from_room.apply(corner.extend(0.0)).truncate()).collect()
    }

    /// Its floor as one rectangle, or two for an L: least and greatest corner.
    pub fn footprint(&self) -> Vec<[Vec2; 2]> {
        let size = self.room.size.truncate();
        let local = match self.room.notch {
            None => vec![[Vec2::ZERO, size]],
            Some(notch) => vec![
                [Vec2::ZERO, Vec2::new(size.x, notch.y)],
                [Vec2::new(0.0, notch.y), Vec2::new(notch.x, size.y)],
            ],
        };
        let turned = local.into_iter().map(|rect| {
            let [a, b] = rect.map(|p| self.home_from_room.apply(p.extend(0.0)).truncate());
            [a.min(b), a.max(b)]
        });
        turned.collect()
    }

    /// The box round it.
    pub fn bounds(&self) -> Aabb {
        let a = self.home_from_room.apply(Vec3::ZERO);
        let b = self.home_from_room.apply(self.room.size);
        Aabb { min: a.min(b), max: a.max(b) }
    }

    /// Square metres of floor.
    pub fn floor_m2(&self) -> f32 {
        self.footprint().iter().map(|[low, high]| (*high - *low).element_product()).sum()
    }
}

impl Opening {
    /// Its two feet on the floor, in the middle of the wall.
    pub fn feet(&self) -> [Vec3; 2] {
        let mut middle = self.hole.centre();
        middle.z = self.hole.min.z;
        let mut half = Vec3::ZERO;
        half[1 - self.axis] = self.width() / 2.0;
        [middle - half, middle + half]
    }

    /// Metres between its sides.
    pub fn width(&self) -> f32 {
        self.hole.size()[1 - self.axis]
    }

    /// The room on the other side.
    pub fn beyond(&self, space: usize) -> usize {
        if self.between[0] == space { self.between[1] } else { self.between[0] }
    }
}
