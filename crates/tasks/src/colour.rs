//! Basic colour names, and which colours they stand for.
//!
//! A colour is named in CIE L*C*h (D65) by prototypes and by boundaries read off the usual
//! colour-naming charts: first whether it has hue at all, then which hue, then how light it is.
//! Near a boundary there is no name: people would not agree on one.

/// The colour names of suites, questions and answers: Berlin and Kay's eleven and beige.
pub const NAMES: [&str; 12] = [
    "black", "white", "grey", "red", "orange", "brown", "yellow", "green", "blue", "purple",
    "pink", "beige",
];

/// A clear example of a named colour, sRGB; `None` for a word that is not in [`NAMES`].
pub fn representative(name: &str) -> Option<[u8; 3]> {
    Some(match name {
        "black" => [24, 24, 26],
        "white" => [242, 242, 240],
        "grey" => [128, 128, 128],
        "red" => [190, 28, 34],
        "orange" => [240, 128, 20],
        "brown" => [110, 66, 34],
        "yellow" => [244, 212, 40],
        "green" => [44, 136, 62],
        "blue" => [36, 84, 176],
        "purple" => [112, 50, 140],
        "pink" => [238, 140, 172],
        "beige" => [214, 192, 158],
        _ => return None,
    })
}

/// The name that most people would give this sRGB colour, or `None` where they would not agree.
pub fn name(rgb: [u8; 3]) -> Option<&'static str> {
    let [lightness, chroma, hue] = lch(rgb);
    if chroma < 8.0 {
        return neutral(lightness);
    }
    if chroma < 13.0 || lightness < 16.0 {
        return None;
    }
    // Hue angles in degrees: red 40, orange 65, yellow 95, green 140, blue 270, purple 315.
    match hue {
        h if (20.0..46.0).contains(&h) => red_or_brown(h, lightness, chroma),
        h if (46.0..50.0).contains(&h) => (lightness < 38.0 && chroma < 40.0).then_some("brown"),
        h if (50.0..76.0).contains(&h) => orange_or_brown(lightness, chroma),
        h if (76.0..80.0).contains(&h) => beige_or_brown(lightness, chroma),
        h if (80.0..=106.0).contains(&h) => yellow_or_beige(lightness, chroma),
        h if (115.0..=172.0).contains(&h) => Some("green"),
        // Up to the first clear blue lies turquoise, which is not a basic colour.
        h if (228.0..=300.0).contains(&h) => Some("blue"),
        // The screen's pure blue is a special case of this space: its hue angle is a violet's.
        h if (300.0..308.0).contains(&h) => (chroma > 90.0).then_some("blue"),
        h if (308.0..=332.0).contains(&h) => (lightness < 65.0).then_some("purple"),
        h if !(20.0..340.0).contains(&h) => pink_or_red(lightness, chroma),
        _ => None,
    }
}

fn neutral(lightness: f32) -> Option<&'static str> {
    match lightness {
        l if l < 20.0 => Some("black"),
        l if (33.0..=76.0).contains(&l) => Some("grey"),
        l if l > 88.0 => Some("white"),
        _ => None,
    }
}

fn pink_or_red(lightness: f32, chroma: f32) -> Option<&'static str> {
    match () {
        () if lightness > 60.0 && chroma > 18.0 => Some("pink"),
        () if lightness < 50.0 && chroma > 38.0 => Some("red"),
        () => None,
    }
}

fn red_or_brown(hue: f32, lightness: f32, chroma: f32) -> Option<&'static str> {
    match () {
        () if chroma > 48.0 && lightness < 56.0 => Some("red"),
        () if hue > 34.0 && chroma < 36.0 && lightness < 45.0 => Some("brown"),
        () if hue < 36.0 && lightness > 66.0 && chroma > 18.0 => Some("pink"),
        () => None,
    }
}

fn orange_or_brown(lightness: f32, chroma: f32) -> Option<&'static str> {
    match () {
        () if chroma > 55.0 && lightness > 58.0 => Some("orange"),
        () if lightness < 52.0 && chroma < 50.0 => Some("brown"),
        () if lightness > 72.0 && chroma < 26.0 => Some("beige"),
        () => None,
    }
}

fn beige_or_brown(lightness: f32, chroma: f32) -> Option<&'static str> {
    match () {
        () if lightness > 68.0 && chroma < 28.0 => Some("beige"),
        () if lightness < 50.0 && chroma < 55.0 => Some("brown"),
        () => None,
    }
}

fn yellow_or_beige(lightness: f32, chroma: f32) -> Option<&'static str> {
    match () {
        () if lightness > 68.0 && chroma > 50.0 => Some("yellow"),
        () if lightness > 68.0 && chroma < 32.0 => Some("beige"),
        () => None,
    }
}

/// CIE L*, C*, h (degrees, 0..360) of an sRGB colour under D65.
pub fn lch(rgb: [u8; 3]) -> [f32; 3] {
    let [lightness, a, b] = lab(rgb);
    let hue = b.atan2(a).to_degrees().rem_euclid(360.0);
    [lightness, a.hypot(b), hue]
}

/// CIE L*a*b* of an sRGB colour under D65 (IEC 61966-2-1, CIE 15).
pub fn lab(rgb: [u8; 3]) -> [f32; 3] {
    let [r, g, b] = rgb.map(|value| {
        let value = f32::from(value) / 255.0;
        if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    });
    let x = (0.412_456_4 * r + 0.357_576_1 * g + 0.180_437_5 * b) / 0.950_47;
    let y = 0.212_672_9 * r + 0.715_152_2 * g + 0.072_175 * b;
    let z = (0.019_333_9 * r + 0.119_192 * g + 0.950_304_1 * b) / 1.088_83;
    let [x, y, z] = [x, y, z].map(|value: f32| {
        if value > 216.0 / 24389.0 { value.cbrt() } else { (24389.0 / 27.0 * value + 16.0) / 116.0 }
    });
    [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_has_an_example_that_bears_it() {
        for expected in NAMES {
            let rgb = representative(expected).unwrap();
            assert_eq!(name(rgb), Some(expected), "{rgb:?} is {:?}", lch(rgb));
        }
        assert_eq!(representative("taupe"), None);
    }

    #[test]
    fn lab_of_pure_red() {
        // Published values for sRGB red under D65.
        let [l, a, b] = lab([255, 0, 0]);
        assert!((l - 53.24).abs() < 0.05 && (a - 80.09).abs() < 0.1 && (b - 67.20).abs() < 0.1);
    }

    #[test]
    fn everyday_colours_get_everyday_names() {
        let known = [
            ([0, 0, 0], "black"),
            ([255, 255, 255], "white"),
            ([90, 90, 92], "grey"),
            ([255, 0, 0], "red"),
            ([139, 0, 0], "red"),
            ([255, 165, 0], "orange"),
            ([139, 69, 19], "brown"),
            ([92, 58, 33], "brown"),
            ([160, 110, 60], "brown"),
            ([255, 235, 0], "yellow"),
            ([0, 128, 0], "green"),
            ([85, 107, 47], "green"),
            ([0, 0, 255], "blue"),
            ([30, 60, 120], "blue"),
            ([128, 0, 128], "purple"),
            ([255, 192, 203], "pink"),
            ([245, 222, 179], "beige"),
            ([210, 180, 140], "beige"),
        ];
        for (rgb, expected) in known {
            assert_eq!(name(rgb), Some(expected), "{rgb:?} is {:?}", lch(rgb));
        }
    }

    #[test]
    fn colours_between_two_names_get_none() {
        // Turquoise, slate, dark grey almost black, olive between green and brown, maroon pink.
        for rgb in [[64, 180, 190], [40, 50, 60], [56, 56, 58], [120, 100, 40], [200, 90, 110]] {
            assert_eq!(name(rgb), None, "{rgb:?} is {:?}", lch(rgb));
        }
    }
}
