// The likeliest token, the first of equals, becomes the next step's; what the CPU wants to know of this one goes into a
// record. One workgroup.
//
// A record is (words): the likeliest of the first `text` tokens, its logit, the token that goes on, whether anything was
// not finite; the logits from `text` on; the hidden state. `stop` and `point` end the run: what follows them is not for the
// GPU to say.

struct Params { vocab: u32, text: u32, width: u32, stop: u32, point: u32, records: u32 }

struct State { token: u32, position: u32, done: u32, halted: u32 }

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> logits: array<f32>;       // (vocab)
@group(0) @binding(2) var<storage, read> hidden: array<f32>;       // (width)
@group(0) @binding(3) var<storage, read_write> step: State;
@group(0) @binding(4) var<storage, read_write> ring: array<u32>;   // (records, 4 + vocab − text + width)

const LOWEST: f32 = -3.4e38;

var<workgroup> halted: u32;
var<workgroup> broken: atomic<u32>;
var<workgroup> best_text: array<vec2<u32>, LANES>; // token, logit
var<workgroup> best_other: array<vec2<u32>, LANES>;

// By its bits: a compiler may take it that there is no such number.
fn is_finite(value: f32) -> bool {
    return (bitcast<u32>(value) & 0x7f800000u) != 0x7f800000u;
}

// The better of two, the earlier of equals.
fn better(a: vec2<u32>, b: vec2<u32>) -> vec2<u32> {
    let left = bitcast<f32>(a.y);
    let right = bitcast<f32>(b.y);
    if right > left || (right == left && b.x < a.x) {
        return b;
    }
    return a;
}

@compute @workgroup_size(LANES)
fn main(@builtin(local_invocation_id) local: vec3<u32>) {
    let lane = local.x;
    if lane == 0u {
        halted = step.halted;
    }
    if workgroupUniformLoad(&halted) != 0u {
        return;
    }
    let nothing = vec2<u32>(params.vocab, bitcast<u32>(LOWEST));
    var text = nothing;
    var other = nothing;
    let others = params.vocab - params.text;
    let record = step.done % params.records * (4u + others + params.width);
    for (var id = lane; id < params.vocab; id += LANES) {
        let logit = logits[id];
        if !is_finite(logit) {
            atomicStore(&broken, 1u);
        }
        let found = vec2<u32>(id, bitcast<u32>(logit));
        if id < params.text {
            text = better(text, found);
        } else {
            other = better(other, found);
            ring[record + 4u + id - params.text] = found.y;
        }
    }
    for (var col = lane; col < params.width; col += LANES) {
        if !is_finite(hidden[col]) {
            atomicStore(&broken, 1u);
        }
        ring[record + 4u + others + col] = bitcast<u32>(hidden[col]);
    }
    best_text[lane] = text;
    best_other[lane] = other;
    workgroupBarrier();
    if lane == 0u {
        for (var i = 1u; i < LANES; i++) {
            text = better(text, best_text[i]);
            other = better(other, best_other[i]);
        }
        let next = better(text, other);
        let is_broken = atomicLoad(&broken);
        ring[record] = text.x;
        ring[record + 1u] = text.y;
        ring[record + 2u] = next.x;
        ring[record + 3u] = is_broken;
        step.token = next.x;
        step.position += 1u;
        step.done += 1u;
        if next.x == params.stop || next.x == params.point || is_broken != 0u {
            step.halted = 1u;
        }
    }
}
