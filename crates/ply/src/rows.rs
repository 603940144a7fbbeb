use crate::{Element, Kind, Scalar};

/// Walks binary rows of an element that has lists, from any byte on.
pub(crate) struct RowWalker {
    kinds: Vec<Kind>,
    big_endian: bool,
    property: usize,
    /// Bytes of list entries still to be passed over.
    skip: u64,
}

/// A list with fewer than no entries.
pub(crate) struct NegativeCount;

impl RowWalker {
    /// `None` for an element without properties, whose rows are no bytes at all.
    pub(crate) fn new(element: &Element, big_endian: bool) -> Option<Self> {
        let kinds: Vec<Kind> = element.properties.iter().map(|property| property.kind).collect();
        (!kinds.is_empty()).then_some(Self { kinds, big_endian, property: 0, skip: 0 })
    }

    /// Walks to the end of the row or of the bytes: how many were used, and whether the row is
    /// done. Scalars go to `value` with the number of their property.
    pub(crate) fn walk(
        &mut self,
        bytes: &[u8],
        mut value: impl FnMut(usize, f64),
    ) -> Result<(usize, bool), NegativeCount> {
        let mut used = 0;
        loop {
            let rest = &bytes[used..];
            let skipped = usize::try_from(self.skip).unwrap_or(usize::MAX).min(rest.len());
            used += skipped;
            self.skip -= skipped as u64;
            if self.skip > 0 {
                return Ok((used, false));
            }
            let Some(kind) = self.kinds.get(self.property) else {
                self.property = 0;
                return Ok((used, true));
            };
            let (Kind::Scalar(scalar) | Kind::List { count: scalar, .. }) = *kind;
            let Some(number) = scalar.decode(&rest[skipped..], self.big_endian) else {
                return Ok((used, false));
            };
            used += scalar.size();
            match *kind {
                Kind::Scalar(_) => value(self.property, number),
                Kind::List { .. } if number < 0.0 => return Err(NegativeCount),
                Kind::List { item, .. } => self.skip = number as u64 * item.size() as u64,
            }
            self.property += 1;
        }
    }
}

/// The first line that is not blank, without its line break, and how many bytes it takes with
/// the blank ones before it. `None` where no line ends in `bytes`; from `searched` on only.
pub(crate) fn next_line<'a>(bytes: &'a [u8], searched: &mut usize) -> Option<(&'a [u8], usize)> {
    let mut start = 0;
    loop {
        let from = start.max(*searched);
        let Some(length) = bytes.get(from..)?.iter().position(|b| matches!(b, b'\r' | b'\n'))
        else {
            *searched = bytes.len();
            return None;
        };
        let end = from + length;
        let line = &bytes[start..end];
        if !line.trim_ascii().is_empty() {
            *searched = 0;
            return Some((line, end + 1));
        }
        start = end + 1;
    }
}

/// Passes over lines that are not blank.
#[derive(Default)]
pub(crate) struct LineSkipper {
    in_line: bool,
}

impl LineSkipper {
    /// Passes over at most `lines` lines, counting them down; returns the bytes used.
    pub(crate) fn skip(&mut self, bytes: &[u8], lines: &mut u64) -> usize {
        for (index, byte) in bytes.iter().enumerate() {
            if *lines == 0 {
                return index;
            }
            if matches!(byte, b'\r' | b'\n') {
                *lines -= u64::from(self.in_line);
                self.in_line = false;
            } else if !byte.is_ascii_whitespace() {
                self.in_line = true;
            }
        }
        bytes.len()
    }
}

/// The words of a line.
pub(crate) fn words(line: &[u8]) -> impl Iterator<Item = &[u8]> {
    line.split(|byte| byte.is_ascii_whitespace()).filter(|word| !word.is_empty())
}

/// A word as a number.
pub(crate) fn number(word: &[u8]) -> Option<f64> {
    std::str::from_utf8(word).ok()?.parse().ok()
}

/// A value of the column `scalar` at `offset` from each of the rows, `stride` bytes apart.
pub(crate) fn decode_column(
    scalar: Scalar,
    big_endian: bool,
    rows: &[u8],
    stride: usize,
    offset: usize,
    out: &mut Vec<f64>,
) {
    out.clear();
    let cells = rows.chunks_exact(stride.max(1)).filter_map(|row| row.get(offset..));
    macro_rules! decode {
        ($type:ty) => {{
            let words = cells.filter_map(|cell| cell.first_chunk());
            if big_endian {
                out.extend(words.map(|word| f64::from(<$type>::from_be_bytes(*word))));
            } else {
                out.extend(words.map(|word| f64::from(<$type>::from_le_bytes(*word))));
            }
        }};
    }
    match scalar {
        Scalar::I8 => decode!(i8),
        Scalar::U8 => decode!(u8),
        Scalar::I16 => decode!(i16),
        Scalar::U16 => decode!(u16),
        Scalar::I32 => decode!(i32),
        Scalar::U32 => decode!(u32),
        Scalar::F32 => decode!(f32),
        Scalar::F64 => decode!(f64),
    }
}
