//! Where a thing is to be put, and whether it is.

use super::select::Select;
use super::{Set, Undecided};
use crate::facts::Facts;
use geometry::{Aabb2, Search, Support, find_place, fits};
use glam::Vec3;
use scene::{Aabb, InstanceId};
use serde::{Deserialize, Serialize};

/// A place for a thing, told by others.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "pose", rename_all = "snake_case")]
pub enum Pose {
    /// So many metres straight towards the middle of another object: one place and no other.
    Towards {
        /// The other object.
        anchor: Set,
        /// How far from where the thing is now.
        metres: f32,
    },
    /// On the floor next to another object.
    Beside {
        /// The other object.
        anchor: Set,
    },
    /// On top of another object.
    On {
        /// The other object.
        anchor: Set,
    },
    /// On the floor between two objects.
    Between {
        /// The one.
        a: Set,
        /// The other.
        b: Set,
    },
}

/// What is to be put there.
pub(super) struct Thing {
    /// The object that is moved; `None` for a new thing.
    pub(super) moved: Option<usize>,
    /// Width, depth, height.
    pub(super) size: Vec3,
}

/// How a box does as an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Placement {
    /// It has the thing's size, turned by 90° or not.
    pub sized: bool,
    /// It is where it was asked for.
    pub constraint: bool,
    /// Something carries it.
    pub supported: bool,
    /// It bumps into nothing and lies within a room.
    pub free: bool,
}

impl Placement {
    /// Whether nothing is wrong with it.
    pub fn is_right(&self) -> bool {
        self.sized && self.constraint && self.supported && self.free
    }
}

/// Edges may differ from the thing's by this share.
const SIZE_TOLERANCE: f32 = 0.1;
/// Farther from the others than this nobody looks for a place.
const SEARCH_M: f32 = 2.5;
/// Beside a thing is at most this far from it.
const BESIDE_M: f32 = 0.3;
/// How far from the place asked for a thing may end, where there is only one.
const EXACT_M: f32 = 0.1;

impl Pose {
    /// A place that is right, in the scene frame: the only one, or the nearest.
    pub(super) fn find(&self, select: &Select<'_>, thing: &Thing) -> Result<Aabb, Undecided> {
        let facts = select.facts;
        let ground = facts.ground();
        let except = thing.ids(facts);
        if let Some(bounds) = self.exact(select, thing)? {
            let fit = fits(&ground.layout(), &bounds, &except);
            return if fit.ok() { Ok(bounds) } else { Err(Undecided::NoPlace) };
        }
        let anchors = self.anchor_indices(select)?;
        if anchors.iter().any(|&anchor| thing.moved == Some(anchor)) {
            return Err(Undecided::NotOne);
        }
        let middle = |&anchor: &usize| facts.objects[anchor].whole.centre().truncate();
        let near = anchors.iter().map(middle).sum::<glam::Vec2>() / anchors.len() as f32;
        let reach = anchors.iter().map(|&a| facts.objects[a].whole.size().length()).sum::<f32>();
        let search = Search { near, radius_m: SEARCH_M.min(reach + thing.size.max_element()) };
        // What holds by a hair does not once its numbers are told, to a tenth of a millimetre.
        let accept = |bounds: &Aabb, support| {
            let told = ground.scene_from_file.box_in_scene(&ground.box_in_file(bounds));
            self.holds(facts, &anchors, bounds, support)
                && fits(&ground.layout(), &told, &except).support == Some(support)
                && self.holds(facts, &anchors, &told, support)
        };
        find_place(&ground.layout(), thing.size, &except, search, accept)
            .map(|spot| spot.bounds)
            .ok_or(Undecided::NoPlace)
    }

    /// How somebody's box does.
    pub(super) fn judge(
        &self,
        select: &Select<'_>,
        thing: &Thing,
        bounds: &Aabb,
    ) -> Result<Placement, Undecided> {
        let facts = select.facts;
        let fit = fits(&facts.ground().layout(), bounds, &thing.ids(facts));
        let constraint = match self.exact(select, thing)? {
            Some(exact) => bounds.centre().distance(exact.centre()) <= EXACT_M,
            None => {
                let anchors = self.anchor_indices(select)?;
                fit.support.is_some_and(|support| self.holds(facts, &anchors, bounds, support))
            }
        };
        Ok(Placement {
            sized: thing.is_size(bounds.size()),
            constraint,
            supported: fit.support.is_some(),
            free: fit.collides_with.is_empty() && fit.inside,
        })
    }

    /// The one place that is meant, where there is one.
    fn exact(&self, select: &Select<'_>, thing: &Thing) -> Result<Option<Aabb>, Undecided> {
        let (Self::Towards { anchor, metres }, Some(moved)) = (self, thing.moved) else {
            return Ok(None);
        };
        let anchor = select.one(anchor)?;
        let [from, to] = [moved, anchor].map(|index| select.facts.objects[index].whole);
        let way = (to.centre() - from.centre()).truncate();
        if anchor == moved || way.length() < *metres {
            return Err(Undecided::NoPlace);
        }
        let step = (way.normalize_or_zero() * *metres).extend(0.0);
        Ok(Some(Aabb { min: from.min + step, max: from.max + step }))
    }

    /// The objects by which the place is told; `None` where they cannot be told themselves.
    pub fn anchors(&self, facts: &Facts) -> Option<Vec<InstanceId>> {
        let select = Select { facts };
        self.anchor_indices(&select).ok().map(|indices| select.ids(&indices))
    }

    fn anchor_indices(&self, select: &Select<'_>) -> Result<Vec<usize>, Undecided> {
        match self {
            Self::Towards { anchor, .. } | Self::Beside { anchor } | Self::On { anchor } => {
                Ok(vec![select.one(anchor)?])
            }
            Self::Between { a, b } => {
                let both = [select.one(a)?, select.one(b)?];
                if both[0] == both[1] { Err(Undecided::NotOne) } else { Ok(both.to_vec()) }
            }
        }
    }

    fn holds(&self, facts: &Facts, anchors: &[usize], bounds: &Aabb, support: Support) -> bool {
        let whole = |index: usize| &facts.objects[index].whole;
        match (self, anchors) {
            (Self::Beside { .. }, &[anchor]) => {
                let [thing, other] = [Aabb2::from(*bounds), Aabb2::from(*whole(anchor))];
                support == Support::Floor
                    && thing.intersection(&other).is_empty()
                    && bounds.distance(whole(anchor)) <= BESIDE_M
            }
            (Self::On { .. }, &[anchor]) => support == Support::Object(facts.objects[anchor].id),
            (Self::Between { .. }, &[a, b]) => {
                support == Support::Floor && geometry::between(whole(a), whole(b), bounds)
            }
            _ => false,
        }
    }
}

impl Thing {
    fn ids(&self, facts: &Facts) -> Vec<InstanceId> {
        self.moved.map(|index| facts.objects[index].id).into_iter().collect()
    }

    fn is_size(&self, size: Vec3) -> bool {
        let alike = |a: Vec3| ((a - size).abs()).cmple(SIZE_TOLERANCE * size.max(a)).all();
        alike(self.size) || alike(Vec3::new(self.size.y, self.size.x, self.size.z))
    }
}
