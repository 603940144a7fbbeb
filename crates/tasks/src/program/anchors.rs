//! From which objects a program's answer is seen.

use super::select::Select;
use super::{Program, Set, View};
use crate::facts::Facts;
use scene::InstanceId;

impl Program {
    /// The objects to which those that the answer names stand in the relation asked for, in the
    /// order in which the relation takes them: the lamp of “what is nearest to the lamp?”, the bed
    /// and the door of “I lie on the bed and look at the door”. At most two; none where the answer
    /// names what it names by itself, or where the objects cannot be told.
    ///
    /// A distance is named from its one end, its anchor, to its other; so is a way; a move from what
    /// is moved to what it is moved to.
    pub fn anchors(&self, facts: &Facts) -> Vec<InstanceId> {
        let select = Select { facts };
        let sets: Vec<&Set> = match self {
            Self::Objects { of }
            | Self::Exists { of }
            | Self::Count { of }
            | Self::Class { of }
            | Self::Colour { of }
            | Self::Material { of }
            | Self::Clarify { of } => of.anchors(),
            Self::Compare { a, b, .. } => vec![a, b],
            Self::Side { view, .. } => vec![&view.at, &view.towards],
            // It names the neighbours.
            Self::Caption { of } => vec![of],
            Self::Distance { a, .. } => vec![a],
            Self::Path { from, .. } => vec![from],
            Self::Move { of, .. } => vec![of],
            Self::Scene | Self::Plan { .. } | Self::Place { .. } | Self::Unknown { .. } => {
                Vec::new()
            }
        };
        let found: Option<Vec<usize>> = sets.into_iter().map(|set| select.one(set).ok()).collect();
        found.map(|found| select.ids(&found)).unwrap_or_default()
    }

    /// By how many quarters to the left the viewer is turned from facing the second anchor, where
    /// there is a viewer.
    pub fn turn(&self) -> Option<u8> {
        let view = match self {
            Self::Side { view, .. } => Some(view),
            Self::Objects { of } | Self::Exists { of } | Self::Count { of } => of.view(),
            _ => None,
        };
        view.map(|view| view.turn)
    }
}

impl Set {
    /// What its objects stand in a relation to.
    fn anchors(&self) -> Vec<&Self> {
        match self {
            Self::Object { .. } | Self::Kind { .. } => Vec::new(),
            Self::Related { to, .. } | Self::Nearest { to, .. } | Self::Farthest { to, .. } => {
                vec![to]
            }
            Self::OnSide { view, .. } => vec![&view.at, &view.towards],
            Self::Most { among, .. } | Self::Least { among, .. } => among.anchors(),
        }
    }

    fn view(&self) -> Option<&View> {
        match self {
            Self::OnSide { view, .. } => Some(view),
            Self::Most { among, .. } | Self::Least { among, .. } => among.view(),
            _ => None,
        }
    }
}
