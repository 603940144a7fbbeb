use crate::{
    agglomerate::Node,
    contour_net::MEANING,
    pair::{colour_spread, middle_spread},
};
use glam::Vec3;
use scene::Aabb;

/// Numbers that describe a finished region to the objectness network.
pub(crate) const OBJECT_FEATURES: usize = BY_HAND + MEANING;
const BY_HAND: usize = 28;

/// Hardly any single object in a room is longer than this, metres.
const LONG_M: f32 = 3.0;

/// Takes from a probability where the object would be implausibly long. The networks have not
/// seen whole rooms fused by scan noise, and guess wildly there.
pub(crate) fn plausibility(bounds: &Aabb) -> f32 {
    let size = bounds.size();
    let ratio = (LONG_M / size.x.max(size.y).max(LONG_M)).min(1.0);
    ratio * ratio * ratio
}

/// What speaks for or against a region being one whole object. Lengths in metres.
pub(crate) fn object_features(node: &Node, voxel_m: f32) -> [f32; OBJECT_FEATURES] {
    let region = &node.region;
    let ln = |value: f32| libm::logf(value.max(1e-6));
    let size = region.bounds.size() + Vec3::splat(voxel_m);
    let (short, long) = (size.x.min(size.y), size.x.max(size.y));
    let area = region.voxels * voxel_m * voxel_m;
    let shell = 2.0 * (size.x * size.y + size.x * size.z + size.y * size.z);
    let thinnest = size.min_element();
    let middle = region.middle / region.voxels;
    let by_hand: [f32; BY_HAND] = [
        ln(region.voxels),
        ln(area),
        ln(short),
        ln(long),
        ln(size.z),
        ln(thinnest),
        region.bounds.min.z.clamp(-0.5, 3.0),
        region.bounds.max.z.clamp(-0.5, 4.0),
        ln(area / shell),
        region.planarity / region.voxels,
        region.linearity / region.voxels,
        region.normal[2] / region.voxels,
        ln(1.0 + region.floor_contact) - 0.5 * ln(region.voxels),
        ln(1.0 + region.wall_contact) - 0.5 * ln(region.voxels),
        region.wall_contact / region.voxels,
        colour_spread(region),
        node.tie,
        node.weakest,
        region.on_wall / region.voxels,
        region.on_floor / region.voxels,
        region.contrast / region.voxels,
        region.thing / region.voxels,
        middle_spread(region),
        middle_spread(region) / long,
        middle.distance(region.position / region.voxels) / long,
        ln(1.0 + node.outer_edges) - 0.5 * ln(region.voxels),
        node.outer_likeness / node.outer_edges.max(1.0),
        node.seam,
    ];
    let mut features = [0.0; OBJECT_FEATURES];
    features[..BY_HAND].copy_from_slice(&by_hand);
    let meaning = region.meaning.map(|sum| sum / region.voxels);
    features[BY_HAND..].copy_from_slice(&meaning);
    features
}
