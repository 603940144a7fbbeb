// out = silu(x Wgᵀ) · (x Wuᵀ) for one row; the rows of Wg and of Wu, n each, stand one behind the other.

struct Params { n: u32, blocks: u32 }

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<uniform> step: Step;
@group(0) @binding(2) var<storage, read> x: array<vec4<f32>>;     // (8 · blocks)
@group(0) @binding(3) var<storage, read> words: array<vec4<u32>>; // of 2 n outputs
@group(0) @binding(4) var<storage, read> scales: array<u32>;
@group(0) @binding(5) var<storage, read_write> out: array<f32>;   // (n)

var<workgroup> parts: array<vec2<f32>, COLUMNS * SLICES>;

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
    var sums = vec2<f32>();
    for (var block = local.y; block < params.blocks; block += SLICES) {
        sums.x += of_block(0u, block, read, 2u * params.n, params.blocks);
        sums.y += of_block(0u, block, params.n + read, 2u * params.n, params.blocks);
    }
    if SLICES > 1u {
        parts[local.y * COLUMNS + local.x] = sums;
        workgroupBarrier();
        sums = vec2<f32>();
        for (var slice = 0u; slice < SLICES; slice++) {
            sums += parts[slice * COLUMNS + local.x];
        }
    }
    if local.y == 0u && output < params.n {
        out[output] = sums.x / (1.0 + exp(-sums.x)) * sums.y;
    }
}
