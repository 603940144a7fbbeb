//! Objects that a model without a pointer names by their boxes: `<box>`, six numbers, `</box>`.

use scene::{Aabb, BOX_NUMBERS, InstanceId, Locations};

/// Takes the numbers of a box and finds the object it is of.
#[derive(Clone, Debug)]
pub struct Boxes {
    objects: Vec<(InstanceId, Aabb)>,
    locations: Locations,
    /// Of the box that is open, in bins from the corner.
    numbers: Option<Vec<f32>>,
}

impl Boxes {
    /// For a scene with these objects, where location tokens mean this.
    pub fn new(objects: Vec<(InstanceId, Aabb)>, locations: Locations) -> Self {
        Self { objects, locations, numbers: None }
    }

    /// How many numbers the open box has; `None` where none is open.
    pub fn told(&self) -> Option<usize> {
        self.numbers.as_ref().map(Vec::len)
    }

    /// `<box>`.
    pub fn open(&mut self) {
        self.numbers = Some(Vec::with_capacity(BOX_NUMBERS));
    }

    /// `<locN>` in an open box: the middle of its bin.
    pub fn push(&mut self, number: u8) {
        if let Some(numbers) = &mut self.numbers {
            numbers.push(f32::from(number) + 0.5);
        }
    }

    /// Moves the numbers told so far by so many bins.
    pub fn refine(&mut self, by: [f32; BOX_NUMBERS]) {
        self.numbers.iter_mut().flatten().zip(by).for_each(|(number, by)| *number += by);
    }

    /// `</box>`: the object that the box overlaps most with, by IoU, or the nearest where it overlaps
    /// with none. `None` for a box that was not whole, and in a scene without objects.
    pub fn close(&mut self) -> Option<InstanceId> {
        let numbers: [f32; BOX_NUMBERS] = self.numbers.take()?.try_into().ok()?;
        let told = self.locations.bounds_at(numbers);
        let nearness = |bounds: &Aabb| -told.centre().distance(bounds.centre());
        let best = self.objects.iter().max_by(|(_, a), (_, b)| {
            let by_overlap = told.iou(a).total_cmp(&told.iou(b));
            by_overlap.then(nearness(a).total_cmp(&nearness(b)))
        });
        best.map(|(id, _)| *id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use glam::Vec3;

    fn boxes() -> Boxes {
        let room = Aabb { min: Vec3::ZERO, max: Vec3::new(5.0, 4.0, 2.5) };
        let at = |id: u32, x: f32| {
            (InstanceId(id), Aabb::from_centre_size(Vec3::new(x, 1.0, 0.5), Vec3::splat(0.5)))
        };
        Boxes::new(vec![at(3, 1.0), at(7, 2.0)], Locations::within(&room))
    }

    fn tell(boxes: &mut Boxes, numbers: &[u8]) -> Option<InstanceId> {
        boxes.open();
        numbers.iter().for_each(|number| boxes.push(*number));
        boxes.close()
    }

    #[test]
    fn a_box_is_of_the_object_it_overlaps_with() {
        let mut boxes = boxes();
        assert_eq!(tell(&mut boxes, &[20, 20, 10, 25, 25, 25]), Some(InstanceId(3)));
        assert_eq!(tell(&mut boxes, &[38, 20, 10, 25, 25, 25]), Some(InstanceId(7)));
        // Of none: the nearest.
        assert_eq!(tell(&mut boxes, &[90, 20, 10, 25, 25, 25]), Some(InstanceId(7)));
    }

    #[test]
    fn numbers_can_be_refined() {
        let mut boxes = boxes();
        boxes.open();
        [29, 20, 10, 25, 25, 25].into_iter().for_each(|number| boxes.push(number));
        boxes.refine([6.0, 0.0, 0.0, 0.0, 0.0, 0.0]);
        assert_eq!(boxes.told(), Some(6));
        assert_eq!(boxes.close(), Some(InstanceId(7)));
        assert_eq!(tell(&mut boxes, &[29, 20, 10, 25, 25, 25]), Some(InstanceId(3)));
    }

    #[test]
    fn what_is_not_whole_is_of_no_object() {
        let mut boxes = boxes();
        assert_eq!(tell(&mut boxes, &[20, 20, 10, 25, 25]), None);
        assert_eq!(boxes.close(), None);
        boxes.push(3);
        assert_eq!(boxes.told(), None);
    }
}
