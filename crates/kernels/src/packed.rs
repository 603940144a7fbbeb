use crate::{Error, Result};
use half::f16;
use std::sync::Arc;

/// Weights that share one scale.
pub const GROUP: usize = 32;

/// A weight matrix `(rows = out, cols = in)` as it lies in a model folder.
#[derive(Clone, Debug, PartialEq)]
pub enum Packed {
    /// 4 bits a weight.
    Q4(Q4),
    /// 8 bits a weight.
    Q8(Q8),
    /// 32 bits a weight: for references and parity checks; no GPU takes it.
    F32(Dense),
}

/// 4-bit weights. Nibble `k` of word `(r, w)` is column `8w + k`; with `g = (r, column / 32)` its value is
/// `(nibble − 8) · scale(g)`, or, where there are smallest values, `nibble · scale(g) + min(g)`.
#[derive(Clone, Debug, PartialEq)]
pub struct Q4 {
    rows: usize,
    cols: usize,
    words: Vec<u32>,
    scales: Vec<f16>,
    /// Empty where weights lie evenly round zero.
    mins: Vec<f16>,
}

/// 8-bit weights, value `q · scale(r, column / 32)`.
#[derive(Clone, Debug, PartialEq)]
pub struct Q8 {
    rows: usize,
    cols: usize,
    q: Vec<i8>,
    scales: Vec<f16>,
}

/// Plain weights.
#[derive(Clone, Debug, PartialEq)]
pub struct Dense {
    rows: usize,
    cols: usize,
    values: Vec<f32>,
}

fn check(op: &'static str, what: &str, has: usize, wants: Option<usize>) -> Result<()> {
    if wants == Some(has) {
        return Ok(());
    }
    let wants = wants.map_or_else(|| "more than fits".to_owned(), |count| count.to_string());
    Err(Error::Shape { op, what: format!("{what} has {has} entries, should have {wants}") })
}

fn check_cols(op: &'static str, rows: usize, cols: usize) -> Result<()> {
    if rows == 0 || cols == 0 || !cols.is_multiple_of(GROUP) {
        let what = format!("{rows} × {cols} is empty or its columns are no multiple of {GROUP}");
        return Err(Error::Shape { op, what });
    }
    Ok(())
}

impl Q4 {
    /// Outputs.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Inputs.
    pub fn cols(&self) -> usize {
        self.cols
    }

    /// `words` is `(rows, cols / 8)`, `scales` `(rows, cols / 32)`.
    ///
    /// # Errors
    /// Where the lengths do not say so, or `cols` is no multiple of 32.
    pub fn new(rows: usize, cols: usize, words: Vec<u32>, scales: Vec<f16>) -> Result<Self> {
        check_cols("q4", rows, cols)?;
        check("q4", "words", words.len(), rows.checked_mul(cols / 8))?;
        check("q4", "scales", scales.len(), rows.checked_mul(cols / GROUP))?;
        Ok(Self { rows, cols, words, scales, mins: Vec::new() })
    }

    /// As [`Q4::new`], with the smallest value of each group, `(rows, cols / 32)`.
    ///
    /// # Errors
    /// As [`Q4::new`].
    pub fn with_mins(
        rows: usize,
        cols: usize,
        words: Vec<u32>,
        scales: Vec<f16>,
        mins: Vec<f16>,
    ) -> Result<Self> {
        check("q4", "mins", mins.len(), rows.checked_mul(cols / GROUP))?;
        Ok(Self { mins, ..Self::new(rows, cols, words, scales)? })
    }

    /// `(rows, cols / 8)`.
    pub fn words(&self) -> &[u32] {
        &self.words
    }

    /// `(rows, cols / 32)`.
    pub fn scales(&self) -> &[f16] {
        &self.scales
    }

    /// `(rows, cols / 32)`, or empty where weights lie evenly round zero.
    pub fn mins(&self) -> &[f16] {
        &self.mins
    }

    /// Row `row` in f32; the reading that every faster path must agree with.
    pub fn write_row(&self, row: usize, out: &mut [f32]) {
        let words = &self.words[row * self.cols / 8..][..self.cols / 8];
        let groups = row * self.cols / GROUP..(row + 1) * self.cols / GROUP;
        let scales = &self.scales[groups.clone()];
        let mins = self.mins.get(groups);
        for (col, value) in out.iter_mut().take(self.cols).enumerate() {
            let nibble = (words[col / 8] >> (4 * (col % 8)) & 15) as f32;
            let scale = scales[col / GROUP].to_f32();
            *value = match mins {
                Some(mins) => nibble * scale + mins[col / GROUP].to_f32(),
                None => (nibble - 8.0) * scale,
            };
        }
    }
}

impl Q8 {
    /// Outputs.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Inputs.
    pub fn cols(&self) -> usize {
        self.cols
    }

    /// `q` is `(rows, cols)`, `scales` `(rows, cols / 32)`.
    ///
    /// # Errors
    /// Where the lengths do not say so, or `cols` is no multiple of 32.
    pub fn new(rows: usize, cols: usize, q: Vec<i8>, scales: Vec<f16>) -> Result<Self> {
        check_cols("q8", rows, cols)?;
        check("q8", "q", q.len(), rows.checked_mul(cols))?;
        check("q8", "scales", scales.len(), rows.checked_mul(cols / GROUP))?;
        Ok(Self { rows, cols, q, scales })
    }

    /// `(rows, cols)`.
    pub fn q(&self) -> &[i8] {
        &self.q
    }

    /// `(rows, cols / 32)`.
    pub fn scales(&self) -> &[f16] {
        &self.scales
    }

    /// Row `row` in f32.
    pub fn write_row(&self, row: usize, out: &mut [f32]) {
        let q = &self.q[row * self.cols..][..self.cols];
        let scales = &self.scales[row * self.cols / GROUP..][..self.cols / GROUP];
        for (col, (value, &q)) in out.iter_mut().zip(q).enumerate() {
            *value = f32::from(q) * scales[col / GROUP].to_f32();
        }
    }
}

impl Dense {
    /// Outputs.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Inputs.
    pub fn cols(&self) -> usize {
        self.cols
    }

    /// `values` is `(rows, cols)`.
    ///
    /// # Errors
    /// Where the length does not say so.
    pub fn new(rows: usize, cols: usize, values: Vec<f32>) -> Result<Self> {
        check("f32", "values", values.len(), rows.checked_mul(cols))?;
        Ok(Self { rows, cols, values })
    }

    /// `(rows, cols)`.
    pub fn values(&self) -> &[f32] {
        &self.values
    }
}

impl Packed {
    /// Outputs.
    pub fn rows(&self) -> usize {
        match self {
            Self::Q4(q4) => q4.rows,
            Self::Q8(q8) => q8.rows,
            Self::F32(dense) => dense.rows,
        }
    }

    /// Inputs.
    pub fn cols(&self) -> usize {
        match self {
            Self::Q4(q4) => q4.cols,
            Self::Q8(q8) => q8.cols,
            Self::F32(dense) => dense.cols,
        }
    }

    /// The rows of all of these, one after the other; none where they are not packed the same way or differ in columns.
    pub fn stacked(parts: &[Arc<Self>]) -> Option<Self> {
        let cols = parts.first()?.cols();
        let rows = parts.iter().map(|part| part.rows()).sum();
        if let Some(all) = parts.iter().map(|part| part.q4(cols)).collect::<Option<Vec<_>>>() {
            let words = all.iter().flat_map(|q4| &q4.words).copied().collect();
            let scales = all.iter().flat_map(|q4| &q4.scales).copied().collect();
            let mins: Vec<f16> = all.iter().flat_map(|q4| &q4.mins).copied().collect();
            let stacked = match mins.is_empty() {
                true => Q4::new(rows, cols, words, scales),
                // Fails where some have none.
                false => Q4::with_mins(rows, cols, words, scales, mins),
            };
            return stacked.ok().map(Self::Q4);
        }
        let all = parts.iter().map(|part| part.q8(cols)).collect::<Option<Vec<_>>>()?;
        let q = all.iter().flat_map(|q8| &q8.q).copied().collect();
        let scales = all.iter().flat_map(|q8| &q8.scales).copied().collect();
        Q8::new(rows, cols, q, scales).ok().map(Self::Q8)
    }

    /// `count` rows from `first` on.
    ///
    /// # Errors
    /// Where they are not within.
    pub fn some_rows(&self, first: usize, count: usize) -> Result<Self> {
        let (rows, cols) = (self.rows(), self.cols());
        if first.checked_add(count).is_none_or(|end| end > rows) {
            return Err(Error::Shape { op: "rows", what: format!("{first} + {count} of {rows}") });
        }
        fn part<T: Copy>(values: &[T], first: usize, count: usize, each: usize) -> Vec<T> {
            values.get(first * each..(first + count) * each).unwrap_or_default().to_vec()
        }
        let groups = cols / GROUP;
        Ok(match self {
            Self::Q4(q4) => {
                let words = part(&q4.words, first, count, cols / 8);
                let scales = part(&q4.scales, first, count, groups);
                let mins = part(&q4.mins, first, count, groups);
                Self::Q4(match mins.is_empty() {
                    true => Q4::new(count, cols, words, scales)?,
                    false => Q4::with_mins(count, cols, words, scales, mins)?,
                })
            }
            Self::Q8(q8) => {
                let q = part(&q8.q, first, count, cols);
                Self::Q8(Q8::new(count, cols, q, part(&q8.scales, first, count, groups))?)
            }
            Self::F32(dense) => {
                Self::F32(Dense::new(count, cols, part(&dense.values, first, count, cols))?)
            }
        })
    }

    fn q4(&self, cols: usize) -> Option<&Q4> {
        match self {
            Self::Q4(q4) => Some(q4).filter(|q4| q4.cols == cols),
            _ => None,
        }
    }

    fn q8(&self, cols: usize) -> Option<&Q8> {
        match self {
            Self::Q8(q8) => Some(q8).filter(|q8| q8.cols == cols),
            _ => None,
        }
    }

    /// Row `row < rows` in f32, into the first `cols` of `out`.
    pub fn write_row(&self, row: usize, out: &mut [f32]) {
        match self {
            Self::Q4(q4) => q4.write_row(row, out),
            Self::Q8(q8) => q8.write_row(row, out),
            Self::F32(dense) => {
                out[..dense.cols].copy_from_slice(&dense.values[row * dense.cols..][..dense.cols]);
            }
        }
    }

    /// Of its values and their scales.
    pub fn bytes(&self) -> usize {
        match self {
            Self::Q4(q4) => {
                size_of_val(q4.words()) + size_of_val(q4.scales()) + size_of_val(q4.mins())
            }
            Self::Q8(q8) => size_of_val(q8.q()) + size_of_val(q8.scales()),
            Self::F32(dense) => size_of_val(dense.values()),
        }
    }

    /// All of it in f32, `(rows, cols)`.
    pub fn to_f32(&self) -> Vec<f32> {
        let (rows, cols) = (self.rows(), self.cols());
        let mut values = vec![0.0; rows * cols];
        for (row, out) in values.chunks_exact_mut(cols.max(1)).enumerate() {
            self.write_row(row, out);
        }
        values
    }
}
