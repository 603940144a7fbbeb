// out[i] = x[x_row + i] / sqrt(mean(x²) + eps) · weight
//
// LANES threads share a row: each sums its columns, then each adds up all the parts, so that one
// barrier is enough. On a software adapter LANES is 1 and there is none.

struct Params { cols: u32, x_row: u32, eps: f32 }

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<f32>;         // (≥ x_row + rows, cols)
@group(0) @binding(2) var<storage, read> weight: array<f32>;    // (cols)
@group(0) @binding(3) var<storage, read_write> out: array<f32>; // (rows, cols)

var<workgroup> parts: array<f32, LANES>;

@compute @workgroup_size(LANES)
fn main(
    @builtin(workgroup_id) group: vec3<u32>,
    @builtin(local_invocation_id) local: vec3<u32>,
) {
    let read_at = (params.x_row + group.x) * params.cols;
    let write_at = group.x * params.cols;
    var total = 0.0;
    for (var col = local.x; col < params.cols; col += LANES) {
        total += x[read_at + col] * x[read_at + col];
    }
    if LANES > 1u {
        parts[local.x] = total;
        workgroupBarrier();
        total = 0.0;
        for (var lane = 0u; lane < LANES; lane++) {
            total += parts[lane];
        }
    }
    let scale = inverseSqrt(total / f32(params.cols) + params.eps);
    for (var col = local.x; col < params.cols; col += LANES) {
        out[write_at + col] = x[read_at + col] * scale * weight[col];
    }
}
