// out[out_row + r] = x[r] Wᵀ for many rows; W (n, 32 · blocks) in 4 bits: (nibble − 8) · scale, or, where MINS is 1,
// nibble · scale + min. W holds outputs first .. first + n of `stride` that lie together.
//
// A thread has one output of eight rows: each weight is unpacked once and used eight times. The
// rows' inputs are the same for all threads of a workgroup, so the cache serves them; there is no
// shared memory and no barrier.

struct Params { n: u32, blocks: u32, out_row: u32, rows: u32, stride: u32, first: u32 }

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<vec4<f32>>;       // (rows, 8 · blocks)
@group(0) @binding(2) var<storage, read> nibbles: array<vec4<u32>>; // (blocks, stride), 32 columns each
@group(0) @binding(3) var<storage, read> scales: array<u32>;        // (⌈blocks / 2⌉, stride), two f16 each; as many mins
@group(0) @binding(4) var<storage, read_write> out: array<f32>;     // (≥ out_row + rows, n)

fn four(word: u32) -> vec4<f32> {
    let nibble = (vec4<u32>(word) >> vec4<u32>(0u, 4u, 8u, 12u)) & vec4<u32>(15u);
    return vec4<f32>(nibble) - 8.0;
}

// Eight columns from `at` of four rows that start at `start`.
fn eight(start: vec4<u32>, at: u32, low: vec4<f32>, high: vec4<f32>) -> vec4<f32> {
    let i = start + vec4<u32>(at);
    return vec4<f32>(
        dot(x[i.x], low) + dot(x[i.x + 1u], high),
        dot(x[i.y], low) + dot(x[i.y + 1u], high),
        dot(x[i.z], low) + dot(x[i.z + 1u], high),
        dot(x[i.w], low) + dot(x[i.w + 1u], high),
    );
}

fn store(row: u32, column: u32, value: f32) {
    if row < params.rows {
        out[(params.out_row + row) * params.n + column] = value;
    }
}

@compute @workgroup_size(COLUMNS)
fn main(
    @builtin(workgroup_id) group: vec3<u32>,
    @builtin(local_invocation_id) local: vec3<u32>,
) {
    let column = group.x * COLUMNS + local.x;
    if column >= params.n {
        return;
    }
    let read = params.first + column;
    let row = group.y * 8u;
    let last = vec4<u32>(params.rows - 1u);
    let first_four = min(vec4<u32>(row) + vec4<u32>(0u, 1u, 2u, 3u), last) * params.blocks * 8u;
    let next_four = min(vec4<u32>(row) + vec4<u32>(4u, 5u, 6u, 7u), last) * params.blocks * 8u;
    var a = vec4<f32>();
    var b = vec4<f32>();
    for (var block = 0u; block < params.blocks; block++) {
        let words = nibbles[block * params.stride + read];
        let scale = unpack2x16float(scales[block / 2u * params.stride + read])[block % 2u];
        var middle = 0.0;
        if MINS == 1u {
            let pair = (params.blocks + 1u) / 2u + block / 2u;
            middle = 8.0 * scale + unpack2x16float(scales[pair * params.stride + read])[block % 2u];
        }
        for (var word = 0u; word < 4u; word++) {
            let low = four(words[word]) * scale + middle;
            let high = four(words[word] >> 16u) * scale + middle;
            let at = block * 8u + word * 2u;
            a += eight(first_four, at, low, high);
            b += eight(next_four, at, low, high);
        }
    }
    store(row, column, a.x);
    store(row + 1u, column, a.y);
    store(row + 2u, column, a.z);
    store(row + 3u, column, a.w);
    store(row + 4u, column, b.x);
    store(row + 5u, column, b.y);
    store(row + 6u, column, b.z);
    store(row + 7u, column, b.w);
}
