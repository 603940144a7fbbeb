use crate::metrics::placement::Fit;
use scene::OrientedBox;
use tasks::suite::Question;

/// The floor of the rooms: what judges ways and placements. `room` is a place in the cases; points
/// and boxes are in file coordinates, lengths in metres.
pub trait Ground {
    /// The length of the shortest way from where the question starts to its goal; `None` where
    /// there is none.
    fn shortest_m(&self, room: usize, question: &Question) -> Option<f64>;

    /// The length of this way, where it can be walked and leads from start to goal.
    fn walked_m(&self, room: usize, question: &Question, path: &[[f64; 3]]) -> Option<f64>;

    /// Whether an object of the question can be put there.
    fn fit(&self, room: usize, question: &Question, placed: &OrientedBox) -> Fit;
}
