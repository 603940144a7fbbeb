//! The sinusoidal code of the location tokens' bins, which tells rows where things are: 3D-LLM's
//! position embedding has 256 bins an axis too.

use scene::BINS;
use std::f64::consts::TAU;

/// Numbers of one bin's code: 42 sines and 42 cosines, of periods from 2 to 512 bins.
pub(crate) const CODE: usize = 84;

/// The codes of all bins.
pub(crate) struct Codes(Vec<f32>);

impl Codes {
    pub(crate) fn new() -> Self {
        let half = CODE / 2;
        let angle = |bin: usize, i: usize| {
            let period = 2.0 * (BINS as f64).powf(i as f64 / (half - 1) as f64);
            TAU * bin as f64 / period
        };
        let code = |bin: usize| {
            let sines = (0..half).map(move |i| angle(bin, i).sin() as f32);
            sines.chain((0..half).map(move |i| angle(bin, i).cos() as f32))
        };
        Self((0..BINS).flat_map(code).collect())
    }

    /// Appends the codes of some bins, side by side.
    pub(crate) fn extend(&self, row: &mut Vec<f32>, bins: &[u8]) {
        for &bin in bins {
            let start = usize::from(bin) * CODE;
            row.extend(self.0.get(start..start + CODE).unwrap_or(&[]));
        }
    }
}
