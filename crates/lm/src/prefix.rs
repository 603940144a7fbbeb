use crate::boxes::Choices;
use crate::forward::Input;
use crate::keep::Fingerprint;
use crate::pointer::{Pointer, Targets};
use crate::{Error, Feed, Result};

/// A scene as the decoder keeps it while it is spoken of.
pub(crate) struct Prefix {
    /// Positions it takes.
    pub(crate) rows: usize,
    /// Of which scene, model and kind of processor it is.
    pub(crate) made_of: Fingerprint,
    /// Steps of reading it that are done.
    pub(crate) steps_done: usize,
    pub(crate) mentions: Vec<Vec<f32>>, // m_i + embed(<obj>)
    pub(crate) targets: Targets,
    pub(crate) choices: Choices,
    pub(crate) boxed: Vec<Vec<f32>>, // m_i + embed(</box>)
}

impl Prefix {
    pub(crate) fn mention(&self, index: usize) -> Result<&[f32]> {
        let count = self.mentions.len();
        self.mentions.get(index).map(Vec::as_slice).ok_or(Error::NoObject { index, count })
    }

    fn boxed(&self, index: usize) -> Result<&[f32]> {
        let count = self.boxed.len();
        self.boxed.get(index).map(Vec::as_slice).ok_or(Error::NoObject { index, count })
    }

    /// The row that is made for this reading alone: that of an object that was named, with from where it was seen. Empty
    /// where there is none.
    pub(crate) fn made(&self, feed: &Feed, pointer: &Pointer) -> Result<Vec<f32>> {
        let &Feed::Named { index, view } = feed else { return Ok(Vec::new()) };
        let mut row = self.mention(index)?.to_vec();
        let told = pointer.told(&self.targets, index, &view);
        for (value, told) in row.iter_mut().zip(told.iter().flatten()) {
            *value += told;
        }
        Ok(row)
    }

    /// What is read for this; `made` is what [`Prefix::made`] gave.
    pub(crate) fn input<'a>(
        &'a self,
        feed: &Feed,
        made: &'a [f32],
        vocab: usize,
    ) -> Result<Input<'a>> {
        Ok(match *feed {
            Feed::Token(id) if (id as usize) < vocab => Input::Token(id),
            Feed::Token(id) => return Err(Error::NoToken { id, vocab }),
            Feed::Object(index) => Input::Row(self.mention(index)?),
            Feed::Named { .. } => Input::Row(made),
            Feed::Boxed(index) => Input::Row(self.boxed(index)?),
        })
    }
}
