//! How a system without a pointer names an object: with `<box>` it chooses among the rows that can be
//! read, and the six location tokens of the box are drawn from what those say,
//! `p(n_1 … n_6) = Σ_r p(r | h) Π_k p(n_k | r)`, as pointer-generator networks copy words of their source (See
//! et al. 2017, arXiv:1704.04368).

use crate::layers::{LayerNorm, Linear, dot, log_sum_exp};
use crate::{Error, Manifest, Result, Weights};
use scene::{BINS, BOX_NUMBERS, RowBoxes, ScenePrefix, System};

/// The ids of the tokens that boxes are made of.
#[derive(Clone, Copy, Debug)]
pub(crate) struct BoxTokens {
    pub(crate) open: u32,
    pub(crate) close: u32,
    first: u32, // <loc0>
}

impl BoxTokens {
    fn of(manifest: &Manifest) -> Result<Self> {
        let id = |name: &str| {
            let missing = || Error::Manifest(format!("no special token {name}"));
            manifest.special(name).ok_or_else(missing)
        };
        let first = id("<loc0>")?;
        if id(&format!("<loc{}>", BINS - 1))? != first + (BINS - 1) as u32 {
            return Err(Error::Manifest("the location tokens are not in a row".into()));
        }
        Ok(Self { open: id("<box>")?, close: id("</box>")?, first })
    }

    /// The ids of the location tokens.
    fn locations(self) -> std::ops::Range<usize> {
        self.first as usize..self.first as usize + BINS
    }

    /// Which location token this is, if any.
    pub(crate) fn bin(self, id: u32) -> Option<usize> {
        let bin = id.checked_sub(self.first)? as usize;
        (bin < BINS).then_some(bin)
    }
}

/// `adapters.SYSTEM.choice.*`: of which row the next box is.
pub(crate) struct Choice {
    pub(crate) tokens: BoxTokens,
    norm: LayerNorm,
    key: Linear,
    query: Linear,
}

/// What a choice needs of a scene.
#[derive(Clone, Debug, Default)]
pub(crate) struct Choices {
    keys: Vec<f32>, // (r, key width)
    said: RowBoxes,
    /// Index of the object that each row is most likely of.
    objects: Vec<Option<usize>>,
}

/// A box that is being told.
#[derive(Clone, Debug)]
pub(crate) struct OpenBox {
    /// Log-probabilities of the rows, given the numbers so far.
    rows: Vec<f32>,
    told: usize,
}

impl Choice {
    /// `None` for a system that points.
    pub(crate) fn load(weights: &Weights, system: System) -> Result<Option<Self>> {
        let name = |part: &str| format!("adapters.{}.choice.{part}", system.key());
        if !weights.has(&name("key.weight")) {
            return Ok(None);
        }
        let width = weights.manifest().lm.width;
        let (key, query) = (name("key"), name("query"));
        let choice = Self {
            tokens: BoxTokens::of(weights.manifest())?,
            norm: LayerNorm::load(weights, &name("norm"), width)?,
            key: Linear::load(weights, &key, width)?,
            query: Linear::load(weights, &query, width)?,
        };
        let (found, expected) = (choice.query.outputs(), choice.key.outputs());
        if found != expected {
            let what = format!("gives {found}, should give {expected}");
            return Err(Error::Tensor { name: query, what });
        }
        Ok(Some(choice))
    }

    /// The keys of a prefix's rows that can be read.
    pub(crate) fn choices(&self, prefix: &ScenePrefix) -> Choices {
        let said = &prefix.row_boxes;
        let rows = prefix.rows.chunks_exact(prefix.width.max(1)).take(said.count());
        let index = |id| prefix.objects.iter().position(|object| object.id == id);
        Choices {
            keys: rows
                .flat_map(|row| self.key.apply(&self.norm.apply(row)).collect::<Vec<_>>())
                .collect(),
            objects: said.objects.iter().map(|id| id.and_then(index)).collect(),
            said: said.clone(),
        }
    }

    /// `<box>` was told from this hidden state. Rows of the objects in `excluded` are not chosen, unless
    /// there are no others.
    pub(crate) fn open(&self, hidden: &[f32], choices: &Choices, excluded: &[usize]) -> OpenBox {
        let query: Vec<f32> = self.query.apply(hidden).collect();
        let scale = (query.len() as f32).sqrt().recip();
        let mut rows: Vec<f32> = choices
            .keys
            .chunks_exact(query.len().max(1))
            .map(|key| dot(&query, key) * scale)
            .collect();
        let is_out = |object: &Option<usize>| object.is_some_and(|one| excluded.contains(&one));
        if !choices.objects.iter().all(is_out) {
            for (score, _) in rows.iter_mut().zip(&choices.objects).filter(|(_, one)| is_out(one)) {
                *score = f32::NEG_INFINITY;
            }
        }
        let total = log_sum_exp(rows.iter().copied());
        rows.iter_mut().for_each(|score| *score -= total);
        OpenBox { rows, told: 0 }
    }
}

impl OpenBox {
    /// Puts what the rows say of the next number in place of the logits of location tokens. After the
    /// last number, and where no row can be read, nothing.
    pub(crate) fn score(&self, choices: &Choices, tokens: BoxTokens, logits: &mut [f32]) {
        if self.told >= BOX_NUMBERS || self.rows.is_empty() {
            return;
        }
        for (bin, logit) in logits.get_mut(tokens.locations()).into_iter().flatten().enumerate() {
            *logit = log_sum_exp(self.rows.iter().zip(0..).map(|(score, row)| {
                score + choices.said.of(row, self.told).get(bin).copied().unwrap_or(f32::MIN)
            }));
        }
    }

    /// The next number was told.
    pub(crate) fn push(&mut self, choices: &Choices, bin: usize) {
        for (row, score) in self.rows.iter_mut().enumerate() {
            *score += choices.said.of(row, self.told).get(bin).copied().unwrap_or_default();
        }
        self.told += 1;
    }

    /// By how many bins the six numbers are to be moved, by the likeliest row.
    pub(crate) fn refined(&self, choices: &Choices) -> [f32; BOX_NUMBERS] {
        let best = |best: Option<usize>, row: usize| match best {
            Some(best) if self.rows[best] >= self.rows[row] => Some(best),
            _ => Some(row),
        };
        let row = (0..self.rows.len()).fold(None, best).unwrap_or_default();
        let start = row * BOX_NUMBERS;
        let refined = choices.said.refined.get(start..start + BOX_NUMBERS);
        refined.and_then(|numbers| numbers.try_into().ok()).unwrap_or_default()
    }
}
