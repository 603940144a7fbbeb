//! Counterfactual twins: the same home with one thing changed, so that some answers change. Who
//! answers from habit gets one of two such questions wrong.

use crate::home::Home;
use crate::paint::Paint;
use crate::rng::Rng;
use crate::room::Carrier;
use scene::InstanceId;
use tasks::colour;
use tasks::facts::Facts;
use tasks::prompt::{Part, parts};
use tasks::suite::{Question, Task};

/// Fewer questions with another answer do not pay for a scan.
const LEAST_FLIPPED: usize = 3;
/// More would make a suite of twins.
const MOST_FLIPPED: usize = 8;

/// The same home with one piece in another colour or taken away, one that many answers name; `None`
/// where there is nothing to change. `ids` are the pieces' ids in the scan, where they have one.
pub fn edited(
    home: &Home,
    ids: &[Option<InstanceId>],
    questions: &[Question],
    rng: &mut Rng,
) -> Option<Home> {
    let mut twin = home.clone();
    let recolours = rng.chance(0.3);
    let carries =
        |piece: usize| home.placed.iter().any(|other| other.support == Carrier::Piece(piece));
    let named = |id: InstanceId| {
        let in_words = questions.iter().filter(|question| is_in_words(question));
        let naming = in_words.filter(|question| question.objects.contains(&id));
        naming.filter(|question| !recolours || speaks_of_colour(question)).count()
    };
    let weights: Vec<f32> = (0..home.placed.len())
        .map(|piece| match ids.get(piece) {
            Some(&Some(id)) if recolours || !carries(piece) => (named(id) as f32).powi(2),
            _ => 0.0,
        })
        .collect();
    let piece = rng.weighted(&weights)?;
    if recolours {
        let name = *rng.pick(&colour::NAMES)?;
        let piece = &mut twin.placed.get_mut(piece)?.piece;
        piece.paint = Paint::named(&piece.mesh, name, rng);
    } else {
        take_away(&mut twin, piece);
    }
    Some(twin)
}

fn speaks_of_colour(question: &Question) -> bool {
    question.tags.iter().any(|tag| matches!(tag.as_str(), "colour" | "attribute"))
}

/// Takes a piece that carries nothing out of the home.
fn take_away(home: &mut Home, piece: usize) {
    home.placed.remove(piece);
    home.space_of.remove(piece);
    for placed in &mut home.placed {
        if let Carrier::Piece(below) = &mut placed.support {
            *below -= usize::from(*below > piece);
        }
    }
}

/// Questions of the first room that have another answer in the second, with that answer: pairs of
/// the place in `questions` and the twin's question. `None` if they are too few.
///
/// Only questions in plain words are taken: the ids of two scans are not the same.
pub fn flipped(questions: &[Question], twin: &Facts) -> Option<Vec<(usize, Question)>> {
    let flipped: Vec<(usize, Question)> = questions
        .iter()
        .enumerate()
        .filter(|(_, question)| is_in_words(question))
        .filter_map(|(index, question)| {
            let outcome = question.program.run(twin).ok()?;
            let differs = match question.task {
                Task::Qa | Task::SituatedQa => outcome.answers.first() != question.answers.first(),
                Task::Grounding => outcome.objects.len() != question.objects.len(),
                _ => false,
            };
            let other = Question {
                answers: outcome.answers,
                objects: outcome.objects,
                value: outcome.value,
                ..question.clone()
            };
            differs.then_some((index, other))
        })
        .take(MOST_FLIPPED)
        .collect();
    (flipped.len() >= LEAST_FLIPPED).then_some(flipped)
}

/// Ties the pairs together by their names, and returns the twin's questions. `names` are those of
/// the two rooms.
pub fn linked(
    questions: &mut [Question],
    flipped: Vec<(usize, Question)>,
    names: &[String; 2],
) -> Vec<Question> {
    let mut others = Vec::new();
    for (index, mut other) in flipped {
        other.twin = Some(format!("{}/{}", names[0], other.id));
        if let Some(question) = questions.get_mut(index) {
            question.twin = Some(format!("{}/{}", names[1], question.id));
            others.push(other);
        }
    }
    others
}

fn is_in_words(question: &Question) -> bool {
    question.after.is_none()
        && parts(&question.text).iter().all(|part| matches!(part, Part::Text(_)))
}
