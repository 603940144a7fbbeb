use crate::input::{CENTRE_FEATURES, InstanceInput, PATCH_POINTS, PATCHES};
use crate::own::Own;
use glam::Vec3;

/// Samples of an instance, from which the patches are taken.
const SAMPLES: usize = 512;

/// Patches `(32, 16, 6)` and their centres `(32, 4)`, as [`InstanceInput`] has them.
pub(crate) fn patches(own: &Own) -> (Vec<f32>, Vec<f32>) {
    // One splat per voxel: even in space, however uneven the scan.
    let splats = &own.fine.splats;
    let samples: Vec<(Vec3, [f32; 3])> = (0..SAMPLES)
        .filter_map(|i| splats.get(i * splats.len() / SAMPLES))
        .map(|splat| (splat.position, own.colour(splat.colour)))
        .collect();
    let mut patches = Vec::with_capacity(InstanceInput::PATCHES_LEN);
    let mut centres = Vec::with_capacity(InstanceInput::CENTRES_LEN);
    let mut nearest: Vec<(f32, usize)> = Vec::with_capacity(SAMPLES);
    for centre in farthest_points(&samples, own.middle) {
        nearest.clear();
        nearest.extend(samples.iter().map(|s| (s.0 - centre).length_squared()).zip(0..));
        // By distance, then by index: the same order wherever it is sorted.
        let order = |a: &(f32, usize), b: &(f32, usize)| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1));
        if nearest.len() > PATCH_POINTS {
            nearest.select_nth_unstable_by(PATCH_POINTS, order);
            nearest.truncate(PATCH_POINTS);
        }
        nearest.sort_unstable_by(order);
        for &(_, index) in &nearest {
            let (position, colour) = samples[index];
            patches.extend(((position - centre) / own.radius_m).to_array());
            patches.extend(colour);
        }
        centres.extend(((centre - own.middle) / own.radius_m).to_array());
        centres.push(centre.z);
    }
    // Only an instance without a finite point comes here short.
    patches.resize(InstanceInput::PATCHES_LEN, 0.0);
    centres.resize(PATCHES * CENTRE_FEATURES, 0.0);
    (patches, centres)
}

/// Farthest-point sampling; the first is the sample farthest from the middle.
fn farthest_points(samples: &[(Vec3, [f32; 3])], middle: Vec3) -> Vec<Vec3> {
    let mut distance: Vec<f32> = samples.iter().map(|s| (s.0 - middle).length_squared()).collect();
    let mut centres = Vec::with_capacity(PATCHES);
    while centres.len() < PATCHES {
        let farthest =
            (0..distance.len()).reduce(|a, b| if distance[b] > distance[a] { b } else { a });
        let Some(farthest) = farthest else { break };
        let centre = samples[farthest].0;
        let first = centres.is_empty();
        for (distance, sample) in distance.iter_mut().zip(samples) {
            let to_centre = (sample.0 - centre).length_squared();
            *distance = if first { to_centre } else { distance.min(to_centre) };
        }
        centres.push(centre);
    }
    centres
}
