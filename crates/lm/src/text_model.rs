use crate::forward::Input;
use crate::model::{Model, Processor, on_model};
use crate::{ByteLevelBpe, Error, LmConfig, Result, TextWeights};
use kernels::{Choosing, Counts, likeliest};

/// A language model that reads tokens and gives scores of the next: no scene, no pointer.
pub struct TextModel {
    model: Model,
    config: LmConfig,
    position: usize,
}

impl TextModel {
    /// Brings the weights to the processor.
    ///
    /// # Errors
    /// Where a tensor is missing or misshapen, or the processor has no room.
    pub async fn new(weights: &TextWeights, processor: Processor<'_>) -> Result<Self> {
        let choosing = Choosing { text: weights.config.vocab, ends: [weights.end, None] };
        let model = Model::new(processor, weights.config, &weights.tensors, choosing).await?;
        Ok(Self { model, config: weights.config, position: 0 })
    }

    /// For a person: what runs the model.
    pub fn backend(&self) -> String {
        on_model!(&self.model, forward => forward.name())
    }

    /// Its dimensions.
    pub fn config(&self) -> &LmConfig {
        &self.config
    }

    /// Reads on: the logits `(vocabulary)` of what follows these tokens and all that were read before.
    ///
    /// # Errors
    /// [`Error::NoToken`], [`Error::ContextFull`], [`Error::NotFinite`], or where the processor fails.
    pub async fn read(&mut self, tokens: &[u32]) -> Result<Vec<f32>> {
        let vocab = self.config.vocab;
        if let Some(&id) = tokens.iter().find(|&&id| id as usize >= vocab) {
            return Err(Error::NoToken { id, vocab });
        }
        if tokens.is_empty() {
            return Err(Error::Order("there is nothing to read"));
        }
        let needed = self.position + tokens.len();
        if needed > self.config.context {
            return Err(Error::ContextFull { needed, context: self.config.context });
        }
        let inputs: Vec<Input<'_>> = tokens.iter().copied().map(Input::Token).collect();
        let position = std::mem::replace(&mut self.position, needed);
        Ok(self.model.causal(&inputs, position).await?.1)
    }

    /// Reads on by one token: the likeliest one after it. A GPU does not wait to be asked for the next.
    ///
    /// # Errors
    /// As [`TextModel::read`].
    pub async fn read_greedily(&mut self, token: u32) -> Result<u32> {
        let vocab = self.config.vocab;
        if token as usize >= vocab {
            return Err(Error::NoToken { id: token, vocab });
        }
        let position = self.position;
        if position >= self.config.context {
            return Err(Error::ContextFull { needed: position + 1, context: self.config.context });
        }
        if let Some(record) = self.model.greedy(&Input::Token(token), position).await? {
            self.position += 1;
            return Ok(record.next);
        }
        let logits = self.read(&[token]).await?;
        likeliest(&logits).ok_or(Error::NotFinite("logits"))
    }

    /// What was read is forgotten.
    pub fn forget(&mut self) {
        self.position = 0;
    }

    /// What was read from this position on is forgotten.
    ///
    /// # Errors
    /// [`Error::Order`] where less was read.
    pub fn rewind(&mut self, position: usize) -> Result<()> {
        if position > self.position {
            return Err(Error::Order("so much has not been read"));
        }
        self.position = position;
        Ok(())
    }

    /// What a GPU was sent and made so far; none on a CPU.
    pub fn counts(&self) -> Option<Counts> {
        self.model.counts()
    }

    /// Dispatches of a GPU's decoding step, all and those of a layer; none on a CPU.
    pub fn dispatches(&self) -> Option<(usize, usize)> {
        self.model.dispatches()
    }
}

impl TextWeights {
    /// Its dimensions.
    pub fn config(&self) -> &LmConfig {
        &self.config
    }

    /// Its tokenizer.
    pub fn tokenizer(&self) -> &ByteLevelBpe {
        &self.tokenizer
    }

    /// Of what is read for one token, as it is packed: all but an embedding that is no output matrix.
    pub fn read_bytes(&self) -> u64 {
        let embedding = self.tensors.bytes_of("lm.embed.weight");
        match self.tensors.has("lm.output.weight") {
            true => self.bytes() - embedding,
            false => self.bytes(),
        }
    }

    /// Of its tensors, as they are packed.
    pub fn bytes(&self) -> u64 {
        self.tensors.iter().map(|(_, tensor)| tensor.bytes() as u64).sum()
    }
}
