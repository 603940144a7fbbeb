// Products with packed weights, BITS a weight, that lie block by block: `words` is (blocks, n) of 32 columns in 4 bits, or
// (2 · blocks, n) of 16 columns in 8; `scales` (⌈blocks / 2⌉, n), two f16 each, and as many smallest values where MINS is 1.
// The shader binds `x`, `words` and `scales`.

fn nibbles(word: u32) -> vec4<f32> {
    let nibble = (vec4<u32>(word) >> vec4<u32>(0u, 4u, 8u, 12u)) & vec4<u32>(15u);
    return vec4<f32>(nibble) - 8.0;
}

fn bytes(word: u32) -> vec4<f32> {
    let signed = (vec4<i32>(bitcast<i32>(word)) << vec4<u32>(24u, 16u, 8u, 0u)) >> vec4<u32>(24u);
    return vec4<f32>(signed);
}

fn sixteen(at: u32, four: vec4<u32>) -> f32 {
    let low = dot(x[at], bytes(four.x)) + dot(x[at + 1u], bytes(four.y));
    return low + dot(x[at + 2u], bytes(four.z)) + dot(x[at + 3u], bytes(four.w));
}

// The part of an output that comes from one block of 32 inputs, of a row that starts at `row`.
fn of_block(row: u32, block: u32, output: u32, n: u32, blocks: u32) -> f32 {
    let at = row + block * 8u;
    let scale = unpack2x16float(scales[block / 2u * n + output])[block % 2u];
    if BITS == 8u {
        let low = sixteen(at, words[2u * block * n + output]);
        return scale * (low + sixteen(at + 4u, words[(2u * block + 1u) * n + output]));
    }
    let four = words[block * n + output];
    var products = dot(x[at], nibbles(four.x)) + dot(x[at + 1u], nibbles(four.x >> 16u));
    products += dot(x[at + 2u], nibbles(four.y)) + dot(x[at + 3u], nibbles(four.y >> 16u));
    products += dot(x[at + 4u], nibbles(four.z)) + dot(x[at + 5u], nibbles(four.z >> 16u));
    products += dot(x[at + 6u], nibbles(four.w)) + dot(x[at + 7u], nibbles(four.w >> 16u));
    products *= scale;
    if MINS == 1u {
        let pair = (blocks + 1u) / 2u + block / 2u;
        let smallest = unpack2x16float(scales[pair * n + output])[block % 2u];
        var inputs = x[at] + x[at + 1u] + x[at + 2u] + x[at + 3u];
        inputs += x[at + 4u] + x[at + 5u] + x[at + 6u] + x[at + 7u];
        products += dot(inputs, vec4<f32>(8.0 * scale + smallest));
    }
    return products;
}
