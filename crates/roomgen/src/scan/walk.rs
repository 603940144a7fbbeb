use super::camera::Camera;
use super::preset::Preset;
use crate::home::{FloorGrid, Home};
use crate::rng::Rng;
use glam::{Vec2, Vec3};
use std::f32::consts::TAU;

/// Half the width of who walks, metres; less where there would be hardly a place to stand.
const BODY_M: [f32; 3] = [0.25, 0.15, 0.05];

/// So many places make a room one that can be walked.
const ENOUGH: usize = 12;

/// How much a further room adds to the frames of the first.
const FURTHER: f32 = 0.6;

/// Most frames of a walk.
const MOST_FRAMES: usize = 120;

/// How many of several rooms get a hasty look only.
const HASTY: f32 = 0.15;

/// Who walks on one side only stays this near to one spot, metres.
const ONE_SIDE_M: f32 = 0.8;

/// And looks no farther aside than this.
const HEADING_COSINE: f32 = 0.6;

/// The frames of one scan: where the person stood and looked, in the order of the walk, room by
/// room through the openings. Never empty. Things that nobody looked at stay unseen, as in life.
pub fn walk(home: &Home, preset: &Preset, rng: &mut Rng) -> Vec<Camera> {
    let mut places = standing_places(home);
    let mut headings = vec![None; places.len()];
    for ((of_space, heading), space) in places.iter_mut().zip(&mut headings).zip(&home.spaces) {
        if rng.chance(preset.one_sided)
            && let Some(&spot) = rng.pick(of_space)
        {
            of_space.retain(|place| place.distance(spot) < ONE_SIDE_M);
            let ahead = space.bounds().centre().truncate() - spot;
            let aside = Vec2::from_angle(rng.range(-0.6, 0.6));
            *heading = Some(aside.rotate(ahead.normalize_or(Vec2::X)));
        }
    }
    let start = rng.below(home.spaces.len());
    let level = rng.range(1.2, 1.7);
    let tour = tour(home, start);
    let frames = frames_of(home, preset, rng);
    let mut cameras = Vec::new();
    for (space, way_in) in tour {
        let free = &places[space];
        let middle = home.spaces[space].bounds().centre().truncate();
        let lowest = home.spaces[space].room.size.z;
        match preset.stations {
            Some(most) => {
                let stations = if home.spaces[space].floor_m2() > 9.0 { most } else { most.min(2) };
                for number in 0..stations {
                    let stop = rng.pick(free).copied().unwrap_or(middle);
                    let eye = stop.extend(level.min(lowest - 0.2));
                    // Every room as densely as the only room of a home.
                    let share = preset.frames.0.midpoint(preset.frames.1).div_ceil(most);
                    cameras.extend(turn_at(eye, share, number, preset));
                }
            }
            None => {
                if let Some(opening) = way_in {
                    let [a, b] = home.openings[opening].feet();
                    let doorway = ((a + b) / 2.0).truncate();
                    for _ in 0..2 {
                        let eye = doorway.extend(hand_height(level, lowest, rng));
                        let into = home.spaces[space].bounds().centre() - eye;
                        let spread = Vec2::from_angle(rng.range(-0.5, 0.5));
                        let ahead = spread.rotate(into.truncate().normalize_or(Vec2::X));
                        let target = eye + (2.5 * ahead).extend(rng.range(-1.4, -0.2));
                        cameras.push(in_hand(eye, target, preset, rng));
                    }
                }
                let mut stops: Vec<Vec2> =
                    (0..frames[space]).map(|_| *rng.pick(free).unwrap_or(&middle)).collect();
                // Round the room in one turn, from where it was entered.
                let angle_of = |stop: &Vec2| (*stop - middle).to_angle();
                stops.sort_by(|a, b| angle_of(a).total_cmp(&angle_of(b)));
                if let (Some(opening), false) = (way_in, stops.is_empty()) {
                    let door = home.openings[opening].hole.centre().truncate();
                    let nearest = (0..stops.len()).min_by(|&a, &b| {
                        stops[a].distance(door).total_cmp(&stops[b].distance(door))
                    });
                    stops.rotate_left(nearest.unwrap_or(0));
                }
                for stop in stops {
                    let eye = stop.extend(hand_height(level, lowest, rng));
                    let target = look_at(home, space, eye, headings[space], rng);
                    cameras.push(in_hand(eye, target, preset, rng));
                }
            }
        }
    }
    cameras
}

/// The rooms in the order of a walk, each with the opening through which it is entered.
fn tour(home: &Home, start: usize) -> Vec<(usize, Option<usize>)> {
    let mut tour = Vec::new();
    let mut next = vec![(start, None)];
    while let Some((space, way_in)) = next.pop() {
        if tour.iter().any(|(known, _)| *known == space) {
            continue;
        }
        tour.push((space, way_in));
        for (index, opening) in home.openings.iter().enumerate().rev() {
            if opening.between.contains(&space) {
                next.push((opening.beyond(space), Some(index)));
            }
        }
    }
    tour
}

/// How many frames are taken in each room.
fn frames_of(home: &Home, preset: &Preset, rng: &mut Rng) -> Vec<usize> {
    let count = home.spaces.len();
    let first = rng.between(preset.frames.0, preset.frames.1) as f32;
    let doorways = 2.0 * (count as f32 - 1.0);
    let all = (first * (1.0 + FURTHER * (count as f32 - 1.0))).min(MOST_FRAMES as f32) - doorways;
    let weights: Vec<f32> = home
        .spaces
        .iter()
        .map(|space| {
            let is_hasty = count > 1 && rng.chance(HASTY);
            (space.floor_m2() + 6.0) * if is_hasty { 0.35 } else { 1.0 }
        })
        .collect();
    let total: f32 = weights.iter().sum();
    weights.iter().map(|weight| ((all * weight / total) as usize).max(4)).collect()
}

fn in_hand(eye: Vec3, target: Vec3, preset: &Preset, rng: &mut Rng) -> Camera {
    Camera::looking_at(eye, target, preset).rolled(0.05 * rng.normal())
}

fn hand_height(level: f32, ceiling_m: f32, rng: &mut Rng) -> f32 {
    (level + 0.12 * rng.normal()).clamp(1.0, 1.8).min(ceiling_m - 0.2)
}

/// A full turn, every other frame at another inclination.
fn turn_at(eye: Vec3, frames: usize, station: usize, preset: &Preset) -> Vec<Camera> {
    let turned = (0..frames).map(|index| {
        let turn = TAU * index as f32 / frames as f32;
        let tilt = if (index + station).is_multiple_of(2) { -0.55 } else { -0.05 };
        Camera::looking_at(eye, eye + Vec2::from_angle(turn).extend(tilt), preset)
    });
    turned.collect()
}

/// Something to look at; with a heading, something that lies roughly there.
fn look_at(home: &Home, space: usize, eye: Vec3, heading: Option<Vec2>, rng: &mut Rng) -> Vec3 {
    let bounds = home.spaces[space].bounds();
    if !rng.chance(0.45) {
        let pieces: Vec<Vec3> =
            home.pieces_in(space).map(|(_, placed)| placed.bounds.centre()).collect();
        for _ in 0..8 {
            let Some(&target) = rng.pick(&pieces) else { break };
            let there = (target - eye).truncate();
            let is_there = heading
                .is_none_or(|heading| heading.dot(there.normalize_or_zero()) > HEADING_COSINE);
            if there.length() > 1.0 && is_there {
                return target + 0.2 * Vec3::new(rng.normal(), rng.normal(), rng.normal());
            }
        }
    }
    // The far side of the room, where more fits into the picture.
    let away = (bounds.centre() - eye).truncate().normalize_or(Vec2::X);
    let spread = if heading.is_some() { 0.6 } else { 1.1 };
    let ahead = Vec2::from_angle(rng.range(-spread, spread)).rotate(heading.unwrap_or(away));
    eye + (ahead * 2.5).extend(rng.range(-1.6, 0.1))
}

/// For each room the places where a person can stand.
fn standing_places(home: &Home) -> Vec<Vec<Vec2>> {
    let mut places = vec![Vec::new(); home.spaces.len()];
    for reach_m in BODY_M {
        if places.iter().all(|of_space| of_space.len() >= ENOUGH) {
            break;
        }
        let floor = FloorGrid::new(home, reach_m);
        for (space, known) in home.spaces.iter().zip(&mut places) {
            if known.len() < ENOUGH {
                let inside = floor.places().filter(|(at, _)| space.contains(at.extend(1.0)));
                known.splice(.., inside.map(|(at, _)| at));
            }
        }
    }
    places
}
