use crate::{Case, GivenRoom, Regime};
use scene::InstanceId;
use tasks::facts::Fact;

/// An object found stands for a true one from this IoU up.
const LEAST_IOU: f32 = 0.25;

/// Which true objects the given ones are, in one room and regime.
#[derive(Clone, Copy)]
pub(crate) struct Matching<'a> {
    case: &'a Case,
    given: &'a GivenRoom,
    regime: Regime,
}

impl<'a> Matching<'a> {
    pub(crate) fn new(case: &'a Case, given: &'a GivenRoom, regime: Regime) -> Self {
        Self { case, given, regime }
    }

    /// How well a given object lies on a true one: with true instances by id alone, 1 or 0; else
    /// the IoU of their boxes, the true one's round its scanned points. `None` for an id that was
    /// not given.
    pub(crate) fn overlap(&self, given: InstanceId, truth: &Fact) -> Option<f64> {
        let bounds = self.given.bounds_of(given)?;
        Some(match self.regime {
            Regime::True => f64::from(u8::from(given == truth.id)),
            Regime::Predicted | Regime::Noisy => f64::from(bounds.iou(&truth.scanned)),
        })
    }

    /// The overlaps of all objects named with all true ones: `(named, truth)`.
    pub(crate) fn overlaps(&self, named: &[InstanceId], truth: &[InstanceId]) -> Vec<Vec<f64>> {
        let truth = self.facts(truth);
        let row = |id: &InstanceId| truth.iter().map(|fact| self.overlap(*id, fact)).collect();
        named.iter().filter(|id| self.given.bounds_of(**id).is_some()).filter_map(row).collect()
    }

    /// The facts of these true objects; those that the room does not have are left out.
    pub(crate) fn facts(&self, ids: &[InstanceId]) -> Vec<&'a Fact> {
        let facts = &self.case.facts;
        let places = ids.iter().filter_map(|id| facts.index_of(*id));
        places.map(|index| &facts.objects[index]).collect()
    }

    /// The true object that a given one is: with true instances the one of its id, else the one
    /// whose box overlaps it most, from an IoU of 0.25 up.
    pub(crate) fn true_of(&self, given: InstanceId) -> Option<&'a Fact> {
        let bounds = self.given.bounds_of(given)?;
        if self.regime == Regime::True {
            return self.facts(&[given]).first().copied();
        }
        let mut best: Option<(f32, &Fact)> = None;
        for fact in &self.case.facts.objects {
            let iou = bounds.iou(&fact.scanned);
            if iou >= best.map_or(LEAST_IOU, |(most, _)| most.max(LEAST_IOU))
                && best.is_none_or(|(most, _)| iou > most)
            {
                best = Some((iou, fact));
            }
        }
        best.map(|(_, fact)| fact)
    }

    /// How well a true object was found: the overlap of what stands for it, 0 for nothing.
    pub(crate) fn found(&self, truth: &Fact) -> f64 {
        let stand_in = self.given.given_from_true.get(&truth.id);
        stand_in.and_then(|given| self.overlap(*given, truth)).unwrap_or(0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Given;
    use crate::fixture::case;
    use scene::Aabb;

    #[test]
    fn ids_count_with_true_instances_and_boxes_with_found_ones() {
        let case = case();
        let moved = |id: u32, by: f32| {
            let bounds = case.facts.objects[0].scanned;
            let offset = glam::Vec3::new(by, 0.0, 0.0);
            let bounds = Aabb { min: bounds.min + offset, max: bounds.max + offset };
            Given { id: InstanceId(id), label: None, colour: None, bounds }
        };
        // Given 2 lies where the desk (1) truly is, moved by 0.5: IoU 1/3; given 9 nowhere.
        let given = GivenRoom::of_found(vec![moved(2, 0.5), moved(9, 40.0)], &case.facts);
        let desk = &case.facts.objects[0];
        let found = Matching::new(&case, &given, Regime::Predicted);
        assert!((found.overlap(InstanceId(2), desk).unwrap() - 1.0 / 3.0).abs() < 1e-6);
        assert_eq!(found.overlap(InstanceId(3), desk), None);
        assert_eq!(found.true_of(InstanceId(2)).map(|fact| fact.id), Some(InstanceId(1)));
        assert!(found.true_of(InstanceId(9)).is_none());
        assert!((found.found(desk) - 1.0 / 3.0).abs() < 1e-6);
        assert_eq!(found.found(&case.facts.objects[1]), 0.0);

        let given = GivenRoom::of_truth(&case.facts);
        let by_id = Matching::new(&case, &given, Regime::True);
        assert_eq!(by_id.overlap(InstanceId(1), desk), Some(1.0));
        assert_eq!(by_id.overlap(InstanceId(2), desk), Some(0.0));
        assert_eq!(by_id.true_of(InstanceId(2)).map(|fact| fact.id), Some(InstanceId(2)));
        assert_eq!(by_id.overlaps(&[InstanceId(2), InstanceId(77)], &[InstanceId(2)]), [[1.0]]);
    }
}
