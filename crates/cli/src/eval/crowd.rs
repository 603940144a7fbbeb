//! `scanwise eval --crowd N`: every home with things of other homes beside it, N objects in all, and the questions
//! whose answers they do not change.

use super::rooms::Room;
use scene::PointCloud;
use std::collections::HashSet;
use tasks::facts::Fact;
use tasks::suite::Question;

/// First parts of the phrasings of questions whose answers stay true, whatever stands in the next room, so long
/// as none of it is of a class that this home has.
const UNMOVED: [&str; 11] = [
    "colour",
    "material",
    "what-is",
    "compare",
    "count",
    "what-nearest",
    "what-on",
    "what-under",
    "find-one",
    "find-all",
    "distance",
];
/// Between two homes.
const GAP_M: f32 = 0.5;
/// Homes in a row.
const IN_A_ROW: usize = 3;

/// Everything is in the true frames of the rooms from here on.
pub(super) fn crowd(rooms: &[Room], objects: usize) -> Result<Vec<Room>, String> {
    let extent = |axis: usize| {
        let of_room =
            |room: &Room| bounds(&room.positions, axis).map_or(0.0, |(low, high)| high - low);
        rooms.iter().map(of_room).fold(0.0, f32::max) + GAP_M
    };
    let pitch = [extent(0), extent(1)];
    (0..rooms.len()).map(|own| among(rooms, own, objects, pitch)).collect()
}

fn among(rooms: &[Room], own: usize, objects: usize, pitch: [f32; 2]) -> Result<Room, String> {
    let room = &rooms[own];
    let classes: HashSet<&str> = labels(room).collect();
    let mut case = room.case.clone();
    case.questions.retain(|question| !question.objects.is_empty() && is_unmoved(question));
    let mut crowded = Room {
        case,
        cloud: PointCloud {
            positions: room.positions.clone(),
            colours: room.cloud.colours.clone(),
            ..PointCloud::default()
        },
        ids: room.ids.clone(),
        positions: room.positions.clone(),
    };
    let mut count = room.case.facts.objects.len();
    let mut next_id = room.ids.iter().copied().max().unwrap_or(0) + 1;
    for step in 1..rooms.len() {
        let other = &rooms[(own + step) % rooms.len()];
        let is_guest = |fact: &&Fact| fact.clear && !classes.contains(fact.label.as_str());
        let guests = other.case.facts.objects.iter().filter(is_guest);
        let guests: Vec<u32> =
            guests.map(|fact| fact.id.0).take(objects.saturating_sub(count)).collect();
        let cell = [step % IN_A_ROW, step / IN_A_ROW];
        let shift = [0, 1].map(|axis| {
            let low = |room: &Room| bounds(&room.positions, axis).map_or(0.0, |(low, _)| low);
            low(room) + cell[axis] as f32 * pitch[axis] - low(other)
        });
        for (index, id) in other.ids.iter().enumerate() {
            let Some(guest) = guests.iter().position(|guest| guest == id) else { continue };
            let [x, y, z] = other.positions[index];
            crowded.positions.push([x + shift[0], y + shift[1], z]);
            crowded.ids.push(next_id + guest as u32);
            if let Some(colours) = &mut crowded.cloud.colours {
                let of_other = other.cloud.colours.as_ref().map(|colours| colours[index]);
                colours.push(of_other.unwrap_or([128; 3]));
            }
        }
        count += guests.len();
        next_id += guests.len() as u32;
    }
    if count < objects {
        return Err(format!(
            "{}: the suite has only {count} objects for it, not {objects}",
            crowded.case.name
        ));
    }
    crowded.cloud.positions.clone_from(&crowded.positions);
    Ok(crowded)
}

fn labels(room: &Room) -> impl Iterator<Item = &str> {
    room.case.facts.objects.iter().map(|fact| fact.label.as_str())
}

fn is_unmoved(question: &Question) -> bool {
    let family = question.phrasing.split('/').next().unwrap_or_default();
    question.after.is_none() && UNMOVED.contains(&family)
}

fn bounds(positions: &[[f32; 3]], axis: usize) -> Option<(f32, f32)> {
    let along = positions.iter().map(|position| position[axis]);
    Some((along.clone().reduce(f32::min)?, along.reduce(f32::max)?))
}
