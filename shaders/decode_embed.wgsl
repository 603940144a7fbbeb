// x = table[token], or the row that was given; out = norm(x). One workgroup.

struct Params { vocab: u32, cols: u32, eps: f32 }

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<uniform> step: Step;
@group(0) @binding(2) var<storage, read> words: array<u32>;          // (cols / 16, vocab, 4), four columns each
@group(0) @binding(3) var<storage, read> scales: array<u32>;         // (⌈cols / 64⌉, vocab), two f16 each
@group(0) @binding(4) var<storage, read> given: array<f32>;          // (cols)
@group(0) @binding(5) var<storage, read> weight: array<f32>;         // (cols)
@group(0) @binding(6) var<storage, read_write> x: array<f32>;        // (≥ 1, cols)
@group(0) @binding(7) var<storage, read_write> out: array<f32>;      // (≥ 1, cols)

var<workgroup> parts: array<f32, LANES>;

fn embedded(col: u32) -> f32 {
    if step.token == GIVEN {
        return given[col];
    }
    let word = words[4u * (col / 16u * params.vocab + step.token) + col % 16u / 4u];
    let signed = (bitcast<i32>(word) << (24u - 8u * (col % 4u))) >> 24u;
    let block = col / 32u;
    let scale = unpack2x16float(scales[block / 2u * params.vocab + step.token])[block % 2u];
    return f32(signed) * scale;
}

@compute @workgroup_size(LANES)
fn main(@builtin(local_invocation_id) local: vec3<u32>) {
    if step.halted != 0u {
        return;
    }
    var total = 0.0;
    for (var col = local.x; col < params.cols; col += LANES) {
        let value = embedded(col);
        x[col] = value;
        total += value * value;
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
        out[col] = x[col] * scale * weight[col];
    }
}
