//! Questions from where somebody stands, read off the middles of boxes.

use super::refer::Reading;
use crate::Given;
use geometry::Side;
use glam::Vec2;

/// Where somebody stands and looks, and what is asked then.
pub(super) struct Situated<'a> {
    at: &'a Given,
    towards: &'a Given,
    facing: Vec2,
    /// The question after it.
    pub(super) question: &'a str,
}

/// Words for where the second thing is, and the quarter turns to the left that this means.
const TURNS: [(&[&str], u8); 3] = [
    (&["behind", "back", "away from", "opposite"], 2),
    (&["my right", "right side", "right of me", "at right", "right-hand", "right hand"], 1),
    (&["my left", "left side", "left of me", "at left", "left-hand", "left hand"], 3),
];

impl<'a> Situated<'a> {
    /// The first sentences with two things say it: the viewer is at the first, turned by the last.
    pub(super) fn of(text: &'a str, objects: &'a [Given]) -> Option<Self> {
        let ends = text.match_indices(['.', '?', '!']).map(|(at, _)| at + 1);
        for end in ends.filter(|end| *end < text.len()) {
            let (heading, question) = text.split_at(end);
            let reading = Reading::of(heading, objects);
            let [first, .., last] = &reading.phrases[..] else { continue };
            let (at, towards) = (*first.candidates.first()?, *last.candidates.first()?);
            let heading = heading.to_lowercase();
            let is_said = |words: &[&str]| words.iter().any(|word| heading.contains(word));
            let turn = TURNS.iter().find(|(words, _)| is_said(words)).map_or(0, |(_, turn)| *turn);
            let mut facing = (middle(towards) - middle(at)).normalize_or_zero();
            (0..turn).for_each(|_| facing = facing.perp());
            return Some(Self { at, towards, facing, question: question.trim_start() });
        }
        None
    }

    /// The side on which the viewer has an object.
    pub(super) fn side(&self, object: &Given) -> Side {
        let offset = middle(object) - middle(self.at);
        match self.facing.angle_to(offset).to_degrees().rem_euclid(360.0) {
            45.0..135.0 => Side::Left,
            135.0..225.0 => Side::Behind,
            225.0..315.0 => Side::Right,
            _ => Side::Front,
        }
    }

    /// The side that the question speaks of, such as “on my left”.
    pub(super) fn asked(&self) -> Option<Side> {
        let question = self.question.to_lowercase();
        Side::ALL.into_iter().find(|side| question.contains(of_me(*side)))
    }

    /// Those of the candidates on a side, but for what places the viewer.
    pub(super) fn on(&self, side: Side, candidates: &[&'a Given]) -> Vec<&'a Given> {
        let placed = |object: &Given| object.id == self.at.id || object.id == self.towards.id;
        let candidates = candidates.iter().copied();
        candidates.filter(|object| !placed(object) && self.side(object) == side).collect()
    }
}

fn of_me(side: Side) -> &'static str {
    match side {
        Side::Front => "in front of me",
        Side::Left => "on my left",
        Side::Behind => "behind me",
        Side::Right => "on my right",
    }
}

fn middle(object: &Given) -> Vec2 {
    object.bounds.centre().truncate()
}
