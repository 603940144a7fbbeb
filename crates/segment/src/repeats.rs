use std::ops::Range;

/// Points that stand twice or more in a file, as where two exports were joined: only the first
/// of them weighs on the mean of its voxel.
#[derive(Debug, Default)]
pub(crate) struct Repeats {
    /// A bit for each point; empty where hardly any stands twice.
    bits: Vec<u64>,
    count: usize,
}

/// Below this share nothing is done about them.
const WORTH_WHILE: f32 = 0.02;
/// Bits of the filter for each point: of points that differ, it takes about one in 200 for a
/// repeat of another, which then does not weigh either.
const FILTER_BITS: usize = 16;

impl Repeats {
    /// How many there are, about.
    pub(crate) fn count(&self) -> usize {
        self.count
    }

    /// Whether a point is a repeat of an earlier one.
    pub(crate) fn contains(&self, point: usize) -> bool {
        self.bits.get(point / 64).is_some_and(|word| word >> (point % 64) & 1 == 1)
    }
}

/// Repeats that are being found, range of points by range of points.
///
/// Seen before are the bits that a point sets in one word of a Bloom filter (Bloom 1970; in
/// words: Putze et al. 2007), so that 10 million points need 20 MB and no table of them all.
#[derive(Debug)]
pub(crate) struct RepeatsBuilder {
    filter: Vec<u64>,
    found: Repeats,
    points: usize,
}

impl RepeatsBuilder {
    /// For so many points.
    pub(crate) fn new(points: usize) -> Self {
        let words = (points * FILTER_BITS / 64).next_power_of_two();
        let found = Repeats { bits: vec![0; points.div_ceil(64)], count: 0 };
        Self { filter: vec![0; words], found, points }
    }

    /// Looks at the points of `range`, which follows the range before.
    pub(crate) fn add(&mut self, positions: &[[f32; 3]], range: Range<usize>) {
        let mask = self.filter.len() - 1;
        for index in range {
            let position = &positions[index];
            let hash = hash(position);
            let word = &mut self.filter[(hash >> 32) as usize & mask];
            let own = (0..4).fold(0_u64, |own, part| own | 1 << (hash >> (6 * part) & 63));
            if *word & own == own && position.iter().all(|value| value.is_finite()) {
                self.found.bits[index / 64] |= 1 << (index % 64);
                self.found.count += 1;
            }
            *word |= own;
        }
    }

    pub(crate) fn finish(self) -> Repeats {
        if self.found.count as f32 <= WORTH_WHILE * self.points as f32 {
            return Repeats::default();
        }
        self.found
    }
}

/// SplitMix64's mixing (Steele et al. 2014) over the three coordinates.
fn hash(position: &[f32; 3]) -> u64 {
    position.iter().fold(0x9E37_79B9_7F4A_7C15, |hash, value| {
        let mut mixed = (hash ^ u64::from(value.to_bits())).wrapping_add(0x9E37_79B9_7F4A_7C15);
        mixed = (mixed ^ mixed >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ mixed >> 31
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn among(positions: &[[f32; 3]]) -> Repeats {
        let mut builder = RepeatsBuilder::new(positions.len());
        for start in (0..positions.len()).step_by(9_001) {
            builder.add(positions, start..positions.len().min(start + 9_001));
        }
        builder.finish()
    }

    #[test]
    fn second_copies_are_told_from_first_ones() {
        let at = |i: usize| [(i % 997) as f32 * 0.01, (i / 997) as f32 * 0.01, i as f32 * 1e-3];
        let positions: Vec<[f32; 3]> = (0..40_000).chain((0..40_000).step_by(2)).map(at).collect();
        let repeats = among(&positions);
        assert!((20_000..20_400).contains(&repeats.count()), "{}", repeats.count());
        assert!((40_000..60_000).all(|point| repeats.contains(point)));
        let wrong = (0..40_000).filter(|point| repeats.contains(*point)).count();
        assert!(wrong < 400, "{wrong} that differ from all before");
        assert_eq!(among(&positions[..40_000]).count(), 0);
        assert_eq!(among(&[]).count(), 0);
    }
}
