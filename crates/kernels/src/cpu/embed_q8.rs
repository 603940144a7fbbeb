use crate::Packed;

/// Twin of `shaders/embed_q8.wgsl`: row `ids[i]` of the table, in f32.
pub(super) fn embed_q8(table: &Packed, ids: &[u32], out: &mut [f32]) {
    for (&id, out) in ids.iter().zip(out.chunks_exact_mut(table.cols())) {
        table.write_row(id as usize, out);
    }
}
