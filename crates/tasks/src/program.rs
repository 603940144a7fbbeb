//! The small language in which a question's answer is computed from the truth.

mod anchors;
mod caption;
mod in_space;
mod plan;
mod pose;
mod run;
mod select;
mod view;

use geometry::Side;
pub use plan::{GOALS, Goal, Step, StepKind};
pub use pose::{Placement, Pose};
pub use run::{Outcome, Undecided};
use scene::InstanceId;
use serde::{Deserialize, Serialize};
pub use view::View;

/// What to compute.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "op", rename_all = "snake_case")]
pub enum Program {
    /// The objects themselves: none, one or many.
    Objects {
        /// Which.
        of: Set,
    },
    /// Whether there is any; `yes` or `no`.
    Exists {
        /// Of what.
        of: Set,
    },
    /// How many there are.
    Count {
        /// Of what.
        of: Set,
    },
    /// The class of the only object of a set.
    Class {
        /// The set.
        of: Set,
    },
    /// The colour of the only object of a set.
    Colour {
        /// The set.
        of: Set,
    },
    /// What the only object of a set is made of.
    Material {
        /// The set.
        of: Set,
    },
    /// Which of the only objects of two sets has more, or less, of a measure.
    Compare {
        /// The measure.
        measure: Measure,
        /// Whether the one with more is asked for.
        more: bool,
        /// The one.
        a: Set,
        /// The other.
        b: Set,
    },
    /// On which side of a viewer the only object of a set is: `front`, `left`, `behind`, `right`.
    Side {
        /// The set.
        of: Set,
        /// Who looks from where.
        view: View,
    },
    /// Class, colour and one neighbour of the only object of a set, as a phrase.
    Caption {
        /// The set.
        of: Set,
    },
    /// What the room is and what stands in it, as a phrase.
    Scene,
    /// The steps to a goal with what the room has.
    Plan {
        /// The name of one of [`GOALS`].
        goal: String,
        /// How many steps are done: with none the whole plan is wanted, else the next step.
        done: usize,
    },
    /// Which of several objects is meant, asked back.
    Clarify {
        /// All that could be meant: two to four.
        of: Set,
    },
    /// The shortest way on foot between the only objects of two sets.
    Path {
        /// From.
        from: Set,
        /// To.
        to: Set,
    },
    /// Where the only object of a set ends when it is moved.
    Move {
        /// The set.
        of: Set,
        /// Where to.
        to: Pose,
    },
    /// Where a new thing can be put.
    Place {
        /// What it is called.
        #[serde(default)]
        name: String,
        /// Width, depth and height, metres.
        size: [f32; 3],
        /// Where.
        to: Pose,
    },
    /// Nothing that a scan shows answers it.
    Unknown {
        /// Why not.
        why: Why,
        /// What it is about.
        of: Set,
    },
    /// Least distance between the only objects of two sets, in metres.
    Distance {
        /// From.
        a: Set,
        /// To.
        b: Set,
    },
}

/// Some of a room's objects.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "set", rename_all = "snake_case")]
pub enum Set {
    /// One object that the question names by itself.
    Object {
        /// Its id.
        id: InstanceId,
    },
    /// Every object of a class (or of any), of a colour (or of any).
    Kind {
        /// Class name.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        class: Option<String>,
        /// Colour name.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        colour: Option<String>,
        /// Material.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        material: Option<String>,
    },
    /// Those of `among` that stand in a relation to the only object of `to`.
    Related {
        /// The relation.
        relation: Relation,
        /// The anchor.
        to: Box<Set>,
        /// The candidates.
        among: Box<Set>,
    },
    /// Those of `among` that a viewer has on one side, the things that place the viewer left out.
    OnSide {
        /// The side.
        side: Side,
        /// Who looks from where.
        view: Box<View>,
        /// The candidates.
        among: Box<Set>,
    },
    /// The one of `among` nearest to the only object of `to`, itself left out.
    Nearest {
        /// The anchor.
        to: Box<Set>,
        /// The candidates.
        among: Box<Set>,
    },
    /// The one of `among` farthest from the only object of `to`, itself left out.
    Farthest {
        /// The anchor.
        to: Box<Set>,
        /// The candidates.
        among: Box<Set>,
    },
    /// The one of `among` with the most of a measure.
    Most {
        /// The measure.
        measure: Measure,
        /// The candidates.
        among: Box<Set>,
    },
    /// The one of `among` with the least of a measure.
    Least {
        /// The measure.
        measure: Measure,
        /// The candidates.
        among: Box<Set>,
    },
}

impl Set {
    /// Every object of a class.
    pub fn class(class: &str) -> Self {
        Self::coloured(class, None)
    }

    /// Every object of a class and, where one is given, of a colour.
    pub fn coloured(class: &str, colour: Option<&str>) -> Self {
        let [class, colour] = [Some(class), colour].map(|name| name.map(str::to_owned));
        Self::Kind { class, colour, material: None }
    }

    /// Every object.
    pub fn everything() -> Self {
        Self::Kind { class: None, colour: None, material: None }
    }
}

/// Why a question has no answer in the scan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// It speaks of something that is not there.
    Absent,
    /// It asks for what a closed thing holds.
    Closed,
    /// It asks for what no scan shows, such as a price.
    Beyond,
}

/// How an object can lie to another; none depends on where one stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Relation {
    /// It is carried by the other.
    On,
    /// It carries the other.
    Under,
    /// The two stand side by side with at most a small gap.
    NextTo,
}

/// What objects can be ordered by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// Volume of its box.
    Size,
    /// Vertical edge of its box.
    Height,
}
