use crate::{
    contour_net::MEANING,
    regions::{Contact, Region},
};
use glam::Vec3;

/// Numbers that describe a pair of regions to the affinity network.
pub(crate) const PAIR_FEATURES: usize = BY_HAND + LEARNED + 2 * MEANING;
/// Those of shape and colour, and those of what the contour network says of the two.
const BY_HAND: usize = 40;
const LEARNED: usize = 8;

/// What speaks for or against two regions being one object. The pair is ordered by size, so that
/// the two ways of asking give the same numbers. `contact` is seen from `a`; lengths in metres.
pub(crate) fn pair_features(
    a: &Region,
    b: &Region,
    contact: &Contact,
    voxel_m: f32,
) -> [f32; PAIR_FEATURES] {
    if a.voxels >= b.voxels {
        ordered(a, b, contact, voxel_m)
    } else {
        ordered(b, a, &contact.flipped(), voxel_m)
    }
}

fn ln(value: f32) -> f32 {
    libm::logf(value.max(1e-6))
}

fn ordered(big: &Region, small: &Region, contact: &Contact, v: f32) -> [f32; PAIR_FEATURES] {
    let edges = contact.edges;
    let touching = edges > 0.0;
    let mean = |sum: f32, otherwise: f32| if touching { sum / edges } else { otherwise };
    let (box_big, box_small) = (padded(big, v), padded(small, v));
    let colour_apart = (big.colour / big.voxels).distance(small.colour / small.voxels);
    let middle = (big.position / big.voxels + small.position / small.voxels) / 2.0;
    let at = if touching { contact.position / edges } else { middle };
    let along = |bounds: &(Vec3, Vec3)| {
        let height = bounds.1.z - bounds.0.z;
        ((at.z - bounds.0.z) / height).clamp(0.0, 1.0)
    };
    let shared = |axis: usize| {
        let overlap =
            box_big.1[axis].min(box_small.1[axis]) - box_big.0[axis].max(box_small.0[axis]);
        let least = (box_big.1[axis] - box_big.0[axis]).min(box_small.1[axis] - box_small.0[axis]);
        (overlap / least).clamp(-1.0, 1.0)
    };
    // How far inside the larger region's outline the contact lies: 1 in the middle, 0 on the rim.
    let inside = [0, 1]
        .map(|axis| {
            let half = (box_big.1[axis] - box_big.0[axis]) / 2.0;
            1.0 - (at[axis] - (box_big.0[axis] + half)).abs() / half
        })
        .into_iter()
        .fold(1.0, f32::min);
    let volume = |bounds: (Vec3, Vec3)| (bounds.1 - bounds.0).element_product();
    let union = (box_big.0.min(box_small.0), box_big.1.max(box_small.1));
    let (size_big, size_small) = (box_big.1 - box_big.0, box_small.1 - box_small.0);
    let agreement: f32 = (0..6)
        .map(|k| if k < 3 { 1.0 } else { 2.0 } * big.normal[k] * small.normal[k])
        .sum::<f32>()
        / (big.voxels * small.voxels);
    let by_hand: [f32; BY_HAND] = [
        ln(small.voxels * v * v),
        ln(big.voxels * v * v),
        ln(1.0 + edges) - 0.5 * ln(small.voxels),
        ln(1.0 + contact.near) - 0.5 * ln(small.voxels / 16.0),
        f32::from(u8::from(touching)),
        colour_apart,
        mean(contact.colour_step, colour_apart),
        colour_spread(big),
        colour_spread(small),
        agreement,
        mean(contact.alignment, 0.5),
        big.planarity / big.voxels,
        small.planarity / small.voxels,
        small.linearity / small.voxels,
        at.z.clamp(0.0, 3.0),
        along(&box_small),
        along(&box_big),
        mean(contact.sides[0].flatness, 0.5),
        mean(contact.sides[1].flatness, 0.5),
        mean(contact.sides[1].higher, 0.5),
        shared(0).min(shared(1)),
        shared(2),
        ln(volume(union) / (volume(box_big) + volume(box_small))),
        box_small.0.z.clamp(0.0, 2.0),
        box_big.0.z.clamp(0.0, 2.0),
        ln(1.0 + small.floor_contact) - 0.5 * ln(small.voxels),
        ln(1.0 + big.floor_contact) - 0.5 * ln(big.voxels),
        ln(1.0 + small.wall_contact) - 0.5 * ln(small.voxels),
        ln(1.0 + big.wall_contact) - 0.5 * ln(big.voxels),
        ln(size_small.z),
        ln(size_small.truncate().length()),
        ln(size_big.z),
        ln(size_big.truncate().length()),
        inside,
        small.normal[2] / small.voxels,
        big.normal[2] / big.voxels,
        (big.on_wall + big.on_floor) / big.voxels,
        (small.on_wall + small.on_floor) / small.voxels,
        big.contrast / big.voxels,
        small.contrast / small.voxels,
    ];
    let mut features = [0.0; PAIR_FEATURES];
    let (first, rest) = features.split_at_mut(BY_HAND);
    first.copy_from_slice(&by_hand);
    let (second, meanings) = rest.split_at_mut(LEARNED);
    second.copy_from_slice(&learned(big, small, contact));
    for (slots, region) in meanings.chunks_exact_mut(MEANING).zip([big, small]) {
        slots.iter_mut().zip(region.meaning).for_each(|(slot, sum)| *slot = sum / region.voxels);
    }
    features
}

/// Whether the network sees a border between them, where it takes the middle of their objects to be,
/// and whether they are things.
fn learned(big: &Region, small: &Region, contact: &Contact) -> [f32; LEARNED] {
    let (middle_big, middle_small) = (big.middle / big.voxels, small.middle / small.voxels);
    let likeness = if contact.edges > 0.0 { contact.likeness / contact.edges } else { 0.5 };
    let apart = middle_big.distance(middle_small);
    let (spread_big, spread_small) = (middle_spread(big), middle_spread(small));
    [
        likeness,
        apart,
        ln(apart.max(0.01)) - 0.5 * ln((spread_big * spread_small).max(1e-4)),
        spread_big,
        spread_small,
        middle_small.distance(big.position / big.voxels),
        big.thing / big.voxels,
        small.thing / small.voxels,
    ]
}

/// Standard deviation of where a region's voxels take the middle of their object to be, metres.
pub(crate) fn middle_spread(region: &Region) -> f32 {
    let mean = region.middle / region.voxels;
    (region.middle_square / region.voxels - mean.length_squared()).max(0.0).sqrt()
}

fn padded(region: &Region, voxel_m: f32) -> (Vec3, Vec3) {
    let half = Vec3::splat(voxel_m / 2.0);
    (region.bounds.min - half, region.bounds.max + half)
}

/// Standard deviation of the colour over a region, 0..=1.
pub(crate) fn colour_spread(region: &Region) -> f32 {
    let mean = region.colour / region.voxels;
    (region.colour_square / region.voxels - mean.length_squared()).max(0.0).sqrt()
}
