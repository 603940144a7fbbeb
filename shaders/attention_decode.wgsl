// Grouped-query attention of one row over the first `visible` keys.
//
// A workgroup has one head. Each of its LANES threads goes through every LANES-th key as
// attention_prefill does; then the lanes' sums are brought to a common peak and added. One barrier.

struct Params { heads: u32, kv_heads: u32, visible: u32, scale: f32 }

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> q: array<vec4<f32>>;         // (heads · FOURS)
@group(0) @binding(2) var<storage, read> keys: array<vec4<f32>>;      // (context, kv_heads · FOURS)
@group(0) @binding(3) var<storage, read> values: array<vec4<f32>>;    // (context, kv_heads · FOURS)
@group(0) @binding(4) var<storage, read_write> out: array<vec4<f32>>; // (heads · FOURS)

@compute @workgroup_size(LANES)
fn main(
    @builtin(workgroup_id) group: vec3<u32>,
    @builtin(local_invocation_id) local: vec3<u32>,
) {
    let head = group.x;
    let lane = local.x;
    let kv_head = head / (params.heads / params.kv_heads);
    let stride = params.kv_heads * FOURS;

    for (var i = 0u; i < FOURS; i++) {
        query[i] = q[head * FOURS + i] * params.scale;
    }
    for (var key = lane; key < params.visible; key += LANES) {
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
    hand_in(lane);
    workgroupBarrier();

    let common_peak = peak_of_all();
    for (var i = lane; i < FOURS; i += LANES) {
        out[head * FOURS + i] = mix_of_all(common_peak, i) / total_of_all(common_peak);
    }
}
