// Softmax in one pass (Milakov and Gimelshein 2018, arXiv:1805.02867): when a larger score comes, what was mixed so far
// shrinks. A thread has one head of one row.

var<private> query: array<vec4<f32>, FOURS>;
var<private> mixed: array<vec4<f32>, FOURS>;
var<private> peak: f32 = -3.0e38;
var<private> total: f32 = 0.0;

// The weight of what has this score; its value is to be mixed in with it.
fn weigh(score: f32) -> f32 {
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
    return weight;
}
