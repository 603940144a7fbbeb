use serde::{Deserialize, Serialize};

/// Something a person should know about a scan that could still be used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Warning {
    /// A stable name in kebab case, such as `file-truncated`.
    pub code: String,
    /// One sentence in plain words: what was found, what was done, what the person can do.
    pub message: String,
}

impl Warning {
    /// Points without three finite coordinates. Whoever first comes across them says so, once.
    pub const NON_FINITE_POINTS: &str = "non-finite-points";

    /// A warning from its stable name and its sentence.
    pub fn new(code: &str, message: impl Into<String>) -> Self {
        Self { code: code.to_owned(), message: message.into() }
    }
}
