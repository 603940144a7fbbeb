// Grouped-query attention of a block of rows on hardware: row i sees keys 0 .. visible + i · step.
//
// A workgroup has one head and 64 rows, a row a thread. Keys and values come into shared memory KEYS at a time, once for
// all of its rows, and are gone through as in attention_prefill (Dao et al. 2022, FlashAttention, arXiv:2205.14135).

struct Params { rows: u32, heads: u32, kv_heads: u32, visible: u32, step: u32, scale: f32 }

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> q: array<vec4<f32>>;         // (rows, heads · FOURS)
@group(0) @binding(2) var<storage, read> keys: array<vec4<f32>>;      // (context, kv_heads · FOURS)
@group(0) @binding(3) var<storage, read> values: array<vec4<f32>>;    // (context, kv_heads · FOURS)
@group(0) @binding(4) var<storage, read_write> out: array<vec4<f32>>; // (rows, heads · FOURS)

const ROWS: u32 = 64u;
// 8 KiB of keys and values together.
const KEYS: u32 = 256u / FOURS;

var<workgroup> tile_keys: array<vec4<f32>, KEYS * FOURS>;
var<workgroup> tile_values: array<vec4<f32>, KEYS * FOURS>;

@compute @workgroup_size(ROWS)
fn main(
    @builtin(workgroup_id) group: vec3<u32>,
    @builtin(local_invocation_id) local: vec3<u32>,
) {
    let head = group.y;
    let kv_head = head / (params.heads / params.kv_heads);
    let stride = params.kv_heads * FOURS;
    let last_row = min((group.x + 1u) * ROWS, params.rows) - 1u;
    let row = min(group.x * ROWS + local.x, last_row);
    let seen = params.visible + row * params.step;
    let most = params.visible + last_row * params.step;

    let own = (row * params.heads + head) * FOURS;
    for (var i = 0u; i < FOURS; i++) {
        query[i] = q[own + i] * params.scale;
    }
    for (var first = 0u; first < most; first += KEYS) {
        let count = min(KEYS, most - first);
        for (var i = local.x; i < count * FOURS; i += ROWS) {
            let at = (first + i / FOURS) * stride + kv_head * FOURS + i % FOURS;
            tile_keys[i] = keys[at];
            tile_values[i] = values[at];
        }
        workgroupBarrier();
        let own_count = min(count, max(seen, first) - first);
        for (var key = 0u; key < own_count; key++) {
            var score = 0.0;
            for (var i = 0u; i < FOURS; i++) {
                score += dot(query[i], tile_keys[key * FOURS + i]);
            }
            let weight = weigh(score);
            for (var i = 0u; i < FOURS; i++) {
                mixed[i] += weight * tile_values[key * FOURS + i];
            }
        }
        workgroupBarrier();
    }
    if group.x * ROWS + local.x <= last_row {
        for (var i = 0u; i < FOURS; i++) {
            out[own + i] = mixed[i] / total;
        }
    }
}
