use glam::Vec3;
use serde::{Deserialize, Serialize};

/// Share of an object's points that may lie outside its box on each side of each axis.
pub const STRAY_SHARE: f64 = 0.005;

/// An axis-aligned box. An empty box has `min > max`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Aabb {
    /// The corner of least x, y, z.
    pub min: Vec3,
    /// The corner of greatest x, y, z.
    pub max: Vec3,
}

impl Aabb {
    /// The box that holds nothing.
    pub const EMPTY: Self = Self { min: Vec3::INFINITY, max: Vec3::NEG_INFINITY };

    /// The smallest box round the finite points given.
    pub fn of_points(points: impl IntoIterator<Item = Vec3>) -> Self {
        points.into_iter().filter(|point| point.is_finite()).fold(Self::EMPTY, |bounds, point| {
            Self { min: bounds.min.min(point), max: bounds.max.max(point) }
        })
    }

    /// The box round the finite points given without the outermost [`STRAY_SHARE`] of each side of
    /// each axis: what is reported of objects that were found, whose edges are never clean.
    pub fn of_most(points: impl Iterator<Item = Vec3> + Clone) -> Self {
        let mut bounds = Self::EMPTY;
        let mut values: Vec<f32> = Vec::new();
        for axis in [0, 1, 2] {
            values.clear();
            values.extend(points.clone().filter(|point| point.is_finite()).map(|at| at[axis]));
            let tail = (values.len() as f64 * STRAY_SHARE) as usize;
            let Some(last) = values.len().checked_sub(1) else { return Self::EMPTY };
            bounds.min[axis] = *values.select_nth_unstable_by(tail, f32::total_cmp).1;
            bounds.max[axis] = *values.select_nth_unstable_by(last - tail, f32::total_cmp).1;
        }
        bounds
    }

    /// A box from its middle and its edge lengths.
    pub fn from_centre_size(centre: Vec3, size: Vec3) -> Self {
        Self { min: centre - size / 2.0, max: centre + size / 2.0 }
    }

    /// Whether the box holds no point.
    pub fn is_empty(&self) -> bool {
        !self.min.cmple(self.max).all()
    }

    /// The middle.
    pub fn centre(&self) -> Vec3 {
        (self.min + self.max) / 2.0
    }

    /// The edge lengths; zero for an empty box.
    pub fn size(&self) -> Vec3 {
        if self.is_empty() { Vec3::ZERO } else { self.max - self.min }
    }

    /// The product of the edge lengths.
    pub fn volume(&self) -> f32 {
        self.size().element_product()
    }

    /// The smallest box round both.
    pub fn union(&self, other: &Self) -> Self {
        Self { min: self.min.min(other.min), max: self.max.max(other.max) }
    }

    /// The part that both share; may be empty.
    pub fn intersection(&self, other: &Self) -> Self {
        Self { min: self.min.max(other.min), max: self.max.min(other.max) }
    }

    /// Intersection over union of the volumes, in 0..=1. Zero where either box is empty.
    pub fn iou(&self, other: &Self) -> f32 {
        let shared = self.intersection(other).volume();
        let union = self.volume() + other.volume() - shared;
        if union > 0.0 { shared / union } else { 0.0 }
    }

    /// Least distance between the two boxes as solids; zero where they touch.
    pub fn distance(&self, other: &Self) -> f32 {
        (self.min - other.max).max(other.min - self.max).max(Vec3::ZERO).length()
    }

    /// Whether the point lies in the box or on its faces.
    pub fn contains(&self, point: Vec3) -> bool {
        self.min.cmple(point).all() && point.cmple(self.max).all()
    }
}

/// A box in the file's own coordinates, as every output and truth file writes it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OrientedBox {
    /// The middle, in file coordinates and units.
    pub center: [f64; 3],
    /// The edge lengths along `axes`.
    pub size: [f64; 3],
    /// Rows are the unit vectors along which `size` runs; absent means x, y, z.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub axes: Option<[[f64; 3]; 3]>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn iou_of_boxes_that_share_a_third() {
        let a = Aabb::from_centre_size(Vec3::ZERO, Vec3::new(2.0, 1.0, 1.0));
        let b = Aabb::from_centre_size(Vec3::X, Vec3::new(2.0, 1.0, 1.0));
        assert!((a.iou(&b) - 1.0 / 3.0).abs() < 1e-6);
        assert_eq!(a.iou(&Aabb::EMPTY), 0.0);
    }

    #[test]
    fn distance_is_between_nearest_corners() {
        let a = Aabb::from_centre_size(Vec3::ZERO, Vec3::splat(2.0));
        let b = Aabb::from_centre_size(Vec3::new(5.0, 6.0, 0.0), Vec3::splat(2.0));
        assert!((a.distance(&b) - 5.0).abs() < 1e-6);
        assert_eq!(a.distance(&a), 0.0);
    }
}
