/// Twin of `shaders/rope.wgsl`: row `i` of `x` (`cols` wide, heads of `head_dim`) is turned by row
/// `i` of `table` (cosines, then sines, of `head_dim / 2` angles).
pub(super) fn rope(x: &mut [f32], cols: usize, table: &[f32], head_dim: usize) {
    let half = head_dim / 2;
    for (row, angles) in x.chunks_exact_mut(cols).zip(table.chunks_exact(head_dim)) {
        let (cosines, sines) = angles.split_at(half);
        for head in row.chunks_exact_mut(head_dim) {
            let (a, b) = head.split_at_mut(half);
            for (((a, b), cos), sin) in a.iter_mut().zip(b).zip(cosines).zip(sines) {
                (*a, *b) = (*a * cos - *b * sin, *b * cos + *a * sin);
            }
        }
    }
}
