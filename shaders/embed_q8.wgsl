// out[out_row + i] = table[ids[i]], four columns a thread. The table lies block by block, as
// matmul_vec_q8 wants it: it is the output matrix too.

struct Params { vocab: u32, cols: u32, out_row: u32, tokens: u32 }

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> ids: array<u32>;             // (tokens)
@group(0) @binding(2) var<storage, read> bytes: array<vec4<u32>>;     // (cols / 16, vocab), 16 columns each
@group(0) @binding(3) var<storage, read> scales: array<u32>;          // (⌈cols / 64⌉, vocab), two f16 each
@group(0) @binding(4) var<storage, read_write> out: array<vec4<f32>>; // (≥ out_row + tokens, cols / 4)

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
    let fours = params.cols / 4u;
    if id.x >= params.tokens * fours {
        return;
    }
    let row = id.x / fours;
    let four = id.x % fours;
    let token = ids[row];
    let word = bytes[four / 4u * params.vocab + token][four % 4u];
    let block = four / 8u;
    let scale = unpack2x16float(scales[block / 2u * params.vocab + token])[block % 2u];
    let signed = (vec4<i32>(bitcast<i32>(word)) << vec4<u32>(24u, 16u, 8u, 0u)) >> vec4<u32>(24u);
    out[(params.out_row + row) * fours + four] = vec4<f32>(signed) * scale;
}
