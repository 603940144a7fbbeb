//! Surprise rooms: made here, opened by the engine as strangers' scans are, and judged here.

use super::host::WorkerHost;
use crate::surprise::{self, Room, Tally};
use engine::{Engine, EngineError, Host as _, Pace, ScanOptions};
use protocol::{Event, JobId, Phase, Question};
use roomgen::assets::Assets;
use roomgen::suite::{Making, RoomgenError, Step};

/// Makes a room and opens its points.
pub(super) async fn make(
    engine: &mut Engine<WorkerHost>,
    job: JobId,
    seed: u32,
) -> Result<Room, EngineError> {
    let canceller = engine.canceller();
    let assets = Assets::shapes_only();
    let order = surprise::order(seed);
    let mut making = Making::start_with_one_room(&assets, &order, 0).map_err(maker)?;
    let mut pace = Pace::new(engine.host(), &canceller, job);
    let (made, facts) = loop {
        match making.step().map_err(maker)? {
            Step::Working { done, total } => {
                pace.step(Phase::Make, done as u64, Some(total as u64)).await?;
            }
            Step::Done(made) => break *made,
        }
    };
    let (room, cloud) = Room::of(job, seed, made, facts);
    engine.show(job, &cloud);
    let options = ScanOptions::default();
    engine.open_cloud(job, surprise::name(seed), cloud, options, 0.0).await?;
    tell(engine, &room);
    Ok(room)
}

/// Says what can be asked of the room, as its objects are now.
pub(super) fn tell(engine: &Engine<WorkerHost>, room: &Room) {
    if let Some(scene) = engine.scene() {
        let questions = room.questions(&room.given(scene));
        let (job, seed) = room.made_by();
        engine.host().emit(Event::RoomReady { job, seed, questions }, Vec::new());
    }
}

fn maker(error: RoomgenError) -> EngineError {
    EngineError::Maker(error.to_string())
}

/// Answers a question; where it is one of the room's, the verdict goes before the answer.
pub(super) async fn ask(
    engine: &mut Engine<WorkerHost>,
    room: &Room,
    job: JobId,
    question: &Question,
) -> Result<(), EngineError> {
    let asked = engine.ask(job, question).await?;
    if let Some(given) = engine.scene().map(|scene| room.given(scene))
        && let Some(place) = room.place_of(&given, &question.question)
        && let Some((id, _)) = room.name_of(place)
    {
        let right = room.is_right(&given, place, Some(&asked.parsed));
        let checked = Event::Checked { job, question: id.to_owned(), right };
        engine.host().emit(checked, Vec::new());
    }
    engine.host().emit(Event::Answered { job, report: Box::new(asked.report) }, Vec::new());
    Ok(())
}

/// Asks the room's questions one after the other. Stopped, it tells what it has.
pub(super) async fn test(
    engine: &mut Engine<WorkerHost>,
    room: &Room,
    job: JobId,
    most: Option<u32>,
) -> Result<(), EngineError> {
    let given = engine.scene().map(|scene| room.given(scene)).ok_or(EngineError::NoScan)?;
    let canceller = engine.canceller();
    let chosen = room.chosen(most);
    let mut tally = Tally::default();
    let mut stopped = false;
    for (done, &place) in chosen.iter().enumerate() {
        let mut pace = Pace::new(engine.host(), &canceller, job);
        let going = pace.step(Phase::Test, done as u64, Some(chosen.len() as u64)).await;
        let answered = match (going, room.wording(&given, place)) {
            (Err(error), _) => Err(error),
            (Ok(()), Some(wording)) => engine.ask(job, &wording.as_str().into()).await.map(Some),
            (Ok(()), None) => Ok(None),
        };
        let asked = match answered {
            Ok(asked) => asked,
            // Too much for this model: no answer, and so no right one.
            Err(EngineError::LongQuestion { .. }) => None,
            Err(EngineError::Stopped) => {
                stopped = true;
                break;
            }
            Err(error) => return Err(error),
        };
        let right = room.is_right(&given, place, asked.as_ref().map(|asked| &asked.parsed));
        let Some((id, task)) = room.name_of(place) else { continue };
        tally.add(task, right);
        let said = asked.map(|asked| asked.report.answer).unwrap_or_default();
        let judged = Event::Judged { job, question: id.to_owned(), said, right };
        engine.host().emit(judged, Vec::new());
    }
    engine.host().emit(Event::Tested { job, scores: tally.scores(), stopped }, Vec::new());
    Ok(())
}
