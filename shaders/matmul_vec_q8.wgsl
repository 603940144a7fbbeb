// out[out_row + r] = x[r] Wᵀ for few rows; W (n, 32 · blocks) in 8 bits: the vocabulary's logits.
//
// As matmul_vec_q4, with twice the bits.

struct Params { n: u32, blocks: u32, out_row: u32 }

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<vec4<f32>>;     // (rows, 8 · blocks)
@group(0) @binding(2) var<storage, read> bytes: array<vec4<u32>>; // (2 · blocks, n), 16 columns each
@group(0) @binding(3) var<storage, read> scales: array<u32>;      // (⌈blocks / 2⌉, n), two f16 each
@group(0) @binding(4) var<storage, read_write> out: array<f32>;   // (≥ out_row + rows, n)

var<workgroup> parts: array<f32, COLUMNS * SLICES>;

fn four(word: u32) -> vec4<f32> {
    let signed = (vec4<i32>(bitcast<i32>(word)) << vec4<u32>(24u, 16u, 8u, 0u)) >> vec4<u32>(24u);
    return vec4<f32>(signed);
}

fn sixteen(at: u32, words: vec4<u32>) -> f32 {
    let low = dot(x[at], four(words.x)) + dot(x[at + 1u], four(words.y));
    return low + dot(x[at + 2u], four(words.z)) + dot(x[at + 3u], four(words.w));
}

@compute @workgroup_size(COLUMNS, SLICES)
fn main(
    @builtin(workgroup_id) group: vec3<u32>,
    @builtin(local_invocation_id) local: vec3<u32>,
) {
    let column = group.x * COLUMNS + local.x;
    let read = min(column, params.n - 1u);
    let x_row = group.y * params.blocks * 8u;
    var sum = 0.0;
    for (var block = local.y; block < params.blocks; block += SLICES) {
        let scale = unpack2x16float(scales[block / 2u * params.n + read])[block % 2u];
        let at = x_row + block * 8u;
        let low = sixteen(at, bytes[2u * block * params.n + read]);
        let high = sixteen(at + 4u, bytes[(2u * block + 1u) * params.n + read]);
        sum += (low + high) * scale;
    }
    if SLICES > 1u {
        parts[local.y * COLUMNS + local.x] = sum;
        workgroupBarrier();
        sum = 0.0;
        for (var slice = 0u; slice < SLICES; slice++) {
            sum += parts[slice * COLUMNS + local.x];
        }
    }
    if local.y == 0u && column < params.n {
        out[(params.out_row + group.y) * params.n + column] = sum;
    }
}
