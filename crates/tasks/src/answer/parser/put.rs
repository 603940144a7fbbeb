//! Ways and places, once they are complete, in words.

use super::{Parser, capital};
use crate::answer::measured;
use crate::answer::space::{Wish, placement, way};
use scene::InstanceId;

/// The words for where a thing goes.
const RELATIONS: [&str; 4] = ["towards", "beside", "on", "between"];

impl Parser<'_> {
    /// “From the door to the desk: 4.2 m.”
    pub(super) fn path(&mut self, objects: &[InstanceId], numbers: &[u8]) {
        let &[from, to] = objects else { return self.list(objects.to_vec(), "") };
        let (found, metres) = way(self.scene, &self.locations, [from, to], numbers);
        let is_free = !found.corners_in_file.is_empty();
        self.words(if is_free { "From " } else { "The scan shows no free way from " });
        self.named(from);
        self.words(" to ");
        self.named(to);
        if is_free {
            self.words(": ");
            self.place(measured::length_of_way([from, to], metres));
        }
        self.words(".");
        self.way = Some(found);
    }

    /// “Chair 2 beside the desk: here.”
    pub(super) fn put(
        &mut self,
        before: &str,
        objects: &[InstanceId],
        words: &str,
        numbers: &[u8],
    ) {
        let is_move = before.trim().is_empty() && RELATIONS.iter().any(|r| words.contains(r));
        let told = if is_move { words } else { before };
        let said: Vec<&str> = told.split_whitespace().collect();
        let at = said.iter().rposition(|word| RELATIONS.contains(word)).unwrap_or(said.len());
        let relation = said.get(at).copied().unwrap_or_default();
        let (object, anchors) = match objects.split_first() {
            Some((first, rest)) if is_move => (Some(*first), rest),
            _ => (None, objects),
        };
        let name = if is_move { String::new() } else { said[..at].join(" ") };
        if relation.is_empty() || anchors.is_empty() {
            return self.unplaced(before, objects);
        }
        let metres = words.split_whitespace().find_map(|word| word.parse().ok());
        let wish = Wish {
            object,
            name: name.clone(),
            anchors: anchors.to_vec(),
            relation: relation.to_owned(),
            metres: metres.filter(|metres: &f32| metres.is_finite()),
        };
        let found = placement(self.scene, &self.locations, wish, numbers);
        let fits = found.box_in_file.is_some();
        if !fits {
            self.words("I find no free place for ");
        }
        match object {
            Some(id) => self.named(id),
            None if name.is_empty() => self.words(if fits { "It" } else { "it" }),
            None if fits => self.words(&capital(&name)),
            None => self.words(&name),
        }
        if let Some(metres) = metres.filter(|_| relation == "towards") {
            self.words(&format!(" {metres} m"));
        }
        self.words(&format!(" {relation} "));
        for (index, anchor) in anchors.iter().enumerate() {
            if index > 0 {
                self.words(" and ");
            }
            self.named(*anchor);
        }
        self.words(if fits { ": here." } else { "." });
        self.placement = Some(found);
    }

    /// What is not to be read as a wish for a place: “The model named no place for the chair.”
    pub(super) fn unplaced(&mut self, before: &str, objects: &[InstanceId]) {
        self.words("The model named no place for ");
        match objects.first() {
            Some(first) if before.trim().is_empty() => self.named(*first),
            _ if before.trim().is_empty() => self.words("it"),
            _ => self.words(before.trim()),
        }
        self.words(". Ask in other words.");
    }

    fn words(&mut self, text: &str) {
        self.add(text.to_owned(), Vec::new(), false);
    }

    fn named(&mut self, object: InstanceId) {
        let name = self.names.get(object).to_owned();
        self.add(name, vec![object], false);
    }
}
