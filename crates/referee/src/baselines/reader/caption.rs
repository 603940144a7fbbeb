//! What things and rooms look like, by names and boxes.

use super::{named, refer};
use crate::{Given, Reply};
use tasks::words;

/// Class, colour and what it stands on or beside.
pub(super) fn object(object: &Given, objects: &[Given]) -> Reply {
    let label = object.label.as_deref().unwrap_or("object");
    let what = match &object.colour {
        Some(colour) => format!("{colour} {label}"),
        None => label.to_owned(),
    };
    let mut text = format!("{} {what}", words::article(&what));
    let others = || objects.iter().filter(|other| other.id != object.id);
    let carrier = others().find(|other| geometry::on(&object.bounds, &other.bounds));
    let beside = || {
        refer::nearest(object, objects)
            .filter(|other| geometry::next_to(&object.bounds, &other.bounds))
    };
    let neighbour = carrier.map(|o| ("on", o)).or_else(|| beside().map(|o| ("next to", o)));
    if let Some((relation, label)) = neighbour.and_then(|(r, o)| Some((r, o.label.as_ref()?))) {
        text += &format!(" {relation} {label}");
    }
    named(&text, &[object])
}

/// The largest thing of each class, as what the room is.
pub(super) fn room(objects: &[Given]) -> Option<Reply> {
    let mut order: Vec<&Given> = objects.iter().filter(|object| object.label.is_some()).collect();
    order.sort_by(|a, b| b.bounds.volume().total_cmp(&a.bounds.volume()));
    let mut told: Vec<&Given> = Vec::new();
    for object in order {
        if told.len() < 5 && told.iter().all(|other| other.label != object.label) {
            told.push(object);
        }
    }
    let things: Vec<String> = told
        .iter()
        .map(|object| match (&object.colour, &object.label) {
            (Some(colour), Some(label)) => format!("{colour} {label}"),
            (_, label) => label.clone().unwrap_or_default(),
        })
        .collect();
    let text = format!("{} room with {}", words::article("room"), things.join(", "));
    (!told.is_empty()).then(|| named(&text, &told))
}
