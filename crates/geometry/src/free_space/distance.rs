//! The exact Euclidean distance transform of Felzenszwalb and Huttenlocher, *Distance Transforms
//! of Sampled Functions*, Theory of Computing 8 (2012): one pass per axis, linear in the cells.

/// For each cell of a grid of this many columns, row by row: the squared distance in cells from its
/// middle to that of the nearest cell in `set`; infinite where `set` is nowhere true.
pub(super) fn squared_distances(columns: usize, set: &[bool]) -> Vec<f32> {
    let mut distances = along_columns(columns, set);
    let mut row_before = vec![0.0; columns];
    let mut envelope = Envelope::default();
    for row in distances.chunks_exact_mut(columns.max(1)) {
        row_before.copy_from_slice(row);
        envelope.lower(&row_before, row);
    }
    distances
}

/// Squared distance to the nearest set cell of the same column: a sweep each way.
fn along_columns(columns: usize, set: &[bool]) -> Vec<f32> {
    let mut distances: Vec<f32> =
        set.iter().map(|&is_set| if is_set { 0.0 } else { f32::INFINITY }).collect();
    for cell in columns..distances.len() {
        distances[cell] = distances[cell].min(distances[cell - columns] + 1.0);
    }
    for cell in (0..distances.len().saturating_sub(columns)).rev() {
        distances[cell] = distances[cell].min(distances[cell + columns] + 1.0);
    }
    distances.iter_mut().for_each(|distance| *distance *= *distance);
    distances
}

/// The parabolas that make up the lower envelope, and where each begins to be the lowest.
#[derive(Default)]
struct Envelope {
    vertices: Vec<usize>,
    starts: Vec<f64>,
}

impl Envelope {
    /// `lowest[p] = min over q of (p − q)² + heights[q]`.
    fn lower(&mut self, heights: &[f32], lowest: &mut [f32]) {
        self.vertices.clear();
        self.starts.clear();
        let raised = |q: usize| f64::from(heights[q]) + (q * q) as f64;
        for q in (0..heights.len()).filter(|&q| heights[q].is_finite()) {
            let mut start = f64::NEG_INFINITY;
            while let (Some(&vertex), Some(&begin)) = (self.vertices.last(), self.starts.last()) {
                start = (raised(q) - raised(vertex)) / (2 * (q - vertex)) as f64;
                if start > begin {
                    break;
                }
                self.vertices.pop();
                self.starts.pop();
                start = f64::NEG_INFINITY;
            }
            self.vertices.push(q);
            self.starts.push(start);
        }
        if self.vertices.is_empty() {
            return;
        }
        let mut current = 0;
        for (p, value) in lowest.iter_mut().enumerate() {
            while self.starts.get(current + 1).is_some_and(|&start| start < p as f64) {
                current += 1;
            }
            let q = self.vertices[current];
            let offset = p.abs_diff(q) as f32;
            *value = offset * offset + heights[q];
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_cell_seen_from_all_others() {
        // 3 rows of 4; the set cell is column 1, row 2.
        let mut set = vec![false; 12];
        set[9] = true;
        let expected = [5., 4., 5., 8., 2., 1., 2., 5., 1., 0., 1., 4.];
        assert_eq!(squared_distances(4, &set), expected);
    }

    #[test]
    fn agrees_with_looking_at_every_cell() {
        let (columns, rows) = (37, 29);
        let set: Vec<bool> =
            (0..columns * rows).map(|i| (i as f32 * 0.618).fract() < 0.02).collect();
        let found = squared_distances(columns, &set);
        for (cell, found) in found.into_iter().enumerate() {
            let expected = (0..set.len())
                .filter(|&other| set[other])
                .map(|other| {
                    let x = (cell % columns).abs_diff(other % columns);
                    let y = (cell / columns).abs_diff(other / columns);
                    (x * x + y * y) as f32
                })
                .fold(f32::INFINITY, f32::min);
            assert_eq!(found, expected, "cell {cell}");
        }
    }

    #[test]
    fn nothing_is_infinitely_far() {
        assert_eq!(squared_distances(2, &[false; 4]), [f32::INFINITY; 4]);
        assert!(squared_distances(0, &[]).is_empty());
    }
}
