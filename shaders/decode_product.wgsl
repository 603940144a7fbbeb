// out[first + ..] = x Wᵀ + bias for one row, the bias where BIAS is 1: queries, keys and values in one, and the logits.
//
// A thread has one output and every SLICES-th block of its inputs, as in matmul_vec_q4.

struct Params { n: u32, blocks: u32, first: u32 }

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<uniform> step: Step;
@group(0) @binding(2) var<storage, read> x: array<vec4<f32>>;     // (8 · blocks)
@group(0) @binding(3) var<storage, read> words: array<vec4<u32>>;
@group(0) @binding(4) var<storage, read> scales: array<u32>;
@group(0) @binding(5) var<storage, read> bias: array<f32>;        // (n)
@group(0) @binding(6) var<storage, read_write> out: array<f32>;   // (≥ first + n)

var<workgroup> parts: array<f32, COLUMNS * SLICES>;

@compute @workgroup_size(COLUMNS, SLICES)
fn main(
    @builtin(workgroup_id) group: vec3<u32>,
    @builtin(local_invocation_id) local: vec3<u32>,
) {
    if step.halted != 0u {
        return;
    }
    let output = group.x * COLUMNS + local.x;
    let read = min(output, params.n - 1u);
    var sum = 0.0;
    for (var block = local.y; block < params.blocks; block += SLICES) {
        sum += of_block(0u, block, read, params.n, params.blocks);
    }
    if SLICES > 1u {
        parts[local.y * COLUMNS + local.x] = sum;
        workgroupBarrier();
        sum = 0.0;
        for (var slice = 0u; slice < SLICES; slice++) {
            sum += parts[slice * COLUMNS + local.x];
        }
    }
    if local.y == 0u && output < params.n {
        if BIAS == 1u {
            sum += bias[output];
        }
        out[params.first + output] = sum;
    }
}
