//! Reading on, on whichever processor: what comes of it.

use super::{Decoder, NO_SCENE};
use crate::feed::{Feed, Scores};
use crate::forward::Input;
use crate::pointer::Pointed;
use crate::{Error, Result};

impl Decoder {
    pub(super) async fn feed(&mut self, feeds: &[Feed]) -> Result<Scores> {
        let end = self.position.saturating_add(feeds.len());
        self.fits(end)?;
        let prefix = self.prefix.as_ref().ok_or(NO_SCENE)?;
        let made = |feed| prefix.made(feed, &self.pointer);
        let made: Vec<Vec<f32>> = feeds.iter().map(made).collect::<Result<_>>()?;
        let fed = feeds.iter().zip(&made);
        let inputs: Vec<Input<'_>> =
            fed.map(|(feed, made)| prefix.input(feed, made, self.vocab)).collect::<Result<_>>()?;
        let (hidden, logits) = self.model.causal(&inputs, self.position).await?;
        self.position = end;
        self.hidden.clone_from(&hidden);
        self.note(feeds);
        self.scored(logits)
    }

    /// As [`Decoder::feed`] of one, where only the likeliest token of text counts: the others may be −∞.
    pub(super) async fn feed_greedily(&mut self, feed: Feed) -> Result<Scores> {
        self.fits(self.position.saturating_add(1))?;
        let prefix = self.prefix.as_ref().ok_or(NO_SCENE)?;
        let made = prefix.made(&feed, &self.pointer)?;
        let input = prefix.input(&feed, &made, self.vocab)?;
        let Some(record) = self.model.greedy(&input, self.position).await? else {
            return self.feed(&[feed]).await;
        };
        let mut logits = std::mem::take(&mut self.known_logits);
        logits.resize(self.vocab, f32::NEG_INFINITY);
        let (text, others) = logits.split_at_mut(self.text_vocab as usize);
        others.copy_from_slice(record.others);
        text[record.text as usize] = record.text_logit;
        self.hidden.clear();
        self.hidden.extend_from_slice(record.hidden);
        self.position += 1;
        self.note(&[feed]);
        self.scored(logits)
    }

    /// Takes the memory of logits back.
    pub(super) fn keep(&mut self, mut logits: Vec<f32>) {
        logits.fill(f32::NEG_INFINITY);
        self.known_logits = logits;
    }

    /// What these say to whoever points.
    fn note(&mut self, feeds: &[Feed]) {
        self.last_read = feeds.last().copied();
        let named = feeds.iter().filter_map(|feed| match feed {
            Feed::Object(index) => Some(*index),
            Feed::Token(_) | Feed::Named { .. } | Feed::Boxed(_) => None,
        });
        named.for_each(|index| self.spoken.ask(index));
    }

    /// The logits, and what the hidden state points at.
    fn scored(&self, logits: Vec<f32>) -> Result<Scores> {
        let prefix = self.prefix.as_ref().ok_or(NO_SCENE)?;
        let Pointed { scores: objects, view } =
            self.pointer.point(&self.hidden, &prefix.targets, &self.spoken);
        if !objects.iter().all(|score| score.is_finite()) {
            return Err(Error::NotFinite("pointer scores"));
        }
        Ok(Scores { logits, objects, view })
    }
}
