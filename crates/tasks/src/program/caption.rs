//! Captions of an object and of a whole room.

use super::select::Select;
use super::{Outcome, Undecided};
use crate::facts::Fact;
use crate::prompt::mention;
use crate::suite::Support;
use crate::words;

/// “A brown sofa next to <OBJ004> coffee table.”: first with the carrier or the nearest neighbour,
/// then with each of the others.
pub(super) fn of_object(select: &Select<'_>, object: usize) -> Result<Outcome, Undecided> {
    let facts = select.facts;
    let fact = &facts.objects[object];
    let what = with_article(&described(fact));
    let mut neighbours: Vec<(&str, usize)> = Vec::new();
    if let Support::Object(id) = fact.support
        && let Some(carrier) = facts.index_of(id)
    {
        neighbours.push(("on", carrier));
    }
    let mut beside: Vec<usize> = (0..facts.objects.len())
        .filter(|&other| other != object && select.beside(object, other) == Ok(true))
        .collect();
    beside.sort_by(|&a, &b| facts.distance_m(object, a).total_cmp(&facts.distance_m(object, b)));
    neighbours.extend(beside.into_iter().map(|other| ("next to", other)));
    neighbours.retain(|(_, other)| facts.objects[*other].clear);
    let sentences: Vec<String> = neighbours
        .iter()
        .map(|(relation, other)| {
            let label = &facts.objects[*other].label;
            format!("{what} {relation} {} {label}.", select.mention(*other))
        })
        .collect();
    let answers = if sentences.is_empty() { vec![format!("{what}.")] } else { sentences };
    let objects = neighbours.first().map(|(_, other)| *other);
    Ok(Outcome { answers, objects: select.ids(objects.as_slice()), ..Outcome::default() })
}

/// Objects that a caption of a room names, and how many in its shorter forms.
const NAMED: [usize; 3] = [5, 4, 3];
/// Fewer make no room to speak of.
const LEAST_NAMED: usize = 2;

/// “A bedroom with <OBJ001> brown bed, <OBJ003> wardrobe, <OBJ002> nightstand.”: the largest thing
/// of each class, the largest first; then with fewer of them.
pub(super) fn of_room(select: &Select<'_>) -> Result<Outcome, Undecided> {
    let facts = select.facts;
    let mut order: Vec<usize> =
        (0..facts.objects.len()).filter(|&index| facts.objects[index].clear).collect();
    let size = |index: usize| facts.objects[index].whole.volume();
    order.sort_by(|&a, &b| size(b).total_cmp(&size(a)));
    let mut named: Vec<usize> = Vec::new();
    for index in order {
        let label = &facts.objects[index].label;
        // Every room has these.
        let telling = !matches!(label.as_str(), "door" | "window" | "curtain" | "rug");
        if telling && named.iter().all(|&other| facts.objects[other].label != *label) {
            named.push(index);
        }
    }
    if named.len() < LEAST_NAMED {
        return Err(Undecided::NotOne);
    }
    let room = with_article(facts.purpose.as_deref().unwrap_or("room"));
    let with = |count: usize| {
        let things: Vec<String> = named
            .iter()
            .take(count)
            .map(|&index| {
                let fact = &facts.objects[index];
                format!("{} {}", mention(fact.id), described(fact))
            })
            .collect();
        format!("{room} with {}.", things.join(", "))
    };
    let mut answers: Vec<String> = NAMED.map(with).to_vec();
    answers.dedup();
    named.truncate(NAMED[0]);
    Ok(Outcome { answers, objects: select.ids(&named), ..Outcome::default() })
}

/// Colour and class.
pub(super) fn described(fact: &Fact) -> String {
    match &fact.colour {
        Some(colour) => format!("{colour} {}", fact.label),
        None => fact.label.clone(),
    }
}

fn with_article(what: &str) -> String {
    let mut phrase = format!("{} {what}", words::article(what));
    phrase[..1].make_ascii_uppercase();
    phrase
}
