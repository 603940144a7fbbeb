use scene::{Aabb, InstanceId};
use std::collections::BTreeMap;
use tasks::facts::Facts;
use tasks::prompt::{Part, mention, parts};
use tasks::suite::Question;

/// A room with its questions and what is true.
#[derive(Clone, Debug)]
pub struct Case {
    /// The room's name in its suite.
    pub name: String,
    /// What is true, in metres.
    pub facts: Facts,
    /// With their answers.
    pub questions: Vec<Question>,
}

/// One object as a system is given it.
#[derive(Clone, Debug, PartialEq)]
pub struct Given {
    /// Its id among what is given; in the true regime the true one.
    pub id: InstanceId,
    /// Class name, where one is known.
    pub label: Option<String>,
    /// Colour name, where one is known.
    pub colour: Option<String>,
    /// Round its points, in the frame of [`Case::facts`].
    pub bounds: Aabb,
}

/// What a system is given of one room in one regime.
#[derive(Clone, Debug, Default)]
pub struct GivenRoom {
    /// The objects.
    pub objects: Vec<Given>,
    /// Which given object stands for a true one.
    pub given_from_true: BTreeMap<InstanceId, InstanceId>,
}

impl GivenRoom {
    /// The true objects with their true names: ids stay as they are. Objects that the scan hardly
    /// shows are left out.
    pub fn of_truth(facts: &Facts) -> Self {
        let objects: Vec<Given> = facts
            .objects
            .iter()
            .filter(|object| object.clear)
            .map(|object| Given {
                id: object.id,
                label: Some(object.label.clone()),
                colour: object.colour.clone(),
                bounds: object.scanned,
            })
            .collect();
        let given_from_true = objects.iter().map(|object| (object.id, object.id)).collect();
        Self { objects, given_from_true }
    }

    /// Objects found, each true object stood for by the one whose box overlaps its scanned box
    /// most, from an IoU of 0.25 up.
    pub fn of_found(objects: Vec<Given>, facts: &Facts) -> Self {
        let best = |bounds: &Aabb| {
            let overlaps = objects.iter().map(|given| (given.bounds.iou(bounds), given.id));
            overlaps.filter(|(iou, _)| *iou >= 0.25).max_by(|a, b| a.0.total_cmp(&b.0))
        };
        let given_from_true = facts
            .objects
            .iter()
            .filter_map(|object| Some((object.id, best(&object.scanned)?.1)))
            .collect();
        Self { objects, given_from_true }
    }

    /// The box of a given object.
    pub fn bounds_of(&self, id: InstanceId) -> Option<Aabb> {
        self.objects.iter().find(|object| object.id == id).map(|object| object.bounds)
    }

    /// The question as put to a system: true ids replaced by those given. `None` where an object
    /// that it names was not found: nobody could have picked it.
    pub fn question(&self, question: &Question) -> Option<String> {
        parts(&question.text)
            .into_iter()
            .map(|part| match part {
                Part::Object(id) => self.given_from_true.get(&id).map(|given| mention(*given)),
                Part::Text(words) => Some(words),
                Part::Mark(mark) => Some(mark.name().into_owned()),
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::case;

    #[test]
    fn found_objects_stand_for_the_true_ones_they_overlap() {
        let case = case();
        let moved = |id: u32, object: usize, by: f32| {
            let offset = glam::Vec3::new(by, 0.0, 0.0);
            let bounds = case.facts.objects[object].scanned;
            let bounds = Aabb { min: bounds.min + offset, max: bounds.max + offset };
            Given { id: InstanceId(id), label: None, colour: None, bounds }
        };
        // Unit cubes: moved by 0.2 the IoU is 2/3, by 0.8 it is 1/9.
        let given = GivenRoom::of_found(vec![moved(70, 0, 0.2), moved(71, 1, 0.8)], &case.facts);
        assert_eq!(given.given_from_true, BTreeMap::from([(InstanceId(1), InstanceId(70))]));
        let mut question = case.questions[0].clone();
        question.text = "Describe <OBJ001>.".to_owned();
        assert_eq!(given.question(&question).as_deref(), Some("Describe <OBJ070>."));
        question.text = "Describe <OBJ002>.".to_owned();
        assert_eq!(given.question(&question), None);
    }
}
