use crate::layers::log_sum_exp;
use crate::{Allowed, Error, Result, Specials};

/// How the next token is chosen among those allowed.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Sampling {
    /// The likeliest.
    #[default]
    Greedy,
    /// One of several, by chance.
    Drawn(Drawing),
}

/// How one is drawn. What makes a choice smaller comes in this order, each among those that the one before left; then one
/// is drawn in proportion to `p^(1/temperature)`. Objects are drawn among, and never counted as repeated.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Drawing {
    /// Above zero; 1 leaves the model's own probabilities.
    pub temperature: f32,
    /// Logits of tokens that the answer holds already are divided by it where they are above zero, else multiplied
    /// (Keskar et al. 2019); 1 for none.
    pub repetition_penalty: f32,
    /// At most so many; 0 for all.
    pub top_k: usize,
    /// The likeliest that have so much probability together (Holtzman et al. 2020); 1 for all.
    pub top_p: f32,
    /// Those with at least this share of the likeliest one's probability; 0 for all.
    pub min_p: f32,
    /// The same seed gives the same answers.
    pub seed: u64,
}

impl Default for Drawing {
    fn default() -> Self {
        Self {
            temperature: 1.0,
            repetition_penalty: 1.0,
            top_k: 0,
            top_p: 1.0,
            min_p: 0.0,
            seed: 0,
        }
    }
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
    /// Tokens of the answer so far, each once.
    said: Vec<u32>,
    /// Memory for those that may come, of objects and of tokens.
    objects: Vec<(usize, f32)>,
    tokens: Vec<(u32, f32)>,
}

impl Sampler {
    pub(crate) fn new(sampling: Sampling) -> Self {
        let state = match sampling {
            Sampling::Drawn(drawing) => drawing.seed,
            Sampling::Greedy => 0,
        };
        Self { sampling, state, said: Vec::new(), objects: Vec::new(), tokens: Vec::new() }
    }

    /// Whether only what is likeliest counts.
    pub(crate) fn is_greedy(&self) -> bool {
        self.sampling == Sampling::Greedy
    }

    /// Another answer begins: nothing has been said in it.
    pub(crate) fn begin(&mut self) {
        self.said.clear();
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
        let mut objects = std::mem::take(&mut self.objects);
        objects.clear();
        let may_come =
            |(index, _): &(usize, f32)| allowed.objects && !allowed.excluded.contains(index);
        objects.extend(scores.iter().copied().enumerate().filter(may_come));
        let mut tokens = std::mem::take(&mut self.tokens);
        tokens.clear();
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
        if let Sampling::Drawn(drawing) = self.sampling {
            let penalty = drawing.repetition_penalty.max(1e-3);
            for (id, logit) in &mut tokens {
                if self.said.contains(id) {
                    *logit = if *logit > 0.0 { *logit / penalty } else { *logit * penalty };
                }
            }
        }
        let choice = match self.draw(&tokens) {
            Some(token) if token == specials.object => self.draw(&objects).map(Choice::Object),
            token => token.map(Choice::Token),
        };
        if let Some(Choice::Token(token)) = choice
            && token < text_vocab
            && !self.said.contains(&token)
        {
            self.said.push(token);
        }
        (self.objects, self.tokens) = (objects, tokens);
        choice.ok_or(Error::Nothing)
    }

    fn draw<T: Copy>(&mut self, weighed: &[(T, f32)]) -> Option<T> {
        let best = || {
            // The first of equals, so that ties fall the same way on every processor.
            weighed.iter().fold(None::<&(T, f32)>, |best, next| match best {
                Some(best) if best.1 >= next.1 => Some(best),
                _ => Some(next),
            })
        };
        let Sampling::Drawn(drawing) = self.sampling else {
            return best().map(|(item, _)| *item);
        };
        let peak = best()?.1;
        let weighed = left_by(weighed, peak, &drawing);
        let weight = |logit: f32| f64::from((logit - peak) / drawing.temperature.max(1e-4)).exp();
        let total: f64 = weighed.iter().map(|(_, logit)| weight(*logit)).sum();
        let mut left = self.uniform() * total;
        for (item, logit) in &weighed {
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

/// Those that top-k, top-p and min-p leave, in the order in which they came unless one of the first two sorts them.
fn left_by<T: Copy>(weighed: &[(T, f32)], peak: f32, drawing: &Drawing) -> Vec<(T, f32)> {
    let mut left = weighed.to_vec();
    let cuts_k = drawing.top_k > 0 && drawing.top_k < left.len();
    if cuts_k || drawing.top_p < 1.0 {
        left.sort_by(|a, b| b.1.total_cmp(&a.1));
    }
    if cuts_k {
        left.truncate(drawing.top_k);
    }
    let probability = |logit: f32| f64::from(logit - peak).exp();
    if drawing.top_p < 1.0 {
        let wanted = f64::from(drawing.top_p)
            * left.iter().map(|(_, logit)| probability(*logit)).sum::<f64>();
        let mut sum = 0.0;
        // The one with which there is enough is among them; one there always is.
        let enough = left.iter().take_while(|(_, logit)| {
            let more = sum < wanted;
            sum += probability(*logit);
            more
        });
        let count = enough.count().max(1);
        left.truncate(count);
    }
    left.retain(|(_, logit)| probability(*logit) >= f64::from(drawing.min_p));
    left
}

/// Tokens that frame the conversation; no answer may hold them.
fn is_frame(id: u32, specials: Specials) -> bool {
    [specials.bos, specials.user, specials.assistant, specials.end, specials.object].contains(&id)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Letters by how often they are drawn of a thousand.
    fn counts(logits: &[(char, f32)], drawing: Drawing) -> Vec<(char, usize)> {
        let mut sampler = Sampler::new(Sampling::Drawn(drawing));
        let drawn: Vec<char> = (0..1000).map(|_| sampler.draw(logits).unwrap()).collect();
        let of = |letter: char| drawn.iter().filter(|other| **other == letter).count();
        logits.iter().map(|(letter, _)| (*letter, of(*letter))).collect()
    }

    fn near(found: &[(char, usize)], expected: &[usize]) {
        for ((letter, found), expected) in found.iter().zip(expected) {
            let off = found.abs_diff(*expected);
            assert!(
                off <= 45 && (*found == 0) == (*expected == 0),
                "{letter}: {found}, {expected}"
            );
        }
    }

    /// ½, ¼, ⅛, ⅛.
    fn halves() -> [(char, f32); 4] {
        [('a', 0.25f32), ('b', 0.5), ('c', 0.125), ('d', 0.125)].map(|(letter, p)| (letter, p.ln()))
    }

    #[test]
    fn what_is_drawn_is_as_likely_as_told() {
        near(&counts(&halves(), Drawing::default()), &[250, 500, 125, 125]);
        // Squares of the probabilities: 4, 16, 1, 1 of 22.
        near(
            &counts(&halves(), Drawing { temperature: 0.5, ..Drawing::default() }),
            &[182, 727, 45, 45],
        );
        near(
            &counts(&halves(), Drawing { temperature: 0.0, ..Drawing::default() }),
            &[0, 1000, 0, 0],
        );
    }

    #[test]
    fn few_are_left_to_be_drawn() {
        near(&counts(&halves(), Drawing { top_k: 2, ..Drawing::default() }), &[333, 667, 0, 0]);
        near(&counts(&halves(), Drawing { top_p: 0.6, ..Drawing::default() }), &[333, 667, 0, 0]);
        near(&counts(&halves(), Drawing { top_p: 0.5, ..Drawing::default() }), &[0, 1000, 0, 0]);
        near(&counts(&halves(), Drawing { top_p: 0.0, ..Drawing::default() }), &[0, 1000, 0, 0]);
        near(&counts(&halves(), Drawing { min_p: 0.4, ..Drawing::default() }), &[333, 667, 0, 0]);
        near(&counts(&halves(), Drawing { min_p: 2.0, ..Drawing::default() }), &[0, 1000, 0, 0]);
        let all = Drawing { top_k: 9, min_p: 0.0, ..Drawing::default() };
        near(&counts(&halves(), all), &[250, 500, 125, 125]);
    }

    #[test]
    fn what_was_said_is_less_likely_until_the_next_answer() {
        let specials = Specials { bos: 9, user: 9, assistant: 9, end: 9, object: 9 };
        let drawing = Drawing { repetition_penalty: 100.0, ..Drawing::default() };
        let mut sampler = Sampler::new(Sampling::Drawn(drawing));
        let allowed = Allowed { text: true, ..Allowed::default() };
        let mut one = || sampler.choose(&[10.0, 9.5, -3.0], &[], &allowed, specials, 3).unwrap();
        let (first, second) = (one(), one());
        assert_ne!(first, second);
        assert!([first, second].iter().all(|choice| *choice != Choice::Token(2)));
        sampler.begin();
        assert!(sampler.said.is_empty());
    }
}
