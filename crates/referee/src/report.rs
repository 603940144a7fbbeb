use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;

/// Which instances the systems are given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Regime {
    /// The true ones.
    True,
    /// Those found by `segment`.
    Predicted,
    /// The same, in the scan as a worse device would have made it.
    Noisy,
}

/// Who answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SystemName {
    /// The model under test.
    Model,
    /// Its twin that never saw a scene.
    Blind,
    /// The model given another room's prefix.
    Control,
    /// The most frequent answer of training.
    Majority,
    /// Keyword rules over the objects given.
    Reader,
    /// Its twin that is told the objects in tokens.
    Text,
    /// The question's own program on the truth.
    Program,
    /// `segment`, in rows about instances.
    Ours,
    /// Plane removal and Euclidean clustering, in rows about instances.
    Euclidean,
    /// Felzenszwalb's segmentation of what planes leave, in rows about instances.
    Felzenszwalb,
    /// `segment` without what it has learned, in rows about instances.
    ByHand,
    /// Open3D's, read from a file, in rows about instances.
    Open3d,
}

/// One figure.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// A task's name, with what it is limited to after a colon: `qa`, `qa:count`, `instances`.
    pub task: String,
    /// The metric's name.
    pub metric: String,
    /// Which instances were given.
    pub regime: Regime,
    /// Who answered.
    pub system: SystemName,
    /// Percent, where it is a percentage; CIDEr-D times ten.
    pub value: f64,
    /// How many questions, or rooms for rows about instances.
    pub n: usize,
    /// Lower end of the 95 % interval over rooms.
    pub lo: f64,
    /// Upper end.
    pub hi: f64,
}

/// The referee's table.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// The model's name.
    pub model: String,
    /// In order of task, metric, regime, system.
    pub rows: Vec<Row>,
    /// Said under the printed table, such as what chance would get.
    #[serde(skip)]
    pub notes: Vec<String>,
}

/// As in the JSON.
fn word(value: &impl Serialize) -> String {
    serde_json::to_value(value)
        .ok()
        .and_then(|value| value.as_str().map(str::to_owned))
        .unwrap_or_default()
}

impl fmt::Display for Regime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&word(self))
    }
}

impl fmt::Display for SystemName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&word(self))
    }
}

impl Report {
    /// For a terminal: one line for each task, metric and regime, one column for each system.
    pub fn plain(&self) -> String {
        let table = self.cells();
        let columns = table.first().map_or(0, Vec::len);
        let width = |column: usize| {
            table.iter().map(|row| row[column].chars().count()).max().unwrap_or_default()
        };
        let widths: Vec<usize> = (0..columns).map(width).collect();
        let mut text = String::new();
        for row in &table {
            let cells: Vec<String> = row
                .iter()
                .zip(&widths)
                .enumerate()
                .map(|(column, (cell, &width))| {
                    // Words to the left, figures to the right.
                    if column < 3 { format!("{cell:<width$}") } else { format!("{cell:>width$}") }
                })
                .collect();
            text += cells.join("  ").trim_end();
            text.push('\n');
        }
        self.with_notes(text)
    }

    /// The same as a Markdown table.
    pub fn markdown(&self) -> String {
        let mut text = String::new();
        for (index, row) in self.cells().iter().enumerate() {
            text += &format!("| {} |\n", row.join(" | "));
            if index == 0 {
                let rules = (0..row.len()).map(|column| if column < 3 { "---" } else { "--:" });
                text += &format!("|{}|\n", rules.collect::<Vec<_>>().join("|"));
            }
        }
        self.with_notes(text)
    }

    fn with_notes(&self, mut text: String) -> String {
        if !self.notes.is_empty() {
            text.push('\n');
        }
        for note in &self.notes {
            text += note;
            text.push('\n');
        }
        text
    }

    /// Head and body. Lines are in the order in which they first come.
    fn cells(&self) -> Vec<Vec<String>> {
        let mut systems: Vec<SystemName> = self.rows.iter().map(|row| row.system).collect();
        systems.sort_unstable();
        systems.dedup();
        let mut head: Vec<String> = ["task", "metric", "regime", "n"].map(str::to_owned).to_vec();
        head.extend(systems.iter().map(ToString::to_string));
        let mut lines: Vec<(&str, &str, Regime)> = Vec::new();
        let mut values: BTreeMap<(&str, &str, Regime, SystemName), &Row> = BTreeMap::new();
        for row in &self.rows {
            let line = (row.task.as_str(), row.metric.as_str(), row.regime);
            if !lines.contains(&line) {
                lines.push(line);
            }
            values.insert((line.0, line.1, line.2, row.system), row);
        }
        let body = lines.into_iter().map(|(task, metric, regime)| {
            let of = |system: &SystemName| values.get(&(task, metric, regime, *system));
            let n = systems.iter().filter_map(of).map(|row| row.n).max().unwrap_or(0);
            let figures = systems.iter().map(|system| {
                of(system).map_or_else(String::new, |row| {
                    format!("{:.1} [{:.1}, {:.1}]", row.value, row.lo, row.hi)
                })
            });
            let words = [task.to_owned(), metric.to_owned(), regime.to_string(), n.to_string()];
            words.into_iter().chain(figures).collect()
        });
        std::iter::once(head).chain(body).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(metric: &str, system: SystemName, value: f64) -> Row {
        Row {
            task: "qa".to_owned(),
            metric: metric.to_owned(),
            regime: Regime::True,
            system,
            value,
            n: 12,
            lo: value - 1.0,
            hi: value + 1.0,
        }
    }

    fn report() -> Report {
        Report {
            model: "scanwise-s".to_owned(),
            rows: vec![
                row("em", SystemName::Majority, 20.0),
                row("em", SystemName::Model, 55.5),
                row("em_refined", SystemName::Model, 60.0),
            ],
            notes: vec!["Chance: 9.1".to_owned()],
        }
    }

    #[test]
    fn the_plain_table_lines_up() {
        let expected = "\
task  metric      regime   n              model           majority
qa    em          true    12  55.5 [54.5, 56.5]  20.0 [19.0, 21.0]
qa    em_refined  true    12  60.0 [59.0, 61.0]

Chance: 9.1
";
        assert_eq!(report().plain(), expected);
    }

    #[test]
    fn the_markdown_table_has_a_rule_and_all_cells() {
        let text = report().markdown();
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines[0], "| task | metric | regime | n | model | majority |");
        assert_eq!(lines[1], "|---|---|---|--:|--:|--:|");
        assert_eq!(lines[3], "| qa | em_refined | true | 12 | 60.0 [59.0, 61.0] |  |");
    }

    #[test]
    fn the_json_is_as_agreed() {
        let json = serde_json::to_value(report()).unwrap();
        assert_eq!(json["model"], "scanwise-s");
        assert_eq!(json["rows"][1]["system"], "model");
        assert_eq!(json["rows"][1]["regime"], "true");
        assert!(json.get("notes").is_none());
    }
}
