use crate::error::shown;
use crate::{Format, MAX_HEADER_BYTES, PlyError, Scalar};

/// What a file says of itself before its data.
#[derive(Clone, Debug, PartialEq)]
pub struct Header {
    /// How the data is written.
    pub format: Format,
    /// In the order in which their data follows.
    pub elements: Vec<Element>,
    /// The `comment` lines without that word; bytes that are not UTF-8 are replaced. Untrusted
    /// text: show it as text.
    pub comments: Vec<String>,
}

/// A table of the file, such as `vertex` or `face`.
#[derive(Clone, Debug, PartialEq)]
pub struct Element {
    /// Its name.
    pub name: String,
    /// How many rows the header claims.
    pub count: u64,
    /// Its columns.
    pub properties: Vec<Property>,
}

/// A column of an element.
#[derive(Clone, Debug, PartialEq)]
pub struct Property {
    /// Its name.
    pub name: String,
    /// What it holds.
    pub kind: Kind,
}

/// What a property holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// One value a row.
    Scalar(Scalar),
    /// A count and as many values.
    List {
        /// Type of the count; an integer type.
        count: Scalar,
        /// Type of the values.
        item: Scalar,
    },
}

impl Header {
    /// The `vertex` element and its place among the elements.
    pub fn vertex(&self) -> Option<(usize, &Element)> {
        self.elements.iter().enumerate().find(|(_, element)| element.name == "vertex")
    }
}

impl Element {
    /// Bytes of one row in the binary formats, or `None` where a list makes rows differ.
    pub fn row_bytes(&self) -> Option<usize> {
        self.properties.iter().map(|property| property.scalar().map(Scalar::size)).sum()
    }
}

impl Property {
    /// The type, or `None` for a list.
    pub fn scalar(&self) -> Option<Scalar> {
        match self.kind {
            Kind::Scalar(scalar) => Some(scalar),
            Kind::List { .. } => None,
        }
    }
}

/// A header with what is needed to write it again.
pub(crate) struct Scanned {
    pub(crate) header: Header,
    /// Every line up to, not including, `end_header`, without its line break.
    pub(crate) lines: Vec<Vec<u8>>,
    pub(crate) newline: &'static str,
    /// The header's lines end in CR alone or CR-LF by turns: a LF may still follow the last CR.
    pub(crate) swallow_line_feed: bool,
}

/// Collects bytes until the header is whole.
#[derive(Default)]
pub(crate) struct Scanner {
    buffer: Vec<u8>,
    /// Where the first line not yet parsed starts.
    at: usize,
    /// How far the search for that line's end has come.
    searched: usize,
    newline: Option<Newline>,
    saw_cr_lf: bool,
    lines: Vec<Vec<u8>>,
    parser: Parser,
}

#[derive(Clone, Copy, PartialEq)]
enum Newline {
    /// LF, with or without CR before it.
    Lf,
    Cr,
}

/// Enough first bytes to tell what a file that is not PLY may be.
const MAGIC_BYTES: usize = 16;
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

impl Scanner {
    /// Takes bytes. Returns how many belong to the header, and the header once it is whole.
    pub(crate) fn push(&mut self, bytes: &[u8]) -> Result<(usize, Option<Scanned>), PlyError> {
        let before = self.buffer.len();
        let room = MAX_HEADER_BYTES.saturating_sub(before);
        self.buffer.extend_from_slice(&bytes[..bytes.len().min(room)]);
        if self.buffer.len() < MAGIC_BYTES {
            return Ok((bytes.len(), None));
        }
        if self.newline.is_none() && !self.start()? {
            return Ok((bytes.len(), None));
        }
        while let Some(line) = self.next_line() {
            if self.parser.line(&line)? {
                let header = std::mem::take(&mut self.parser).finish()?;
                let cr = self.newline == Some(Newline::Cr);
                let newline = match (cr, self.saw_cr_lf) {
                    (true, _) => "\r",
                    (false, true) => "\r\n",
                    (false, false) => "\n",
                };
                let lines = std::mem::take(&mut self.lines);
                let swallow_line_feed = cr && self.saw_cr_lf;
                let scanned = Scanned { header, lines, newline, swallow_line_feed };
                return Ok((self.at.saturating_sub(before), Some(scanned)));
            }
            // As the parser does: some files change the way their lines end half-way.
            if is_comment(&line) {
                self.lines.push(line);
            } else {
                self.lines.extend(line.split(|byte| *byte == b'\r').map(<[u8]>::to_vec));
            }
        }
        if self.buffer.len() >= MAX_HEADER_BYTES {
            return Err(PlyError::HeaderTooLong { limit: MAX_HEADER_BYTES });
        }
        Ok((bytes.len(), None))
    }

    /// Why the bytes so far are no whole header.
    pub(crate) fn finish(&self) -> PlyError {
        if self.buffer.is_empty() {
            return PlyError::Empty;
        }
        match not_ply(&self.buffer) {
            Some(error) => error,
            None => PlyError::HeaderTruncated,
        }
    }

    /// Checks the first word and finds how lines end; false where more bytes are needed.
    fn start(&mut self) -> Result<bool, PlyError> {
        if let Some(error) = not_ply(&self.buffer) {
            return Err(error);
        }
        let Some(end) = self.buffer.iter().position(|byte| matches!(byte, b'\r' | b'\n')) else {
            if self.buffer.len() >= MAX_HEADER_BYTES {
                return Err(PlyError::HeaderTooLong { limit: MAX_HEADER_BYTES });
            }
            return Ok(false);
        };
        let Some(next) = self.buffer.get(end + 1) else { return Ok(false) };
        let cr_alone = self.buffer[end] == b'\r' && *next != b'\n';
        self.newline = Some(if cr_alone { Newline::Cr } else { Newline::Lf });
        if self.buffer.starts_with(BYTE_ORDER_MARK) {
            self.at = BYTE_ORDER_MARK.len();
            self.searched = self.at;
        }
        Ok(true)
    }

    fn next_line(&mut self) -> Option<Vec<u8>> {
        let terminator = if self.newline? == Newline::Cr { b'\r' } else { b'\n' };
        let unsearched = self.buffer.get(self.searched..)?;
        let Some(length) = unsearched.iter().position(|byte| *byte == terminator) else {
            self.searched = self.buffer.len();
            return None;
        };
        let end = self.searched + length;
        let mut line = &self.buffer[self.at..end];
        if terminator == b'\r' {
            if let Some(rest) = line.strip_prefix(b"\n") {
                self.saw_cr_lf = true;
                line = rest;
            }
        } else if let Some(rest) = line.strip_suffix(b"\r") {
            self.saw_cr_lf = true;
            line = rest;
        }
        let line = line.to_vec();
        self.at = end + 1;
        self.searched = self.at;
        Some(line)
    }
}

/// An error where the bytes cannot start a PLY file.
fn not_ply(start: &[u8]) -> Option<PlyError> {
    let text = start.strip_prefix(BYTE_ORDER_MARK).unwrap_or(start);
    let word = text.get(..3).unwrap_or(text);
    let ends = text.get(3).is_none_or(u8::is_ascii_whitespace);
    // Fewer bytes than the word has may still become it.
    if word.eq_ignore_ascii_case(&b"ply"[..word.len().min(3)]) && ends {
        return None;
    }
    let unpack = "Unpack it first and open the .ply file inside.";
    let export = "Export the scan as PLY from your scan app.";
    const KNOWN: [(&[u8], &str, bool); 12] = [
        (b"\x1f\x8b", "a gzip archive", true),
        (b"PK\x03\x04", "a zip archive (or an app's own scan package)", true),
        (b"7z\xbc\xaf", "a 7z archive", true),
        (b"\x28\xb5\x2f\xfd", "a zstd archive", true),
        (b"\x89PNG", "a PNG picture", false),
        (b"\xff\xd8\xff", "a JPEG picture", false),
        (b"glTF", "a glTF model", false),
        (b"LASF", "a LAS or LAZ point cloud", false),
        (b"ASTM-E57", "an E57 point cloud", false),
        (b"# .PCD", "a PCD point cloud", false),
        (b"DRACO", "a Draco mesh", false),
        (b"solid", "an STL mesh", false),
    ];
    let known = KNOWN.iter().find(|(magic, _, _)| text.starts_with(magic));
    let (looks_like, advice) = match known {
        Some((_, name, packed)) => (*name, if *packed { unpack } else { export }),
        None if text.trim_ascii_start().starts_with(b"<") => {
            ("a web page", "The download link probably led to a page; download the file itself.")
        }
        None => ("some other kind of file", export),
    };
    Some(PlyError::NotPly { looks_like, advice })
}

/// Whether the line is free text.
fn is_comment(line: &[u8]) -> bool {
    after_word(line, b"comment").or(after_word(line, b"obj_info")).is_some()
}

/// What follows the line's first word, if it is this one.
pub(crate) fn after_word<'a>(line: &'a [u8], word: &[u8]) -> Option<&'a [u8]> {
    let rest = line.trim_ascii().strip_prefix(word)?;
    rest.first().is_none_or(u8::is_ascii_whitespace).then_some(rest.trim_ascii())
}

/// Turns header lines into a [`Header`].
#[derive(Default)]
struct Parser {
    line_number: usize,
    format: Option<Format>,
    elements: Vec<Element>,
    comments: Vec<String>,
}

impl Parser {
    /// Takes a line; true at `end_header`.
    fn line(&mut self, line: &[u8]) -> Result<bool, PlyError> {
        self.line_number += 1;
        if is_comment(line) {
            if let Some(text) = after_word(line, b"comment") {
                self.comments.push(String::from_utf8_lossy(text).into_owned());
            }
            return Ok(false);
        }
        for part in line.split(|byte| *byte == b'\r') {
            let text = String::from_utf8_lossy(part);
            let words: Vec<&str> = text.split_ascii_whitespace().collect();
            if self.words(&words, part)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn words(&mut self, words: &[&str], line: &[u8]) -> Result<bool, PlyError> {
        let number = self.line_number;
        let bad = |problem| PlyError::HeaderLine { line: number, problem, text: shown(line) };
        match words {
            [] => {}
            ["end_header"] => return Ok(true),
            [word] if number == 1 && word.trim_start_matches('\u{feff}').len() == 3 => {}
            ["format", name, "1.0"] if self.format.is_none() => match Format::from_name(name) {
                Some(format) => self.format = Some(format),
                None => return Err(PlyError::UnsupportedFormat { text: shown(line) }),
            },
            ["format", ..] => return Err(PlyError::UnsupportedFormat { text: shown(line) }),
            ["element", name, count] => {
                if *name == "vertex" && self.elements.iter().any(|e| e.name == "vertex") {
                    return Err(PlyError::DuplicateElement { name: (*name).to_owned() });
                }
                let digits = count.bytes().all(|byte| byte.is_ascii_digit());
                let count = if digits { count.parse().ok() } else { None };
                let count = count.ok_or(bad("the number of rows is not a whole number"))?;
                let name = (*name).to_owned();
                self.elements.push(Element { name, count, properties: Vec::new() });
            }
            ["element", ..] => return Err(bad("an element needs a name and a number")),
            ["property", ..] => {
                let property = property(words).ok_or(bad("not a property of a known type"))?;
                let Some(element) = self.elements.last_mut() else {
                    return Err(bad("a property before any element"));
                };
                element.properties.push(property);
            }
            _ => return Err(bad("it starts with no word of the PLY format")),
        }
        Ok(false)
    }

    fn finish(self) -> Result<Header, PlyError> {
        let format = self.format.ok_or(PlyError::UnsupportedFormat { text: String::new() })?;
        Ok(Header { format, elements: self.elements, comments: self.comments })
    }
}

fn property(words: &[&str]) -> Option<Property> {
    let (kind, name) = match words {
        [_, "list", count, item, name @ ..] => {
            let count = Scalar::from_name(count).filter(|count| count.is_integer())?;
            (Kind::List { count, item: Scalar::from_name(item)? }, name)
        }
        [_, scalar, name @ ..] => (Kind::Scalar(Scalar::from_name(scalar)?), name),
        _ => return None,
    };
    // Some programs let spaces into the names of scalar fields.
    (!name.is_empty()).then(|| Property { name: name.join("_"), kind })
}
