//! The small language in which a question's answer is computed from the truth.

mod run;

pub use run::{Outcome, Undecided};
use scene::InstanceId;
use serde::{Deserialize, Serialize};

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
    /// Class, colour and one neighbour of the only object of a set, as a phrase.
    Caption {
        /// The set.
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
