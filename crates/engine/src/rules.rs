//! The answer grammar, in the decoder's terms.

use lm::{Allowed, Constraint, Emitted};
use scene::{BOX_NUMBERS, InstanceId, ScenePrefix};
use std::collections::BTreeMap;
use tasks::boxes::Boxes;
use tasks::grammar::{Grammar, Step};
use tasks::prompt::Mark;

/// Where the pointer's objects may come, a model without one may tell a box.
pub(crate) struct Rules<'a> {
    grammar: Grammar,
    prefix: &'a ScenePrefix,
    marks: &'a BTreeMap<u32, Mark>,
    /// Of a model without a pointer.
    boxes: Option<Boxes>,
    /// Whose box was closed by what came last.
    told: Option<InstanceId>,
}

impl<'a> Rules<'a> {
    pub(crate) fn new(
        prefix: &'a ScenePrefix,
        marks: &'a BTreeMap<u32, Mark>,
        boxes: Option<Boxes>,
    ) -> Self {
        let grammar = Grammar::new(prefix.objects.len());
        Self { grammar, prefix, marks, boxes, told: None }
    }

    /// Whether all numbers of the open box have been told.
    pub(crate) fn box_is_whole(&self) -> bool {
        self.boxes.as_ref().and_then(Boxes::told) == Some(BOX_NUMBERS)
    }

    /// Moves its numbers by so many bins.
    pub(crate) fn refine(&mut self, by: [f32; BOX_NUMBERS]) {
        if let Some(boxes) = &mut self.boxes {
            boxes.refine(by);
        }
    }

    /// Whether a box is open.
    pub(crate) fn in_box(&self) -> bool {
        self.boxes.as_ref().is_some_and(|boxes| boxes.told().is_some())
    }

    /// The object whose box was closed by what came last.
    pub(crate) fn told(&self) -> Option<InstanceId> {
        self.told
    }

    fn ids<'b>(&'b self, marks: &'b [Mark]) -> impl Iterator<Item = u32> + 'b {
        let token = |mark: &Mark| self.marks.iter().find(|(_, known)| *known == mark);
        marks.iter().filter_map(token).map(|(id, _)| *id)
    }

    fn locations(&self) -> impl Iterator<Item = u32> {
        self.marks.iter().filter(|(_, mark)| matches!(mark, Mark::Loc(_))).map(|(id, _)| *id)
    }
}

impl Constraint for Rules<'_> {
    fn allowed(&self) -> Allowed {
        match self.boxes.as_ref().and_then(Boxes::told) {
            Some(BOX_NUMBERS) => {
                return Allowed {
                    marks: self.ids(&[Mark::BoxEnd]).collect(),
                    ..Allowed::default()
                };
            }
            Some(_) => {
                return Allowed { marks: self.locations().collect(), ..Allowed::default() };
            }
            None => {}
        }
        let allowed = self.grammar.allowed();
        let mut marks: Vec<u32> = self.ids(&allowed.marks).collect();
        if allowed.locations {
            marks.extend(self.locations());
        }
        let points = self.boxes.is_none();
        if allowed.objects && !points {
            marks.extend(self.ids(&[Mark::Box]));
        }
        Allowed {
            text: allowed.text,
            end: allowed.end,
            objects: allowed.objects && points,
            excluded: allowed.excluded.iter().filter_map(|id| index_of(self.prefix, *id)).collect(),
            marks,
        }
    }

    fn boxed(&self) -> Option<usize> {
        index_of(self.prefix, self.told?)
    }

    fn accept(&mut self, emitted: &Emitted) {
        self.told = None;
        let mark = match emitted {
            Emitted::Token { text, .. } => return self.grammar.accept(Step::Text(text)),
            Emitted::Object { index } => {
                return self.grammar.accept(Step::Object(self.prefix.objects[*index].id));
            }
            Emitted::Mark(id) => self.marks.get(id),
            Emitted::End => None,
        };
        match (mark, &mut self.boxes) {
            (Some(Mark::Box), Some(boxes)) => boxes.open(),
            (Some(Mark::Loc(number)), Some(boxes)) if boxes.told().is_some() => {
                boxes.push(*number);
            }
            (Some(Mark::BoxEnd), Some(boxes)) => {
                self.told = boxes.close();
                if let Some(id) = self.told {
                    self.grammar.accept(Step::Object(id));
                }
            }
            (Some(mark), _) => self.grammar.accept(Step::Mark(*mark)),
            (None, _) => {}
        }
    }
}

pub(crate) fn index_of(prefix: &ScenePrefix, id: InstanceId) -> Option<usize> {
    prefix.objects.iter().position(|object| object.id == id)
}
