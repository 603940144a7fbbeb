//! What was read of a scene, as bytes that outlive the decoder.

use super::{Decoder, NO_SCENE};
use crate::keep;
use crate::model::on_model;
use crate::{Error, Result};

impl Decoder {
    /// What was read of the scene, for [`Decoder::restore`]: some megabytes.
    ///
    /// # Errors
    /// [`Error::Order`] before it has been read; where the processor fails.
    pub async fn snapshot(&mut self) -> Result<Vec<u8>> {
        if !self.is_ready() {
            return Err(Error::Order("the scene has not been read yet"));
        }
        let prefix = self.prefix.as_ref().ok_or(NO_SCENE)?;
        let (rows, made_of) = (prefix.rows, prefix.made_of);
        let values = on_model!(&mut self.model, forward => forward.cache(rows).await)?;
        Ok(keep::packed(made_of, &values))
    }

    /// By what name [`Decoder::snapshot`] can be found again: one of a few, so that what is kept stays bounded.
    ///
    /// # Errors
    /// [`Error::Order`] without a scene.
    pub fn snapshot_name(&self) -> Result<String> {
        const NAMES: u8 = 8;
        let prefix = self.prefix.as_ref().ok_or(NO_SCENE)?;
        Ok(format!("prefix-{}", prefix.made_of[0] % NAMES))
    }

    /// Puts back what [`Decoder::snapshot`] gave, in place of reading the scene that was set. False, and nothing done, where
    /// it is of another scene, of another model, of another kind of processor, or damaged.
    ///
    /// # Errors
    /// [`Error::Order`] without a scene; where the processor fails.
    pub fn restore(&mut self, snapshot: &[u8]) -> Result<bool> {
        let prefix = self.prefix.as_mut().ok_or(NO_SCENE)?;
        let Ok(values) = keep::unpacked(prefix.made_of, snapshot) else { return Ok(false) };
        let rows = prefix.rows;
        on_model!(&mut self.model, forward => forward.set_cache(rows, &values))?;
        prefix.steps_done = on_model!(&self.model, forward => forward.prefix_steps(rows));
        Ok(true)
    }
}
