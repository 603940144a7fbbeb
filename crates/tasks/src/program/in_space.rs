//! Answers that are a way or a place, and how somebody else's do.

use super::pose::Thing;
use super::run::length;
use super::select::Select;
use super::{Outcome, Placement, Program, Set, Undecided};
use crate::facts::Facts;
use geometry::{Aabb2, Attempt};
use glam::{Vec2, Vec3};
use scene::Aabb;

impl Program {
    /// How a box of the scene frame does as the answer to a move or a placement; `None` for any
    /// other program.
    ///
    /// # Errors
    /// As [`Program::run`].
    pub fn judge_place(
        &self,
        facts: &Facts,
        bounds: &Aabb,
    ) -> Option<Result<Placement, Undecided>> {
        let select = Select { facts };
        match self {
            Self::Move { of, to } => {
                Some(moved(&select, of).and_then(|thing| to.judge(&select, &thing, bounds)))
            }
            Self::Place { size, to, .. } => {
                let thing = Thing { moved: None, size: Vec3::from(*size) };
                Some(to.judge(&select, &thing, bounds))
            }
            _ => None,
        }
    }

    /// How a way of the scene frame does as the answer to a request for one; `None` for any other
    /// program, and where there is no way.
    pub fn judge_way(&self, facts: &Facts, waypoints: &[Vec2]) -> Option<Attempt> {
        let Self::Path { from, to } = self else { return None };
        let select = Select { facts };
        let [from, to] = [from, to].map(|set| select.one(set).ok().map(|i| footprint(facts, i)));
        geometry::attempt(facts.ground().free.as_ref()?, waypoints, from?, to?, CLEARANCE_M)
    }
}

/// Who walks keeps this much room on each side.
const CLEARANCE_M: f32 = 0.25;
/// Nobody asks for a shorter way.
const LEAST_WAY_M: f32 = 1.0;

fn footprint(facts: &Facts, object: usize) -> Aabb2 {
    facts.objects[object].whole.into()
}

pub(super) fn way(select: &Select<'_>, from: usize, to: usize) -> Result<Outcome, Undecided> {
    let facts = select.facts;
    let free = facts.ground().free.as_ref().ok_or(Undecided::NoPlace)?;
    let ends = [from, to].map(|object| footprint(facts, object));
    let path = geometry::shortest_path(free, ends[0], ends[1], CLEARANCE_M)
        .filter(|path| from != to && path.length_m >= LEAST_WAY_M)
        .ok_or(Undecided::NoPlace)?;
    let in_file = |at: &Vec2| facts.ground().floor_in_file(*at);
    let told: Vec<[f64; 3]> = path.waypoints.iter().map(in_file).collect();
    // What is written down is rounded; it must still be a way.
    let read: Vec<Vec2> = told.iter().map(|at| facts.ground().in_scene(*at)).collect();
    let walked = geometry::attempt(free, &read, ends[0], ends[1], CLEARANCE_M);
    if !walked.is_some_and(|attempt| attempt.success) {
        return Err(Undecided::Close);
    }
    Ok(Outcome {
        answers: vec![format!("{:.1} m", path.length_m)],
        objects: select.ids(&[from, to]),
        value: Some(length(path.length_m)),
        path: Some(told),
        ..Outcome::default()
    })
}

pub(super) fn moved(select: &Select<'_>, of: &Set) -> Result<Thing, Undecided> {
    let object = select.one(of)?;
    Ok(Thing { moved: Some(object), size: select.facts.objects[object].whole.size() })
}

pub(super) fn placed(facts: &Facts, bounds: Aabb, moved: Option<usize>) -> Outcome {
    let middle = bounds.centre();
    Outcome {
        answers: vec![format!("at {:.1}, {:.1}, {:.1}", middle.x, middle.y, middle.z)],
        objects: moved.map(|object| facts.objects[object].id).into_iter().collect(),
        answer_box: Some(facts.ground().box_in_file(&bounds)),
        ..Outcome::default()
    }
}
