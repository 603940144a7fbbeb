// out[out_row + r] = x[r] Wᵀ for many rows on hardware; W holds outputs first .. first + n of `stride` that lie together.
//
// A workgroup has a tile of ROWS × OUTPUTS of the result and goes through the inputs block by block of 32: both operands'
// blocks come into shared memory, weights unpacked once for all rows, and each of its 128 threads multiplies 4 rows with 4
// outputs out of it.

struct Params { n: u32, blocks: u32, out_row: u32, rows: u32, stride: u32, first: u32 }

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> x: array<vec4<f32>>;     // (rows, 8 · blocks)
@group(0) @binding(2) var<storage, read> words: array<vec4<u32>>;
@group(0) @binding(3) var<storage, read> scales: array<u32>;
@group(0) @binding(4) var<storage, read_write> out: array<f32>;   // (≥ out_row + rows, n)

const ROWS: u32 = 32u;
const OUTPUTS: u32 = 64u;
const ACROSS: u32 = 16u; // threads, each with every 16th output
const DOWN: u32 = 8u;    // threads, each with every 8th row
// Fours of a block, and one more, so that neighbours do not wait for one bank.
const PITCH: u32 = 9u;

var<workgroup> tile_x: array<vec4<f32>, ROWS * PITCH>;
var<workgroup> tile_w: array<vec4<f32>, OUTPUTS * PITCH>;

// Half a block of an output's weights: 16 columns.
fn unpack_half(block: u32, output: u32, half: u32, at: u32) {
    let scale = unpack2x16float(scales[block / 2u * params.stride + output])[block % 2u];
    if BITS == 8u {
        let four = words[(2u * block + half) * params.stride + output];
        for (var i = 0u; i < 4u; i++) {
            tile_w[at + i] = bytes(four[i]) * scale;
        }
        return;
    }
    var middle = 0.0;
    if MINS == 1u {
        let pair = (params.blocks + 1u) / 2u + block / 2u;
        middle = 8.0 * scale + unpack2x16float(scales[pair * params.stride + output])[block % 2u];
    }
    let four = words[block * params.stride + output];
    for (var i = 0u; i < 2u; i++) {
        let word = four[2u * half + i];
        tile_w[at + 2u * i] = nibbles(word) * scale + middle;
        tile_w[at + 2u * i + 1u] = nibbles(word >> 16u) * scale + middle;
    }
}

@compute @workgroup_size(ACROSS, DOWN)
fn main(
    @builtin(workgroup_id) group: vec3<u32>,
    @builtin(local_invocation_id) local: vec3<u32>,
    @builtin(local_invocation_index) thread: u32,
) {
    let first_row = group.y * ROWS;
    let first_output = group.x * OUTPUTS;
    var sums: array<vec4<f32>, 4>; // of four rows, four outputs each
    for (var block = 0u; block < params.blocks; block++) {
        for (var i = thread; i < ROWS * 8u; i += ACROSS * DOWN) {
            let row = min(first_row + i / 8u, params.rows - 1u);
            tile_x[i / 8u * PITCH + i % 8u] = x[(row * params.blocks + block) * 8u + i % 8u];
        }
        let output = thread % OUTPUTS;
        let half = thread / OUTPUTS;
        let read = params.first + min(first_output + output, params.n - 1u);
        unpack_half(block, read, half, output * PITCH + 4u * half);
        workgroupBarrier();
        for (var k = 0u; k < 8u; k++) {
            let a = tile_w[local.x * PITCH + k];
            let b = tile_w[(local.x + ACROSS) * PITCH + k];
            let c = tile_w[(local.x + 2u * ACROSS) * PITCH + k];
            let d = tile_w[(local.x + 3u * ACROSS) * PITCH + k];
            for (var r = 0u; r < 4u; r++) {
                let row = tile_x[(local.y + r * DOWN) * PITCH + k];
                sums[r] += vec4<f32>(dot(row, a), dot(row, b), dot(row, c), dot(row, d));
            }
        }
        workgroupBarrier();
    }
    for (var r = 0u; r < 4u; r++) {
        let row = first_row + local.y + r * DOWN;
        for (var i = 0u; i < 4u; i++) {
            let output = first_output + local.x + i * ACROSS;
            if row < params.rows && output < params.n {
                out[(params.out_row + row) * params.n + output] = sums[r][i];
            }
        }
    }
}
