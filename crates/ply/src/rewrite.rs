use crate::added::Adder;
use crate::header::{Scanned, Scanner};
use crate::mover::Mover;
use crate::rewrite_header::rewritten;
use crate::rows::{RowWalker, next_line, number, words};
use crate::skip::Skipper;
use crate::write::{check_range, is_property_name};
use crate::{Format, Kind, MAX_ROW_BYTES, PlyError, Scalar};
use std::io::Write;

/// A column to be added to every vertex.
#[derive(Clone, Copy, Debug)]
pub struct Appended<'a> {
    /// Its name, such as `instance`.
    pub name: &'a str,
    /// Its type in the file.
    pub scalar: Scalar,
    /// One value per point, in the file's order.
    pub values: &'a [f64],
}

/// A vertex that stands elsewhere than in the original.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Moved {
    /// Its place among the vertices.
    pub row: u32,
    /// Where it stands now, the file's coordinates.
    pub to: [f64; 3],
}

/// Writes a file again, as its bytes come, with columns appended to `vertex`: the same vertices
/// in the same order, the bytes of every vertex and of every other element kept as they were.
///
/// The header's lines are kept too; an old property, or `label` comment, of a new one's name gets
/// `original_` in front. A file that was cut off is written with the rows it has. In an ascii
/// file a row that is too short is filled up (`nan` or `0`), what is too much is dropped, so that
/// the new values stand in their columns, and blank lines between rows go.
pub struct Rewriter<'a> {
    appended: Vec<Appended<'a>>,
    comments: Vec<String>,
    moved: Vec<Moved>,
    added: Vec<[f64; 3]>,
    /// Of the new file, with those added.
    rows: usize,
    pending: Vec<u8>,
    out: Vec<u8>,
    state: State,
}

enum State {
    Header(Scanner),
    Body(Box<Body>),
}

struct Body {
    format: Format,
    kinds: Vec<Kind>,
    newline: &'static str,
    swallow_line_feed: bool,
    /// The last row ended with CR: a LF behind it is the same line break.
    after_return: bool,
    skipper: Skipper,
    way: Way,
    /// Rows written.
    done: usize,
    /// Rows that the original's header still promises.
    left: u64,
    /// Bytes of the present row that are written already.
    row_bytes: usize,
    mover: Option<Mover>,
    /// Until its rows are written.
    adder: Option<Adder>,
}

enum Way {
    Fixed(usize),
    Walked(RowWalker),
    Lines { searched: usize },
}

/// Writes the file in `original` to `out`; see [`Rewriter`].
///
/// # Errors
/// As [`Rewriter`].
pub fn rewrite(
    original: &[u8],
    mut out: impl Write,
    appended: &[Appended<'_>],
    comments: &[String],
) -> Result<(), PlyError> {
    let mut rewriter = Rewriter::new(appended, comments)?;
    for piece in original.chunks(1 << 20) {
        rewriter.push(piece, &mut out)?;
    }
    rewriter.finish(&mut out)
}

impl<'a> Rewriter<'a> {
    /// Appends these columns (all as long as the file has rows) and comment lines, such as
    /// `label 3 armchair`.
    ///
    /// # Errors
    /// [`PlyError::ColumnLength`], [`PlyError::ValueRange`], [`PlyError::PropertyName`].
    pub fn new(appended: &[Appended<'a>], comments: &[String]) -> Result<Self, PlyError> {
        let rows = appended.first().map_or(0, |column| column.values.len());
        for (index, column) in appended.iter().enumerate() {
            let taken = appended[..index].iter().any(|earlier| earlier.name == column.name);
            let is_coordinate = matches!(column.name, "x" | "y" | "z");
            if !is_property_name(column.name) || taken || is_coordinate {
                return Err(PlyError::PropertyName { name: column.name.to_owned() });
            }
            if column.values.len() != rows {
                return Err(length_error(column, rows as u64));
            }
            check_range(column.name, column.scalar, column.values)?;
        }
        Ok(Self {
            appended: appended.to_vec(),
            comments: comments.to_vec(),
            moved: Vec::new(),
            added: Vec::new(),
            rows,
            pending: Vec::new(),
            out: Vec::new(),
            state: State::Header(Scanner::default()),
        })
    }

    /// Writes these vertices' coordinates in place of their own, in the file's own types.
    pub fn with_moved(mut self, mut moved: Vec<Moved>) -> Self {
        moved.sort_unstable_by_key(|moved| moved.row);
        self.moved = moved;
        self
    }

    /// Writes these vertices behind the original's own, the file's coordinates; of their other
    /// properties only those that are appended are told: the last values of the columns are theirs.
    pub fn with_added(mut self, added: Vec<[f64; 3]>) -> Self {
        self.added = added;
        self
    }

    /// Takes the original's next bytes and writes what can be written.
    ///
    /// # Errors
    /// Where the original cannot be read, or has more rows than the columns; what was written is
    /// of no use then.
    pub fn push(&mut self, bytes: &[u8], out: &mut impl Write) -> Result<(), PlyError> {
        self.take(bytes, false)?;
        out.write_all(&self.out)?;
        self.out.clear();
        Ok(())
    }

    /// Ends the file.
    ///
    /// # Errors
    /// As [`Rewriter::push`], or where the original has fewer rows than the columns.
    pub fn finish(mut self, out: &mut impl Write) -> Result<(), PlyError> {
        self.take(&[], true)?;
        let done = match &mut self.state {
            State::Header(scanner) => return Err(scanner.finish()),
            State::Body(body) => {
                // Where the original was cut off, its last row has come only now.
                body.add(&self.appended, &mut self.out)?;
                body.done
            }
        };
        if done != self.rows {
            return Err(self.wrong_length(done as u64));
        }
        out.write_all(&self.out)?;
        Ok(())
    }

    fn take(&mut self, mut bytes: &[u8], at_end: bool) -> Result<(), PlyError> {
        if let State::Header(scanner) = &mut self.state {
            let (used, scanned) = scanner.push(bytes)?;
            let Some(scanned) = scanned else { return Ok(()) };
            let mut body = Body::new(&scanned)?;
            if !self.moved.is_empty() {
                body.mover = Some(Mover::new(&scanned.header, std::mem::take(&mut self.moved))?);
            }
            let added = self.added.len();
            if added > 0 {
                body.adder = Some(Adder::new(&scanned.header, std::mem::take(&mut self.added))?);
            }
            let kept = self.rows.saturating_sub(added) as u64;
            if kept > body.left {
                return Err(self.wrong_length(body.left.saturating_add(added as u64)));
            }
            let added = added as u64;
            self.out = rewritten(&scanned, [kept, added], &self.appended, &self.comments);
            self.state = State::Body(Box::new(body));
            bytes = &bytes[used..];
        }
        let State::Body(body) = &mut self.state else { return Ok(()) };
        self.pending.extend_from_slice(bytes);
        let used = body.take(&self.pending, at_end, &self.appended, &mut self.out)?;
        self.pending.drain(..used);
        Ok(())
    }

    fn wrong_length(&self, points: u64) -> PlyError {
        match self.appended.first() {
            Some(column) => length_error(column, points),
            None => PlyError::ColumnLength { name: String::new(), values: 0, points },
        }
    }
}

fn length_error(column: &Appended<'_>, points: u64) -> PlyError {
    let values = column.values.len() as u64;
    PlyError::ColumnLength { name: column.name.to_owned(), values, points }
}

impl Body {
    fn new(scanned: &Scanned) -> Result<Self, PlyError> {
        let header = &scanned.header;
        let (_, vertex) = header.vertex().ok_or(PlyError::NoVertexElement)?;
        let big_endian = header.format == Format::BinaryBigEndian;
        let way = match (header.format, vertex.row_bytes(), RowWalker::new(vertex, big_endian)) {
            (Format::Ascii, _, _) => Way::Lines { searched: 0 },
            (_, None, Some(walker)) => Way::Walked(walker),
            (_, stride, _) => Way::Fixed(stride.unwrap_or(0)),
        };
        Ok(Self {
            format: header.format,
            kinds: vertex.properties.iter().map(|property| property.kind).collect(),
            newline: scanned.newline,
            swallow_line_feed: scanned.swallow_line_feed,
            after_return: false,
            skipper: Skipper::new(header),
            way,
            done: 0,
            left: vertex.count,
            row_bytes: 0,
            mover: None,
            adder: None,
        })
    }

    fn take(
        &mut self,
        bytes: &[u8],
        at_end: bool,
        appended: &[Appended<'_>],
        out: &mut Vec<u8>,
    ) -> Result<usize, PlyError> {
        let mut used = 0;
        if self.swallow_line_feed && !bytes.is_empty() {
            self.swallow_line_feed = false;
            used += usize::from(bytes[0] == b'\n');
        }
        if !self.skipper.is_done() {
            let skipped = self.skipper.skip(&bytes[used..])?;
            out.extend_from_slice(&bytes[used..used + skipped]);
            used += skipped;
            if skipped > 0 {
                self.after_return = bytes[..used].ends_with(b"\r");
            }
        }
        if !self.skipper.is_done() {
            return Ok(used);
        }
        if self.done == 0 && self.is_second_half(bytes.get(used)) {
            out.push(b'\n');
            used += 1;
        }
        while self.left > 0 {
            let rest = &bytes[used..];
            let (row, step, row_done) = match &mut self.way {
                Way::Fixed(stride) => match rest.get(..*stride) {
                    Some(row) => (row, row.len(), true),
                    None => break,
                },
                Way::Walked(walker) => {
                    let walked = walker.walk(rest, |_, _| {});
                    let (step, row_done) = walked.map_err(|_| PlyError::NegativeListCount {
                        element: "vertex".to_owned(),
                        row: self.done as u64,
                    })?;
                    (&rest[..step], step, row_done)
                }
                Way::Lines { searched } => match next_line(rest, searched) {
                    Some((line, step)) => (line, step, true),
                    None if rest.len() > MAX_ROW_BYTES => {
                        let row = self.done as u64;
                        return Err(PlyError::RowTooLong { row, limit: MAX_ROW_BYTES });
                    }
                    None if at_end && self.left == 1 => {
                        if words(rest).count() < self.kinds.len() {
                            break;
                        }
                        (rest, rest.len(), true)
                    }
                    None => break,
                },
            };
            self.put(row, row_done, appended, out)?;
            used += step;
            self.after_return = bytes[..used].ends_with(b"\r");
            if !row_done {
                break;
            }
        }
        if self.left == 0 {
            used += usize::from(self.is_second_half(bytes.get(used)));
            self.add(appended, out)?;
            out.extend_from_slice(&bytes[used..]);
            used = bytes.len();
        }
        Ok(used)
    }

    /// Writes the rows that the original did not have, once.
    fn add(&mut self, appended: &[Appended<'_>], out: &mut Vec<u8>) -> Result<(), PlyError> {
        let Some(adder) = self.adder.take() else { return Ok(()) };
        if self.row_bytes > 0 {
            // A file cut off within a list: half a row stands in the way.
            return Err(PlyError::MovedInLists);
        }
        for row in adder.rows(self.format) {
            out.extend_from_slice(&row);
            self.end_row(appended, out)?;
        }
        Ok(())
    }

    /// Whether the next byte of a text is the LF of a CR-LF whose CR is already dealt with.
    fn is_second_half(&mut self, next: Option<&u8>) -> bool {
        let Some(next) = next else { return false };
        let after_return = std::mem::take(&mut self.after_return);
        after_return && self.format == Format::Ascii && *next == b'\n'
    }

    /// Writes a row, or a part of one, and at its end the new values.
    fn put(
        &mut self,
        row: &[u8],
        row_done: bool,
        appended: &[Appended<'_>],
        out: &mut Vec<u8>,
    ) -> Result<(), PlyError> {
        let is_text = self.format == Format::Ascii;
        let start = out.len();
        if is_text {
            // A line feed in front is the other half of the last row's CR-LF.
            put_line(row.trim_ascii_start(), &self.kinds, out);
        } else {
            out.extend_from_slice(row);
        }
        if let Some(mover) = &mut self.mover {
            mover.put(self.done, self.row_bytes, start, self.format, out);
        }
        self.row_bytes += row.len();
        if !row_done {
            return Ok(());
        }
        self.row_bytes = 0;
        self.left -= 1;
        self.end_row(appended, out)
    }

    fn end_row(&mut self, appended: &[Appended<'_>], out: &mut Vec<u8>) -> Result<(), PlyError> {
        let is_text = self.format == Format::Ascii;
        for column in appended {
            let Some(value) = column.values.get(self.done) else {
                return Err(length_error(column, self.done as u64 + 1));
            };
            if is_text {
                out.push(b' ');
            }
            column.scalar.encode(*value, self.format, out);
        }
        if is_text {
            out.extend_from_slice(self.newline.as_bytes());
        }
        self.done += 1;
        Ok(())
    }
}

/// Writes the line's own words, no more and no fewer than its properties take.
fn put_line(line: &[u8], kinds: &[Kind], out: &mut Vec<u8>) {
    let end_of = |word: &[u8]| word.as_ptr() as usize - line.as_ptr() as usize + word.len();
    let mut words = words(line);
    let mut end = 0;
    let mut missing = kinds.len();
    for kind in kinds {
        let Some(word) = words.next() else { break };
        let entries = match kind {
            Kind::Scalar(_) => 0,
            Kind::List { .. } => number(word).unwrap_or(0.0).max(0.0) as usize,
        };
        let last = if entries == 0 { Some(word) } else { words.nth(entries - 1) };
        // A list that is shorter than it claims is written as empty.
        let Some(last) = last else { break };
        end = end_of(last);
        missing -= 1;
    }
    out.extend_from_slice(&line[..end]);
    for kind in &kinds[kinds.len() - missing..] {
        let is_float = matches!(kind, Kind::Scalar(scalar) if !scalar.is_integer());
        out.extend_from_slice(if is_float { b" nan" } else { b" 0" });
    }
}
