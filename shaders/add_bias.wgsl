// x[x_row + i] += bias

struct Params { values: u32, cols: u32, x_start: u32 }

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> bias: array<f32>;    // (1, cols)
@group(0) @binding(2) var<storage, read_write> x: array<f32>; // (≥ x_row + rows, cols)

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
    if id.x < params.values {
        x[params.x_start + id.x] += bias[id.x % params.cols];
    }
}
