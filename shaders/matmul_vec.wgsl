// out[out_row + r] = x[r] Wᵀ for few rows; W holds outputs first .. first + n of `stride` that lie together.
//
// A thread has one output and every SLICES-th block of its inputs; weights lie block by block, so
// that neighbours read neighbours. SLICES is 1 where n alone fills the processor, and on software
// adapters, where a barrier costs more than all it saves.

struct Params { n: u32, blocks: u32, out_row: u32, rows: u32, stride: u32, first: u32 }

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<vec4<f32>>;     // (rows, 8 · blocks)
@group(0) @binding(2) var<storage, read> words: array<vec4<u32>>;
@group(0) @binding(3) var<storage, read> scales: array<u32>;
@group(0) @binding(4) var<storage, read_write> out: array<f32>;   // (≥ out_row + rows, n)

var<workgroup> parts: array<f32, COLUMNS * SLICES>;

@compute @workgroup_size(COLUMNS, SLICES)
fn main(
    @builtin(workgroup_id) group: vec3<u32>,
    @builtin(local_invocation_id) local: vec3<u32>,
) {
    let output = group.x * COLUMNS + local.x;
    let read = params.first + min(output, params.n - 1u);
    let row = group.y * params.blocks * 8u;
    var sum = 0.0;
    for (var block = local.y; block < params.blocks; block += SLICES) {
        sum += of_block(row, block, read, params.stride, params.blocks);
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
        out[(params.out_row + group.y) * params.n + output] = sum;
    }
}
