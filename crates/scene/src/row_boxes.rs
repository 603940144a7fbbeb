use crate::{BINS, InstanceId};

/// Numbers of a box in location tokens: its centre, then its edges.
pub const BOX_NUMBERS: usize = 6;

/// What the first `r` rows of a prefix say of boxes, where the system names objects by them; empty
/// where it points.
#[derive(Clone, Debug, Default)]
pub struct RowBoxes {
    /// Log-probabilities of the bins of each number, `(r, 6, 256)`.
    pub numbers: Vec<f32>,
    /// By how many bins each number is to be moved, `(r, 6)`.
    pub refined: Vec<f32>,
    /// The object whose box each row says most likely, `(r)`; none where there are no objects.
    pub objects: Vec<Option<InstanceId>>,
}

impl RowBoxes {
    /// `r`.
    pub fn count(&self) -> usize {
        self.objects.len()
    }

    /// What a row says of one number: `(256)` log-probabilities; empty beyond the last.
    pub fn of(&self, row: usize, number: usize) -> &[f32] {
        let start = (row * BOX_NUMBERS + number) * BINS;
        self.numbers.get(start..start + BINS).unwrap_or_default()
    }

    /// The log-likelihood of a box by one row.
    pub fn likelihood(&self, row: usize, numbers: [u8; BOX_NUMBERS]) -> f32 {
        let of = |(number, bin): (usize, u8)| self.of(row, number).get(usize::from(bin));
        numbers.into_iter().enumerate().filter_map(of).sum()
    }

    /// Of some of the rows only, by their indices.
    #[must_use]
    pub fn with_only(&self, rows: &[usize]) -> Self {
        let numbers =
            rows.iter().flat_map(|&row| (0..BOX_NUMBERS).flat_map(move |k| self.of(row, k)));
        let refined = |row: usize| self.refined.get(row * BOX_NUMBERS..(row + 1) * BOX_NUMBERS);
        Self {
            numbers: numbers.copied().collect(),
            refined: rows
                .iter()
                .flat_map(|&row| refined(row).unwrap_or_default())
                .copied()
                .collect(),
            objects: rows.iter().filter_map(|&row| self.objects.get(row)).copied().collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_by_themselves_and_some_of_them() {
        let rows = 3;
        // Row r is sure that every number is r.
        let one = |row: usize| {
            let said = (0..BINS).map(move |bin| if bin == row { 0.0 } else { -5.0 });
            (0..BOX_NUMBERS).flat_map(move |_| said.clone())
        };
        let said = RowBoxes {
            numbers: (0..rows).flat_map(one).collect(),
            refined: (0..rows * BOX_NUMBERS).map(|i| i as f32).collect(),
            objects: (0..rows as u32).map(|id| Some(InstanceId(id))).collect(),
        };
        assert_eq!(said.likelihood(2, [2; 6]), 0.0);
        assert_eq!(said.likelihood(1, [1, 1, 1, 2, 2, 2]), -15.0);
        let some = said.with_only(&[2, 0]);
        assert_eq!((some.count(), some.objects[0]), (2, Some(InstanceId(2))));
        assert_eq!(some.refined[..2], [12.0, 13.0]);
        assert_eq!((some.likelihood(0, [2; 6]), some.likelihood(1, [0; 6])), (0.0, 0.0));
        assert!(some.of(2, 0).is_empty());
    }
}
