/// Numbers that one pass over the inputs makes.
const LANES: usize = 8;

/// `y = W x + b`, `weight` as `(in, out)`; `out` is a multiple of [`LANES`], so that the machine's
/// vectors are used without a word of its own language.
#[derive(Clone, Debug)]
pub(crate) struct Dense {
    weight: Vec<f32>,
    bias: Vec<f32>,
}

impl Dense {
    /// From a matrix `(out, in)`, row-major; None where the sizes do not fit.
    pub(crate) fn new(matrix: &[f32], bias: Vec<f32>) -> Option<Self> {
        let out = bias.len();
        if out == 0 || !out.is_multiple_of(LANES) || !matrix.len().is_multiple_of(out) {
            return None;
        }
        let inputs = matrix.len() / out;
        let mut weight = vec![0.0; matrix.len()];
        for (row, values) in matrix.chunks_exact(inputs.max(1)).enumerate() {
            for (column, value) in values.iter().enumerate() {
                weight[column * out + row] = *value;
            }
        }
        Some(Self { weight, bias })
    }

    pub(crate) fn inputs(&self) -> usize {
        self.weight.len() / self.bias.len()
    }

    pub(crate) fn outputs(&self) -> usize {
        self.bias.len()
    }

    /// Writes `W x + b` to `y`.
    pub(crate) fn apply(&self, x: &[f32], y: &mut [f32]) {
        let rows = || x.iter().zip(self.weight.chunks_exact(self.bias.len()));
        let blocks = y.chunks_exact_mut(LANES).zip(self.bias.chunks_exact(LANES)).enumerate();
        for (block, (y, bias)) in blocks {
            let mut sums = [0.0_f32; LANES];
            for (x, row) in rows() {
                let row = &row[block * LANES..(block + 1) * LANES];
                for (sum, w) in sums.iter_mut().zip(row) {
                    *sum += x * w;
                }
            }
            for ((y, bias), sum) in y.iter_mut().zip(bias).zip(sums) {
                *y = bias + sum;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_matrix_by_hand() {
        let mut matrix = vec![0.0; 16];
        (matrix[0], matrix[1], matrix[3]) = (1.0, 2.0, -1.0);
        let layer = Dense::new(&matrix, vec![0.5; 8]).unwrap();
        let mut y = vec![0.0; 8];
        layer.apply(&[3.0, 4.0], &mut y);
        assert_eq!(y, [11.5, -3.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5]);
    }

    #[test]
    fn sizes_that_do_not_fit_are_no_layer() {
        assert!(Dense::new(&[0.0; 15], vec![0.0; 8]).is_none());
        assert!(Dense::new(&[0.0; 14], vec![0.0; 7]).is_none());
    }
}
