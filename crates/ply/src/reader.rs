use crate::collect::Collector;
use crate::header::{Scanned, Scanner};
use crate::layout::Layout;
use crate::skip::Skipper;
use crate::vertex::VertexReader;
use crate::{Format, Header, PlyError};
use scene::PointCloud;

/// How much a file may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Most points; a header that claims more is refused.
    pub max_points: u64,
    /// Most bytes that the cloud's columns may take; a header that claims more is refused.
    pub max_bytes: u64,
    /// Most extra columns kept (8 bytes a point each); further ones are left out with a warning,
    /// without one where this is zero.
    pub max_columns: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { max_points: 50_000_000, max_bytes: 2 << 30, max_columns: 64 }
    }
}

/// How far a reader has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Bytes pushed.
    pub bytes: u64,
    /// Points read.
    pub points: u64,
    /// Points that the header claims, once it is read.
    pub points_claimed: Option<u64>,
}

/// Reads a PLY file as its bytes come, in pieces of any size.
///
/// Point `i` of the cloud is row `i` of the file's `vertex` element. A row without three finite
/// coordinates (at most 1e15 in size) becomes a point of three NaNs, counted in the warning
/// `non-finite-points`: so indices stay true, and one look at `x` tells.
///
/// ```
/// let mut reader = ply::Reader::new(ply::Limits::default());
/// reader.push(b"ply\nformat ascii 1.0\nelement vertex 1\nproperty float x\n")?;
/// reader.push(b"property float y\nproperty float z\nend_header\n1 2 3\n")?;
/// assert_eq!(reader.finish()?.positions, [[1.0, 2.0, 3.0]]);
/// # Ok::<(), ply::PlyError>(())
/// ```
pub struct Reader {
    limits: Limits,
    bytes: u64,
    /// Bytes of the body that do not make a whole row yet.
    pending: Vec<u8>,
    state: State,
}

enum State {
    Header(Scanner),
    Body(Box<Body>),
    Failed(PlyError),
}

struct Body {
    header: Header,
    claimed: u64,
    /// A line feed here still belongs to the header.
    swallow_line_feed: bool,
    skipper: Skipper,
    vertex: VertexReader,
    collector: Collector,
    /// Bytes (in ascii: that are not blank) behind the points.
    bytes_behind: u64,
}

/// Reads a whole file.
///
/// # Errors
/// See [`Reader::push`] and [`Reader::finish`].
pub fn read(bytes: &[u8]) -> Result<PointCloud, PlyError> {
    let mut reader = Reader::new(Limits::default());
    reader.push(bytes)?;
    reader.finish()
}

/// Reads the header at the start of `bytes`.
///
/// # Errors
/// Where it is damaged or not whole.
pub fn read_header(bytes: &[u8]) -> Result<Header, PlyError> {
    let mut scanner = Scanner::default();
    match scanner.push(bytes)? {
        (_, Some(scanned)) => Ok(scanned.header),
        _ => Err(scanner.finish()),
    }
}

impl Reader {
    /// A reader that has seen nothing yet.
    pub fn new(limits: Limits) -> Self {
        Self { limits, bytes: 0, pending: Vec::new(), state: State::Header(Scanner::default()) }
    }

    /// Takes the file's next bytes.
    ///
    /// # Errors
    /// As soon as the file proves unreadable or too large; from then on every call gives the same
    /// error.
    pub fn push(&mut self, bytes: &[u8]) -> Result<(), PlyError> {
        self.bytes = self.bytes.saturating_add(bytes.len() as u64);
        let result = self.take(bytes);
        if let Err(error) = &result {
            self.state = State::Failed(error.clone());
            self.pending = Vec::new();
        }
        result
    }

    fn take(&mut self, mut bytes: &[u8]) -> Result<(), PlyError> {
        if let State::Header(scanner) = &mut self.state {
            let (used, scanned) = scanner.push(bytes)?;
            let Some(scanned) = scanned else { return Ok(()) };
            self.state = State::Body(Box::new(Body::new(scanned, &self.limits)?));
            bytes = &bytes[used..];
        }
        let body = match &mut self.state {
            State::Body(body) => body,
            State::Failed(error) => return Err(error.clone()),
            State::Header(_) => return Ok(()),
        };
        if self.pending.is_empty() {
            let used = body.take(bytes, false)?;
            self.pending.extend_from_slice(&bytes[used..]);
        } else {
            self.pending.extend_from_slice(bytes);
            let used = body.take(&self.pending, false)?;
            self.pending.drain(..used);
        }
        Ok(())
    }

    /// How far it has come.
    pub fn progress(&self) -> Progress {
        let points_claimed = match &self.state {
            State::Body(body) => Some(body.claimed),
            _ => None,
        };
        let points = self.points_so_far().len() as u64;
        Progress { bytes: self.bytes, points, points_claimed }
    }

    /// The positions read so far, relative to an origin that stays the same to the end: enough
    /// to draw the scan while it loads. Comes in batches of about a thousand.
    pub fn points_so_far(&self) -> &[[f32; 3]] {
        match &self.state {
            State::Body(body) => body.collector.positions(),
            _ => &[],
        }
    }

    /// The header, once it is read.
    pub fn header(&self) -> Option<&Header> {
        match &self.state {
            State::Body(body) => Some(&body.header),
            _ => None,
        }
    }

    /// The cloud, once all bytes are pushed. A file that ends too early gives the points it has,
    /// and the warning `file-truncated`.
    ///
    /// # Errors
    /// An error of [`Reader::push`] again; a header that is not whole; [`PlyError::NoPoints`].
    pub fn finish(self) -> Result<PointCloud, PlyError> {
        match self.state {
            State::Header(scanner) => Err(scanner.finish()),
            State::Failed(error) => Err(error),
            State::Body(mut body) => {
                body.take(&self.pending, true)?;
                body.finish()
            }
        }
    }
}

impl Body {
    fn new(scanned: Scanned, limits: &Limits) -> Result<Self, PlyError> {
        let Scanned { header, swallow_line_feed, .. } = scanned;
        let layout = Layout::of(&header, limits)?;
        let (_, vertex) = header.vertex().ok_or(PlyError::NoVertexElement)?;
        let points = vertex.count;
        if points > limits.max_points {
            return Err(PlyError::TooManyPoints { points, limit: limits.max_points });
        }
        let bytes = points.saturating_mul(layout.bytes_per_point());
        if bytes > limits.max_bytes {
            let fitting_points = limits.max_bytes / layout.bytes_per_point();
            return Err(PlyError::TooLarge {
                points,
                bytes,
                limit: limits.max_bytes,
                fitting_points,
            });
        }
        Ok(Self {
            claimed: points,
            swallow_line_feed,
            skipper: Skipper::new(&header),
            vertex: VertexReader::new(header.format, vertex),
            collector: Collector::new(layout),
            bytes_behind: 0,
            header,
        })
    }

    /// Takes body bytes; returns how many were used.
    fn take(&mut self, bytes: &[u8], at_end: bool) -> Result<usize, PlyError> {
        let mut used = 0;
        if self.swallow_line_feed && !bytes.is_empty() {
            self.swallow_line_feed = false;
            used += usize::from(bytes[0] == b'\n');
        }
        if !self.skipper.is_done() {
            used += self.skipper.skip(&bytes[used..])?;
        }
        if self.skipper.is_done() && self.vertex.left > 0 {
            used += self.vertex.read(&bytes[used..], at_end, &mut self.collector)?;
        }
        if self.skipper.is_done() && self.vertex.left == 0 {
            let behind = &bytes[used..];
            let count = match self.header.format {
                Format::Ascii => behind.iter().filter(|byte| !byte.is_ascii_whitespace()).count(),
                _ => behind.len(),
            };
            self.bytes_behind = self.bytes_behind.saturating_add(count as u64);
            used = bytes.len();
        }
        Ok(used)
    }

    fn finish(mut self) -> Result<PointCloud, PlyError> {
        let to = &mut self.collector;
        let read = to.positions().len() as u64;
        if to.usable() == 0 {
            let hint = self.vertex.hint();
            return Err(PlyError::NoPoints { claimed: self.claimed, read, hint });
        }
        if self.vertex.left > 0 {
            to.warn(
                "file-truncated",
                format!(
                    "The file ends after {read} of {} points; these are used. If the scan looks \
                     cut off, export or download it again.",
                    self.claimed
                ),
            );
        }
        self.vertex.report(to);
        let others = self.header.elements.iter().filter(|element| {
            element.name != "vertex" && element.count > 0 && !element.properties.is_empty()
        });
        let names: Vec<String> = others
            .map(|element| {
                format!("{} {}", element.count, crate::error::shown(element.name.as_bytes()))
            })
            .take(8)
            .collect();
        if !names.is_empty() {
            to.warn(
                "elements-skipped",
                format!("Only the points of the file are used; left out: {}.", names.join(", ")),
            );
        } else if self.bytes_behind > 0 {
            to.warn(
                "bytes-behind",
                format!(
                    "{} bytes follow the {} points that the header names; they are ignored.",
                    self.bytes_behind, self.claimed
                ),
            );
        }
        Ok(PointCloud { comments: self.header.comments, ..self.collector.finish() })
    }
}
