use crate::collect::{BATCH_ROWS, Collector};
use crate::rows::{RowWalker, decode_column, next_line, number, words};
use crate::{Element, Format, Kind, MAX_ROW_BYTES, PlyError, Scalar};

/// Reads the rows of `vertex` into a [`Collector`], whatever way they are written.
pub(crate) struct VertexReader {
    rows: Rows,
    kinds: Vec<Kind>,
    /// Values of the rows not yet given to the collector, by property (of `Walked` and `Lines`).
    staged: Vec<Vec<f64>>,
    staged_rows: usize,
    pub(crate) left: u64,
    done: u64,
    trouble: Trouble,
}

enum Rows {
    Fixed { stride: usize, big_endian: bool, batch: usize, scratch: Vec<f64> },
    Walked(RowWalker),
    Lines { searched: usize },
}

/// What was wrong with rows that could still be used.
#[derive(Default)]
struct Trouble {
    short_rows: u64,
    long_rows: u64,
    words: u64,
    first_word: Option<(u64, String)>,
    other_byte_order: bool,
}

/// A batch takes at most about this many bytes of the file.
const BATCH_BYTES: usize = 256 * 1024;

impl VertexReader {
    pub(crate) fn new(format: Format, vertex: &Element) -> Self {
        let kinds: Vec<Kind> = vertex.properties.iter().map(|property| property.kind).collect();
        let big_endian = format == Format::BinaryBigEndian;
        let rows = match (format, vertex.row_bytes(), RowWalker::new(vertex, big_endian)) {
            (Format::BinaryLittleEndian | Format::BinaryBigEndian, Some(stride), _) => {
                let batch = (BATCH_BYTES / stride.max(1)).clamp(1, BATCH_ROWS);
                Rows::Fixed { stride, big_endian, batch, scratch: Vec::with_capacity(batch) }
            }
            (Format::BinaryLittleEndian | Format::BinaryBigEndian, None, Some(walker)) => {
                Rows::Walked(walker)
            }
            _ => Rows::Lines { searched: 0 },
        };
        Self {
            rows,
            staged: vec![Vec::new(); kinds.len()],
            kinds,
            staged_rows: 0,
            left: vertex.count,
            done: 0,
            trouble: Trouble::default(),
        }
    }

    /// Reads whole rows; returns the bytes used. What is left over must come again with more
    /// behind it, or with `at_end`.
    pub(crate) fn read(
        &mut self,
        bytes: &[u8],
        at_end: bool,
        to: &mut Collector,
    ) -> Result<usize, PlyError> {
        let used = match self.rows {
            Rows::Fixed { .. } => self.read_fixed(bytes, at_end, to),
            Rows::Walked(_) => self.read_walked(bytes, to)?,
            Rows::Lines { .. } => self.read_lines(bytes, at_end, to)?,
        };
        if at_end || self.left == 0 {
            self.flush(to);
        }
        Ok(used)
    }

    fn read_fixed(&mut self, bytes: &[u8], at_end: bool, to: &mut Collector) -> usize {
        let Rows::Fixed { stride, big_endian, batch, scratch } = &mut self.rows else { return 0 };
        let mut used = 0;
        loop {
            let whole = (bytes.len() - used) / *stride;
            let wanted = usize::try_from(self.left).unwrap_or(usize::MAX).min(*batch);
            let rows = if at_end { whole.min(wanted) } else { wanted };
            if rows == 0 || whole < rows {
                return used;
            }
            let block = &bytes[used..used + rows * *stride];
            if self.done == 0 {
                self.trouble.other_byte_order =
                    is_other_byte_order(&self.kinds, block, *stride, *big_endian);
            }
            let mut offset = 0;
            for (property, kind) in self.kinds.iter().enumerate() {
                let Kind::Scalar(scalar) = kind else { continue };
                if to.wants(property) {
                    decode_column(*scalar, *big_endian, block, *stride, offset, scratch);
                    to.column(property, scratch);
                }
                offset += scalar.size();
            }
            to.end_batch();
            used += block.len();
            self.done += rows as u64;
            self.left -= rows as u64;
        }
    }

    fn read_walked(&mut self, bytes: &[u8], to: &mut Collector) -> Result<usize, PlyError> {
        let mut used = 0;
        while self.left > 0 {
            let Rows::Walked(walker) = &mut self.rows else { break };
            let staged = &mut self.staged;
            let walked = walker.walk(&bytes[used..], |property, value| {
                if to.wants(property) {
                    staged[property].push(value);
                }
            });
            let (step, row_done) = walked.map_err(|_| PlyError::NegativeListCount {
                element: "vertex".to_owned(),
                row: self.done,
            })?;
            used += step;
            if !row_done {
                break;
            }
            self.end_row(to);
        }
        Ok(used)
    }

    fn read_lines(
        &mut self,
        bytes: &[u8],
        at_end: bool,
        to: &mut Collector,
    ) -> Result<usize, PlyError> {
        let mut used = 0;
        while self.left > 0 {
            let Rows::Lines { searched } = &mut self.rows else { break };
            let rest = &bytes[used..];
            let too_long = PlyError::RowTooLong { row: self.done, limit: MAX_ROW_BYTES };
            if let Some((line, length)) = next_line(rest, searched) {
                if line.len() > MAX_ROW_BYTES {
                    return Err(too_long);
                }
                used += length;
                self.line(line, to);
            } else if rest.len() > MAX_ROW_BYTES {
                return Err(too_long);
            } else {
                // The last row of all may lack its line break; any other row may be cut in the
                // middle of a number.
                if at_end && self.left == 1 && words(rest).count() >= self.kinds.len() {
                    self.line(rest, to);
                    used = bytes.len();
                }
                break;
            }
        }
        Ok(used)
    }

    fn line(&mut self, line: &[u8], to: &mut Collector) {
        let mut words = words(line);
        let mut is_short = false;
        for (property, kind) in self.kinds.iter().enumerate() {
            let mut value = f64::NAN;
            match words.next() {
                None => is_short = true,
                Some(word) => match number(word) {
                    Some(number) => value = number,
                    None => self.trouble.word(self.done, word),
                },
            }
            match kind {
                Kind::Scalar(scalar) if to.wants(property) => {
                    // Text often says more than a float holds; only coordinates gain by it.
                    let is_rounded = *scalar == Scalar::F32 && !to.is_position(property);
                    let value = if is_rounded { f64::from(value as f32) } else { value };
                    self.staged[property].push(value);
                }
                Kind::Scalar(_) => {}
                Kind::List { .. } => {
                    let entries = value.max(0.0) as usize;
                    if entries > 0 && words.nth(entries - 1).is_none() {
                        is_short = true;
                    }
                }
            }
        }
        self.trouble.short_rows += u64::from(is_short);
        self.trouble.long_rows += u64::from(words.next().is_some());
        self.end_row(to);
    }

    fn end_row(&mut self, to: &mut Collector) {
        self.done += 1;
        self.left -= 1;
        self.staged_rows += 1;
        if self.staged_rows == BATCH_ROWS {
            self.flush(to);
        }
    }

    fn flush(&mut self, to: &mut Collector) {
        if self.staged_rows == 0 {
            return;
        }
        for (property, values) in self.staged.iter_mut().enumerate() {
            if to.wants(property) {
                // A row cut off in its middle has left values behind the whole rows.
                values.truncate(self.staged_rows);
                to.column(property, values);
            }
            values.clear();
        }
        to.end_batch();
        self.staged_rows = 0;
    }

    /// Says what was wrong, as warnings.
    pub(crate) fn report(&self, to: &mut Collector) {
        let trouble = &self.trouble;
        if trouble.other_byte_order {
            to.warn(
                "byte-order",
                "The coordinates make no sense in the byte order that the header names, but would \
                 in the other one. If the points look wrong, swap binary_little_endian and \
                 binary_big_endian in the file's header, or export it again.",
            );
        }
        if trouble.short_rows > 0 {
            let rows = trouble.short_rows;
            to.warn("short-rows", format!("{rows} rows of points hold too few numbers."));
        }
        if trouble.long_rows > 0 {
            let rows = trouble.long_rows;
            to.warn(
                "long-rows",
                format!("{rows} rows of points hold too many numbers; the last ones are ignored."),
            );
        }
        if let Some(sentence) = trouble.words_sentence() {
            to.warn("bad-numbers", sentence);
        }
    }

    /// Why there may be no points, for an error.
    pub(crate) fn hint(&self) -> String {
        match self.trouble.words_sentence() {
            Some(sentence) => format!(" {sentence}"),
            None => String::new(),
        }
    }
}

impl Trouble {
    fn word(&mut self, row: u64, word: &[u8]) {
        self.words += 1;
        self.first_word.get_or_insert_with(|| (row, crate::error::shown(word)));
    }

    fn words_sentence(&self) -> Option<String> {
        let (row, word) = self.first_word.as_ref()?;
        let comma = if word.contains(',') {
            " Decimal commas are not part of the format: export with decimal points."
        } else {
            ""
        };
        Some(format!(
            "{} values are no numbers (the first one: `{word}` in row {row}) and count as \
             missing.{comma}",
            self.words
        ))
    }
}

/// Whether floating coordinates are mostly absurd as declared and nearly all sensible with their
/// bytes reversed.
fn is_other_byte_order(kinds: &[Kind], rows: &[u8], stride: usize, big_endian: bool) -> bool {
    let mut sensible = [0_usize; 2];
    let mut total = 0_usize;
    let (mut offset, mut column) = (0, Vec::new());
    for kind in kinds {
        let Kind::Scalar(scalar) = kind else { continue };
        if matches!(scalar, Scalar::F32 | Scalar::F64) {
            for (order, count) in sensible.iter_mut().enumerate() {
                let big_endian = big_endian != (order == 1);
                decode_column(*scalar, big_endian, rows, stride, offset, &mut column);
                *count += column.iter().filter(|v| is_sensible(**v)).count();
            }
            total += column.len();
        }
        offset += scalar.size();
    }
    total > 0 && 2 * sensible[0] < total && 100 * sensible[1] > 95 * total
}

fn is_sensible(value: f64) -> bool {
    value == 0.0 || (1e-7..1e8).contains(&value.abs())
}
