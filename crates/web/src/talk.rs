//! A conversation as it is kept, and as Markdown to take along.
#![cfg_attr(not(target_arch = "wasm32"), allow(dead_code, reason = "kept in a browser alone"))]

use crate::text::{self, Unit};
use crate::words::t;
use protocol::AskReport;
use scene::{Source, System};
use serde::{Deserialize, Serialize};
use std::fmt::Write as _;

/// One question and what became of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Kept {
    /// As the person typed it.
    pub(crate) asked: String,
    /// The answer; of several systems side by side, theirs.
    pub(crate) reports: Vec<AskReport>,
    /// Why there is no more of it.
    pub(crate) ended: Option<String>,
}

/// Letters that Markdown would read as marks.
const MARKS: [char; 14] = ['\\', '`', '*', '_', '[', ']', '<', '>', '#', '|', '~', '!', '+', '&'];

/// Words of a person, a file or a model, as words.
fn plain(words: &str) -> String {
    let mut safe = String::with_capacity(words.len());
    for letter in words.chars() {
        match letter {
            '\n' | '\r' => safe.push(' '),
            mark if MARKS.contains(&mark) => safe.extend(['\\', mark]),
            letter => safe.push(letter),
        }
    }
    // A number with a point would begin a list.
    match safe.split_once(". ") {
        Some((number, rest)) if number.chars().all(|c| c.is_ascii_digit()) => {
            format!("{number}\\. {rest}")
        }
        _ => safe,
    }
}

/// The words of an answer, each span written by `lm` or, with its band, by `measured`.
fn spoken(
    report: &AskReport,
    unit: Unit,
    lm: impl Fn(&str) -> String,
    measured: impl Fn(&str, Option<&str>) -> String,
) -> String {
    let span = |span: &scene::Span| match span.source {
        Source::Lm => lm(&span.text),
        Source::Measured => {
            let (value, band) = text::value_and_band(&span.text, span.measured.as_ref(), unit);
            let spaced = |is: bool| if is { " " } else { "" };
            let (before, after) = (span.text.starts_with(' '), span.text.ends_with(' '));
            [spaced(before), &measured(&value, band.as_deref()), spaced(after)].concat()
        }
    };
    let words: String = report.spans.iter().map(span).collect();
    match report.system {
        System::Unified => words.trim().to_owned(),
        system => format!("{}: {}", system.name(), words.trim()),
    }
}

/// The conversation about a scan as a Markdown file.
pub(crate) fn markdown(scan: &str, turns: &[Kept], unit: Unit) -> String {
    let mut page = format!("# {}\n", plain(scan));
    for turn in turns {
        let _ = write!(page, "\n## {}\n", plain(&turn.asked));
        for report in &turn.reports {
            let bold = |value: &str, band: Option<&str>| match band {
                Some(band) => format!("**{}** ({})", plain(value), plain(band)),
                None => format!("**{}**", plain(value)),
            };
            let _ = write!(page, "\n{}\n", spoken(report, unit, plain, bold));
            let mut objects = report.objects.iter().peekable();
            if objects.peek().is_some() {
                page.push('\n');
            }
            for object in objects {
                let size = unit.size(&object.box_in_scene);
                let _ = writeln!(page, "- {} #{}, {size}", plain(&text::name(object)), object.id);
            }
        }
        if let Some(ended) = &turn.ended {
            let _ = write!(page, "\n*{}*\n", plain(ended));
        }
    }
    let foot = t!(
        "Bold numbers are measured on the scan; all other words are the model's. Made with Scanwise."
    );
    let _ = write!(page, "\n{foot}\n");
    page
}

/// An answer as plain words, for the clipboard.
pub(crate) fn words(turn: &Kept, unit: Unit) -> String {
    let one = |report: &AskReport| {
        let measured = |value: &str, band: Option<&str>| match band {
            Some(band) => format!("{value} {band}"),
            None => value.to_owned(),
        };
        spoken(report, unit, str::to_owned, measured)
    };
    let lines: Vec<String> = turn.reports.iter().map(one).chain(turn.ended.clone()).collect();
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use scene::{InstanceId, Measured, Span};

    fn turn(asked: &str, spans: Vec<Span>, system: System) -> Kept {
        let report = serde_json::json!({
            "answer": "", "spans": [], "objects": [], "points": 1, "instances": 1,
            "backend": protocol::Backend::default(), "seconds": protocol::Seconds::default(), "tokens_per_s": 1.0,
        });
        let report: AskReport = serde_json::from_value(report).unwrap();
        Kept {
            asked: asked.into(),
            reports: vec![AskReport { spans, system, ..report }],
            ended: None,
        }
    }

    fn spans() -> Vec<Span> {
        let measured = Measured {
            value: 1.83,
            unit: "m".into(),
            band: 0.02,
            line_in_scene: None,
            line_in_file: None,
            lm_estimate: None,
        };
        let lm = |text: &str, objects: &[u32]| Span {
            text: text.into(),
            source: Source::Lm,
            objects: objects.iter().copied().map(InstanceId).collect(),
            measured: None,
        };
        let length = Span {
            text: " 1.83 m ± 0.02 m".into(),
            source: Source::Measured,
            objects: Vec::new(),
            measured: Some(measured),
        };
        vec![lm("The sofa", &[1]), lm(" is", &[]), length, lm(" long.", &[])]
    }

    #[test]
    fn a_conversation_is_taken_along_as_markdown() {
        let mut second = turn("And *this*?", Vec::new(), System::Llm3d);
        second.reports.clear();
        second.ended = Some("Stopped.".into());
        let turns = [turn("How long is the sofa?", spans(), System::Unified), second];
        let page = markdown("<b>room.ply", &turns, Unit::Metres);
        assert!(page.starts_with("# \\<b\\>room.ply\n\n## How long is the sofa?\n"), "{page}");
        assert!(page.contains("\nThe sofa is **1.83 m** (± 0.02 m) long.\n"), "{page}");
        assert!(page.contains("## And \\*this\\*?\n\n*Stopped.*\n"), "{page}");
        assert!(markdown("r", &turns, Unit::Feet).contains("**6.00 ft** (± 0.07 ft)"));
    }

    #[test]
    fn an_answer_is_copied_as_words() {
        let alone = turn("?", spans(), System::Spatial);
        let expected = "Spatial 3D-LLM: The sofa is 1.83 m ± 0.02 m long.";
        assert_eq!(words(&alone, Unit::Metres), expected);
    }

    #[test]
    fn what_is_said_cannot_become_a_mark() {
        assert_eq!(plain("# a\n<img>"), "\\# a \\<img\\>");
        assert_eq!(plain("1. one"), "1\\. one");
        assert_eq!(plain("1.5 m"), "1.5 m");
    }

    #[test]
    fn what_is_kept_comes_back() {
        let kept = vec![turn("How long?", spans(), System::Unified)];
        let stored = serde_json::to_string(&kept).unwrap();
        assert_eq!(serde_json::from_str::<Vec<Kept>>(&stored).unwrap(), kept);
    }
}
