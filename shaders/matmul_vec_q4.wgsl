// out[out_row + r] = x[r] Wᵀ for few rows; W (n, 32 · blocks) in 4 bits: (nibble − 8) · scale, or, where MINS is 1,
// nibble · scale + min.
//
// A thread has one output and every SLICES-th block of its inputs; weights lie block by block, so
// that neighbours read neighbours. SLICES is 1 where n alone fills the processor, and on software
// adapters, where a barrier costs more than all it saves.

struct Params { n: u32, blocks: u32, out_row: u32 }

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<vec4<f32>>;       // (rows, 8 · blocks)
@group(0) @binding(2) var<storage, read> nibbles: array<vec4<u32>>; // (blocks, n), 32 columns each
@group(0) @binding(3) var<storage, read> scales: array<u32>;        // (⌈blocks / 2⌉, n), two f16 each; as many mins
@group(0) @binding(4) var<storage, read_write> out: array<f32>;     // (≥ out_row + rows, n)

var<workgroup> parts: array<f32, COLUMNS * SLICES>;

fn four(word: u32) -> vec4<f32> {
    let nibble = (vec4<u32>(word) >> vec4<u32>(0u, 4u, 8u, 12u)) & vec4<u32>(15u);
    return vec4<f32>(nibble) - 8.0;
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
        let words = nibbles[block * params.n + read];
        let scale = unpack2x16float(scales[block / 2u * params.n + read])[block % 2u];
        let at = x_row + block * 8u;
        var products = dot(x[at], four(words.x)) + dot(x[at + 1u], four(words.x >> 16u));
        products += dot(x[at + 2u], four(words.y)) + dot(x[at + 3u], four(words.y >> 16u));
        products += dot(x[at + 4u], four(words.z)) + dot(x[at + 5u], four(words.z >> 16u));
        products += dot(x[at + 6u], four(words.w)) + dot(x[at + 7u], four(words.w >> 16u));
        sum += products * scale;
        if MINS == 1u {
            let pair = (params.blocks + 1u) / 2u + block / 2u;
            let smallest = unpack2x16float(scales[pair * params.n + read])[block % 2u];
            var inputs = x[at] + x[at + 1u] + x[at + 2u] + x[at + 3u];
            inputs += x[at + 4u] + x[at + 5u] + x[at + 6u] + x[at + 7u];
            sum += dot(inputs, vec4<f32>(8.0 * scale + smallest));
        }
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
