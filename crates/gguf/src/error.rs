use crate::{MAX_HEADER_BYTES, MAX_TENSORS};

/// Why a GGUF file cannot be read: what was found, and what a person can do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The first four bytes are not `GGUF`.
    #[error("this is not a GGUF file. Choose a model file that ends in .gguf")]
    NotGguf,
    /// Of another version or byte order.
    #[error("this is GGUF of version {0}; versions 2 and 3, little-endian, can be read")]
    Version(u32),
    /// The header says more than any model does.
    #[error("the header claims {what}, and at most {limit} is read. The file is probably damaged")]
    TooMuch {
        /// Of what, and how much.
        what: String,
        /// What is allowed.
        limit: u64,
    },
    /// The header is longer than [`MAX_HEADER_BYTES`].
    #[error(
        "the header does not end within {MAX_HEADER_BYTES} bytes. The file is probably damaged"
    )]
    HeaderTooLong,
    /// The header says something that cannot be.
    #[error("the header cannot be understood: {0}. The file is probably damaged; fetch it again")]
    Header(String),
    /// A tensor that cannot be as it is described.
    #[error("tensor {name}: {what}. The file is probably damaged; fetch it again")]
    Tensor {
        /// As the file calls it.
        name: String,
        /// What is wrong.
        what: String,
    },
    /// A kind of packing that is not read.
    #[error(
        "tensor {name} is packed as {kind}, which is not read here. Take the same model as Q4_0, Q4_1, \
         Q4_K, Q6_K, Q8_0, F16 or F32"
    )]
    Kind {
        /// As the file calls it.
        name: String,
        /// The packing's name, or its number.
        kind: String,
    },
    /// The file ends too early.
    #[error(
        "the file ends after {read} bytes, before its header or its tensors do. Fetch it again"
    )]
    Truncated {
        /// What came.
        read: u64,
    },
}

impl Error {
    pub(crate) fn too_many_tensors(count: u64) -> Self {
        Self::TooMuch { what: format!("{count} tensors"), limit: MAX_TENSORS }
    }
}

/// What reading gives.
pub type Result<T> = std::result::Result<T, Error>;
