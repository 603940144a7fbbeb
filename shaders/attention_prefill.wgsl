// Grouped-query attention of a block of rows: row i sees keys 0 .. visible + i · step.
//
// A thread has one head of one row and goes through the keys once, softmax included (the online
// form: when a larger score comes, what was summed so far shrinks). No barriers.

struct Params { rows: u32, heads: u32, kv_heads: u32, visible: u32, step: u32, scale: f32 }

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> q: array<vec4<f32>>;         // (rows, heads · FOURS)
@group(0) @binding(2) var<storage, read> keys: array<vec4<f32>>;      // (context, kv_heads · FOURS)
@group(0) @binding(3) var<storage, read> values: array<vec4<f32>>;    // (context, kv_heads · FOURS)
@group(0) @binding(4) var<storage, read_write> out: array<vec4<f32>>; // (rows, heads · FOURS)

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
    if id.x >= params.rows * params.heads {
        return;
    }
    let row = id.x / params.heads;
    let head = id.x % params.heads;
    let kv_head = head / (params.heads / params.kv_heads);
    let stride = params.kv_heads * FOURS;
    let seen = params.visible + row * params.step;

    for (var i = 0u; i < FOURS; i++) {
        query[i] = q[id.x * FOURS + i] * params.scale;
    }
    for (var key = 0u; key < seen; key++) {
        let at = key * stride + kv_head * FOURS;
        var score = 0.0;
        for (var i = 0u; i < FOURS; i++) {
            score += dot(query[i], keys[at + i]);
        }
        let weight = weigh(score);
        for (var i = 0u; i < FOURS; i++) {
            mixed[i] += weight * values[at + i];
        }
    }
    for (var i = 0u; i < FOURS; i++) {
        out[id.x * FOURS + i] = mixed[i] / total;
    }
}
