//! Which objects a set holds. Every comparison needs a margin; see [`Undecided`].

use super::{Measure, Relation, Set, Undecided, View};
use crate::facts::Facts;
use crate::suite::Support;
use crate::words;
use geometry::Side;
use scene::InstanceId;

/// The second must be farther by this factor …
const DISTANCE_FACTOR: f32 = 1.2;
/// … and by this much.
const DISTANCE_GAP_M: f32 = 0.1;
/// By the middles of the boxes, by this factor.
const CENTRE_FACTOR: f32 = 1.08;
/// Volumes must differ by this factor.
const SIZE_FACTOR: f32 = 1.35;
/// Heights must differ by this factor.
const HEIGHT_FACTOR: f32 = 1.15;
/// Surely beside each other: a gap of at most this.
const BESIDE_M: f32 = 0.3;
/// Surely not beside each other: a gap of more than this.
const APART_M: f32 = 0.5;

/// Finds a set's objects by their places in the facts.
pub(super) struct Select<'a> {
    pub(super) facts: &'a Facts,
}

impl Select<'_> {
    pub(super) fn ids(&self, found: &[usize]) -> Vec<InstanceId> {
        found.iter().map(|&index| self.facts.objects[index].id).collect()
    }

    pub(super) fn mention(&self, index: usize) -> String {
        crate::prompt::mention(self.facts.objects[index].id)
    }

    /// The places of a set's objects, seen or not, ascending.
    pub(super) fn set(&self, set: &Set) -> Result<Vec<usize>, Undecided> {
        match set {
            Set::Object { id } => {
                let index = self.facts.index_of(*id).ok_or(Undecided::NoObject)?;
                Ok(vec![index])
            }
            Set::Kind { class, colour, material } => {
                self.kind(class.as_deref(), colour.as_deref(), material.as_deref())
            }
            Set::OnSide { side, view, among } => self.on_side(*side, view, among),
            Set::Related { relation, to, among } => {
                let anchor = self.one(to)?;
                let candidates = self.set(among)?;
                self.related(*relation, anchor, &candidates)
            }
            Set::Nearest { to, among } => self.extreme_distance(to, among, 1.0),
            Set::Farthest { to, among } => self.extreme_distance(to, among, -1.0),
            Set::Most { measure, among } => self.extreme(*measure, among, true),
            Set::Least { measure, among } => self.extreme(*measure, among, false),
        }
    }

    /// The same, if all of them can be seen well enough.
    pub(super) fn visible(&self, set: &Set) -> Result<Vec<usize>, Undecided> {
        let found = self.set(set)?;
        let clear = found.iter().all(|&index| self.facts.objects[index].clear);
        clear.then_some(found).ok_or(Undecided::Unseen)
    }

    pub(super) fn one(&self, set: &Set) -> Result<usize, Undecided> {
        match self.visible(set)?[..] {
            [only] => Ok(only),
            _ => Err(Undecided::NotOne),
        }
    }

    fn kind(
        &self,
        class: Option<&str>,
        colour: Option<&str>,
        material: Option<&str>,
    ) -> Result<Vec<usize>, Undecided> {
        let objects = &self.facts.objects;
        if let Some(class) = class {
            // “How many chairs?” has no agreed answer where an armchair stands beside them.
            let mistakable = |label: &str| label != class && words::covers(class, label);
            if objects.iter().any(|object| mistakable(&object.label)) {
                return Err(Undecided::NoClass);
            }
        }
        let of_class = |index: &usize| class.is_none_or(|class| objects[*index].label == class);
        let mut found: Vec<usize> = (0..objects.len()).filter(of_class).collect();
        if let Some(colour) = colour {
            if found.iter().any(|&index| objects[index].colour.is_none()) {
                return Err(Undecided::NoColour);
            }
            found.retain(|&index| objects[index].colour.as_deref() == Some(colour));
        }
        if let Some(material) = material {
            if found.iter().any(|&index| objects[index].material.is_none()) {
                return Err(Undecided::NoMaterial);
            }
            found.retain(|&index| objects[index].material.as_deref() == Some(material));
        }
        Ok(found)
    }

    fn related(
        &self,
        relation: Relation,
        anchor: usize,
        candidates: &[usize],
    ) -> Result<Vec<usize>, Undecided> {
        let carried_by = |carried: usize, carrier: usize| {
            self.facts.objects[carried].support == Support::Object(self.facts.objects[carrier].id)
        };
        let mut found = Vec::new();
        for &candidate in candidates.iter().filter(|&&candidate| candidate != anchor) {
            let holds = match relation {
                Relation::On => carried_by(candidate, anchor),
                Relation::Under => carried_by(anchor, candidate),
                Relation::NextTo => self.beside(candidate, anchor)?,
            };
            if holds {
                found.push(candidate);
            }
        }
        // Is the cup on a book on the desk on the desk? People differ.
        let stacked = |&upper: &usize| found.iter().any(|&lower| carried_by(upper, lower));
        if relation == Relation::On && candidates.iter().any(stacked) {
            return Err(Undecided::Close);
        }
        Ok(found)
    }

    /// Side by side on the same ground; undecided for gaps that some would call beside.
    pub(super) fn beside(&self, a: usize, b: usize) -> Result<bool, Undecided> {
        let [fact_a, fact_b] = [a, b].map(|index| &self.facts.objects[index]);
        let flat = |fact: &crate::facts::Fact| fact.whole.size().z < 0.05;
        if fact_a.support != fact_b.support || flat(fact_a) || flat(fact_b) {
            return Ok(false);
        }
        let gap = self.facts.distance_m(a, b);
        // A box may reach over the other without touching it: a chair pushed under a table is at
        // it, and people differ on whether it is next to it.
        let shared = fact_a.whole.intersection(&fact_b.whole).volume();
        let overlaps = !fact_a.whole.intersection(&fact_b.whole).is_empty()
            && shared > 0.1 * fact_a.whole.volume().min(fact_b.whole.volume());
        if gap > APART_M {
            return Ok(false);
        }
        let heights =
            fact_a.whole.max.z.min(fact_b.whole.max.z) - fact_a.whole.min.z.max(fact_b.whole.min.z);
        let lower = fact_a.whole.size().z.min(fact_b.whole.size().z);
        if gap > BESIDE_M || overlaps || heights < 0.5 * lower {
            return Err(Undecided::Close);
        }
        Ok(true)
    }

    /// The candidate of least `sign · distance` from the anchor, by surface and by middle.
    fn extreme_distance(&self, to: &Set, among: &Set, sign: f32) -> Result<Vec<usize>, Undecided> {
        let anchor = self.one(to)?;
        let mut candidates = self.set(among)?;
        candidates.retain(|&index| index != anchor);
        let by_surface = |index: usize| self.facts.distance_m(anchor, index);
        let by_middle = |index: usize| self.facts.centre_distance_m(anchor, index);
        let [best, second] = first_two(&candidates, |index| sign * by_surface(index))?;
        let (less, more) = if sign > 0.0 { (best, second) } else { (second, best) };
        let surface_clear = by_surface(more)
            >= (by_surface(less) * DISTANCE_FACTOR).max(by_surface(less) + DISTANCE_GAP_M);
        let [best_by_middle, second] = first_two(&candidates, |index| sign * by_middle(index))?;
        let (less, more) = if sign > 0.0 { (best, second) } else { (second, best) };
        let middle_clear =
            best_by_middle == best && by_middle(more) >= by_middle(less) * CENTRE_FACTOR;
        if surface_clear && middle_clear { Ok(vec![best]) } else { Err(Undecided::Close) }
    }

    /// The candidate with the most or least of a measure, on the whole box and on the scanned one.
    fn extreme(&self, measure: Measure, among: &Set, most: bool) -> Result<Vec<usize>, Undecided> {
        let candidates = self.set(among)?;
        self.foremost(measure, &candidates, most).map(|best| vec![best])
    }

    /// The one of these with the most or least of a measure.
    pub(super) fn foremost(
        &self,
        measure: Measure,
        candidates: &[usize],
        most: bool,
    ) -> Result<usize, Undecided> {
        let sign = if most { -1.0 } else { 1.0 };
        let of = |bounds: &scene::Aabb| match measure {
            Measure::Size => bounds.volume(),
            Measure::Height => bounds.size().z,
        };
        let factor = match measure {
            Measure::Size => SIZE_FACTOR,
            Measure::Height => HEIGHT_FACTOR,
        };
        let whole = |index: usize| of(&self.facts.objects[index].whole);
        let scanned = |index: usize| of(&self.facts.objects[index].scanned);
        let [best, second] = first_two(candidates, |index| sign * whole(index))?;
        let [best_scanned, _] = first_two(candidates, |index| sign * scanned(index))?;
        let (less, more) = if most { (second, best) } else { (best, second) };
        if best_scanned == best && whole(more) >= factor * whole(less) {
            Ok(best)
        } else {
            Err(Undecided::Close)
        }
    }

    /// Undecided where any candidate lies between two sides.
    fn on_side(&self, side: Side, view: &View, among: &Set) -> Result<Vec<usize>, Undecided> {
        let stand = view.stand(self)?;
        let mut found = Vec::new();
        for candidate in self.visible(among)? {
            if !stand.is_of(candidate) && stand.side_of(self.facts, candidate)? == side {
                found.push(candidate);
            }
        }
        Ok(found)
    }
}

/// The two candidates of least `value`, of at least two.
fn first_two(candidates: &[usize], value: impl Fn(usize) -> f32) -> Result<[usize; 2], Undecided> {
    let mut sorted = candidates.to_vec();
    sorted.sort_by(|&a, &b| value(a).total_cmp(&value(b)));
    match sorted[..] {
        [first, second, ..] => Ok([first, second]),
        _ => Err(Undecided::NotOne),
    }
}
