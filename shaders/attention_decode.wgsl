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

var<workgroup> peaks: array<f32, LANES>;
var<workgroup> totals: array<f32, LANES>;
var<workgroup> mixes: array<vec4<f32>, LANES * FOURS>;

@compute @workgroup_size(LANES)
fn main(
    @builtin(workgroup_id) group: vec3<u32>,
    @builtin(local_invocation_id) local: vec3<u32>,
) {
    let head = group.x;
    let lane = local.x;
    let kv_head = head / (params.heads / params.kv_heads);
    let stride = params.kv_heads * FOURS;

    var query: array<vec4<f32>, FOURS>;
    var mixed: array<vec4<f32>, FOURS>;
    for (var i = 0u; i < FOURS; i++) {
        query[i] = q[head * FOURS + i] * params.scale;
        mixed[i] = vec4<f32>();
    }
    var peak = -3.0e38;
    var total = 0.0;
    for (var key = lane; key < params.visible; key += LANES) {
        let at = key * stride + kv_head * FOURS;
        var score = 0.0;
        for (var i = 0u; i < FOURS; i++) {
            score += dot(query[i], keys[at + i]);
        }
        if score > peak {
            let shrink = exp(peak - score);
            peak = score;
            total *= shrink;
            for (var i = 0u; i < FOURS; i++) {
                mixed[i] *= shrink;
            }
        }
        let weight = exp(score - peak);
        total += weight;
        for (var i = 0u; i < FOURS; i++) {
            mixed[i] += weight * values[at + i];
        }
    }
    peaks[lane] = peak;
    totals[lane] = total;
    for (var i = 0u; i < FOURS; i++) {
        mixes[lane * FOURS + i] = mixed[i];
    }
    workgroupBarrier();

    var common_peak = peaks[0];
    for (var other = 1u; other < LANES; other++) {
        common_peak = max(common_peak, peaks[other]);
    }
    for (var i = lane; i < FOURS; i += LANES) {
        var sum = vec4<f32>();
        var weights = 0.0;
        for (var other = 0u; other < LANES; other++) {
            let shrink = exp(peaks[other] - common_peak);
            weights += shrink * totals[other];
            sum += shrink * mixes[other * FOURS + i];
        }
        out[head * FOURS + i] = sum / weights;
    }
}
