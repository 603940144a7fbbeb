// Self-attention of one row: its query and key are turned to its position, key and value put into the caches, and all keys
// so far attended to.
//
// A workgroup has one head and one of SPLITS parts of the keys; each of its LANES threads goes through every LANES-th key of
// the part as attention_prefill does. The row's own key is not read from the cache, into which somebody else may be writing
// it. With several parts, the workgroup that takes a head's last ticket brings them together; they are handed over by
// atomic operations, which alone are seen across workgroups.

struct Params { heads: u32, kv_heads: u32, scale: f32 }

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<uniform> step: Step;
@group(0) @binding(2) var<storage, read> raw: array<vec4<f32>>;             // (heads + 2 · kv_heads) · FOURS: q, k, v
@group(0) @binding(3) var<storage, read> angles: array<vec4<f32>>;          // (positions, FOURS): cosines, sines
@group(0) @binding(4) var<storage, read_write> keys: array<vec4<f32>>;      // (context, kv_heads · FOURS)
@group(0) @binding(5) var<storage, read_write> values: array<vec4<f32>>;    // (context, kv_heads · FOURS)
@group(0) @binding(6) var<storage, read_write> asked: array<vec4<f32>>;     // (≥ 1, heads · FOURS)
@group(0) @binding(7) var<storage, read_write> shared_parts: array<atomic<u32>>; // see below
@group(0) @binding(8) var<storage, read_write> out: array<vec4<f32>>;       // (≥ 1, heads · FOURS)

const HALF: u32 = FOURS / 2u;
// `shared_parts` has of each head a ticket; then of each head and part: peak, total, and the mix, f32.
const PART: u32 = 2u + 4u * FOURS;

var<workgroup> ticket: u32;

// A quarter vector of a head of `raw` that starts at `start`, turned to this position.
fn turned(start: u32, i: u32) -> vec4<f32> {
    let angle = step.position * FOURS + i % HALF;
    let cosine = angles[angle];
    let sine = angles[angle + HALF];
    let first = raw[start + i % HALF];
    let second = raw[start + i % HALF + HALF];
    if i < HALF {
        return first * cosine - second * sine;
    }
    return second * cosine + first * sine;
}

@compute @workgroup_size(LANES)
fn main(
    @builtin(workgroup_id) group: vec3<u32>,
    @builtin(local_invocation_id) local: vec3<u32>,
) {
    if step.halted != 0u {
        return;
    }
    let head = group.x;
    let part = group.y;
    let lane = local.x;
    let sharing = params.heads / params.kv_heads;
    let kv_head = head / sharing;
    let stride = params.kv_heads * FOURS;
    let own_key = (params.heads + kv_head) * FOURS;
    let own_value = own_key + stride;

    for (var i = 0u; i < FOURS; i++) {
        query[i] = turned(head * FOURS, i);
        if part == 0u && lane == 0u {
            asked[head * FOURS + i] = query[i];
        }
        query[i] *= params.scale;
    }
    if part == 0u && lane == 0u {
        var score = 0.0;
        for (var i = 0u; i < FOURS; i++) {
            score += dot(query[i], turned(own_key, i));
        }
        let weight = weigh(score);
        let at = step.position * stride + kv_head * FOURS;
        for (var i = 0u; i < FOURS; i++) {
            mixed[i] += weight * raw[own_value + i];
            if head % sharing == 0u {
                keys[at + i] = turned(own_key, i);
                values[at + i] = raw[own_value + i];
            }
        }
    }
    let each = (step.position + SPLITS - 1u) / SPLITS;
    let end = min(step.position, (part + 1u) * each);
    for (var key = part * each + lane; key < end; key += LANES) {
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
    let at = params.heads + (head * SPLITS + part) * PART;
    for (var i = lane; i < FOURS; i += LANES) {
        let sum = mix_of_all(common_peak, i);
        let weights = total_of_all(common_peak);
        if SPLITS == 1u {
            out[head * FOURS + i] = sum / weights;
        } else {
            if i == 0u {
                atomicStore(&shared_parts[at], bitcast<u32>(common_peak));
                atomicStore(&shared_parts[at + 1u], bitcast<u32>(weights));
            }
            for (var c = 0u; c < 4u; c++) {
                atomicStore(&shared_parts[at + 2u + 4u * i + c], bitcast<u32>(sum[c]));
            }
        }
    }
    if SPLITS == 1u {
        return;
    }

    storageBarrier();
    workgroupBarrier();
    if lane == 0u {
        ticket = atomicAdd(&shared_parts[head], 1u);
    }
    if workgroupUniformLoad(&ticket) + 1u != SPLITS {
        return;
    }
    let first = params.heads + head * SPLITS * PART;
    var peak_of_parts = bitcast<f32>(atomicLoad(&shared_parts[first]));
    for (var other = 1u; other < SPLITS; other++) {
        peak_of_parts = max(peak_of_parts, bitcast<f32>(atomicLoad(&shared_parts[first + other * PART])));
    }
    for (var i = lane; i < FOURS; i += LANES) {
        var sum = vec4<f32>();
        var weights = 0.0;
        for (var other = 0u; other < SPLITS; other++) {
            let there = first + other * PART;
            let shrink = exp(bitcast<f32>(atomicLoad(&shared_parts[there])) - peak_of_parts);
            weights += shrink * bitcast<f32>(atomicLoad(&shared_parts[there + 1u]));
            for (var c = 0u; c < 4u; c++) {
                sum[c] += shrink * bitcast<f32>(atomicLoad(&shared_parts[there + 2u + 4u * i + c]));
            }
        }
        out[head * FOURS + i] = sum / weights;
    }
    if lane == 0u {
        atomicStore(&shared_parts[head], 0u);
    }
}
