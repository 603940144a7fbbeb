//! The model under test, and its control, as systems that the referee can ask.

use super::rooms::Room;
use super::text_list::TextList;
use super::{Looked, bar, names};
use crate::host::Terminal;
use engine::{Engine, EngineError, ScanOptions};
use pollster::block_on;
use protocol::{JobId, Question, Seconds};
use referee::{GivenRoom, Named, Regime, Reply, System, SystemName};
use scene::ScenePrefix;

const JOB: JobId = JobId(2);

/// Whose prefix the model is given.
#[derive(Clone, Copy)]
pub(super) enum Prefixes<'a> {
    /// The room's own.
    Own,
    /// The next room's: the control.
    Next,
    /// The room's own, told in tokens: the text twin.
    Told(&'a TextList),
    /// One without a row: the blind twin.
    Empty,
}

/// With which instances rooms are shown, and to which of the model's systems.
pub(super) type Shown = (Regime, scene::System);

/// Segments and encodes every room, for the other systems and for the control; and what the model's
/// encoders take the objects for.
pub(super) fn look(
    engine: &mut Engine<Terminal>,
    rooms: &[Room],
    (regime, which): Shown,
) -> Result<(Looked, Vec<Vec<Named>>), EngineError> {
    let bar = bar(&format!("{regime} objects"), rooms.len());
    let (mut given, mut prefixes, mut named) = (Vec::new(), Vec::new(), Vec::new());
    for room in rooms {
        open(engine, room, regime)?;
        let scene = engine.scene().ok_or(EngineError::NoScan)?;
        prefixes.push(engine.prefix(which).ok_or(EngineError::NoModel)?.clone());
        named.push(names(room, scene));
        let objects = referee::given_objects(scene, &room.positions);
        given.push(match regime {
            // Names come from the model in every regime: only the instances are true.
            Regime::True => GivenRoom {
                given_from_true: objects.iter().map(|object| (object.id, object.id)).collect(),
                objects,
            },
            _ => GivenRoom::of_found(objects, &room.case.facts),
        });
        bar.inc(1);
    }
    bar.finish_and_clear();
    Ok(((given, prefixes), named))
}

fn open(engine: &mut Engine<Terminal>, room: &Room, regime: Regime) -> Result<(), EngineError> {
    let options = match regime {
        Regime::True => ScanOptions::given(room.ids.clone()),
        _ => ScanOptions::default(),
    };
    let name = room.case.name.clone();
    block_on(engine.open_cloud(JOB, name, room.cloud.clone(), options, 0.0))?;
    engine.host().take();
    Ok(())
}

/// The model, room by room.
pub(super) struct ModelSystem<'a> {
    engine: &'a mut Engine<Terminal>,
    rooms: &'a [Room],
    prefixes: &'a [ScenePrefix],
    shown: Shown,
    whose: Prefixes<'a>,
    open: Option<usize>,
    /// Whether the next question follows one that has just been asked.
    follows: bool,
    /// What each answer took.
    seconds: Vec<Seconds>,
}

impl<'a> ModelSystem<'a> {
    pub(super) fn new(
        engine: &'a mut Engine<Terminal>,
        rooms: &'a [Room],
        prefixes: &'a [ScenePrefix],
        shown: Shown,
        whose: Prefixes<'a>,
    ) -> Self {
        Self {
            engine,
            rooms,
            prefixes,
            shown,
            whose,
            open: None,
            follows: false,
            seconds: Vec::new(),
        }
    }

    fn turn_to(&mut self, room: usize) -> Result<(), EngineError> {
        if self.open != Some(room) {
            open(self.engine, &self.rooms[room], self.shown.0)?;
            let own = self.engine.prefix(self.shown.1).ok_or(EngineError::NoModel)?;
            let other = match self.whose {
                Prefixes::Own => None,
                Prefixes::Next => Some(self.prefixes[(room + 1) % self.prefixes.len()].clone()),
                Prefixes::Told(list) => {
                    let scene = self.engine.scene().ok_or(EngineError::NoScan)?;
                    Some(list.tell(&scene.instances, own))
                }
                Prefixes::Empty => Some(ScenePrefix { width: own.width, ..Default::default() }),
            };
            if let Some(prefix) = other {
                block_on(self.engine.replace_prefix(JOB, prefix))?;
            }
            self.open = Some(room);
        }
        Ok(())
    }
}

impl ModelSystem<'_> {
    fn ask(&mut self, text: &str, follows: bool) -> Result<engine::Asked, String> {
        let question = Question { question: text.to_owned(), follows, system: self.shown.1 };
        let asked = block_on(self.engine.ask(JOB, &question)).map_err(|error| error.to_string())?;
        self.engine.host().take();
        self.seconds.push(asked.report.seconds);
        Ok(asked)
    }

    /// How long it took, in medians over the answers.
    pub(super) fn pace(&self) -> String {
        let middle_ms = |of: fn(&Seconds) -> f64| {
            let mut values: Vec<f64> = self.seconds.iter().map(of).collect();
            values.sort_by(f64::total_cmp);
            1e3 * values.get(values.len() / 2).copied().unwrap_or(0.0)
        };
        format!(
            "{}, {}: objects looked at in {:.0} ms; from a question to its first token {:.0} ms, of \
             which {:.0} to read the room for it, and to the end of the answer {:.0} ms (medians).",
            self.name(),
            self.shown.0,
            middle_ms(|seconds| seconds.encode),
            middle_ms(|seconds| seconds.first_token),
            middle_ms(|seconds| seconds.prefill),
            middle_ms(|seconds| seconds.total),
        )
    }
}

impl System for ModelSystem<'_> {
    fn name(&self) -> SystemName {
        match self.whose {
            Prefixes::Own => SystemName::Model,
            Prefixes::Next => SystemName::Control,
            Prefixes::Told(_) => SystemName::Text,
            Prefixes::Empty => SystemName::Blind,
        }
    }

    fn hear(&mut self, room: usize, text: &str) -> Result<(), String> {
        self.turn_to(room).map_err(|error| error.to_string())?;
        self.ask(text, false)?;
        self.follows = true;
        Ok(())
    }

    fn answer(
        &mut self,
        room: usize,
        _question: usize,
        text: &str,
        _given: &GivenRoom,
    ) -> Result<Reply, String> {
        self.turn_to(room).map_err(|error| error.to_string())?;
        let follows = std::mem::take(&mut self.follows);
        let asked = self.ask(text, follows)?;
        Ok(Reply::of_parsed(&asked.parsed))
    }
}
