/// No entry: an index that never occurs.
pub(crate) const NONE: u32 = u32::MAX;

const EMPTY: u64 = u64::MAX;

/// Numbers distinct keys 0, 1, 2, … in the order in which they first come. Open addressing, no
/// allocation per key, the same numbering on every machine.
#[derive(Debug)]
pub(crate) struct KeyMap {
    slots: Vec<u64>,
    values: Vec<u32>,
    len: usize,
}

impl KeyMap {
    pub(crate) fn new() -> Self {
        Self { slots: vec![EMPTY; 1024], values: vec![NONE; 1024], len: 0 }
    }

    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// The number of this key; a new one if it was not met before. `key` is not `u64::MAX`.
    pub(crate) fn number(&mut self, key: u64) -> u32 {
        if self.len * 2 >= self.slots.len() {
            self.grow();
        }
        let slot = self.slot(key);
        if self.slots[slot] == EMPTY {
            self.slots[slot] = key;
            self.values[slot] = self.len as u32;
            self.len += 1;
        }
        self.values[slot]
    }

    /// Every key with its number, in no useful order.
    pub(crate) fn entries(&self) -> impl Iterator<Item = (u64, u32)> + '_ {
        self.slots.iter().zip(&self.values).filter(|(key, _)| **key != EMPTY).map(|(k, v)| (*k, *v))
    }

    fn slot(&self, key: u64) -> usize {
        let mask = self.slots.len() - 1;
        // Fibonacci hashing: the high bits of the product mix all bits of the key.
        let mut slot = (key.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32) as usize & mask;
        while self.slots[slot] != EMPTY && self.slots[slot] != key {
            slot = (slot + 1) & mask;
        }
        slot
    }

    fn grow(&mut self) {
        let size = self.slots.len() * 2;
        let slots = std::mem::replace(&mut self.slots, vec![EMPTY; size]);
        let values = std::mem::replace(&mut self.values, vec![NONE; size]);
        for (key, value) in slots.into_iter().zip(values) {
            if key != EMPTY {
                let slot = self.slot(key);
                self.slots[slot] = key;
                self.values[slot] = value;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_keys_in_order_of_first_sight() {
        let mut map = KeyMap::new();
        for round in 0..2 {
            for key in 0..5000_u64 {
                assert_eq!(map.number(key.wrapping_mul(7919)), key as u32, "round {round}");
            }
        }
        assert_eq!(map.len(), 5000);
        assert_eq!(map.entries().count(), 5000);
    }
}
