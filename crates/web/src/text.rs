//! Numbers and questions as people read them.
#![cfg_attr(not(target_arch = "wasm32"), allow(dead_code, reason = "shown in a browser alone"))]

use crate::words::{self, later, t};
use glam::Vec3;
use protocol::{ObjectSummary, Phase, RoomQuestion};
use scene::{Aabb, InstanceId, Measured, Source, Span, System};

/// A part of a question or a chip.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Piece {
    /// Plain words.
    Words(String),
    /// An object that the person picked, typed as `#12`.
    Object(InstanceId),
}

/// Takes a question apart. An object may be written `#12`, as people see it, or `<OBJ12>`, as the
/// engine does; either counts only if `known` says that there is such an object.
pub(crate) fn pieces(question: &str, known: impl Fn(InstanceId) -> bool) -> Vec<Piece> {
    let mut found = Vec::new();
    let mut words = String::new();
    let mut rest = question;
    while let Some(next) = rest.chars().next() {
        let mention = rest
            .strip_prefix("<OBJ")
            .and_then(|tail| id_at(tail, ">"))
            .or_else(|| rest.strip_prefix('#').and_then(|tail| id_at(tail, "")));
        match mention.filter(|(id, _)| known(*id)) {
            Some((id, tail)) => {
                if !words.is_empty() {
                    found.push(Piece::Words(std::mem::take(&mut words)));
                }
                found.push(Piece::Object(id));
                rest = tail;
            }
            None => {
                words.push(next);
                rest = &rest[next.len_utf8()..];
            }
        }
    }
    if !words.is_empty() {
        found.push(Piece::Words(words));
    }
    found
}

/// Digits at the start of `text`, then `end`: the id and what follows.
fn id_at<'a>(text: &'a str, end: &str) -> Option<(InstanceId, &'a str)> {
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let id = text[..digits].parse().ok()?;
    Some((InstanceId(id), text[digits..].strip_prefix(end)?))
}

/// As the engine reads it: objects as `<OBJ12>`.
pub(crate) fn to_wire(pieces: &[Piece]) -> String {
    pieces
        .iter()
        .map(|piece| match piece {
            Piece::Words(words) => words.clone(),
            Piece::Object(id) => format!("<OBJ{id}>"),
        })
        .collect()
}

/// As the person types it: objects as `#12`.
pub(crate) fn to_typed(pieces: &[Piece]) -> String {
    pieces
        .iter()
        .map(|piece| match piece {
            Piece::Words(words) => words.clone(),
            Piece::Object(id) => format!("#{id}"),
        })
        .collect()
}

/// `449,710`.
pub(crate) fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `6.7 MB`.
pub(crate) fn bytes(number: u64) -> String {
    match number {
        0..1_000 => format!("{number} B"),
        1_000..1_000_000 => format!("{:.0} kB", number as f64 / 1e3),
        _ => format!("{:.1} MB", number as f64 / 1e6),
    }
}

/// In what lengths are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Unit {
    /// As everything is measured.
    #[default]
    Metres,
    /// Of 0.3048 m.
    Feet,
}

impl Unit {
    /// By its sign.
    pub(crate) fn from_key(key: &str) -> Option<Self> {
        [Self::Metres, Self::Feet].into_iter().find(|unit| unit.sign() == key)
    }

    /// `m` or `ft`.
    pub(crate) fn sign(self) -> &'static str {
        match self {
            Self::Metres => "m",
            Self::Feet => "ft",
        }
    }

    /// How many of it make a metre.
    pub(crate) fn per_m(self) -> f32 {
        match self {
            Self::Metres => 1.0,
            Self::Feet => 1.0 / 0.3048,
        }
    }

    /// `1.83 m`.
    pub(crate) fn length(self, metres: f32) -> String {
        format!("{:.2} {}", metres * self.per_m(), self.sign())
    }

    /// `0.9 × 0.8 × 1.1 m`.
    pub(crate) fn size(self, bounds: &Aabb) -> String {
        let size = bounds.size() * self.per_m();
        format!("{:.1} × {:.1} × {:.1} {}", size.x, size.y, size.z, self.sign())
    }

    /// `x 1.20, y 3.40, z 0.75 m`.
    pub(crate) fn place(self, at: Vec3) -> String {
        let at = at * self.per_m();
        format!("x {:.2}, y {:.2}, z {:.2} {}", at.x, at.y, at.z, self.sign())
    }

    /// The longest of 1, 2 or 5 times a power of ten that is no longer than `most_m` metres, in
    /// metres, and how it is written.
    pub(crate) fn round_length(self, most_m: f32) -> (f32, String) {
        let most = (most_m * self.per_m()).max(1e-6);
        let exponent = most.log10().floor() as i32;
        let power = 10f32.powi(exponent);
        let round = [5.0, 2.0, 1.0].into_iter().map(|k| k * power).find(|length| *length <= most);
        let round = round.unwrap_or(power);
        let decimals = usize::try_from(-exponent).unwrap_or(0);
        (round / self.per_m(), format!("{round:.decimals$} {}", self.sign()))
    }

    /// The same measured value, in this unit, where it is a length.
    fn of_measured(self, measured: &Measured) -> Option<(String, Option<String>)> {
        if self == Self::Metres || measured.unit != "m" {
            return None;
        }
        let band = (measured.band > 0.0)
            .then(|| format!("± {:.2} {}", measured.band * f64::from(self.per_m()), self.sign()));
        Some((self.length(measured.value as f32), band))
    }
}

/// `brown sofa`.
pub(crate) fn name(object: &ObjectSummary) -> String {
    match &object.colour {
        Some(colour) => format!("{colour} {}", object.label),
        None => object.label.clone(),
    }
}

/// A measured value and its error band: `1.83 m` and `± 0.02 m`; a count has no band. The band is
/// taken from the words where they hold it already.
pub(crate) fn value_and_band(
    words: &str,
    measured: Option<&Measured>,
    unit: Unit,
) -> (String, Option<String>) {
    if let Some(converted) = measured.and_then(|measured| unit.of_measured(measured)) {
        return converted;
    }
    if let Some((value, _)) = words.split_once('±') {
        let band = words.get(value.len()..).map(|band| band.trim().to_owned());
        return (value.trim().to_owned(), band);
    }
    let band = measured
        .filter(|measured| measured.band > 0.0)
        .map(|measured| format!("± {:.2} {}", measured.band, measured.unit));
    (words.trim().to_owned(), band)
}

/// What a phase does, for a progress bar.
pub(crate) fn phase(phase: Phase) -> String {
    match phase {
        Phase::Model => t!("Loading the model"),
        Phase::Make => t!("Making a room up"),
        Phase::Parse => t!("Reading the scan"),
        Phase::Segment => t!("Finding objects"),
        Phase::Photos => t!("Reading the photographs"),
        Phase::Encode => t!("Looking at the objects"),
        Phase::Fit => t!("Fitting a neural field"),
        Phase::Save => t!("Writing the scan"),
        Phase::Prefill => t!("Taking in the room"),
        Phase::Decode => t!("Answering"),
        Phase::Test => t!("Testing the model"),
    }
}

/// How far a phase is: `4.2 MB of 6.7 MB`.
pub(crate) fn progress(phase: Phase, done: u64, total: Option<u64>) -> String {
    let (show, unit): (fn(u64) -> String, &str) = match phase {
        Phase::Model | Phase::Parse | Phase::Save => (bytes, ""),
        Phase::Make => (count, later!("frames")),
        Phase::Segment => (count, later!("steps")),
        Phase::Photos => (count, later!("photographs")),
        Phase::Encode => (count, later!("objects")),
        Phase::Fit => (count, later!("rounds")),
        Phase::Prefill => (count, later!("rows")),
        Phase::Decode => (count, later!("tokens")),
        Phase::Test => (count, later!("questions")),
    };
    let counted = match total {
        Some(total) => t!("{done} of {total}", done = show(done.min(total)), total = show(total)),
        None => show(done),
    };
    // Bytes bring their unit along.
    [counted.as_str(), &words::of(unit)].join(" ").trim_end().to_owned()
}

/// How many objects were found.
pub(crate) fn found(objects: usize) -> String {
    match objects {
        0 => t!("No objects found"),
        1 => t!("1 object found"),
        many => t!("{count} objects found", count = many),
    }
}

/// `1.25 s`.
pub(crate) fn seconds(seconds: f64) -> String {
    format!("{seconds:.2} s")
}

/// What a file's numbers count, many of it.
pub(crate) fn unit(unit: scene::Unit) -> String {
    match unit {
        scene::Unit::Metre => t!("metres"),
        scene::Unit::Centimetre => t!("centimetres"),
        scene::Unit::Millimetre => t!("millimetres"),
        scene::Unit::Inch => t!("inches"),
        scene::Unit::Foot => t!("feet"),
    }
}

/// A system, as one of a choice.
pub(crate) fn system(system: System) -> String {
    match system {
        System::Unified => t!("the unified model"),
        other => other.name().to_owned(),
    }
}

/// A kind of task, as a row of a table.
pub(crate) fn task(name: &str) -> String {
    match name {
        "qa" => t!("Short answers"),
        "situated_qa" => t!("From where one stands"),
        "grounding" => t!("Which object is meant"),
        "dense_caption" => t!("Describing an object"),
        "scene_caption" => t!("Describing the room"),
        "plan" => t!("Steps towards a wish"),
        "dialog" => t!("Talking in turns"),
        "distance" => t!("How far apart"),
        "abstain" => t!("Saying what cannot be told"),
        other => other.to_owned(),
    }
}

/// At most so many of the questions that can be asked, one kind after the other, so that few show
/// many kinds; those whose answer names something that was not found come last.
pub(crate) fn varied(questions: &[RoomQuestion], most: usize) -> Vec<&RoomQuestion> {
    let mut kinds: Vec<(&str, usize)> = Vec::new();
    let mut turns: Vec<(usize, usize, &RoomQuestion)> = Vec::new();
    let mut asked: Vec<&RoomQuestion> = questions.iter().filter(|one| one.askable).collect();
    asked.sort_by_key(|one| one.objects.iter().any(|object| object.found.is_none()));
    for question in asked {
        let kind = kinds.iter().position(|(task, _)| *task == question.task);
        let kind = kind.unwrap_or_else(|| {
            kinds.push((&question.task, 0));
            kinds.len() - 1
        });
        turns.push((kinds[kind].1, kind, question));
        kinds[kind].1 += 1;
    }
    turns.sort_by_key(|(turn, kind, _)| (*turn, *kind));
    turns.into_iter().take(most).map(|(.., question)| question).collect()
}

/// An answer that numbers its steps (`1. Take the book. 2. Sit on the sofa.`), taken apart: each step without its
/// number, at most one of them empty, that which is still being written. `None` for any other answer.
pub(crate) fn steps(spans: &[Span]) -> Option<Vec<Vec<Span>>> {
    let mut steps: Vec<Vec<Span>> = Vec::new();
    for span in spans {
        let mut rest = span.text.as_str();
        loop {
            let number = format!("{}. ", steps.len() + 1);
            let begins = |at: &usize| rest[..*at].is_empty() || rest[..*at].ends_with(' ');
            let next = rest.find(&number).filter(begins).filter(|_| span.source == Source::Lm);
            push_words(steps.last_mut(), &rest[..next.unwrap_or(rest.len())], span)?;
            let Some(at) = next else { break };
            steps.push(Vec::new());
            rest = &rest[at + number.len()..];
        }
    }
    (!steps.is_empty()).then_some(steps)
}

/// Adds these words of a span to a step; `None` where there is none that they could belong to.
fn push_words(step: Option<&mut Vec<Span>>, words: &str, span: &Span) -> Option<()> {
    if !words.trim().is_empty() {
        step?.push(Span { text: words.to_owned(), ..span.clone() });
    }
    Some(())
}

/// At most `limit` characters, cut at a word where possible.
pub(crate) fn short(text: &str, limit: usize) -> String {
    let text = text.trim();
    if text.chars().count() <= limit {
        return text.to_owned();
    }
    let cut: String = text.chars().take(limit).collect();
    let words = cut.rfind(' ').map_or(cut.as_str(), |space| &cut[..space]);
    format!("{}…", words.trim_end_matches([',', '.', ';', ' ']))
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::TrueObject;

    #[test]
    fn picked_objects_go_out_and_come_back() {
        let known = |id: InstanceId| id.0 == 12 || id.0 == 3;
        let typed = "How far is #12 from #3? #99 <OBJ003> <OBJ> é#";
        let parts = pieces(typed, known);
        assert_eq!(to_wire(&parts), "How far is <OBJ12> from <OBJ3>? #99 <OBJ3> <OBJ> é#");
        assert_eq!(to_typed(&parts), "How far is #12 from #3? #99 #3 <OBJ> é#");
        assert_eq!(pieces("", known), []);
        assert_eq!(pieces("#99999999999", known), [Piece::Words("#99999999999".into())]);
    }

    #[test]
    fn numbers_read_well() {
        assert_eq!(count(7), "7");
        assert_eq!(count(449_710), "449,710");
        assert_eq!(count(1_000_000), "1,000,000");
        assert_eq!(bytes(6_745_949), "6.7 MB");
        let bounds = Aabb::from_centre_size(Vec3::ZERO, Vec3::new(0.9, 0.84, 1.1));
        assert_eq!(Unit::Metres.size(&bounds), "0.9 × 0.8 × 1.1 m");
        assert_eq!(Unit::Feet.size(&bounds), "3.0 × 2.8 × 3.6 ft");
        assert_eq!(Unit::Metres.round_length(3.7), (2.0, "2 m".to_owned()));
        assert_eq!(Unit::Metres.round_length(0.061).1, "0.05 m");
        assert_eq!(Unit::Metres.round_length(12.0), (10.0, "10 m".to_owned()));
        assert_eq!(Unit::Feet.round_length(1.6).1, "5 ft");
        assert_eq!(progress(Phase::Encode, 3, Some(12)), "3 of 12 objects");
        assert_eq!(progress(Phase::Parse, 4_200_000, None), "4.2 MB");
    }

    #[test]
    fn a_band_is_shown_once() {
        let unit = "m".to_owned();
        let measured = Measured {
            value: 1.83,
            unit,
            band: 0.02,
            line_in_scene: None,
            line_in_file: None,
            lm_estimate: None,
        };
        let expected = ("1.83 m".to_owned(), Some("± 0.02 m".to_owned()));
        let metres = |words, measured| value_and_band(words, measured, Unit::Metres);
        assert_eq!(metres("1.83 m", Some(&measured)), expected);
        assert_eq!(metres("1.83 m ± 0.02 m", Some(&measured)), expected);
        assert_eq!(metres(" 2", None), ("2".to_owned(), None));
        let in_feet = ("6.00 ft".to_owned(), Some("± 0.07 ft".to_owned()));
        assert_eq!(value_and_band("1.83 m ± 0.02 m", Some(&measured), Unit::Feet), in_feet);
        let count = Measured { unit: "count".to_owned(), ..measured };
        assert_eq!(value_and_band("2", Some(&count), Unit::Feet).0, "2");
    }

    #[test]
    fn few_questions_show_many_kinds() {
        let question = |id: &str, task: &str, askable| RoomQuestion {
            id: id.into(),
            task: task.into(),
            text: "?".into(),
            askable,
            right: String::new(),
            objects: Vec::new(),
        };
        let missed = vec![TrueObject { label: "lamp".into(), found: None }];
        let all = [
            RoomQuestion { objects: missed, ..question("f", "distance", true) },
            question("a", "qa", true),
            question("b", "qa", true),
            question("c", "plan", false),
            question("d", "distance", true),
            question("e", "qa", true),
        ];
        let shown = |most| varied(&all, most).iter().map(|q| q.id.as_str()).collect::<String>();
        assert_eq!(shown(3), "adb");
        assert_eq!(shown(9), "adbfe");
    }

    #[test]
    fn numbered_steps_are_taken_apart() {
        let lm = |text: &str, objects: &[u32]| Span {
            text: text.to_owned(),
            source: Source::Lm,
            objects: objects.iter().copied().map(InstanceId).collect(),
            measured: None,
        };
        let told = |spans: &[Span]| {
            let one =
                |step: Vec<Span>| step.iter().map(|span| span.text.as_str()).collect::<String>();
            steps(spans).map(|steps| steps.into_iter().map(one).collect::<Vec<_>>())
        };
        let plan = [
            lm("1. Take", &[]),
            lm(" the book", &[6]),
            lm(". 2. Sit on", &[]),
            lm(" the sofa", &[4]),
        ];
        assert_eq!(told(&plan).unwrap(), ["Take the book. ", "Sit on the sofa"]);
        assert_eq!(steps(&plan).unwrap()[1][1].objects, [InstanceId(4)]);
        assert_eq!(told(&plan[..1]).unwrap(), ["Take"]);
        assert_eq!(told(&[lm("1. A. 3. B. 2. C", &[])]).unwrap(), ["A. 3. B. ", "C"]);
        for none in ["", "A sofa.", "It is 1. 5 m long.", "21. A"] {
            assert_eq!(told(&[lm(none, &[])]), None, "{none}");
        }
    }

    #[test]
    fn a_long_answer_is_cut_at_a_word() {
        assert_eq!(short("A brown sofa.", 20), "A brown sofa.");
        assert_eq!(short("A brown sofa next to a table", 14), "A brown sofa…");
        assert_eq!(short("ééééé", 3), "ééé…");
    }
}
