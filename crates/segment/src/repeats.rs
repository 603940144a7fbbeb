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
    /// Those among the positions.
    ///
    /// Seen before are the bits that a point sets in one word of a Bloom filter (Bloom 1970; in
    /// words: Putze et al. 2007), so that 10 million points need 20 MB and no table of them all.
    pub(crate) fn among(positions: &[[f32; 3]]) -> Self {
        let words = (positions.len() * FILTER_BITS / 64).next_power_of_two();
        let mut filter = vec![0_u64; words];
        let mut bits = vec![0_u64; positions.len().div_ceil(64)];
        let mut count = 0_usize;
        for (index, position) in positions.iter().enumerate() {
            let hash = hash(position);
            let word = &mut filter[(hash >> 32) as usize & (words - 1)];
            let own = (0..4).fold(0_u64, |own, part| own | 1 << (hash >> (6 * part) & 63));
            if *word & own == own && position.iter().all(|value| value.is_finite()) {
                bits[index / 64] |= 1 << (index % 64);
                count += 1;
            }
            *word |= own;
        }
        if count as f32 <= WORTH_WHILE * positions.len() as f32 {
            return Self::default();
        }
        Self { bits, count }
    }

    /// How many there are, about.
    pub(crate) fn count(&self) -> usize {
        self.count
    }

    /// Whether a point is a repeat of an earlier one.
    pub(crate) fn contains(&self, point: usize) -> bool {
        self.bits.get(point / 64).is_some_and(|word| word >> (point % 64) & 1 == 1)
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

    #[test]
    fn second_copies_are_told_from_first_ones() {
        let at = |i: usize| [(i % 997) as f32 * 0.01, (i / 997) as f32 * 0.01, i as f32 * 1e-3];
        let positions: Vec<[f32; 3]> = (0..40_000).chain((0..40_000).step_by(2)).map(at).collect();
        let repeats = Repeats::among(&positions);
        assert!((20_000..20_400).contains(&repeats.count()), "{}", repeats.count());
        assert!((40_000..60_000).all(|point| repeats.contains(point)));
        let wrong = (0..40_000).filter(|point| repeats.contains(*point)).count();
        assert!(wrong < 400, "{wrong} that differ from all before");
        assert_eq!(Repeats::among(&positions[..40_000]).count(), 0);
        assert_eq!(Repeats::among(&[]).count(), 0);
    }
}
