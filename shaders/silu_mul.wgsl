// gate = silu(gate) · up

struct Params { values: u32 }

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> up: array<f32>;         // (rows, cols)
@group(0) @binding(2) var<storage, read_write> gate: array<f32>; // (rows, cols)

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
    if id.x < params.values {
        let value = gate[id.x];
        gate[id.x] = value / (1.0 + exp(-value)) * up[id.x];
    }
}
