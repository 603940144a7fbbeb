use crate::layers::log_sum_exp;
use crate::{Allowed, Error, Result, Specials};

/// How the next token is chosen among those allowed.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Sampling {
    /// The likeliest.
    #[default]
    Greedy,
    /// In proportion to `p^(1/temperature)`, from a seed.
    Temperature {
        /// Above zero; 1 leaves the model's own probabilities.
        temperature: f32,
        /// The same seed gives the same answers.
        seed: u64,
    },
}

/// What was chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Choice {
    Token(u32),
    Object(usize),
}

/// Draws by [`Sampling`].
#[derive(Clone, Debug)]
pub(crate) struct Sampler {
    sampling: Sampling,
    state: u64,
}

impl Sampler {
    pub(crate) fn new(sampling: Sampling) -> Self {
        let state = match sampling {
            Sampling::Temperature { seed, .. } => seed,
            Sampling::Greedy => 0,
        };
        Self { sampling, state }
    }

    /// Words and objects share one distribution, as in pointer–generator networks (See et al.
    /// 2017): an object's logit is that of `<obj>` and its score together. Where no object matches,
    /// all scores are low, and “No” or the end of a list wins.
    ///
    /// First which token, where `<obj>` weighs as much as the objects it may point at together;
    /// then, if it is `<obj>`, which object. One object among many alike must not lose to a word
    /// only because its probability is shared with them.
    pub(crate) fn choose(
        &mut self,
        logits: &[f32],
        scores: &[f32],
        allowed: &Allowed,
        specials: Specials,
        text_vocab: u32,
    ) -> Result<Choice> {
        let objects: Vec<(usize, f32)> = scores
            .iter()
            .copied()
            .enumerate()
            .filter(|(index, _)| allowed.objects && !allowed.excluded.contains(index))
            .collect();
        let mut tokens: Vec<(u32, f32)> = Vec::new();
        if allowed.text {
            tokens.extend((0..text_vocab).zip(logits.iter().copied()));
        }
        let end = allowed.end.then_some(specials.end);
        let logit = |id: u32| logits.get(id as usize).map(|logit| (id, *logit));
        let marks = allowed.marks.iter().copied().filter(|id| !is_frame(*id, specials));
        tokens.extend(end.into_iter().chain(marks).filter_map(logit));
        if !objects.is_empty() {
            let all = log_sum_exp(objects.iter().map(|(_, score)| *score));
            tokens.extend(logit(specials.object).map(|(id, logit)| (id, logit + all)));
        }
        let token = self.draw(&tokens).ok_or(Error::Nothing)?;
        if token != specials.object {
            return Ok(Choice::Token(token));
        }
        self.draw(&objects).map(Choice::Object).ok_or(Error::Nothing)
    }

    fn draw<T: Copy>(&mut self, weighed: &[(T, f32)]) -> Option<T> {
        let best = || {
            // The first of equals, so that ties fall the same way on every processor.
            weighed.iter().fold(None::<&(T, f32)>, |best, next| match best {
                Some(best) if best.1 >= next.1 => Some(best),
                _ => Some(next),
            })
        };
        let Sampling::Temperature { temperature, .. } = self.sampling else {
            return best().map(|(item, _)| *item);
        };
        let peak = best()?.1;
        let weight = |logit: f32| f64::from((logit - peak) / temperature.max(1e-4)).exp();
        let total: f64 = weighed.iter().map(|(_, logit)| weight(*logit)).sum();
        let mut left = self.uniform() * total;
        for (item, logit) in weighed {
            left -= weight(*logit);
            if left <= 0.0 {
                return Some(*item);
            }
        }
        best().map(|(item, _)| *item)
    }

    /// In 0..1, by SplitMix64.
    fn uniform(&mut self) -> f64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 53) as f64
    }
}

/// Tokens that frame the conversation; no answer may hold them.
fn is_frame(id: u32, specials: Specials) -> bool {
    [specials.bos, specials.user, specials.assistant, specials.end, specials.object].contains(&id)
}
