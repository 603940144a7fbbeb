use super::{Measure, Program, Relation, Set};
use crate::facts::Facts;
use crate::suite::{Number, Support};
use crate::words;
use scene::InstanceId;
use thiserror::Error;

/// What a program comes to.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Outcome {
    /// Right answers, the best first.
    pub answers: Vec<String>,
    /// The objects the answer names.
    pub objects: Vec<InstanceId>,
    /// The answer as a number, where it is one.
    pub value: Option<Number>,
}

/// Why a program has no answer that everyone would agree on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Undecided {
    /// It names an object that the room does not have.
    #[error("it names an object that the room does not have")]
    NoObject,
    /// Exactly one object is needed, and there are none or several.
    #[error("exactly one object is needed, and there are none or several")]
    NotOne,
    /// The answer depends on what the scan does not show.
    #[error("the answer depends on what the scan does not show")]
    Unseen,
    /// Two objects are too much alike in what is asked.
    #[error("two objects are too much alike in what is asked")]
    Close,
    /// An object has no clear colour.
    #[error("an object has no clear colour")]
    NoColour,
    /// A class could be mistaken for another that is there too.
    #[error("a class could be mistaken for another that is there too")]
    NoClass,
}

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
/// Distances below this are not asked for.
const LEAST_DISTANCE_M: f32 = 0.2;

impl Program {
    /// Runs it on a room's facts. Every comparison needs a margin; see [`Undecided`].
    pub fn run(&self, facts: &Facts) -> Result<Outcome, Undecided> {
        let run = Run { facts };
        match self {
            Self::Objects { of } => {
                let found = run.visible(of)?;
                let mentions: Vec<String> = found.iter().map(|&i| run.mention(i)).collect();
                let text = if found.is_empty() { "none".to_owned() } else { mentions.join(", ") };
                Ok(Outcome { answers: vec![text], objects: run.ids(&found), value: None })
            }
            Self::Exists { of } => {
                let found = run.set(of)?;
                let clear: Vec<usize> =
                    found.iter().copied().filter(|&i| facts.objects[i].clear).collect();
                if clear.is_empty() && !found.is_empty() {
                    return Err(Undecided::Unseen);
                }
                let answer = if clear.is_empty() { "no" } else { "yes" };
                Ok(Outcome {
                    answers: vec![answer.to_owned()],
                    objects: run.ids(&clear),
                    value: None,
                })
            }
            Self::Count { of } => {
                let found = run.visible(of)?;
                let mut answers = vec![found.len().to_string()];
                answers.extend(words::number_word(found.len()).map(str::to_owned));
                let value = Number { number: found.len() as f64, unit: "count".to_owned() };
                Ok(Outcome { answers, objects: run.ids(&found), value: Some(value) })
            }
            Self::Class { of } => {
                let object = run.one(of)?;
                let label = &facts.objects[object].label;
                let mut answers = vec![label.clone()];
                answers.extend(words::synonyms(label).map(str::to_owned));
                Ok(Outcome { answers, objects: run.ids(&[object]), value: None })
            }
            Self::Colour { of } => {
                let object = run.one(of)?;
                let colour = facts.objects[object].colour.clone().ok_or(Undecided::NoColour)?;
                let mut answers = vec![colour.clone()];
                answers.extend((colour == "grey").then(|| "gray".to_owned()));
                Ok(Outcome { answers, objects: run.ids(&[object]), value: None })
            }
            Self::Caption { of } => run.caption(run.one(of)?),
            Self::Distance { a, b } => run.distance(run.one(a)?, run.one(b)?),
        }
    }
}

struct Run<'a> {
    facts: &'a Facts,
}

impl Run<'_> {
    fn ids(&self, found: &[usize]) -> Vec<InstanceId> {
        found.iter().map(|&index| self.facts.objects[index].id).collect()
    }

    fn mention(&self, index: usize) -> String {
        crate::prompt::mention(self.facts.objects[index].id)
    }

    /// The places of a set's objects, seen or not, ascending.
    fn set(&self, set: &Set) -> Result<Vec<usize>, Undecided> {
        match set {
            Set::Object { id } => {
                let index = self.facts.index_of(*id).ok_or(Undecided::NoObject)?;
                Ok(vec![index])
            }
            Set::Kind { class, colour } => self.kind(class.as_deref(), colour.as_deref()),
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
    fn visible(&self, set: &Set) -> Result<Vec<usize>, Undecided> {
        let found = self.set(set)?;
        let clear = found.iter().all(|&index| self.facts.objects[index].clear);
        clear.then_some(found).ok_or(Undecided::Unseen)
    }

    fn one(&self, set: &Set) -> Result<usize, Undecided> {
        match self.visible(set)?[..] {
            [only] => Ok(only),
            _ => Err(Undecided::NotOne),
        }
    }

    fn kind(&self, class: Option<&str>, colour: Option<&str>) -> Result<Vec<usize>, Undecided> {
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
    fn beside(&self, a: usize, b: usize) -> Result<bool, Undecided> {
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
        let [best, second] = first_two(&candidates, |index| sign * whole(index))?;
        let [best_scanned, _] = first_two(&candidates, |index| sign * scanned(index))?;
        let (less, more) = if most { (second, best) } else { (best, second) };
        if best_scanned == best && whole(more) >= factor * whole(less) {
            Ok(vec![best])
        } else {
            Err(Undecided::Close)
        }
    }

    fn distance(&self, a: usize, b: usize) -> Result<Outcome, Undecided> {
        if a == b {
            return Err(Undecided::NotOne);
        }
        let metres = self.facts.distance_m(a, b);
        if metres < LEAST_DISTANCE_M {
            return Err(Undecided::Close);
        }
        Ok(Outcome {
            answers: vec![format!("{metres:.1} m"), format!("{metres:.1}")],
            objects: self.ids(&[a, b]),
            value: Some(Number {
                number: (f64::from(metres) * 1000.0).round() / 1000.0,
                unit: "m".to_owned(),
            }),
        })
    }

    /// “A brown sofa next to <OBJ004> coffee table.”: first with the carrier or the nearest
    /// neighbour, then with each of the others.
    fn caption(&self, object: usize) -> Result<Outcome, Undecided> {
        let fact = &self.facts.objects[object];
        let what = match &fact.colour {
            Some(colour) => format!("{colour} {}", fact.label),
            None => fact.label.clone(),
        };
        let mut what = format!("{} {what}", words::article(&what));
        what[..1].make_ascii_uppercase();
        let mut neighbours: Vec<(&str, usize)> = Vec::new();
        if let Support::Object(id) = fact.support
            && let Some(carrier) = self.facts.index_of(id)
        {
            neighbours.push(("on", carrier));
        }
        let mut beside: Vec<usize> = (0..self.facts.objects.len())
            .filter(|&other| other != object && self.beside(object, other) == Ok(true))
            .collect();
        beside.sort_by(|&a, &b| {
            self.facts.distance_m(object, a).total_cmp(&self.facts.distance_m(object, b))
        });
        neighbours.extend(beside.into_iter().map(|other| ("next to", other)));
        neighbours.retain(|(_, other)| self.facts.objects[*other].clear);
        let sentences: Vec<String> = neighbours
            .iter()
            .map(|(relation, other)| {
                let label = &self.facts.objects[*other].label;
                format!("{what} {relation} {} {label}.", self.mention(*other))
            })
            .collect();
        let answers = if sentences.is_empty() { vec![format!("{what}.")] } else { sentences };
        let objects = neighbours.first().map(|(_, other)| *other);
        Ok(Outcome { answers, objects: self.ids(objects.as_slice()), value: None })
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
