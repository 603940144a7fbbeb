use crate::{Error, Header, MAX_HEADER_BYTES, Result, TensorInfo};

/// Takes a file's bytes as they come.
#[derive(Debug, Default)]
pub struct Reader {
    /// What has come and belongs to no whole part yet.
    held: Vec<u8>,
    /// Bytes that came in all.
    read: u64,
    /// Parsing the header is tried again when so many bytes are held.
    next_try: usize,
    header: Option<Header>,
    /// The next tensor to come.
    next: usize,
}

/// A whole part of the file.
#[derive(Debug)]
pub enum Part<'a> {
    /// What stands before the weights; it comes first, once.
    Header(&'a Header),
    /// A tensor, as it is packed, in the order of [`Header::tensors`].
    Tensor(&'a TensorInfo, &'a [u8]),
}

/// A header of a few facts is shorter than this.
const FIRST_TRY: usize = 4 << 10;

impl Reader {
    /// For a file from its beginning.
    pub fn new() -> Self {
        Self { next_try: FIRST_TRY, ..Self::default() }
    }

    /// Takes the next bytes and hands on each part that they complete.
    ///
    /// # Errors
    /// Where the file cannot be read; as `take` has it.
    pub fn push<E: From<Error>>(
        &mut self,
        bytes: &[u8],
        mut take: impl FnMut(Part<'_>) -> std::result::Result<(), E>,
    ) -> std::result::Result<(), E> {
        self.read = self.read.saturating_add(bytes.len() as u64);
        self.held.extend_from_slice(bytes);
        if self.header.is_none() && self.held.len() >= self.next_try {
            self.try_header(&mut take)?;
        }
        self.hand_on(&mut take)
    }

    /// The file has ended.
    ///
    /// # Errors
    /// [`Error::Truncated`] where something is missing; as `take` has it.
    pub fn finish<E: From<Error>>(
        mut self,
        mut take: impl FnMut(Part<'_>) -> std::result::Result<(), E>,
    ) -> std::result::Result<Header, E> {
        if self.header.is_none() {
            self.try_header(&mut take)?;
        }
        self.hand_on(&mut take)?;
        let truncated = Error::Truncated { read: self.read };
        match self.header {
            Some(header) if self.next == header.tensors.len() => Ok(header),
            _ => Err(truncated.into()),
        }
    }

    fn try_header<E: From<Error>>(
        &mut self,
        take: &mut impl FnMut(Part<'_>) -> std::result::Result<(), E>,
    ) -> std::result::Result<(), E> {
        if let Some(header) = Header::parse(&self.held)? {
            take(Part::Header(self.header.insert(header)))?;
        } else if self.held.len() > MAX_HEADER_BYTES {
            return Err(Error::HeaderTooLong.into());
        } else {
            // Twice as many, so that trying costs no more than reading.
            self.next_try = self.held.len().saturating_mul(2).max(FIRST_TRY);
        }
        Ok(())
    }

    /// Hands on every tensor that is held whole.
    fn hand_on<E>(
        &mut self,
        take: &mut impl FnMut(Part<'_>) -> std::result::Result<(), E>,
    ) -> std::result::Result<(), E> {
        let Some(header) = &self.header else { return Ok(()) };
        let mut done = 0;
        while let Some(info) = header.tensors.get(self.next) {
            // Where what is held began, in the file.
            let first = self.read - self.held.len() as u64;
            let start = (header.data_offset + info.offset).saturating_sub(first);
            let end = start.saturating_add(info.bytes);
            let (Ok(start), Ok(end)) = (usize::try_from(start), usize::try_from(end)) else {
                break;
            };
            let Some(bytes) = self.held.get(start..end) else { break };
            take(Part::Tensor(info, bytes))?;
            self.next += 1;
            done = end;
        }
        if self.next == header.tensors.len() {
            // Whatever follows the last tensor says nothing.
            done = self.held.len();
        }
        self.held.drain(..done);
        Ok(())
    }
}

/// A whole file that is in memory: its header and its tensors, as they are packed.
impl Header {
    /// Reads it.
    ///
    /// # Errors
    /// Where it cannot be read.
    pub fn read_all(file: &[u8], mut take: impl FnMut(&TensorInfo, &[u8])) -> Result<Self> {
        let mut reader = Reader::new();
        let mut part = |part: Part<'_>| {
            if let Part::Tensor(info, bytes) = part {
                take(info, bytes);
            }
            Ok::<(), Error>(())
        };
        reader.push(file, &mut part)?;
        reader.finish(&mut part)
    }
}
