mod feeding;
mod interrupted;
mod kept;

pub use interrupted::Interrupted;

use crate::adapter::Own;
use crate::boxes::OpenBox;
use crate::feed::{Feed, Piece, Progress, Scores};
use crate::forward::Input;
use crate::keep::{Fingerprint, Hasher};
use crate::model::{Model, Processor, on_model};
use crate::pointer::{Pointer, Spoken};
use crate::prefix::Prefix;
use crate::rows::RowMap;
use crate::sample::{Choice, Sampler};
use crate::{
    ByteLevelBpe, Constraint, Emitted, Error, Result, Sampling, Specials, Tokenizer, Utf8Stream,
    Weights,
};
use kernels::Choosing;
use scene::{BINS, BOX_NUMBERS, PAIR_FEATURES, ScenePrefix, System};

/// A conversation about one scene.
///
/// [`Decoder::set_prefix`], then [`Decoder::prefill_step`] until complete; then for each question
/// [`Decoder::ask`] and [`Decoder::next`] until [`Emitted::End`]. A question starts right behind the
/// prefix, or with [`Decoder::follow`] behind the last question and its answer, as in training.
/// Dropping or not calling on is how to stop.
pub struct Decoder {
    model: Model,
    system: System,
    own: Own,
    /// Of the weights.
    made_of: Fingerprint,
    bytes: u64,
    pointer: Pointer,
    tokenizer: Box<dyn Tokenizer>,
    specials: Specials,
    text_vocab: u32,
    vocab: usize,
    row_width: usize,
    row_map: Option<RowMap>,
    context: usize,
    object_embedding: Vec<f32>, // (width), of <obj>
    bos_embedding: Vec<f32>,    // (width), of <|bos|>
    close_embedding: Vec<f32>,  // (width), of </box>; empty for one that points
    hidden: Vec<f32>,           // (width), from which the last choice was made
    /// What was read last.
    last_read: Option<Feed>,
    /// `(vocab)`: memory for logits of which only some are known; the others are −∞, as all are between two uses.
    known_logits: Vec<f32>,
    open_box: Option<OpenBox>,
    prefix: Option<Prefix>,
    sampler: Sampler,
    text: Utf8Stream,
    position: usize,
    spoken: Spoken,
    /// What the question follows, and the question with its answer so far, as they were fed.
    before: Vec<Feed>,
    exchange: Vec<Feed>,
    /// Whether that answer is whole: one that was stopped is nothing to follow.
    is_whole: bool,
    state: State,
}

enum State {
    /// No question.
    Idle,
    /// The last position gave these scores.
    Scored(Scores),
    /// This was emitted and is to be fed.
    Owed(Feed),
}

const NO_SCENE: Error = Error::Order("no scene was given");

/// Positions that are kept free for an answer.
const ROOM_TO_ANSWER: usize = 64;

impl Decoder {
    /// Brings the weights to the processor.
    ///
    /// # Errors
    /// Where a tensor is missing or misshapen, the tokenizer does not fit the vocabulary, or the
    /// processor has no room.
    pub async fn new(weights: &Weights, processor: Processor<'_>) -> Result<Self> {
        Self::of_system(weights, System::Unified, processor).await
    }

    /// The model as one of the systems that it can be.
    ///
    /// # Errors
    /// As [`Decoder::new`], and where the model has no adapter for this system or a broken one.
    pub async fn of_system(
        weights: &Weights,
        system: System,
        processor: Processor<'_>,
    ) -> Result<Self> {
        let tokenizer = ByteLevelBpe::parse(weights.tokenizer_json())?;
        Self::with_tokenizer(weights, system, processor, Box::new(tokenizer)).await
    }

    /// As [`Decoder::of_system`], with another tokenizer than the folder's.
    ///
    /// # Errors
    /// As [`Decoder::of_system`].
    pub async fn with_tokenizer(
        weights: &Weights,
        system: System,
        processor: Processor<'_>,
        tokenizer: Box<dyn Tokenizer>,
    ) -> Result<Self> {
        let weights = &weights.adapted(system)?;
        let manifest = weights.manifest();
        let text_vocab = manifest.text_vocab();
        if tokenizer.vocab() > text_vocab as usize {
            let what = format!("has {} tokens, specials start at {text_vocab}", tokenizer.vocab());
            return Err(Error::Tokenizer(what));
        }
        let specials = manifest.specials()?;
        let text_vocab = u32::try_from(tokenizer.vocab()).unwrap_or(text_vocab);
        let ends = [Some(specials.end), Some(specials.object)];
        let choosing = Choosing { text: text_vocab as usize, ends };
        let model = Model::new(processor, manifest.lm, weights.tensors(), choosing).await?;
        let embed = weights.matrix("lm.embed.weight", manifest.lm.vocab, manifest.lm.width)?;
        let embedding = |id: u32| {
            let mut row = vec![0.0; manifest.lm.width];
            embed.write_row(id as usize, &mut row);
            row
        };
        let (object_embedding, bos_embedding) =
            (embedding(specials.object), embedding(specials.bos));
        let own = Own::load(weights, system)?;
        let close = own.choice.as_ref().map(|choice| choice.tokens.close);
        Ok(Self {
            model,
            system,
            own,
            made_of: weights.fingerprint(),
            bytes: weights.lm_bytes() + manifest.lm.cache_bytes(),
            pointer: Pointer::load(weights)?,
            specials,
            text_vocab,
            tokenizer,
            vocab: manifest.lm.vocab,
            row_width: manifest.row_width(),
            row_map: RowMap::load(weights)?,
            context: manifest.lm.context,
            object_embedding,
            bos_embedding,
            close_embedding: close.map(embedding).unwrap_or_default(),
            hidden: Vec::new(),
            last_read: None,
            known_logits: Vec::new(),
            open_box: None,
            prefix: None,
            sampler: Sampler::new(Sampling::Greedy),
            text: Utf8Stream::default(),
            position: 0,
            spoken: Spoken::default(),
            before: Vec::new(),
            exchange: Vec::new(),
            is_whole: false,
            state: State::Idle,
        })
    }

    /// For a person: what runs the model.
    pub fn backend(&self) -> String {
        on_model!(&self.model, forward => forward.name())
    }

    /// The width of the rows it takes.
    pub fn row_width(&self) -> usize {
        self.row_width
    }

    /// Which system it is.
    pub fn system(&self) -> System {
        self.system
    }

    /// Of its weights and its key-value cache.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// By how many bins the six numbers just told are off: what Spatial 3D-LLM's refining head says.
    pub fn refined(&self) -> [f32; BOX_NUMBERS] {
        let prefix = self.prefix.as_ref();
        let refined = |(open, prefix): (&OpenBox, &Prefix)| open.refined(&prefix.choices);
        self.open_box.as_ref().zip(prefix).map(refined).unwrap_or_default()
    }

    /// The tokenizer in use.
    pub fn tokenizer(&self) -> &dyn Tokenizer {
        self.tokenizer.as_ref()
    }

    /// Chooses how tokens are drawn from now on.
    pub fn set_sampling(&mut self, sampling: Sampling) {
        self.sampler = Sampler::new(sampling);
    }

    /// Starts on a scene; what was known of another is forgotten.
    ///
    /// # Errors
    /// [`Error::Prefix`] where it does not fit the model or is not finite, [`Error::ContextFull`]
    /// where it leaves no room to speak.
    pub fn set_prefix(&mut self, prefix: &ScenePrefix) -> Result<Progress> {
        (self.prefix, self.state) = (None, State::Idle);
        self.forget();
        self.check(prefix)?;
        let mapped = self.row_map.as_ref().map(|map| map.mapped(prefix));
        let prefix = mapped.as_ref().unwrap_or(prefix);
        let rows = prefix.row_count() + 1;
        // A question and an answer need some room too.
        self.fits(rows.saturating_add(ROOM_TO_ANSWER))?;
        let own_first = self.own.first_row(&self.bos_embedding);
        let first = own_first.as_deref().map_or(Input::Token(self.specials.bos), Input::Row);
        let inputs: Vec<Input<'_>> = std::iter::once(first)
            .chain(prefix.rows.chunks_exact(prefix.width).map(Input::Row))
            .collect();
        self.model.start_prefix(&inputs)?;
        let named_by = |embedding: &[f32]| -> Vec<Vec<f32>> {
            let sum = |object: &scene::ObjectRows| {
                object.mention.iter().zip(embedding).map(|(m, e)| m + e).collect()
            };
            prefix.objects.iter().map(sum).collect()
        };
        let choices = self.own.choice.as_ref().map(|choice| choice.choices(prefix));
        let made_of = Hasher::default()
            .bytes(&self.made_of)
            .bytes(self.system.key().as_bytes())
            .bytes(self.model.kind().as_bytes())
            .values(&prefix.rows)
            .finish();
        self.prefix = Some(Prefix {
            rows,
            made_of,
            steps_done: 0,
            mentions: named_by(&self.object_embedding),
            targets: self.pointer.targets(prefix),
            boxed: choices.iter().flat_map(|_| named_by(&self.close_embedding)).collect(),
            choices: choices.unwrap_or_default(),
        });
        Ok(Progress { done: 0, total: rows })
    }

    /// Reads on in the prefix, for some 50 ms at most on the machines we mean.
    ///
    /// # Errors
    /// [`Error::Order`] without a prefix; where the processor fails.
    pub async fn prefill_step(&mut self) -> Result<Progress> {
        let prefix = self.prefix.as_mut().ok_or(NO_SCENE)?;
        let (rows, step) = (prefix.rows, prefix.steps_done);
        let steps = on_model!(&self.model, forward => forward.prefix_steps(rows));
        if step < steps {
            on_model!(&mut self.model, forward => forward.prefix_step(rows, step).await)?;
            prefix.steps_done += 1;
        }
        Ok(Progress { done: rows * prefix.steps_done / steps, total: rows })
    }

    /// Whether a question can be asked.
    pub fn is_ready(&self) -> bool {
        self.prefix.as_ref().is_some_and(|prefix| {
            prefix.steps_done
                == on_model!(&self.model, forward => forward.prefix_steps(prefix.rows))
        })
    }

    /// Puts a question: `<|user|> question <|assistant|>`. What was asked before is forgotten.
    ///
    /// # Errors
    /// [`Error::Order`] before the prefix has been read, [`Error::NoObject`],
    /// [`Error::ContextFull`], or where the processor fails.
    pub async fn ask(&mut self, question: &[Piece<'_>]) -> Result<()> {
        self.forget();
        self.follow(question).await
    }

    /// Puts a question behind the last one and its answer, which it may speak of:
    /// `… answer <|end|> <|user|> question <|assistant|>`. What lies further back is forgotten: no
    /// more was trained. Without an earlier question, or where both have no room, or where its answer
    /// was neither ended nor closed, it is asked alone.
    ///
    /// # Errors
    /// As [`Decoder::ask`].
    pub async fn follow(&mut self, question: &[Piece<'_>]) -> Result<()> {
        let feeds = self.question(question)?;
        self.sampler.begin();
        let mut before = std::mem::take(&mut self.exchange);
        if !std::mem::take(&mut self.is_whole) {
            before.clear();
        }
        self.rewind()?;
        let end = self.position + before.len() + 1 + feeds.len();
        match !before.is_empty() && self.fits(end.saturating_add(ROOM_TO_ANSWER)).is_ok() {
            true => before.push(Feed::Token(self.specials.end)),
            false => before.clear(),
        }
        self.before = before;
        self.exchange = feeds;
        self.read_exchange().await
    }

    /// Feeds what the question follows, and the question with its answer so far.
    async fn read_exchange(&mut self) -> Result<()> {
        let (before, exchange) = (self.before.clone(), self.exchange.clone());
        if !before.is_empty() {
            self.feed(&before).await?;
            self.spoken = Spoken::after(before.iter().filter_map(|feed| match feed {
                Feed::Named { index, .. } | Feed::Boxed(index) => Some(*index),
                Feed::Token(_) | Feed::Object(_) => None,
            }));
        }
        self.state = State::Scored(self.feed(&exchange).await?);
        Ok(())
    }

    /// The next question follows nothing.
    pub fn forget(&mut self) {
        self.exchange.clear();
        self.is_whole = false;
    }

    /// Takes the answer so far as whole, as [`Emitted::End`] does by itself: the next question may
    /// follow it.
    pub fn close(&mut self) {
        self.is_whole = !self.exchange.is_empty();
    }

    fn question(&self, question: &[Piece<'_>]) -> Result<Vec<Feed>> {
        let mut feeds = vec![Feed::Token(self.specials.user)];
        for piece in question {
            match piece {
                Piece::Text(text) => {
                    feeds.extend(self.tokenizer.encode(text)?.into_iter().map(Feed::Token));
                }
                Piece::Object(index) => feeds.push(Feed::Object(*index)),
            }
        }
        feeds.push(Feed::Token(self.specials.assistant));
        Ok(feeds)
    }

    /// The next piece of the answer.
    ///
    /// # Errors
    /// [`Error::Order`] without a question, [`Error::ContextFull`], [`Error::Nothing`],
    /// [`Error::NotFinite`], or where the processor fails. The question must then be asked anew.
    pub async fn next(&mut self, constraint: &mut dyn Constraint) -> Result<Emitted> {
        let mut scores = match std::mem::replace(&mut self.state, State::Idle) {
            State::Idle => return Err(Error::Order("no question was asked")),
            State::Scored(scores) => scores,
            State::Owed(feed) => {
                self.exchange.push(feed);
                match self.sampler.is_greedy() {
                    true => self.feed_greedily(feed).await?,
                    false => self.feed(&[feed]).await?,
                }
            }
        };
        let allowed = constraint.allowed();
        self.read_rows(&mut scores);
        let (logits, objects) = (&scores.logits, &scores.objects);
        let choice =
            self.sampler.choose(logits, objects, &allowed, self.specials, self.text_vocab)?;
        let view = scores.view;
        self.keep(scores.logits);
        let emitted = match choice {
            Choice::Object(index) => {
                self.state = State::Owed(Feed::Named { index, view });
                Emitted::Object { index }
            }
            Choice::Token(id) if id == self.specials.end => {
                self.close();
                Emitted::End
            }
            Choice::Token(id) => {
                self.state = State::Owed(Feed::Token(id));
                self.note_box(id, &allowed.excluded);
                match self.tokenizer.bytes_of(id) {
                    Some(bytes) => Emitted::Token { id, text: self.text.push(bytes) },
                    None => Emitted::Mark(id),
                }
            }
        };
        if !matches!(emitted, Emitted::Token { .. }) {
            self.text.reset();
        }
        constraint.accept(&emitted);
        if let (Some(index), State::Owed(Feed::Token(_))) = (constraint.boxed(), &self.state) {
            self.state = State::Owed(Feed::Boxed(index));
        }
        Ok(emitted)
    }

    /// Within a box, the numbers are what rows say of them.
    fn read_rows(&self, scores: &mut Scores) {
        let parts = (&self.open_box, &self.own.choice, &self.prefix);
        if let (Some(open), Some(choice), Some(prefix)) = parts {
            open.score(&prefix.choices, choice.tokens, &mut scores.logits);
        }
    }

    /// Opens a box with its token, tells it the numbers, and is done with it at the next token that is
    /// none.
    fn note_box(&mut self, id: u32, excluded: &[usize]) {
        let (Some(choice), Some(prefix)) = (&self.own.choice, &self.prefix) else { return };
        self.open_box = match (self.open_box.take(), choice.tokens.bin(id)) {
            _ if id == choice.tokens.open => {
                Some(choice.open(&self.hidden, &prefix.choices, excluded))
            }
            (Some(mut open), Some(bin)) => {
                open.push(&prefix.choices, bin);
                Some(open)
            }
            _ => None,
        };
    }

    /// How much the position from which [`Decoder::next`] chose last attended to each row of the
    /// prefix, mean over layers and heads: `(row_count)`, without the first row. What is missing to 1
    /// went to that row and to the words. Empty before a question.
    ///
    /// # Errors
    /// Where the processor fails.
    pub async fn attended(&mut self) -> Result<Vec<f32>> {
        let (Some(prefix), Some(feed)) = (&self.prefix, self.last_read) else {
            return Ok(Vec::new());
        };
        let rows = prefix.rows;
        if self.position <= rows {
            return Ok(Vec::new());
        }
        let made = prefix.made(&feed, &self.pointer)?;
        let input = prefix.input(&feed, &made, self.vocab)?;
        let all = self.model.attended(rows, &input, self.position - 1).await?;
        Ok(all.get(1..).unwrap_or_default().to_vec())
    }

    /// What the model thinks comes next, between [`Decoder::ask`] and the first
    /// [`Decoder::next`].
    pub fn scores(&self) -> Option<&Scores> {
        match &self.state {
            State::Scored(scores) => Some(scores),
            State::Idle | State::Owed(_) => None,
        }
    }

    /// What [`Decoder::next`] gave last, as it will be read: [`Decoder::forced`] of it all scores the
    /// same answer again. None before the first and after the end.
    pub fn owed(&self) -> Option<Feed> {
        match self.state {
            State::Owed(feed) => Some(feed),
            State::Idle | State::Scored(_) => None,
        }
    }

    /// Forced decoding behind the prefix: the scores after each position fed. For parity tests and
    /// scoring.
    ///
    /// # Errors
    /// As [`Decoder::ask`], and [`Error::NoToken`].
    pub async fn forced(&mut self, feeds: &[Feed]) -> Result<Vec<Scores>> {
        self.forced_after(&[], feeds).await
    }

    /// As [`Decoder::forced`], as if an answer that named these objects had gone before: the pointer
    /// can copy them. The answer itself is not fed.
    ///
    /// # Errors
    /// As [`Decoder::forced`], and [`Error::NoObject`].
    pub async fn forced_after(&mut self, named: &[usize], feeds: &[Feed]) -> Result<Vec<Scores>> {
        self.rewind()?;
        if let Some(prefix) = &self.prefix {
            named.iter().try_for_each(|index| prefix.mention(*index).map(|_| ()))?;
        }
        self.spoken = Spoken::after(named.iter().copied());
        let mut all = Vec::with_capacity(feeds.len());
        for feed in feeds {
            all.push(self.feed(std::slice::from_ref(feed)).await?);
        }
        Ok(all)
    }

    /// Back to the end of the prefix.
    fn rewind(&mut self) -> Result<()> {
        if !self.is_ready() {
            return Err(Error::Order("the scene has not been read yet"));
        }
        self.position = self.prefix.as_ref().map_or(0, |prefix| prefix.rows);
        self.state = State::Idle;
        self.spoken = Spoken::default();
        self.open_box = None;
        self.text.reset();
        Ok(())
    }

    fn fits(&self, needed: usize) -> Result<()> {
        if needed <= self.context {
            return Ok(());
        }
        Err(Error::ContextFull { needed, context: self.context })
    }

    fn check(&self, prefix: &ScenePrefix) -> Result<()> {
        let (count, width) = (prefix.objects.len(), self.row_width);
        let fail = |what: String| Err(Error::Prefix(what));
        if prefix.system != self.system {
            let (theirs, ours) = (prefix.system.name(), self.system.name());
            return fail(format!("its rows are {theirs}'s, the model is {ours}"));
        }
        if prefix.width != width || !prefix.rows.len().is_multiple_of(width) {
            return fail(format!("its rows are {} wide, the model's {width}", prefix.width));
        }
        if prefix.objects.iter().any(|object| object.mention.len() != width) {
            return fail(format!("a mention is not {width} wide"));
        }
        let said = &prefix.row_boxes;
        let numbers = said.count() * BOX_NUMBERS;
        let fits = said.numbers.len() == numbers * BINS && said.refined.len() == numbers;
        if !fits || said.count() > prefix.row_count() {
            return fail("what its rows say of boxes is not of its rows".into());
        }
        if prefix.pairs.len() != count * count * PAIR_FEATURES {
            let found = prefix.pairs.len();
            return fail(format!("{found} pair features for {count} objects"));
        }
        let mentions = prefix.objects.iter().flat_map(|object| &object.mention);
        let known = mentions.chain(&prefix.pairs).chain(&said.numbers).chain(&said.refined);
        if !prefix.rows.iter().chain(known).all(|v| v.is_finite()) {
            return fail("it holds values that are not finite".into());
        }
        Ok(())
    }
}
