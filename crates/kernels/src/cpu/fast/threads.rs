//! A product shared among the threads of a machine. A page has one.

use super::matmul::Part;

/// Products smaller than this are done before another thread has woken up.
#[cfg(not(target_arch = "wasm32"))]
const WORTH_SHARING: usize = 1 << 19;

/// `out (rows, outputs)`: by outputs where there is one row, which lie side by side then; by rows else.
#[cfg(not(target_arch = "wasm32"))]
pub(super) fn shared(part: Part<'_>, outputs: usize, out: &mut [f32]) {
    use rayon::prelude::*;
    let threads = rayon::current_num_threads();
    if threads == 1 || part.work(outputs) < WORTH_SHARING {
        return part.run(out);
    }
    let rows = part.rows();
    if rows == 1 {
        let each = outputs.div_ceil(threads);
        out.par_chunks_mut(each).enumerate().for_each(|(index, out)| {
            part.of_outputs(index * each, out.len()).run(out);
        });
    } else {
        let each = rows.div_ceil(threads).next_multiple_of(super::matmul::TILE);
        out.par_chunks_mut(each * outputs).enumerate().for_each(|(index, out)| {
            part.of_rows(index * each, out.len() / outputs).run(out);
        });
    }
}

/// All of it, here and now.
#[cfg(target_arch = "wasm32")]
pub(super) fn shared(part: Part<'_>, _: usize, out: &mut [f32]) {
    part.run(out);
}
