use crate::layout::ColourSource;
use scene::Warning;

/// Colours in the making: bytes as they come; anything else is kept as read until its range is
/// known.
pub(crate) enum Colours {
    Bytes(Vec<[u8; 3]>),
    Raw { source: ColourSource, values: Vec<[f32; 3]>, seen: Seen },
}

/// What tells the range.
#[derive(Default)]
pub(crate) struct Seen {
    greatest: f32,
    has_fractions: bool,
}

/// The value of the zeroth spherical harmonic, `1 / (2 √π)`.
const SH_C0: f32 = 0.282_094_8;

/// Above 1 by rounding or a touch of over-exposure.
const ABOUT_ONE: f32 = 1.001;

impl Colours {
    pub(crate) fn new(source: ColourSource) -> Self {
        match source {
            ColourSource::Bytes => Self::Bytes(Vec::new()),
            _ => Self::Raw { source, values: Vec::new(), seen: Seen::default() },
        }
    }

    /// Takes a channel's values for the rows from `base`.
    pub(crate) fn channel(&mut self, channel: usize, base: usize, column: &[f64]) {
        match self {
            Self::Bytes(colours) => {
                colours.resize(colours.len().max(base + column.len()), [0; 3]);
                for (colour, value) in colours[base..].iter_mut().zip(column) {
                    colour[channel] = *value as u8;
                }
            }
            Self::Raw { values, seen, .. } => {
                values.resize(values.len().max(base + column.len()), [0.0; 3]);
                for (colour, value) in values[base..].iter_mut().zip(column) {
                    let value = *value as f32;
                    if value.is_finite() {
                        colour[channel] = value;
                        seen.greatest = seen.greatest.max(value);
                        seen.has_fractions |= value.fract() != 0.0;
                    }
                }
            }
        }
    }

    /// Red, green, blue in 0..=255, and a warning where the range had to be guessed.
    pub(crate) fn finish(self) -> (Vec<[u8; 3]>, Option<Warning>) {
        let (source, values, seen) = match self {
            Self::Bytes(colours) => return (colours, None),
            Self::Raw { source, values, seen } => (source, values, seen),
        };
        let (scale, offset, doubt) = match source {
            ColourSource::Splat => (255.0 * SH_C0, 127.5, false),
            _ => {
                let (range, doubt) = seen.range(source);
                (255.0 / range, 0.0, doubt)
            }
        };
        // A float turns into the nearest u8 in range: `as` saturates.
        let byte = |value: f32| (value * scale + offset).round() as u8;
        let colours = values.into_iter().map(|colour| colour.map(byte)).collect();
        let warning = doubt.then(|| {
            let range = 255.0 / scale;
            Warning::new(
                "colour-range",
                format!(
                    "The colours' largest value is {}, which fits more than one convention; \
                     they are taken to run from 0 to {range}. If they look wrong, export \
                     colours as 0–255 (uchar).",
                    seen.greatest
                ),
            )
        });
        (colours, warning)
    }
}

impl Seen {
    /// The value of full brightness, and whether that is in doubt.
    fn range(&self, source: ColourSource) -> (f32, bool) {
        let greatest = self.greatest;
        if source == ColourSource::Integers {
            return match greatest {
                0.0 => (255.0, false),
                // 16-bit colours this dark are less likely than 8-bit ones in a wider type.
                _ if greatest <= 255.0 => (255.0, true),
                _ => (65_535.0, false),
            };
        }
        match greatest {
            0.0 => (1.0, false),
            _ if greatest <= ABOUT_ONE => (1.0, !self.has_fractions),
            _ if greatest < 4.0 => (if self.has_fractions { 1.0 } else { 255.0 }, true),
            _ if greatest <= 255.5 => (255.0, false),
            _ => (65_535.0, greatest > 65_535.5),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn red(source: ColourSource, values: &[f64]) -> (Vec<u8>, bool) {
        let mut colours = Colours::new(source);
        colours.channel(0, 0, values);
        let (colours, warning) = colours.finish();
        (colours.into_iter().map(|colour| colour[0]).collect(), warning.is_some())
    }

    #[test]
    fn the_range_is_decided_from_the_data() {
        use ColourSource::{Floats, Integers, Splat};
        assert_eq!(red(Floats, &[0.0, 0.5, 1.0]), (vec![0, 128, 255], false));
        assert_eq!(red(Floats, &[0.0, 1.0]), (vec![0, 255], true));
        assert_eq!(red(Floats, &[0.5, 127.5, 255.0]), (vec![1, 128, 255], false));
        assert_eq!(red(Floats, &[0.5, 1.5]), (vec![128, 255], true));
        assert_eq!(red(Floats, &[2.0, 3.0]), (vec![2, 3], true));
        assert_eq!(red(Floats, &[f64::NAN, -4.0, 0.5]), (vec![0, 0, 128], false));
        assert_eq!(red(Floats, &[0.5, 65_535.0]), (vec![0, 255], false));
        assert_eq!(red(Integers, &[0.0, 32_768.0, 65_535.0]), (vec![0, 128, 255], false));
        assert_eq!(red(Integers, &[0.0, 200.0]), (vec![0, 200], true));
        assert_eq!(red(Splat, &[0.0, 1.772_453_9, -9.0]), (vec![128, 255, 0], false));
    }
}
