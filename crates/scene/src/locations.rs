use crate::{Aabb, BOX_NUMBERS};
use glam::Vec3;

/// How many location tokens there are.
pub const BINS: usize = 256;

/// Steps of a place and of an edge, metres, in all but the largest scenes.
const PLACE_STEP_M: f32 = 0.05;
const SIZE_STEP_M: f32 = 0.02;

/// What the location tokens `<loc0>` … `<loc255>` mean in a scene: a place is told in steps from a
/// corner of the padded scene box, an edge in steps of its own.
///
/// 3D-LLM, which introduced such tokens, never published what they stand for. Here the steps are
/// the same 5 cm and 2 cm in every scene up to 12.8 m long, so that a number means one length; in
/// longer ones both grow alike.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Locations {
    corner: Vec3,
    place_m: f32,
    size_m: f32,
}

impl Locations {
    /// For the padded scene box, scene frame, metres.
    pub fn within(padded: &Aabb) -> Self {
        let longest = padded.size().max_element();
        let grown = (longest / (BINS as f32 * PLACE_STEP_M)).max(1.0);
        Self { corner: padded.min, place_m: grown * PLACE_STEP_M, size_m: grown * SIZE_STEP_M }
    }

    /// The least corner of the padded scene box, metres.
    pub fn corner(&self) -> Vec3 {
        self.corner
    }

    /// The three numbers of a point.
    pub fn of_point(&self, point: Vec3) -> [u8; 3] {
        ((point - self.corner) / self.place_m).to_array().map(bin)
    }

    /// The point that three numbers tell: the middle of its bin.
    pub fn point(&self, numbers: [u8; 3]) -> Vec3 {
        self.corner + Vec3::from(numbers.map(middle)) * self.place_m
    }

    /// The six numbers of a box: of its centre, then of its edges.
    pub fn of_box(&self, bounds: &Aabb) -> [u8; BOX_NUMBERS] {
        let [x, y, z] = self.of_point(bounds.centre());
        let [a, b, c] = self.of_size(bounds.size());
        [x, y, z, a, b, c]
    }

    /// The three numbers of edges.
    pub fn of_size(&self, size: Vec3) -> [u8; 3] {
        (size / self.size_m).to_array().map(bin)
    }

    /// The box that six numbers tell.
    pub fn bounds(&self, numbers: [u8; BOX_NUMBERS]) -> Aabb {
        self.bounds_at(numbers.map(middle))
    }

    /// The box that six numbers of any fineness tell, in steps.
    pub fn bounds_at(&self, [x, y, z, a, b, c]: [f32; BOX_NUMBERS]) -> Aabb {
        let centre = self.corner + Vec3::new(x, y, z) * self.place_m;
        Aabb::from_centre_size(centre, Vec3::new(a, b, c).max(Vec3::ZERO) * self.size_m)
    }
}

impl Default for Locations {
    /// Of a scene that is the unit cube.
    fn default() -> Self {
        Self::within(&Aabb { min: Vec3::ZERO, max: Vec3::ONE })
    }
}

/// Beyond the last step, and where there is no number, a length is the nearest that can be told.
fn bin(steps: f32) -> u8 {
    steps as u8
}

fn middle(number: u8) -> f32 {
    f32::from(number) + 0.5
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_box_is_told_to_half_a_step() {
        let room = Aabb { min: Vec3::new(-1.0, -2.0, 0.0), max: Vec3::new(5.0, 4.0, 2.6) };
        let locations = Locations::within(&room);
        let bed = Aabb::from_centre_size(Vec3::new(1.234, 0.5, 0.3), Vec3::new(2.01, 1.6, 0.55));
        let told = locations.bounds(locations.of_box(&bed));
        assert!((told.centre() - bed.centre()).abs().max_element() <= 0.025 + 1e-5);
        assert!((told.size() - bed.size()).abs().max_element() <= 0.01 + 1e-5);
    }

    #[test]
    fn a_long_scene_has_longer_steps() {
        let hall = Aabb { min: Vec3::ZERO, max: Vec3::new(25.6, 5.0, 3.0) };
        let locations = Locations::within(&hall);
        assert_eq!(locations.of_point(Vec3::new(25.59, 0.05, 0.11)), [255, 0, 1]);
        assert_eq!(locations.of_point(Vec3::new(99.0, -1.0, f32::NAN)), [255, 0, 0]);
    }
}
