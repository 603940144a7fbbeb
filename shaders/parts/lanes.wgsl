// Threads of a workgroup that went through the keys of one head in turns bring what they mixed to a common peak.

var<workgroup> peaks: array<f32, LANES>;
var<workgroup> totals: array<f32, LANES>;
var<workgroup> mixes: array<vec4<f32>, LANES * FOURS>;

fn hand_in(lane: u32) {
    peaks[lane] = peak;
    totals[lane] = total;
    for (var i = 0u; i < FOURS; i++) {
        mixes[lane * FOURS + i] = mixed[i];
    }
}

// After a barrier.
fn peak_of_all() -> f32 {
    var common_peak = peaks[0];
    for (var other = 1u; other < LANES; other++) {
        common_peak = max(common_peak, peaks[other]);
    }
    return common_peak;
}

fn total_of_all(common_peak: f32) -> f32 {
    var sum = 0.0;
    for (var other = 0u; other < LANES; other++) {
        sum += exp(peaks[other] - common_peak) * totals[other];
    }
    return sum;
}

fn mix_of_all(common_peak: f32, i: u32) -> vec4<f32> {
    var sum = vec4<f32>();
    for (var other = 0u; other < LANES; other++) {
        sum += exp(peaks[other] - common_peak) * mixes[other * FOURS + i];
    }
    return sum;
}
