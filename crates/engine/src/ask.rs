//! A question's way to its answer: prompt, decode within the grammar, spans, report.

use crate::model::Model;
use crate::pace::Pace;
use crate::rules::{Rules, index_of};
use crate::session::OpenScan;
use crate::{EngineError, Host, summary};
use lm::{Decoder, Emitted, Piece};
use protocol::{AskReport, Event, Finish, JobId, Phase, Question, Seconds};
use scene::{Answer, Scene, ScenePrefix, System};
use std::sync::Arc;
use tasks::answer::{Emission, Parsed, Parser};
use tasks::boxes::Boxes;
use tasks::prompt::Part;

/// An answer longer than this is cut: none that was trained comes near it.
const MOST_TOKENS: u64 = 160;

/// A report with what only the referee needs.
pub struct Asked {
    /// As shown.
    pub report: AskReport,
    /// As compared.
    pub parsed: Parsed,
}

/// Lets the decoder read the scene, once; of a scene of very many objects, once more where `question`
/// is about others than it has read of.
pub(crate) async fn read_prefix<H: Host>(
    host: &H,
    model: &mut Model,
    open: &mut OpenScan,
    system: System,
    question: Option<&str>,
    pace: &mut Pace<'_, H>,
) -> Result<(), EngineError> {
    let whole = open.prefixes.get(&system).ok_or(EngineError::NoModel)?;
    let decoder = model.decoder(system).await?;
    let given = open.given.get(&system);
    if given.is_none() || question.is_some() && whole.objects.len() > ScenePrefix::MOST_OBJECTS {
        let prefix = told(&open.scene, whole, question.unwrap_or_default());
        let ids = |of: &ScenePrefix| of.objects.iter().map(|one| one.id).collect::<Vec<_>>();
        if given.is_none_or(|given| ids(given) != ids(&prefix)) {
            decoder.set_prefix(&prefix)?;
            open.given.insert(system, Arc::new(prefix));
        }
    }
    read(host, decoder, pace).await
}

/// Lets the decoder read the scene it was given, unless it has.
async fn read<H: Host>(
    host: &H,
    decoder: &mut Decoder,
    pace: &mut Pace<'_, H>,
) -> Result<(), EngineError> {
    if decoder.is_ready() {
        return Ok(());
    }
    // It may have been read at an earlier visit.
    let name = decoder.snapshot_name()?;
    let is_known = match host.kept(&name).await {
        Some(snapshot) => decoder.restore(&snapshot)?,
        None => false,
    };
    let rows = loop {
        let progress = decoder.prefill_step().await?;
        if progress.is_complete() {
            break progress.total as u64;
        }
        pace.step(Phase::Prefill, progress.done as u64, Some(progress.total as u64)).await?;
    };
    // Nothing else tells the page that a scan has been taken in: this must be said.
    pace.finish(Phase::Prefill, rows).await?;
    if !is_known {
        host.keep(&name, &decoder.snapshot().await?).await;
    }
    Ok(())
}

/// The prefix with as many of its objects as the model can be told of at once.
fn told(scene: &Scene, whole: &ScenePrefix, question: &str) -> ScenePrefix {
    let ids: Vec<_> = whole.objects.iter().map(|one| one.id).collect();
    whole.with_only(&tasks::relevant(scene, &ids, question, ScenePrefix::MOST_OBJECTS))
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
    question: &Question,
    pace: &mut Pace<'_, H>,
) -> Result<Asked, EngineError> {
    let start_s = host.now_s();
    let system = question.system;
    let follows = question.follows && model.talks;
    // What was said stands behind what the model was told; a question that follows is told no more.
    let about = (!follows).then_some(question.question.as_str());
    read_prefix(host, model, open, system, about, pace).await?;
    let read_s = host.now_s();
    let prefix = &open.given.get(&system).cloned().ok_or(EngineError::NoModel)?;
    let parts = parts(&question.question, prefix);
    let pieces = pieces(&parts, prefix);
    let marks = model.marks.clone();
    let mut decoder = model.decoder(system).await?;
    match follows {
        true => decoder.follow(&pieces).await,
        false => decoder.ask(&pieces).await,
    }
    .map_err(spoken)?;

    let boxes = system.writes_boxes().then(|| boxes(&open.scene, prefix));
    let mut rules = Rules::new(prefix, &marks, boxes);
    let mut parser = Parser::new(&open.scene, prefix.locations);
    let mut shown = Answer::default();
    let (mut tokens, mut first_s) = (0, None);
    let (mut attended, mut has_named) = (Vec::new(), false);
    let mut finish = Finish::Length;
    while tokens < MOST_TOKENS {
        let emitted = match decoder.next(&mut rules).await {
            Err(error) if error.is_lost() => {
                // What was said stays said.
                let interrupted = decoder.interrupted();
                model.recover(host, job, pace).await?;
                open.given.clear();
                decoder = model.decoder(system).await?;
                decoder.set_prefix(prefix)?;
                open.given.insert(system, Arc::clone(prefix));
                read(host, decoder, pace).await?;
                decoder.go_on(interrupted).await?;
                continue;
            }
            emitted => emitted.map_err(spoken)?,
        };
        let names = matches!(emitted, Emitted::Object { .. }) || rules.in_box();
        if tokens == 0 || (names && !has_named) {
            attended = decoder.attended().await.map_err(spoken)?;
        }
        has_named |= names;
        if rules.box_is_whole() {
            rules.refine(decoder.refined());
        }
        first_s.get_or_insert_with(|| host.now_s());
        tokens += 1;
        match &emitted {
            Emitted::Token { text, .. } => parser.push(Emission::Text(text)),
            Emitted::Object { index } => parser.push(Emission::Object(prefix.objects[*index].id)),
            Emitted::Mark(_) if rules.in_box() => {}
            Emitted::Mark(id) => match (rules.told(), marks.get(id)) {
                (Some(object), _) => parser.push(Emission::Object(object)),
                (None, Some(mark)) => parser.push(Emission::Mark(*mark)),
                (None, None) => {}
            },
            Emitted::End => {
                finish = Finish::End;
                break;
            }
        }
        let so_far = parser.partial();
        if so_far != shown {
            host.emit(Event::Partial { job, answer: so_far.clone() }, Vec::new());
            shown = so_far;
        }
        pace.step(Phase::Decode, tokens, None).await?;
    }
    // Ended or cut, it is what the person has read, and may ask about. A stopped one is not.
    decoder.close();
    let bytes = decoder.bytes();
    let backend = model.backend_of(system);
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
        attention: summary::attention(&attended, prefix),
        points: open.scene.cloud.len() as u32,
        instances: open.scene.instances.len() as u32,
        told: prefix.objects.len() as u32,
        system,
        bytes,
        backend,
        seconds: Seconds {
            first_token: first_s - start_s,
            total: end_s - start_s,
            prefill: read_s - start_s,
            ..open.seconds
        },
        tokens_per_s: tokens.saturating_sub(1) as f64 / (end_s - first_s).max(1e-6),
        finish,
    };
    Ok(Asked { report, parsed })
}

/// The objects that the model was told of, by their boxes.
fn boxes(scene: &Scene, prefix: &ScenePrefix) -> Boxes {
    let told = prefix.objects.iter().filter_map(|object| scene.instance(object.id));
    Boxes::new(told.map(|one| (one.id, one.bounds)).collect(), prefix.locations)
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
