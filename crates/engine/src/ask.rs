//! A question's way to its answer: prompt, decode within the grammar, spans, report.

use crate::model::Model;
use crate::pace::Pace;
use crate::session::OpenScan;
use crate::{EngineError, Host, summary};
use lm::{Allowed, Constraint, Emitted, Piece};
use protocol::{AskReport, Event, JobId, Phase, Seconds};
use scene::{Answer, InstanceId, Scene, ScenePrefix};
use std::collections::BTreeMap;
use tasks::answer::{Emission, Parsed, Parser};
use tasks::grammar::{Grammar, Step};
use tasks::prompt::{Mark, Part};

/// An answer longer than this is cut: none that was trained comes near it.
const MOST_TOKENS: u64 = 160;

/// A report with what only the referee needs.
pub struct Asked {
    /// As shown.
    pub report: AskReport,
    /// As compared.
    pub parsed: Parsed,
}

/// Lets the decoder read the scene, once.
pub(crate) async fn read_prefix<H: Host>(
    model: &mut Model,
    open: &mut OpenScan,
    pace: &mut Pace<'_, H>,
) -> Result<(), EngineError> {
    while !open.read {
        let progress = model.decoder.prefill_step().await?;
        open.read = progress.is_complete();
        pace.step(Phase::Prefill, progress.done as u64, Some(progress.total as u64)).await?;
    }
    Ok(())
}

/// Whether every object that the question mentions is in the scene.
pub(crate) fn check(scene: &Scene, question: &str) -> Result<(), EngineError> {
    for part in tasks::prompt::parts(question) {
        match part {
            Part::Object(id) if scene.instance(id).is_none() => {
                return Err(EngineError::UnknownObject(id));
            }
            Part::Object(_) | Part::Text(_) | Part::Mark(_) => {}
        }
    }
    Ok(())
}

/// Answers, showing each span as it completes.
pub(crate) async fn answer<H: Host>(
    host: &H,
    job: JobId,
    model: &mut Model,
    open: &mut OpenScan,
    (question, follows): (&str, bool),
    pace: &mut Pace<'_, H>,
) -> Result<Asked, EngineError> {
    let start_s = host.now_s();
    read_prefix(model, open, pace).await?;
    let prefix = open.prefix.as_ref().ok_or(EngineError::NoModel)?;
    let parts = parts(question, prefix);
    let pieces = pieces(&parts, prefix);
    match follows && model.talks {
        true => model.decoder.follow(&pieces).await,
        false => model.decoder.ask(&pieces).await,
    }
    .map_err(spoken)?;

    let mut rules = Rules::new(prefix, &model.marks);
    let mut parser = Parser::new(&open.scene, prefix.locations);
    let mut shown = Answer::default();
    let (mut tokens, mut first_s) = (0, None);
    while tokens < MOST_TOKENS {
        let emitted = model.decoder.next(&mut rules).await.map_err(spoken)?;
        first_s.get_or_insert_with(|| host.now_s());
        tokens += 1;
        match &emitted {
            Emitted::Token { text, .. } => parser.push(Emission::Text(text)),
            Emitted::Object { index } => parser.push(Emission::Object(prefix.objects[*index].id)),
            Emitted::Mark(id) => {
                if let Some(mark) = model.marks.get(id) {
                    parser.push(Emission::Mark(*mark));
                }
            }
            Emitted::End => break,
        }
        let so_far = parser.partial();
        if so_far != shown {
            host.emit(Event::Partial { job, answer: so_far.clone() }, Vec::new());
            shown = so_far;
        }
        pace.step(Phase::Decode, tokens, None).await?;
    }
    // Ended or cut, it is what the person has read, and may ask about. A stopped one is not.
    model.decoder.close();
    let end_s = host.now_s();
    let first_s = first_s.unwrap_or(end_s);
    let parsed = parser.finish();
    let objects = parsed.answer.objects();
    let report = AskReport {
        answer: parsed.answer.text(),
        spans: parsed.answer.spans.clone(),
        objects: objects
            .into_iter()
            .filter_map(|id| open.scene.instance(id))
            .map(|instance| summary::object(&open.scene, instance))
            .collect(),
        way: parsed.answer.way.clone(),
        placement: parsed.answer.placement.clone(),
        points: open.scene.cloud.len() as u32,
        instances: open.scene.instances.len() as u32,
        backend: model.backend(),
        seconds: Seconds { first_token: first_s - start_s, total: end_s - start_s, ..open.seconds },
        tokens_per_s: tokens.saturating_sub(1) as f64 / (end_s - first_s).max(1e-6),
    };
    Ok(Asked { report, parsed })
}

/// The scene did fit: what there is too much of is the question.
fn spoken(error: lm::Error) -> EngineError {
    match error {
        lm::Error::ContextFull { needed, context } => EngineError::LongQuestion { needed, context },
        error => error.into(),
    }
}

/// The question in parts. A mention of an object that the model was not told of stays words.
fn parts(question: &str, prefix: &ScenePrefix) -> Vec<Part> {
    let told = |part| match part {
        Part::Object(id) if index_of(prefix, id).is_none() => {
            Part::Text(tasks::prompt::mention(id))
        }
        part => part,
    };
    tasks::prompt::parts(question).into_iter().map(told).collect()
}

/// The question as the decoder takes it.
fn pieces<'a>(parts: &'a [Part], prefix: &ScenePrefix) -> Vec<Piece<'a>> {
    parts
        .iter()
        .filter_map(|part| match part {
            Part::Text(text) => Some(Piece::Text(text)),
            Part::Object(id) => index_of(prefix, *id).map(Piece::Object),
            // A question has no marks: `tasks::prompt::parts`.
            Part::Mark(_) => None,
        })
        .collect()
}

fn index_of(prefix: &ScenePrefix, id: InstanceId) -> Option<usize> {
    prefix.objects.iter().position(|object| object.id == id)
}

/// The answer grammar, in the decoder's terms.
struct Rules<'a> {
    grammar: Grammar,
    prefix: &'a ScenePrefix,
    marks: &'a BTreeMap<u32, Mark>,
}

impl<'a> Rules<'a> {
    fn new(prefix: &'a ScenePrefix, marks: &'a BTreeMap<u32, Mark>) -> Self {
        Self { grammar: Grammar::new(prefix.objects.len()), prefix, marks }
    }
}

impl Constraint for Rules<'_> {
    fn allowed(&self) -> Allowed {
        let allowed = self.grammar.allowed();
        let token = |mark: &Mark| self.marks.iter().find(|(_, known)| *known == mark);
        let is_location = |mark: &Mark| allowed.locations && matches!(mark, Mark::Loc(_));
        let locations = self.marks.iter().filter(|(_, mark)| is_location(mark)).map(|(id, _)| *id);
        Allowed {
            text: allowed.text,
            end: allowed.end,
            objects: allowed.objects,
            excluded: allowed.excluded.iter().filter_map(|id| index_of(self.prefix, *id)).collect(),
            marks: allowed
                .marks
                .iter()
                .filter_map(token)
                .map(|(id, _)| *id)
                .chain(locations)
                .collect(),
        }
    }

    fn accept(&mut self, emitted: &Emitted) {
        let step = match emitted {
            Emitted::Token { text, .. } => Step::Text(text),
            Emitted::Object { index } => Step::Object(self.prefix.objects[*index].id),
            Emitted::Mark(id) => match self.marks.get(id) {
                Some(mark) => Step::Mark(*mark),
                None => return,
            },
            Emitted::End => return,
        };
        self.grammar.accept(step);
    }
}
