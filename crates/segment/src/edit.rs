//! What a person sets right in the objects of a scene.

use crate::edit_place::{self, LARGEST_OF_SCENE, Placed, SMALLEST_M};
use crate::finish::robust_box;
use crate::found::MOST_INSTANCES;
use glam::Vec3;
use scene::{Aabb, Edit, Instance, InstanceId, Scene, Superpoints};
use std::collections::BTreeSet;
use thiserror::Error;

/// An object made by hand is no guess.
pub(crate) const SURE: f32 = 1.0;
/// Names longer than this, in characters, are cut.
const LONGEST_NAME: usize = 60;

/// An edit that was made, for undoing it and doing it again.
#[derive(Clone, Debug)]
pub struct Change {
    /// The instances that are no longer as they were.
    before: Vec<Instance>,
    /// What stands in their place.
    after: Vec<Instance>,
    /// Points that lie elsewhere since then.
    moved: Vec<MovedPoint>,
    /// Points that are there since then.
    placed: Option<Placed>,
}

/// A point of the scene's cloud that an edit moved, scene frame, metres.
#[derive(Clone, Copy, Debug, PartialEq)]
struct MovedPoint {
    index: u32,
    from: [f32; 3],
    to: [f32; 3],
}

/// Nobody moves a thing farther than this along an axis, or places one farther away, metres.
pub(crate) const FARTHEST_M: f32 = 100.0;

/// Why an edit cannot be made. The scene is as it was.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum EditError {
    /// There is no such object.
    #[error("There is no object #{0} in this scan any more.")]
    NoSuchObject(InstanceId),
    /// Fewer than two different objects to merge.
    #[error("Merging takes two objects or more. Select another one too.")]
    TooFewToMerge,
    /// The point is no part of anything, or none of the scan's.
    #[error("Here is only floor, wall or ceiling. Click on the thing itself.")]
    BareShell,
    /// The point is a part of an object already.
    #[error("This belongs to object #{0} already. Split or delete that one first.")]
    Taken(InstanceId),
    /// The object is of one piece.
    #[error("This object is of one piece, so there is no joint to take it apart at.")]
    OnePiece,
    /// A way that is none, or leads out of any room.
    #[error("An object can be moved by {FARTHEST_M} m at most.")]
    TooFar,
    /// A place that is none, or far from the scan.
    #[error("A new thing can be placed up to {FARTHEST_M} m from the scan.")]
    FarAway,
    /// A box that nothing fits, or that does not fit the scan.
    #[error(
        "A new thing is at least {mm} mm long each way, and at most {LARGEST_OF_SCENE} times as long \
         as the scan.",
        mm = 1000.0 * SMALLEST_M
    )]
    NoSize,
    /// A scene has no more names for objects.
    #[error("A scan can have {MOST_INSTANCES} objects. Delete one first.")]
    TooMany,
}

impl Change {
    /// Makes an edit.
    ///
    /// # Errors
    /// [`EditError`].
    pub fn make(scene: &mut Scene, edit: &Edit) -> Result<Self, EditError> {
        let change = match edit {
            Edit::Grow { point } => grow(scene, *point)?,
            Edit::Merge { ids } => merge(scene, ids)?,
            Edit::Split { id } => split(scene, *id)?,
            Edit::Rename { id, name } => rename(scene, *id, name)?,
            Edit::Move { id, by } => shift(scene, *id, (*by).into())?,
            Edit::Place { name, bounds } => {
                let (placed, one) = edit_place::place(scene, free_id(scene)?, told(name), bounds)?;
                Self { placed: Some(placed), ..Self::of(Vec::new(), vec![one]) }
            }
            Edit::Delete { id } => Self::of(vec![instance(scene, *id)?.clone()], Vec::new()),
        };
        change.redo(scene);
        Ok(change)
    }

    fn of(before: Vec<Instance>, after: Vec<Instance>) -> Self {
        Self { before, after, moved: Vec::new(), placed: None }
    }

    /// Takes it back. What was changed last goes first.
    pub fn undo(&self, scene: &mut Scene) {
        replace(scene, &self.after, &self.before);
        self.put(scene, |point| point.from);
        if let Some(placed) = &self.placed {
            placed.take_out(&mut scene.cloud);
        }
    }

    /// Makes it again, after an undo.
    pub fn redo(&self, scene: &mut Scene) {
        if let Some(placed) = &self.placed {
            placed.put_in(&mut scene.cloud);
        }
        replace(scene, &self.before, &self.after);
        self.put(scene, |point| point.to);
    }

    fn put(&self, scene: &mut Scene, place: impl Fn(&MovedPoint) -> [f32; 3]) {
        for point in &self.moved {
            if let Some(position) = scene.cloud.positions.get_mut(point.index as usize) {
                *position = place(point);
            }
        }
    }

    /// The points of the cloud that it moved.
    pub fn moved(&self) -> impl Iterator<Item = u32> + '_ {
        self.moved.iter().map(|point| point.index)
    }

    /// How many points it put behind those that the cloud had.
    pub fn placed(&self) -> usize {
        self.placed.as_ref().map_or(0, Placed::len)
    }

    /// The objects whose points it changed: whatever was known of their looks is void.
    pub fn reshaped(&self) -> Vec<InstanceId> {
        let same = |one: &Instance| {
            let as_before = |old: &&Instance| old.id == one.id && old.points == one.points;
            self.moved.is_empty() && self.before.iter().any(|old| as_before(&old))
        };
        let mut ids: Vec<InstanceId> =
            self.after.iter().filter(|one| !same(one)).map(|one| one.id).collect();
        ids.extend(
            self.before
                .iter()
                .map(|old| old.id)
                .filter(|id| !self.after.iter().any(|one| one.id == *id)),
        );
        ids.sort_unstable();
        ids.dedup();
        ids
    }
}

fn replace(scene: &mut Scene, out: &[Instance], with: &[Instance]) {
    scene.instances.retain(|one| !out.iter().any(|old| old.id == one.id));
    scene.instances.extend(with.iter().cloned());
    scene.instances.sort_by_key(|one| one.id);
}

fn instance(scene: &Scene, id: InstanceId) -> Result<&Instance, EditError> {
    scene.instance(id).ok_or(EditError::NoSuchObject(id))
}

fn of_points(scene: &Scene, id: InstanceId, mut points: Vec<u32>) -> Instance {
    points.sort_unstable();
    let bounds = robust_box(&points, &scene.cloud.positions);
    Instance { id, points, bounds, score: SURE, label: None, told: None }
}

/// An id that no object of the scene has.
fn free_id(scene: &Scene) -> Result<InstanceId, EditError> {
    if scene.instances.len() >= MOST_INSTANCES {
        return Err(EditError::TooMany);
    }
    // The instances stand by rising id.
    let last = scene.instances.last().map_or(0, |one| one.id.0);
    let first_gap = || (1..).find(|id| scene.instance(InstanceId(*id)).is_none());
    Ok(InstanceId(last.checked_add(1).or_else(first_gap).unwrap_or(u32::MAX)))
}

/// The points of some superpoints, ascending.
fn points_of(superpoints: &Superpoints, pieces: &BTreeSet<u32>) -> Vec<u32> {
    let rows = superpoints.of_point.iter().zip(0..);
    rows.filter(|(piece, _)| pieces.contains(piece)).map(|(_, point)| point).collect()
}

/// Its points and its box, by the same way; and those of what stands on it.
fn shift(scene: &Scene, id: InstanceId, by: Vec3) -> Result<Change, EditError> {
    if !by.is_finite() || by.abs().max_element() > FARTHEST_M {
        return Err(EditError::TooFar);
    }
    let place = |&index: &u32| {
        let from = *scene.cloud.positions.get(index as usize)?;
        Some(MovedPoint { index, from, to: (Vec3::from(from) + by).to_array() })
    };
    let index = scene.instances.iter().position(|one| one.id == id);
    let index = index.ok_or(EditError::NoSuchObject(id))?;
    let boxes: Vec<Aabb> = scene.instances.iter().map(|one| one.bounds).collect();
    let along = std::iter::once(index).chain(geometry::carried(&boxes, index));
    let before: Vec<Instance> = along.map(|index| scene.instances[index].clone()).collect();
    // A point may be of two things where one lies in the other: it goes there once.
    let points: BTreeSet<u32> = before.iter().flat_map(|one| one.points.iter().copied()).collect();
    let moved = points.iter().filter_map(place).collect();
    let shifted = |one: &Instance| {
        let bounds = Aabb { min: one.bounds.min + by, max: one.bounds.max + by };
        Instance { bounds, ..one.clone() }
    };
    let after = before.iter().map(shifted).collect();
    Ok(Change { moved, ..Change::of(before, after) })
}

/// Climbs from the superpoint of the point through the joints that hold nothing of another object,
/// to the one most likely an object.
fn grow(scene: &Scene, point: u32) -> Result<Change, EditError> {
    let holds = |one: &&Instance| one.points.binary_search(&point).is_ok();
    if let Some(owner) = scene.instances.iter().find(holds) {
        return Err(EditError::Taken(owner.id));
    }
    let superpoints = &scene.superpoints;
    let leaf = superpoints.of(point).ok_or(EditError::BareShell)?;
    let taken: BTreeSet<u32> = scene
        .instances
        .iter()
        .flat_map(|one| &one.points)
        .filter_map(|&point| superpoints.of(point))
        .collect();
    let parents = superpoints.parents();
    let score = |node: u32| superpoints.scores.get(node as usize).copied().unwrap_or(0.0);
    let (mut node, mut best) = (leaf, leaf);
    while let Some(&parent) = parents.get(node as usize).filter(|up| **up != Superpoints::NONE) {
        if superpoints.leaves(parent).iter().any(|piece| taken.contains(piece)) {
            break;
        }
        node = parent;
        if score(node) >= score(best) {
            best = node;
        }
    }
    let pieces = superpoints.leaves(best).into_iter().collect();
    let grown = of_points(scene, free_id(scene)?, points_of(superpoints, &pieces));
    Ok(Change::of(Vec::new(), vec![grown]))
}

fn merge(scene: &Scene, ids: &[InstanceId]) -> Result<Change, EditError> {
    let first = *ids.first().ok_or(EditError::TooFewToMerge)?;
    let different: BTreeSet<InstanceId> = ids.iter().copied().collect();
    if different.len() < 2 {
        return Err(EditError::TooFewToMerge);
    }
    let before: Vec<Instance> =
        different.iter().map(|id| instance(scene, *id).cloned()).collect::<Result<_, _>>()?;
    let points = before.iter().flat_map(|one| one.points.iter().copied()).collect();
    let told = instance(scene, first)?.told.clone();
    let after = vec![Instance { told, ..of_points(scene, first, points) }];
    Ok(Change::of(before, after))
}

/// At the last joint whose two parts both hold points of the object. Points of no superpoint stay
/// with the larger part.
fn split(scene: &Scene, id: InstanceId) -> Result<Change, EditError> {
    let whole = instance(scene, id)?;
    let superpoints = &scene.superpoints;
    let own: BTreeSet<u32> =
        whole.points.iter().filter_map(|&point| superpoints.of(point)).collect();
    let apart = |node: u32| -> Option<[BTreeSet<u32>; 2]> {
        let parts = superpoints.parts(node)?;
        let sides = parts.map(|part| {
            superpoints.leaves(part).into_iter().filter(|piece| own.contains(piece)).collect()
        });
        sides.iter().all(|side: &BTreeSet<u32>| !side.is_empty()).then_some(sides)
    };
    // Pieces that no joint holds together, after a merge, come apart first.
    let top = roots(superpoints, &own);
    let moved: BTreeSet<u32> = match top.as_slice() {
        [] => return Err(EditError::OnePiece),
        [root] => {
            let mut node = *root;
            loop {
                if let Some([a, b]) = apart(node) {
                    break if a.len() < b.len() { a } else { b };
                }
                // Down to where its pieces are.
                let parts = superpoints.parts(node).ok_or(EditError::OnePiece)?;
                let holds =
                    |part: &u32| superpoints.leaves(*part).iter().any(|piece| own.contains(piece));
                node = parts.into_iter().find(holds).ok_or(EditError::OnePiece)?;
            }
        }
        [_, rest @ ..] => {
            let last = rest.last().copied().unwrap_or_default();
            superpoints.leaves(last).into_iter().filter(|piece| own.contains(piece)).collect()
        }
    };
    let is_moved = |point: &u32| superpoints.of(*point).is_some_and(|piece| moved.contains(&piece));
    let (mut part, mut rest): (Vec<u32>, Vec<u32>) =
        whole.points.iter().copied().partition(is_moved);
    if part.is_empty() || rest.is_empty() {
        return Err(EditError::OnePiece);
    }
    if part.len() > rest.len() {
        (part, rest) = (rest, part);
    }
    let larger = Instance { told: whole.told.clone(), ..of_points(scene, id, rest) };
    let smaller = of_points(scene, free_id(scene)?, part);
    Ok(Change::of(vec![whole.clone()], vec![larger, smaller]))
}

/// The topmost nodes over these superpoints, ascending.
fn roots(superpoints: &Superpoints, pieces: &BTreeSet<u32>) -> Vec<u32> {
    let parents = superpoints.parents();
    let top = |piece: &u32| {
        let mut node = *piece;
        while let Some(&up) = parents.get(node as usize).filter(|up| **up != Superpoints::NONE) {
            node = up;
        }
        node
    };
    pieces.iter().map(top).collect::<BTreeSet<u32>>().into_iter().collect()
}

fn rename(scene: &Scene, id: InstanceId, name: &str) -> Result<Change, EditError> {
    let one = instance(scene, id)?;
    let after = vec![Instance { told: told(name), ..one.clone() }];
    Ok(Change::of(vec![one.clone()], after))
}

/// A name as it is kept; `None` without words.
fn told(name: &str) -> Option<String> {
    let name: String = name.trim().chars().filter(|c| !c.is_control()).take(LONGEST_NAME).collect();
    (!name.is_empty()).then_some(name)
}
