#![cfg_attr(not(target_arch = "wasm32"), allow(dead_code, reason = "shown in a browser alone"))]

/// Colours for lit objects, by turns; told apart by people with any kind of colour vision
/// (after Okabe and Ito), and bright enough on light and dark.
const ACCENTS: [&str; 6] = ["#e69f00", "#3fa7e0", "#00a67d", "#e0642a", "#c86fa6", "#d8c600"];

/// The accent of the `index`-th lit object.
pub(crate) fn accent(index: usize) -> &'static str {
    ACCENTS[index % ACCENTS.len()]
}

/// A colour for every object of a scan, red, green, blue, 0..=1: hues a golden angle apart, so that
/// neighbours in number differ, in three steps of brightness.
pub(crate) fn of_object(id: u32) -> [f32; 3] {
    let turn = (id as f32 * 0.618_034).fract() * 6.0;
    let (saturation, value) = [(0.62, 0.95), (0.8, 0.78), (0.45, 1.0)][id as usize % 3];
    let channel = |shift: f32| {
        let k = (shift + turn) % 6.0;
        value - value * saturation * k.min(4.0 - k).clamp(0.0, 1.0)
    };
    [channel(5.0), channel(3.0), channel(1.0)]
}

/// From cool to warm: how much of something there is, 0..=1.
pub(crate) fn heat(share: f32) -> [f32; 3] {
    let t = share.clamp(0.0, 1.0);
    [0.22 + 0.76 * t, 0.30 + 0.36 * t * (2.0 - t), 0.62 - 0.5 * t]
}

/// A colour as a style sheet writes it.
pub(crate) fn to_hex(colour: [f32; 3]) -> String {
    let [r, g, b] = colour.map(|channel| (channel.clamp(0.0, 1.0) * 255.0).round() as u8);
    format!("#{r:02x}{g:02x}{b:02x}")
}

/// A `#rrggbb` colour as red, green, blue in 0..=1.
pub(crate) fn parse_hex(text: &str) -> Option<[f32; 3]> {
    let digits = text.trim().strip_prefix('#')?;
    if digits.len() != 6 || !digits.is_ascii() {
        return None;
    }
    let channel = |at: usize| {
        u8::from_str_radix(&digits[at..at + 2], 16).ok().map(|value| f32::from(value) / 255.0)
    };
    Some([channel(0)?, channel(2)?, channel(4)?])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objects_of_a_scan_are_told_apart() {
        let colours: Vec<[f32; 3]> = (1..=40).map(of_object).collect();
        for (index, a) in colours.iter().enumerate() {
            assert!(a.iter().all(|channel| (0.0..=1.0).contains(channel)), "{a:?}");
            for b in &colours[index + 1..] {
                let apart: f32 = a.iter().zip(b).map(|(x, y)| (x - y).abs()).sum();
                assert!(apart > 0.05, "{a:?} {b:?}");
            }
        }
    }

    #[test]
    fn every_accent_is_a_colour() {
        for index in 0..2 * ACCENTS.len() {
            assert_eq!(parse_hex(accent(index)).map(to_hex).as_deref(), Some(accent(index)));
        }
        assert_eq!(parse_hex(" #ff0080 "), Some([1.0, 0.0, 128.0 / 255.0]));
        for bad in ["", "#fff", "ff0080", "#gg0000", "#ééé"] {
            assert_eq!(parse_hex(bad), None, "{bad}");
        }
    }
}
