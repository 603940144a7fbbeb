use std::collections::BTreeSet;
use thiserror::Error;

/// Why a list of questions could not be read.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("line {line}: “{text}” is no ROOM/QUESTION")]
pub struct NotAQuestion {
    /// From 1.
    pub line: usize,
    /// What stands there.
    pub text: String,
}

/// The questions of a list, one `ROOM/QUESTION` a line; empty lines are skipped.
///
/// # Errors
/// At the first line that names no question.
pub fn parse_hard(text: &str) -> Result<BTreeSet<String>, NotAQuestion> {
    let mut found = BTreeSet::new();
    for (index, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() {
            continue;
        }
        match line.split_once('/') {
            Some((room, id)) if !room.is_empty() && !id.is_empty() => {
                found.insert(line.to_owned());
            }
            _ => return Err(NotAQuestion { line: index + 1, text: line.to_owned() }),
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_read_line_by_line() {
        let found = parse_hard("00001/q007\n\n 00000/q012 \r\n00001/q007\n").unwrap();
        assert_eq!(found.into_iter().collect::<Vec<_>>(), ["00000/q012", "00001/q007"]);
        for wrong in ["q007", "/q007", "00001/"] {
            let text = format!("00001/q001\n{wrong}\n");
            assert_eq!(parse_hard(&text), Err(NotAQuestion { line: 2, text: wrong.to_owned() }));
        }
    }
}
