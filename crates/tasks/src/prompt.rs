//! Questions and target answers as the model meets them: words, mentions of objects, marks.

use scene::InstanceId;
use std::borrow::Cow;

/// A piece of a prompt or of a target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// Plain words.
    Text(String),
    /// An object, fed as its own row, never spelled.
    Object(InstanceId),
    /// A mark of the answer grammar, a token of its own.
    Mark(Mark),
}

/// The marks of the answer grammar; each is one special token of the model.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Mark {
    /// `<dist>`.
    Dist,
    /// `</dist>`.
    DistEnd,
    /// `<count>`.
    Count,
    /// `</count>`.
    CountEnd,
    /// `<path>`.
    Path,
    /// `</path>`.
    PathEnd,
    /// `<place>`.
    Place,
    /// `</place>`.
    PlaceEnd,
    /// `<box>`.
    Box,
    /// `</box>`.
    BoxEnd,
    /// `<unk>`.
    Unk,
    /// `<loc0>` … `<loc255>`: a place or a size in steps of `scene::Locations`.
    Loc(u8),
}

/// Stands in a target for a location token of a number yet to be found.
pub const LOCATION: &str = "<loc>";

impl Mark {
    const NAMED: [(Self, &'static str); 11] = [
        (Self::Dist, "<dist>"),
        (Self::DistEnd, "</dist>"),
        (Self::Count, "<count>"),
        (Self::CountEnd, "</count>"),
        (Self::Path, "<path>"),
        (Self::PathEnd, "</path>"),
        (Self::Place, "<place>"),
        (Self::PlaceEnd, "</place>"),
        (Self::Box, "<box>"),
        (Self::BoxEnd, "</box>"),
        (Self::Unk, "<unk>"),
    ];

    /// All of them.
    pub fn all() -> impl Iterator<Item = Self> {
        let locations = (0..=u8::MAX).map(Self::Loc);
        Self::NAMED.into_iter().map(|(mark, _)| mark).chain(locations)
    }

    /// As spelled in targets and in the model's list of special tokens.
    pub fn name(self) -> Cow<'static, str> {
        match (self, Self::NAMED.iter().find(|(mark, _)| *mark == self)) {
            (_, Some((_, name))) => Cow::Borrowed(name),
            (Self::Loc(number), None) => Cow::Owned(format!("<loc{number}>")),
            (_, None) => Cow::Borrowed(""),
        }
    }

    /// The mark of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        let named = Self::NAMED.iter().find(|(_, known)| *known == name).map(|(mark, _)| *mark);
        let location = || name.strip_prefix("<loc")?.strip_suffix('>')?.parse().ok().map(Self::Loc);
        named.or_else(location)
    }

    /// The mark that closes what this one opens.
    pub fn end(self) -> Option<Self> {
        match self {
            Self::Dist => Some(Self::DistEnd),
            Self::Count => Some(Self::CountEnd),
            Self::Path => Some(Self::PathEnd),
            Self::Place => Some(Self::PlaceEnd),
            Self::Box => Some(Self::BoxEnd),
            _ => None,
        }
    }
}

/// An object as written in questions and targets: `<OBJ012>`.
pub fn mention(id: InstanceId) -> String {
    format!("<OBJ{:03}>", id.0)
}

/// A question in parts: `<OBJ` + digits + `>` is a mention, everything else, marks included, is
/// plain words; so nothing that a person types can become a mark.
pub fn parts(question: &str) -> Vec<Part> {
    split(question, false)
}

/// A target in parts: mentions and marks by their names, the rest words.
pub fn target_parts(target: &str) -> Vec<Part> {
    split(target, true)
}

fn split(text: &str, with_marks: bool) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut words = String::new();
    let mut rest = text;
    while let Some(start) = rest.find('<') {
        words += &rest[..start];
        rest = &rest[start..];
        let end = rest.find('>').map_or(0, |end| end + 1);
        let part = object(&rest[..end])
            .map(Part::Object)
            .or_else(|| Mark::from_name(&rest[..end]).filter(|_| with_marks).map(Part::Mark));
        match part {
            Some(part) => {
                if !words.is_empty() {
                    parts.push(Part::Text(std::mem::take(&mut words)));
                }
                parts.push(part);
                rest = &rest[end..];
            }
            None => {
                words.push('<');
                rest = &rest[1..];
            }
        }
    }
    words += rest;
    if !words.is_empty() {
        parts.push(Part::Text(words));
    }
    parts
}

/// The id in `<OBJ012>`.
fn object(text: &str) -> Option<InstanceId> {
    let digits = text.strip_prefix("<OBJ")?.strip_suffix('>')?;
    let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| digits.parse().ok().map(InstanceId)).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_with_a_mention() {
        let found = parts("How far is <OBJ004> from the <b>bed</b>?");
        let text = |words: &str| Part::Text(words.to_owned());
        assert_eq!(
            found,
            [text("How far is "), Part::Object(InstanceId(4)), text(" from the <b>bed</b>?")]
        );
    }

    #[test]
    fn nothing_typed_becomes_a_mark() {
        assert_eq!(
            parts("<dist> <OBJ+1> <OBJ> <OBJ9999999999999> <"),
            [Part::Text("<dist> <OBJ+1> <OBJ> <OBJ9999999999999> <".to_owned())]
        );
        assert!(parts("").is_empty());
    }

    #[test]
    fn a_target_in_parts() {
        let found = target_parts("<dist><OBJ004><OBJ009> 1.8</dist>");
        assert_eq!(
            found,
            [
                Part::Mark(Mark::Dist),
                Part::Object(InstanceId(4)),
                Part::Object(InstanceId(9)),
                Part::Text(" 1.8".to_owned()),
                Part::Mark(Mark::DistEnd),
            ]
        );
    }
}
