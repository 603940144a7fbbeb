use glam::Vec2;
use scene::Aabb;

/// An axis-aligned rectangle of the floor plan, such as the footprint of an object.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Aabb2 {
    /// The corner of least x, y.
    pub min: Vec2,
    /// The corner of greatest x, y.
    pub max: Vec2,
}

impl Aabb2 {
    /// The rectangle that holds nothing.
    pub const EMPTY: Self = Self { min: Vec2::INFINITY, max: Vec2::NEG_INFINITY };

    /// The smallest rectangle round the finite points given.
    pub fn of_points(points: impl IntoIterator<Item = Vec2>) -> Self {
        points.into_iter().filter(|point| point.is_finite()).fold(Self::EMPTY, |bounds, point| {
            Self { min: bounds.min.min(point), max: bounds.max.max(point) }
        })
    }

    /// Whether it holds no point; so it is where an end is not a number.
    pub fn is_empty(&self) -> bool {
        !self.min.cmple(self.max).all()
    }

    /// The middle.
    pub fn centre(&self) -> Vec2 {
        (self.min + self.max) / 2.0
    }

    /// Width times depth, square metres; zero where empty.
    pub fn area_m2(&self) -> f32 {
        if self.is_empty() { 0.0 } else { (self.max - self.min).element_product() }
    }

    /// The smallest rectangle round both.
    pub fn union(&self, other: &Self) -> Self {
        Self { min: self.min.min(other.min), max: self.max.max(other.max) }
    }

    /// The part that both share; may be empty.
    pub fn intersection(&self, other: &Self) -> Self {
        Self { min: self.min.max(other.min), max: self.max.min(other.max) }
    }

    /// Every edge moved outwards, or inwards where `margin_m` is negative.
    pub fn grown(&self, margin_m: f32) -> Self {
        Self { min: self.min - margin_m, max: self.max + margin_m }
    }

    /// Whether the point lies in it or on its edge.
    pub fn contains(&self, point: Vec2) -> bool {
        self.min.cmple(point).all() && point.cmple(self.max).all()
    }

    /// Its point nearest to `point`; `point` itself where it lies within.
    pub fn nearest(&self, point: Vec2) -> Vec2 {
        point.max(self.min).min(self.max)
    }
}

impl From<Aabb> for Aabb2 {
    /// The footprint of a box.
    fn from(bounds: Aabb) -> Self {
        Self { min: bounds.min.truncate(), max: bounds.max.truncate() }
    }
}
