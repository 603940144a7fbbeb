// Turns each head's halves (a, b) of row x_row + i by the angles of position `position + i`.

struct Params { pairs: u32, cols: u32, x_row: u32, position: u32, head_dim: u32 }

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> angles: array<f32>;  // (positions, head_dim): cosines, sines
@group(0) @binding(2) var<storage, read_write> x: array<f32>; // (≥ x_row + rows, cols)

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
    if id.x >= params.pairs {
        return;
    }
    let half = params.head_dim / 2u;
    let pairs_per_row = params.cols / 2u;
    let row = id.x / pairs_per_row;
    let pair = id.x % pairs_per_row;
    let i = pair % half;

    let angle = (params.position + row) * params.head_dim + i;
    let cosine = angles[angle];
    let sine = angles[angle + half];
    let first = (params.x_row + row) * params.cols + pair / half * params.head_dim + i;
    let a = x[first];
    let b = x[first + half];
    x[first] = a * cosine - b * sine;
    x[first + half] = b * cosine + a * sine;
}
