use crate::header::{Scanned, after_word};
use crate::rewrite::Appended;
use crate::write::comment_line;

/// The header of a rewritten file: `kept` and `added` vertices, the new properties behind the old ones, the
/// new comments last. An old property or `label` comment of a new one's name gets `original_` in
/// front, so that nothing is lost and nothing is named twice.
pub(crate) fn rewritten(
    scanned: &Scanned,
    [kept, added]: [u64; 2],
    appended: &[Appended<'_>],
    comments: &[String],
) -> Vec<u8> {
    let (vertex_index, claimed, mut names) = match scanned.header.vertex() {
        Some((index, vertex)) => (
            index,
            vertex.count,
            vertex.properties.iter().map(|property| property.name.clone()).collect(),
        ),
        None => (0, 0, Vec::new()),
    };
    let is_new = |name: &str| appended.iter().any(|column| column.name == name);
    let mut lines: Vec<Vec<u8>> = Vec::with_capacity(scanned.lines.len() + appended.len());
    let mut element: Option<usize> = None;
    let mut insert_at = 0;
    let mut property_index = 0;
    for line in &scanned.lines {
        let mut line = line.clone();
        if let Some(rest) = after_word(&line, b"element") {
            let index = element.map_or(0, |index| index + 1);
            element = Some(index);
            let name: Vec<u8> =
                rest.iter().copied().take_while(|byte| !byte.is_ascii_whitespace()).collect();
            // Behind the last row of a file that was cut off there is nothing.
            let count = match index {
                _ if index == vertex_index && kept.saturating_add(added) != claimed => {
                    Some(kept.saturating_add(added))
                }
                _ if kept == claimed || index <= vertex_index => None,
                _ => Some(0),
            };
            if let Some(count) = count {
                line = [b"element ", name.as_slice(), format!(" {count}").as_bytes()].concat();
            }
        } else if after_word(&line, b"property").is_some() && element == Some(vertex_index) {
            let name: &mut String = match names.get_mut(property_index) {
                Some(name) => name,
                None => continue,
            };
            property_index += 1;
            if is_new(name) {
                let free = free_name(&name.clone(), &names);
                line = renamed(&line, &free);
                names[property_index - 1] = free;
            }
            lines.push(line);
            insert_at = lines.len();
            continue;
        } else if let Some(rest) = after_word(&line, b"comment") {
            let word = rest.split(u8::is_ascii_whitespace).next().unwrap_or_default();
            if word == b"label" && is_new("label") {
                line = [b"comment original_", rest].concat();
            }
        }
        lines.push(line);
    }
    let new = appended
        .iter()
        .map(|column| format!("property {} {}", column.scalar, column.name).into_bytes());
    lines.splice(insert_at..insert_at, new);
    lines.extend(comments.iter().map(|comment| comment_line(comment).trim_end().into()));
    lines.push(b"end_header".to_vec());
    let newline = scanned.newline.as_bytes();
    lines.iter().flat_map(|line| line.iter().chain(newline)).copied().collect()
}

/// `original_NAME`, numbered where that is taken too.
fn free_name(name: &str, taken: &[String]) -> String {
    let plain = format!("original_{name}");
    let numbered = (2..).map(|number| format!("{plain}_{number}"));
    let mut candidates = std::iter::once(plain.clone()).chain(numbered);
    candidates.find(|candidate| !taken.contains(candidate)).unwrap_or(plain)
}

/// The property line with another name: the name is what follows the type's words.
fn renamed(line: &[u8], new: &str) -> Vec<u8> {
    let text = String::from_utf8_lossy(line);
    let words: Vec<&str> = text.split_ascii_whitespace().collect();
    let type_words = if words.get(1) == Some(&"list") { 4 } else { 2 };
    let kept = words.get(..type_words).unwrap_or_default().join(" ");
    format!("{kept} {new}").into_bytes()
}
