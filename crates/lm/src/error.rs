use thiserror::Error;

/// Why a model was not loaded or an answer not given.
#[derive(Debug, Error)]
pub enum Error {
    /// `model.json` is not what it should be.
    #[error("model.json: {0}")]
    Manifest(String),
    /// A file of the folder is not the one `model.json` tells of.
    #[error("{file}: {what}")]
    File {
        /// Which.
        file: String,
        /// What is wrong with it.
        what: String,
    },
    /// A tensor is missing, of the wrong shape or kind, or holds what is not finite.
    #[error("tensor {name}: {what}")]
    Tensor {
        /// Which.
        name: String,
        /// What is wrong with it.
        what: String,
    },
    /// `tokenizer.json` cannot be used.
    #[error("tokenizer: {0}")]
    Tokenizer(String),
    /// The scene does not fit the model.
    #[error("scene prefix: {0}")]
    Prefix(String),
    /// More positions than the model can hold.
    #[error("the conversation needs {needed} positions, the model holds {context}")]
    ContextFull {
        /// Asked for.
        needed: usize,
        /// There are.
        context: usize,
    },
    /// Called out of order.
    #[error("{0}")]
    Order(&'static str),
    /// A question speaks of an object that the scene does not have.
    #[error("object {index} of {count}")]
    NoObject {
        /// Index asked for.
        index: usize,
        /// How many there are.
        count: usize,
    },
    /// A token that is not in the vocabulary.
    #[error("token {id} of a vocabulary of {vocab}")]
    NoToken {
        /// The token.
        id: u32,
        /// How many there are.
        vocab: usize,
    },
    /// The constraint allows nothing at all.
    #[error("the answer's grammar allows no next token")]
    Nothing,
    /// The model computed NaN or infinity.
    #[error("the model computed a value that is not a number ({0})")]
    NotFinite(&'static str),
    /// A GGUF file cannot be read.
    #[error(transparent)]
    Gguf(#[from] gguf::Error),
    /// A GGUF file holds a model that this program does not know.
    #[error("this model is not one that can be run here: {0}")]
    Unknown(String),
    /// An operation failed.
    #[error(transparent)]
    Kernels(#[from] kernels::Error),
}

impl Error {
    /// Whether the GPU is gone: the same weights may run on another, or on the CPU.
    pub fn is_lost(&self) -> bool {
        matches!(self, Self::Kernels(kernels::Error::Gpu(gpu::Error::Lost(_))))
    }
}

/// What this crate gives.
pub type Result<T> = std::result::Result<T, Error>;
