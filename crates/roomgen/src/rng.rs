//! The dice.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng as _, SeedableRng as _};

/// The dice of one room: ChaCha8, so that a room is the same on every machine, whatever is made
/// beside it. The draws below are our own, because those of general crates may change between
/// versions.
#[derive(Clone, Debug)]
pub struct Rng(ChaCha8Rng);

impl Rng {
    /// Dice that depend on all the numbers given, and on nothing else. At most four are used.
    pub fn from_numbers(numbers: [u64; 4]) -> Self {
        let mut seed = [0; 32];
        for (bytes, number) in seed.chunks_exact_mut(8).zip(numbers) {
            bytes.copy_from_slice(&number.to_le_bytes());
        }
        Self(ChaCha8Rng::from_seed(seed))
    }

    /// New dice, so that what one part draws does not shift what the next one draws.
    pub fn fork(&mut self) -> Self {
        Self::from_numbers([self.bits(), self.bits(), self.bits(), self.bits()])
    }

    /// 64 random bits.
    pub fn bits(&mut self) -> u64 {
        self.0.next_u64()
    }

    /// Evenly in 0..1.
    pub fn unit(&mut self) -> f32 {
        (self.0.next_u32() >> 8) as f32 / (1 << 24) as f32
    }

    /// Evenly in `low..high`; `low` where the range is empty.
    pub fn range(&mut self, low: f32, high: f32) -> f32 {
        low + (high - low).max(0.0) * self.unit()
    }

    /// Evenly among `0..count`; 0 where `count` is 0. The bias of the product method is below
    /// `count / 2^64`.
    pub fn below(&mut self, count: usize) -> usize {
        ((u128::from(self.bits()) * count as u128) >> 64) as usize
    }

    /// Evenly among `low..=high`.
    pub fn between(&mut self, low: usize, high: usize) -> usize {
        low + self.below(high.saturating_sub(low) + 1)
    }

    /// True with this probability.
    pub fn chance(&mut self, probability: f32) -> bool {
        self.unit() < probability
    }

    /// Normal with mean 0 and deviation 1 (Box and Muller).
    pub fn normal(&mut self) -> f32 {
        let radius = (-2.0 * (1.0 - self.unit()).ln()).sqrt();
        radius * (std::f32::consts::TAU * self.unit()).cos()
    }

    /// One of them; `None` where there are none.
    pub fn pick<'a, T>(&mut self, items: &'a [T]) -> Option<&'a T> {
        items.get(self.below(items.len()))
    }

    /// An index with probability in proportion to its weight; `None` where all are zero.
    pub fn weighted(&mut self, weights: &[f32]) -> Option<usize> {
        let total: f32 = weights.iter().sum();
        let mut left = self.unit() * total;
        for (index, &weight) in weights.iter().enumerate() {
            left -= weight;
            if weight > 0.0 && left < 0.0 {
                return Some(index);
            }
        }
        weights.iter().rposition(|&weight| weight > 0.0)
    }

    /// Fisher and Yates.
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.below(last + 1));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_are_pinned() {
        let mut rng = Rng::from_numbers([1, 2, 3, 4]);
        let first: Vec<usize> = (0..6).map(|_| rng.below(1000)).collect();
        assert_eq!(first, [66, 345, 251, 272, 237, 192]);
        let mut other = Rng::from_numbers([1, 2, 3, 5]);
        assert_ne!(first, (0..6).map(|_| other.below(1000)).collect::<Vec<_>>());
    }

    #[test]
    fn draws_stay_in_range_and_spread() {
        let mut rng = Rng::from_numbers([7; 4]);
        let mut seen = [0; 5];
        let mut sum = 0.0;
        for _ in 0..5000 {
            seen[rng.below(5)] += 1;
            let u = rng.unit();
            assert!((0.0..1.0).contains(&u));
            sum += rng.normal();
        }
        assert!(seen.iter().all(|&count| (900..1100).contains(&count)), "{seen:?}");
        assert!((sum / 5000.0).abs() < 0.06, "{sum}");
        assert_eq!(rng.below(0), 0);
        assert_eq!(rng.weighted(&[0.0, 1.0, 0.0]), Some(1));
        assert_eq!(rng.weighted(&[0.0, 0.0]), None);
        assert_eq!(rng.pick::<u8>(&[]), None);
    }
}
