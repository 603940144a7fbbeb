use super::{Emission, Names, measured, normalised};
use crate::prompt::{Mark, Part};
use scene::{Answer, InstanceId, Locations, Placement, Scene, Source, Span, Way};

/// Turns emissions into spans as they complete.
///
/// A mention becomes words that carry the object: those that the model says right after it
/// (`<OBJ007> coffee table.` reads “Coffee table.”), or the object's name where none follow
/// (`<OBJ007>.` reads “Chair 2.”). `<count>` and `<dist>` become measured spans once they are
/// closed, `<path>` and `<place>` a way and a place found on the scan. A mark that is not closed or holds what it should not is read as plain text: this
/// never fails.
pub struct Parser<'a> {
    scene: &'a Scene,
    names: Names,
    locations: Locations,
    spans: Vec<Span>,
    way: Option<Way>,
    placement: Option<Placement>,
    short: String,
    unknown: bool,
    open: Open,
}

/// What has begun and is not complete.
enum Open {
    Nothing,
    Mention { object: InstanceId, words: String },
    Count { objects: Vec<InstanceId>, words: String },
    Dist { objects: Vec<InstanceId>, words: String },
    Path { objects: Vec<InstanceId>, numbers: Vec<u8> },
    Place { before: String, objects: Vec<InstanceId>, words: String, numbers: Vec<u8> },
}

/// A whole answer.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Parsed {
    /// As shown.
    pub answer: Answer,
    /// The words and counts without names that were put in for mentions, normalised: what exact
    /// match looks at.
    pub short: String,
    /// Whether the model said that the scan does not show it.
    pub unknown: bool,
}

/// Longer words after a mention no longer belong to it.
const LONGEST_WORDS: usize = 60;

/// The parts of a target as an answer.
pub fn parse(scene: &Scene, locations: Locations, parts: &[Part]) -> Parsed {
    let mut parser = Parser::new(scene, locations);
    for part in parts {
        parser.push(match part {
            Part::Text(words) => Emission::Text(words),
            Part::Object(id) => Emission::Object(*id),
            Part::Mark(mark) => Emission::Mark(*mark),
        });
    }
    parser.finish()
}

impl<'a> Parser<'a> {
    /// For an answer about this scene, before which location tokens mean this.
    pub fn new(scene: &'a Scene, locations: Locations) -> Self {
        Self {
            scene,
            names: Names::of(scene),
            locations,
            spans: Vec::new(),
            way: None,
            placement: None,
            short: String::new(),
            unknown: false,
            open: Open::Nothing,
        }
    }

    /// Takes what the model emitted next.
    pub fn push(&mut self, emission: Emission<'_>) {
        match emission {
            Emission::Text(words) => self.text(words),
            Emission::Object(object) => self.object(object),
            Emission::Mark(mark) => self.mark(mark),
        }
    }

    /// The answer so far: complete spans only.
    pub fn partial(&self) -> Answer {
        Answer {
            spans: self.spans.clone(),
            way: self.way.clone(),
            placement: self.placement.clone(),
        }
    }

    /// The whole answer; what is still open is closed or read as text.
    pub fn finish(mut self) -> Parsed {
        self.close();
        if self.unknown && self.spans.is_empty() {
            self.add("I cannot tell.".to_owned(), Vec::new(), true);
        }
        Parsed {
            answer: Answer { spans: self.spans, way: self.way, placement: self.placement },
            short: normalised(&self.short),
            unknown: self.unknown,
        }
    }

    fn text(&mut self, text: &str) {
        match &mut self.open {
            Open::Nothing => self.add(text.to_owned(), Vec::new(), true),
            Open::Count { words, .. } | Open::Dist { words, .. } => {
                words.push_str(text);
                if words.len() > LONGEST_WORDS {
                    self.close();
                }
            }
            Open::Path { .. } => {}
            Open::Place { before, objects, words, .. } => {
                let part = if objects.is_empty() { before } else { words };
                part.push_str(text);
            }
            Open::Mention { words, .. } => {
                // The words of a mention end at punctuation.
                let end = text.find(|c: char| !(c.is_alphanumeric() || c == ' ' || c == '-'));
                let (own, rest) = text.split_at(end.unwrap_or(text.len()));
                words.push_str(own);
                if !rest.is_empty() || words.len() > LONGEST_WORDS {
                    let rest = rest.to_owned();
                    self.close();
                    self.add(rest, Vec::new(), true);
                }
            }
        }
    }

    fn object(&mut self, object: InstanceId) {
        match &mut self.open {
            Open::Count { objects, .. }
            | Open::Dist { objects, .. }
            | Open::Path { objects, .. }
            | Open::Place { objects, .. } => {
                if !objects.contains(&object) {
                    objects.push(object);
                }
            }
            Open::Nothing | Open::Mention { .. } => {
                self.close();
                self.open = Open::Mention { object, words: String::new() };
            }
        }
    }

    fn mark(&mut self, mark: Mark) {
        if let Mark::Loc(number) = mark {
            if let Open::Path { numbers, .. } | Open::Place { numbers, .. } = &mut self.open {
                numbers.push(number);
            }
            return;
        }
        let begun = match mark {
            Mark::Count => Open::Count { objects: Vec::new(), words: String::new() },
            Mark::Dist => Open::Dist { objects: Vec::new(), words: String::new() },
            Mark::Path => Open::Path { objects: Vec::new(), numbers: Vec::new() },
            Mark::Place => Open::Place {
                before: String::new(),
                objects: Vec::new(),
                words: String::new(),
                numbers: Vec::new(),
            },
            Mark::Unk => {
                self.unknown = true;
                Open::Nothing
            }
            _ => return self.end(mark),
        };
        self.close();
        self.open = begun;
    }

    /// An end without its beginning says nothing.
    fn end(&mut self, mark: Mark) {
        let open = std::mem::replace(&mut self.open, Open::Nothing);
        match (mark, open) {
            (Mark::CountEnd, Open::Count { objects, .. }) => self.count(objects),
            (Mark::DistEnd, Open::Dist { objects, words }) => self.distance(objects, words),
            (Mark::PathEnd, Open::Path { objects, numbers }) => self.path(&objects, &numbers),
            (Mark::PlaceEnd, Open::Place { before, objects, words, numbers }) => {
                self.put(&before, &objects, &words, &numbers);
            }
            (_, open) => self.open = open,
        }
    }

    fn count(&mut self, objects: Vec<InstanceId>) {
        let known = objects.into_iter().filter(|id| self.scene.instance(*id).is_some()).collect();
        let span = measured::count(known);
        self.short += &format!(" {} ", span.text);
        self.place(span);
    }

    fn distance(&mut self, objects: Vec<InstanceId>, words: String) {
        let estimate = words.trim().parse::<f64>().ok().filter(|metres| metres.is_finite());
        let span = match objects[..] {
            [a, b] => measured::distance(self.scene, a, b, estimate),
            _ => None,
        };
        match span {
            Some(span) => {
                self.short += &format!(" {} ", span.text);
                self.place(span);
            }
            None => self.list(objects, &words),
        }
    }

    /// Objects and words of something ill-formed, as text.
    fn list(&mut self, objects: Vec<InstanceId>, words: &str) {
        for (index, object) in objects.into_iter().enumerate() {
            if index > 0 {
                self.add(", ".to_owned(), Vec::new(), false);
            }
            let name = self.names.get(object).to_owned();
            self.add(name, vec![object], false);
        }
        self.add(words.to_owned(), Vec::new(), true);
    }

    /// Ends what is open.
    fn close(&mut self) {
        match std::mem::replace(&mut self.open, Open::Nothing) {
            Open::Nothing => {}
            Open::Mention { object, words } => {
                let said = words.trim();
                let space_after = words.len() > words.trim_end().len();
                if said.is_empty() {
                    let name = self.names.get(object).to_owned();
                    self.add(name, vec![object], false);
                } else {
                    self.add(said.to_owned(), vec![object], true);
                }
                if space_after {
                    self.add(" ".to_owned(), Vec::new(), true);
                }
            }
            Open::Count { objects, words } | Open::Dist { objects, words } => {
                self.list(objects, &words);
            }
            Open::Path { objects, .. } => self.list(objects, ""),
            Open::Place { before, objects, .. } => self.unplaced(&before, &objects),
        }
    }

    /// A span of the model's. `said` is false for names put in for mentions.
    fn add(&mut self, text: String, objects: Vec<InstanceId>, said: bool) {
        if text.is_empty() {
            return;
        }
        if said {
            // A space keeps words apart that were on two sides of a mention.
            let space = if objects.is_empty() { "" } else { " " };
            self.short += space;
            self.short += &text;
        }
        if objects.is_empty()
            && let Some(last) = self.spans.last_mut()
            && last.objects.is_empty()
            && last.source == Source::Lm
        {
            last.text += &text;
            return;
        }
        self.place(Span { text, source: Source::Lm, objects, measured: None });
    }

    /// Sets spaces and capitals where a span that stands for a mark meets the text before it.
    fn place(&mut self, mut span: Span) {
        let before = self.spans.iter().rev().flat_map(|span| span.text.chars().rev());
        let sentence_start =
            before.clone().find(|c| !c.is_whitespace()).is_none_or(|c| ".!?".contains(c));
        let joined = before.clone().next().is_some_and(|c| !c.is_whitespace() && c != '(');
        if span.objects.is_empty() {
            if self.spans.is_empty() {
                span.text = span.text.trim_start().to_owned();
            }
        } else {
            if sentence_start {
                span.text = capital(&span.text);
            }
            if joined {
                self.spans.push(Span {
                    text: " ".to_owned(),
                    source: Source::Lm,
                    objects: Vec::new(),
                    measured: None,
                });
            }
        }
        if !span.text.is_empty() {
            self.spans.push(span);
        }
    }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

mod put;
#[cfg(test)]
mod tests;
