//! Every system's answers to a suite's questions, judged.

use super::model::{self, ModelSystem, Prefixes};
use super::rooms::{self, Room};
use super::text_list::TextList;
use super::{Options, bar};
use referee::baselines::{Majority, Prior, Program, Reader};
use referee::{Case, GivenRoom, Judged, Named, Regime, Row, System, SystemName};
use std::error::Error;
use std::path::Path;

/// What the table says of them.
pub(super) struct Answered {
    pub rows: Vec<Row>,
    pub notes: Vec<String>,
}

pub(super) fn answered(
    options: &Options,
    regimes: &[(Regime, &[Room])],
) -> Result<Answered, Box<dyn Error>> {
    let hard = match &options.hard {
        Some(file) => {
            let text = std::fs::read_to_string(file).map_err(|error| in_file(file, &error))?;
            Some(referee::parse_hard(&text).map_err(|error| in_file(file, &error))?)
        }
        None => None,
    };
    let prior = match &options.train {
        Some(suite) => Some(rooms::prior(suite)?),
        None => None,
    };
    // The same questions in all of them.
    let cases = regimes.first().map_or(&[][..], |(_, rooms)| *rooms);
    let cases: Vec<Case> = cases.iter().map(|room| room.case.clone()).collect();
    let mut answered = Answered { rows: Vec::new(), notes: Vec::new() };
    let mut looked: Vec<(Judged, Vec<GivenRoom>)> = Vec::new();
    for &(regime, rooms) in regimes {
        let (given, named, judged, pace) = ask_all(options, rooms, &cases, prior.as_ref(), regime)?;
        answered.notes.push(pace);
        answered.rows.extend(referee::class_rows(&named, regime, SystemName::Model));
        answered.rows.extend(judged.iter().flat_map(|judged| judged.rows(&cases)));
        if let Some(hard) = &hard {
            answered.rows.extend(judged.iter().flat_map(|one| one.hard_rows(&cases, hard)));
        }
        if regime == Regime::True {
            answered.notes.extend(referee::notes(&cases, &given));
            if let Some(file) = &options.write_hard {
                let system =
                    if options.blind.is_some() { SystemName::Blind } else { SystemName::Model };
                let wrong = judged.iter().filter(|judged| judged.system == system);
                let lines: Vec<String> = wrong.flat_map(|judged| judged.wrong(&cases)).collect();
                write(file, &(lines.join("\n") + "\n"))?;
            }
        }
        let Some(model) = judged.iter().find(|judged| judged.system == SystemName::Model) else {
            continue;
        };
        for system in [SystemName::Control, SystemName::Reader, SystemName::Text, SystemName::Blind]
        {
            let others = judged.iter().filter(|judged| judged.system == system);
            let differences = others.filter_map(|one| referee::difference(&cases, model, one));
            answered.notes.extend(differences);
        }
        looked.push((model.clone(), given));
    }
    if let Some(file) = &options.failures {
        let runs: Vec<(&Judged, &[GivenRoom])> =
            looked.iter().map(|(model, given)| (model, given.as_slice())).collect();
        write(file, &referee::failures_page(&cases, &runs))?;
    }
    Ok(answered)
}

/// The objects given, what they are taken for, every system's answers, and how long the model took.
type AskedAll = (Vec<GivenRoom>, Vec<Vec<Named>>, Vec<Judged>, String);

/// All of it in one regime.
fn ask_all(
    options: &Options,
    rooms: &[Room],
    cases: &[Case],
    prior: Option<&Prior>,
    regime: Regime,
) -> Result<AskedAll, Box<dyn Error>> {
    let mut engine = options.model.engine()?;
    let shown = (regime, options.system);
    let ((given, prefixes), named) = model::look(&mut engine, rooms, shown)?;
    let mut all = Vec::new();
    let mut judge = |system: &mut dyn System| -> Result<(), String> {
        let count = cases.iter().map(|case| case.questions.len()).sum();
        let bar = bar(&format!("{regime} {}", system.name()), count);
        let judged = referee::judge(cases, &given, regime, system, &mut |done| {
            bar.set_position(done as u64);
        })?;
        bar.finish_and_clear();
        all.push(judged);
        Ok(())
    };
    judge(&mut prior.map_or_else(Reader::default, Reader::with))?;
    if let Some(prior) = prior {
        judge(&mut Majority::new(Prior::clone(prior)))?;
    }
    if regime == Regime::True {
        judge(&mut Program::new(cases))?;
    }
    let mut model = ModelSystem::new(&mut engine, rooms, &prefixes, shown, Prefixes::Own);
    judge(&mut model)?;
    let pace = model.pace();
    judge(&mut ModelSystem::new(&mut engine, rooms, &prefixes, shown, Prefixes::Next))?;
    let unified = (regime, scene::System::Unified);
    if let Some(folder) = &options.text {
        let list = TextList::of(folder)?;
        let mut twin = options.model.engine_of(folder)?;
        judge(&mut ModelSystem::new(&mut twin, rooms, &[], unified, Prefixes::Told(&list)))?;
    }
    if let Some(folder) = &options.blind {
        let mut blind = options.model.engine_of(folder)?;
        judge(&mut ModelSystem::new(&mut blind, rooms, &[], unified, Prefixes::Empty))?;
    }
    Ok((given, named, all, pace))
}

fn write(file: &Path, text: &str) -> Result<(), String> {
    std::fs::write(file, text).map_err(|error| in_file(file, &error))
}

fn in_file(file: &Path, error: &dyn Error) -> String {
    format!("{}: {error}", file.display())
}
