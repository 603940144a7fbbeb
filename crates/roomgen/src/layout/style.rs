use crate::rng::Rng;
use crate::room::{Finish, FloorKind, Purpose};
use glam::Vec3;

/// Colours of floor, walls and ceiling.
pub(crate) fn finish(purpose: Purpose, rng: &mut Rng) -> Finish {
    const WALLS: [[u8; 3]; 10] = [
        [238, 236, 230],
        [232, 226, 212],
        [226, 228, 230],
        [214, 204, 186],
        [206, 216, 220],
        [212, 220, 204],
        [230, 214, 202],
        [196, 196, 198],
        [224, 206, 172],
        [186, 200, 210],
    ];
    const ACCENTS: [[u8; 3]; 6] = [
        [96, 116, 132],
        [150, 90, 76],
        [92, 110, 88],
        [70, 74, 84],
        [190, 150, 90],
        [136, 112, 140],
    ];
    const BOARDS: [[u8; 3]; 5] =
        [[172, 130, 88], [140, 98, 62], [104, 72, 48], [196, 164, 122], [150, 138, 124]];
    const TILES: [[u8; 3]; 4] = [[206, 204, 198], [150, 148, 144], [178, 140, 112], [92, 92, 96]];
    const CARPETS: [[u8; 3]; 4] =
        [[170, 160, 146], [112, 116, 124], [146, 122, 100], [96, 108, 96]];
    let wet = matches!(purpose, Purpose::Bath | Purpose::Kitchen);
    let kinds = [FloorKind::Boards, FloorKind::Tiles, FloorKind::Carpet];
    let weights = if wet { [0.15, 0.85, 0.0] } else { [0.65, 0.12, 0.23] };
    let floor = rng.weighted(&weights).map_or(FloorKind::Boards, |index| kinds[index]);
    let mut of = |table: &[[u8; 3]]| {
        let colour = rng.pick(table).copied().unwrap_or([200; 3]);
        Vec3::from_array(colour.map(f32::from)) * rng.range(0.95, 1.03)
    };
    let floor_colour = match floor {
        FloorKind::Boards => of(&BOARDS),
        FloorKind::Tiles => of(&TILES),
        FloorKind::Carpet => of(&CARPETS),
    };
    let (wall_colour, accent_colour) = (of(&WALLS), of(&ACCENTS));
    Finish {
        floor,
        floor_colour,
        wall_colour,
        accent: rng.chance(0.25).then(|| (rng.below(4), accent_colour)),
        ceiling_colour: Vec3::splat(242.0),
    }
}

/// Classes whose surfaces keep the colours their makers gave them.
const OWN_COLOURS: [&str; 20] = [
    "aquarium",
    "bathtub",
    "clock",
    "computer",
    "fireplace",
    "keyboard",
    "laptop",
    "mirror",
    "monitor",
    "picture",
    "plant",
    "radiator",
    "range hood",
    "shower",
    "sink",
    "speaker",
    "toilet",
    "tv",
    "whiteboard",
    "window",
];

/// A colour for a piece of this class, or none to leave it as it is.
pub(crate) fn colour_for(class: &str, rng: &mut Rng) -> Option<&'static str> {
    const APPLIANCES: [&str; 5] = ["white", "grey", "black", "red", "blue"];
    const WOODEN: [&str; 7] = ["brown", "white", "black", "beige", "grey", "red", "green"];
    if OWN_COLOURS.contains(&class) || rng.chance(0.25) {
        return None;
    }
    let palette: &[&'static str] = match class {
        _ if rng.chance(0.3) => &tasks::colour::NAMES,
        "fridge" | "washing machine" | "dishwasher" | "stove" | "microwave" | "printer" => {
            &APPLIANCES
        }
        "bookcase" | "cabinet" | "coffee table" | "desk" | "door" | "dresser" | "nightstand"
        | "piano" | "shelf" | "table" | "tv stand" | "wall cabinet" | "wardrobe" | "bunk bed" => {
            &WOODEN
        }
        _ => &tasks::colour::NAMES,
    };
    rng.pick(palette).copied()
}
