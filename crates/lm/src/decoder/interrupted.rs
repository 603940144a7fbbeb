//! An answer that goes on in another decoder.

use super::Decoder;
use crate::boxes::OpenBox;
use crate::sample::Sampler;
use crate::{Feed, Result, Utf8Stream};

/// An answer that was not said to its end.
pub struct Interrupted {
    before: Vec<Feed>,
    exchange: Vec<Feed>,
    sampler: Sampler,
    text: Utf8Stream,
    open_box: Option<OpenBox>,
}

impl Decoder {
    /// Goes on with the answer that another decoder could not: one of the same model and system, whose GPU was lost. The
    /// scene must have been read; what was said stays said.
    ///
    /// # Errors
    /// As [`Decoder::ask`].
    pub async fn go_on(&mut self, other: Interrupted) -> Result<()> {
        self.rewind()?;
        Interrupted {
            before: self.before,
            exchange: self.exchange,
            sampler: self.sampler,
            text: self.text,
            open_box: self.open_box,
        } = other;
        self.read_exchange().await
    }

    /// The answer that could not go on, for [`Decoder::go_on`].
    pub fn interrupted(&mut self) -> Interrupted {
        Interrupted {
            before: std::mem::take(&mut self.before),
            exchange: std::mem::take(&mut self.exchange),
            sampler: self.sampler.clone(),
            text: std::mem::take(&mut self.text),
            open_box: self.open_box.take(),
        }
    }
}
