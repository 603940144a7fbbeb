//! Weights as the shaders want them: block by block instead of row by row, so that the threads of
//! a workgroup, one output each, read side by side.

use crate::{GROUP, Q4, Q8};
use half::f16;

/// `nibbles` of `matmul_vec_q4`: four words of each block of 32 columns, `(blocks, rows, 4)`.
pub(super) fn q4_words(q4: &Q4) -> Vec<u32> {
    transposed(q4.rows(), q4.cols() / GROUP, q4.words().as_chunks::<4>().0).concat()
}

/// `bytes` of `matmul_vec_q8`: four words of each 16 columns, `(2 · blocks, rows, 4)`.
pub(super) fn q8_words(q8: &Q8) -> Vec<u32> {
    let bytes: Vec<u8> = q8.q().iter().map(|q| q.cast_unsigned()).collect();
    let words: Vec<u32> =
        bytes.as_chunks().0.iter().map(|four| u32::from_le_bytes(*four)).collect();
    transposed(q8.rows(), q8.cols() / 16, words.as_chunks::<4>().0).concat()
}

/// `scales`: `(⌈blocks / 2⌉, rows)`, the earlier block's in the lower half.
pub(super) fn scale_words(rows: usize, cols: usize, scales: &[f16]) -> Vec<u32> {
    let blocks = cols / GROUP;
    let scale = |row: usize, block: usize| match block < blocks {
        true => u32::from(scales[row * blocks + block].to_bits()),
        false => 0,
    };
    let pairs = (0..blocks).step_by(2);
    pairs
        .flat_map(|block| (0..rows).map(move |row| scale(row, block) | scale(row, block + 1) << 16))
        .collect()
}

/// `(rows, cols)` to `(cols, rows)`.
fn transposed<T: Copy>(rows: usize, cols: usize, values: &[T]) -> Vec<T> {
    (0..cols).flat_map(|col| (0..rows).map(move |row| values[row * cols + col])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{pack_q4, pack_q8};

    /// Read back the way the shaders read, every weight is bit for bit the packed one.
    #[test]
    fn repacking_loses_nothing() {
        let (rows, cols) = (5, 96);
        let values: Vec<f32> = (0..rows * cols).map(|k| (k as f32 * 0.7).sin()).collect();
        let q4 = pack_q4(rows, cols, &values).unwrap();
        let q8 = pack_q8(rows, cols, &values).unwrap();
        let (nibbles, bytes) = (q4_words(&q4), q8_words(&q8));
        let q4_scales = scale_words(rows, cols, q4.scales());
        let q8_scales = scale_words(rows, cols, q8.scales());
        let scale = |pairs: &[u32], row: usize, block: usize| {
            let pair = pairs[block / 2 * rows + row];
            f16::from_bits((pair >> (16 * (block % 2))) as u16).to_f32()
        };
        let (mut q4_row, mut q8_row) = (vec![0.0; cols], vec![0.0; cols]);
        for row in 0..rows {
            q4.write_row(row, &mut q4_row);
            q8.write_row(row, &mut q8_row);
            for col in 0..cols {
                let block = col / GROUP;
                let word = nibbles[4 * (block * rows + row) + col % 32 / 8];
                let value = (word >> (4 * (col % 8)) & 15) as f32 - 8.0;
                assert_eq!(value * scale(&q4_scales, row, block), q4_row[col], "{row}, {col}");
                let word = bytes[4 * (col / 16 * rows + row) + col % 16 / 4];
                let value = f32::from((word >> (8 * (col % 4))) as u8 as i8);
                assert_eq!(value * scale(&q8_scales, row, block), q8_row[col], "{row}, {col}");
            }
        }
    }
}
