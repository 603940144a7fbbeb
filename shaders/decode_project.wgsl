// sum += x Wᵀ for one row; where TAIL is 1, out = norm(sum) besides.
//
// Nobody has all of the sum before every workgroup is done, so the one that takes the last ticket norms it. What others
// wrote is read by atomic operations, which alone are seen across workgroups; the last one puts the tickets back.

struct Params { n: u32, blocks: u32, groups: u32, eps: f32 }

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<uniform> step: Step;
@group(0) @binding(2) var<storage, read> x: array<vec4<f32>>;               // (8 · blocks)
@group(0) @binding(3) var<storage, read> words: array<vec4<u32>>;
@group(0) @binding(4) var<storage, read> scales: array<u32>;
@group(0) @binding(5) var<storage, read> weight: array<f32>;                // (n)
@group(0) @binding(6) var<storage, read_write> sum: array<atomic<u32>>;     // (≥ 1, n), f32
@group(0) @binding(7) var<storage, read_write> tickets: array<atomic<u32>>; // (≥ 1)
@group(0) @binding(8) var<storage, read_write> out: array<f32>;             // (≥ 1, n)

var<workgroup> parts: array<f32, COLUMNS * SLICES>;
var<workgroup> ticket: u32;

@compute @workgroup_size(COLUMNS, SLICES)
fn main(
    @builtin(workgroup_id) group: vec3<u32>,
    @builtin(local_invocation_id) local: vec3<u32>,
    @builtin(local_invocation_index) thread: u32,
) {
    if step.halted != 0u {
        return;
    }
    let output = group.x * COLUMNS + local.x;
    let read = min(output, params.n - 1u);
    var product = 0.0;
    for (var block = local.y; block < params.blocks; block += SLICES) {
        product += of_block(0u, block, read, params.n, params.blocks);
    }
    if SLICES > 1u {
        parts[thread] = product;
        workgroupBarrier();
        product = 0.0;
        for (var slice = 0u; slice < SLICES; slice++) {
            product += parts[slice * COLUMNS + local.x];
        }
    }
    if local.y == 0u && output < params.n {
        let before = bitcast<f32>(atomicLoad(&sum[output]));
        atomicStore(&sum[output], bitcast<u32>(before + product));
    }
    if TAIL == 0u {
        return;
    }

    storageBarrier();
    workgroupBarrier();
    if thread == 0u {
        ticket = atomicAdd(&tickets[0], 1u);
    }
    if workgroupUniformLoad(&ticket) + 1u != params.groups {
        return;
    }
    var total = 0.0;
    for (var col = thread; col < params.n; col += COLUMNS * SLICES) {
        let value = bitcast<f32>(atomicLoad(&sum[col]));
        total += value * value;
    }
    parts[thread] = total;
    workgroupBarrier();
    total = 0.0;
    for (var lane = 0u; lane < COLUMNS * SLICES; lane++) {
        total += parts[lane];
    }
    let scale = inverseSqrt(total / f32(params.n) + params.eps);
    for (var col = thread; col < params.n; col += COLUMNS * SLICES) {
        out[col] = bitcast<f32>(atomicLoad(&sum[col])) * scale * weight[col];
    }
    if thread == 0u {
        atomicStore(&tickets[0], 0u);
    }
}
