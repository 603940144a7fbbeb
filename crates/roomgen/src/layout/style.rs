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
const OWN_COLOURS: [&str; 27] = [
    "air conditioner",
    "aquarium",
    "bathtub",
    "clock",
    "computer",
    "fire extinguisher",
    "fireplace",
    "flip chart",
    "keyboard",
    "laptop",
    "mirror",
    "monitor",
    "paper stack",
    "picture",
    "plant",
    "projector screen",
    "radiator",
    "range hood",
    "shower",
    "sink",
    "speaker",
    "toilet",
    "toilet roll",
    "toy",
    "tv",
    "whiteboard",
    "window",
];

/// Classes that are painted or veneered where nothing says what they are made of.
const FURNITURE: [&str; 18] = [
    "bench",
    "bookcase",
    "bunk bed",
    "cabinet",
    "coffee table",
    "crib",
    "desk",
    "door",
    "dresser",
    "nightstand",
    "piano",
    "shelf",
    "side table",
    "stool",
    "table",
    "tv stand",
    "wall cabinet",
    "wardrobe",
];

/// A colour that a piece of this class and material may have, or none to leave it as it is.
pub(crate) fn colour_for(
    class: &str,
    made_of: Option<&str>,
    rng: &mut Rng,
) -> Option<&'static str> {
    const WOODEN: [&str; 6] = ["brown", "brown", "beige", "white", "black", "grey"];
    const PAINTED: [&str; 8] =
        ["white", "grey", "black", "red", "blue", "green", "yellow", "orange"];
    const METALLIC: [&str; 6] = ["grey", "black", "white", "red", "blue", "green"];
    const GLAZED: [&str; 8] =
        ["white", "white", "beige", "grey", "blue", "green", "brown", "black"];
    const TANNED: [&str; 7] = ["brown", "brown", "black", "black", "beige", "white", "red"];
    const WOVEN: [&str; 4] = ["brown", "beige", "white", "grey"];
    if OWN_COLOURS.contains(&class) || rng.chance(0.25) {
        return None;
    }
    let palette: &[&'static str] = match made_of {
        Some("glass" | "plant" | "stone") => return None,
        Some("wicker") => &WOVEN,
        Some("ceramic") => &GLAZED,
        Some("leather") => &TANNED,
        Some("metal") => &METALLIC,
        _ if class == "teddy bear" => &WOODEN[..5],
        // Some like their chests in red.
        Some("wood") if rng.chance(0.25) => &PAINTED,
        Some("wood") => &WOODEN,
        None if FURNITURE.contains(&class) && rng.chance(0.4) => &PAINTED,
        None if FURNITURE.contains(&class) => &WOODEN,
        _ => &tasks::colour::NAMES,
    };
    rng.pick(palette).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_suit_the_material() {
        let mut rng = Rng::from_numbers([2; 4]);
        let mut drawn = |class: &str, made_of: Option<&str>| -> Vec<&str> {
            (0..300).filter_map(|_| colour_for(class, made_of, &mut rng)).collect()
        };
        assert!(drawn("plant", Some("plant")).is_empty());
        assert!(!drawn("table", Some("wood")).contains(&"pink"));
        assert!(drawn("table", Some("wood")).contains(&"brown"));
        assert!(drawn("sofa", Some("fabric")).contains(&"pink"));
        assert!(drawn("armchair", Some("leather")).iter().all(|c| *c != "green"));
    }
}
