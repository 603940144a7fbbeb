//! What is found where, and how often.

mod tables;

use crate::room::Purpose;
use tables::{BOARDS, COUNTER, MORE, ON, Odds};

/// What lies on floors: (thing, its weight).
pub(super) fn on_floor(purpose: Purpose) -> Odds {
    match purpose {
        Purpose::Child => &[
            ("toy", 5.0),
            ("ball", 2.0),
            ("teddy bear", 1.5),
            ("book", 1.0),
            ("shoe", 0.7),
            ("pillow", 0.5),
        ],
        Purpose::Bath => &[("basket", 1.5), ("bucket", 1.0), ("shoe", 0.7), ("stool", 0.4)],
        Purpose::Kitchen => {
            &[("box", 1.0), ("bucket", 0.8), ("basket", 0.7), ("bag", 0.8), ("bottle", 0.8)]
        }
        Purpose::Storage => &[
            ("box", 3.0),
            ("bucket", 1.5),
            ("toolbox", 1.2),
            ("shoe", 0.6),
            ("ball", 0.8),
            ("suitcase", 1.0),
            ("bag", 0.8),
            ("fan", 0.6),
            ("basket", 0.6),
        ],
        Purpose::Office | Purpose::Meeting => &[
            ("bag", 2.0),
            ("box", 1.2),
            ("paper stack", 1.0),
            ("computer", 0.9),
            ("bottle", 0.5),
            ("book", 0.5),
        ],
        _ => &[
            ("shoe", 1.5),
            ("bag", 1.2),
            ("box", 0.8),
            ("ball", 0.8),
            ("toy", 1.0),
            ("pillow", 0.6),
            ("blanket", 0.5),
            ("book", 0.7),
            ("basket", 0.7),
            ("paper stack", 0.4),
            ("suitcase", 0.4),
            ("teddy bear", 0.4),
        ],
    }
}

/// What is found on top of a piece of this class; empty where nothing is.
pub(super) fn on_top(carrier: &str, purpose: Purpose) -> Odds {
    let of = |table: &[(&'static str, Odds)], class: &str| {
        table.iter().find(|(known, _)| *known == class).map(|(_, odds)| *odds)
    };
    let alike = match carrier {
        "cabinet" | "dishwasher" if purpose == Purpose::Kitchen => return COUNTER,
        "cabinet" | "shoe rack" | "bookcase" | "shelf" | "fireplace" => "dresser",
        "dishwasher" => "washing machine",
        "nightstand" => "side table",
        "bunk bed" => "bed",
        "office chair" => "chair",
        _ => carrier,
    };
    of(&ON, alike).or_else(|| of(&MORE, alike)).unwrap_or_default()
}

/// What is found on an open shelf's boards.
pub(super) fn on_board(purpose: Purpose) -> Odds {
    BOARDS[usize::from(purpose == Purpose::Storage)]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assets::{Assets, entries};
    use std::collections::BTreeSet;

    #[test]
    fn only_classes_that_exist_are_named() {
        let mut known: BTreeSet<String> =
            Assets::shapes_only().classes().map(str::to_owned).collect();
        known.extend(entries().unwrap().into_iter().map(|entry| entry.class));
        let tables = ON.iter().chain(&MORE);
        let carriers = tables.clone().map(|(carrier, _)| *carrier);
        let floors = Purpose::ALL.into_iter().flat_map(on_floor);
        let things = tables.flat_map(|(_, odds)| odds.iter());
        let things = things.chain(COUNTER).chain(BOARDS.into_iter().flatten()).chain(floors);
        for class in carriers.chain(things.map(|(thing, _)| *thing)) {
            assert!(known.contains(class), "no class “{class}”");
        }
    }

    #[test]
    fn counters_are_kitchen_things() {
        let has =
            |purpose, thing| on_top("cabinet", purpose).iter().any(|(known, _)| *known == thing);
        assert!(has(Purpose::Kitchen, "toaster") && !has(Purpose::Bedroom, "toaster"));
        assert!(on_top("lamp", Purpose::Living).is_empty());
    }
}
