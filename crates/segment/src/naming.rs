use crate::{
    agglomerate::Node,
    contour_net::{MEANING, VoxelCodes},
    grid::VoxelGrid,
    networks::Networks,
    object::{OBJECT_FEATURES, object_features},
    surface::Surface,
};
use glam::Vec3;
use scene::LabelGuess;

/// Numbers that describe an object to the network that names it.
pub(crate) const CLASS_FEATURES: usize = OBJECT_FEATURES + 3 + 2 * BANDS + MEANING;
/// Bands of equal height that an object is cut into.
const BANDS: usize = 8;

/// What an object looks like from the side, summed over its voxels.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Profile {
    /// Voxels, and level surface, in each band from below.
    voxels: [f32; BANDS],
    level: [f32; BANDS],
    /// The most of each number of the code.
    meaning: [f32; MEANING],
}

impl Profile {
    /// Adds a voxel of an object that reaches from `bottom` to `top`, metres.
    pub(crate) fn add(
        &mut self,
        at: Vec3,
        normal: Vec3,
        meaning: &[f32; MEANING],
        [bottom, top]: [f32; 2],
    ) {
        let share = (at.z - bottom) / (top - bottom).max(1e-3);
        let band = ((share * BANDS as f32) as usize).min(BANDS - 1);
        self.voxels[band] += 1.0;
        self.level[band] += normal.z.abs();
        for (most, value) in self.meaning.iter_mut().zip(meaning) {
            *most = most.max(*value);
        }
    }
}

/// The profile of each group of voxels: entry `k` is that of group `k + 1`, whose nodes come along.
pub(crate) fn profiles(
    grid: &VoxelGrid,
    surface: &Surface,
    codes: &VoxelCodes,
    group_of_voxel: &[u32],
    nodes: &[Node],
) -> Vec<Profile> {
    let mut profiles = vec![Profile::default(); nodes.len()];
    for (voxel, &group) in group_of_voxel.iter().enumerate().filter(|(_, group)| **group > 0) {
        let bounds = &nodes[group as usize - 1].region.bounds;
        let meaning = &codes.meaning[codes.cell_of_voxel[voxel] as usize];
        let (at, normal) = (grid.positions[voxel], surface.normals[voxel]);
        profiles[group as usize - 1].add(at, normal, meaning, [bounds.min.z, bounds.max.z]);
    }
    profiles
}

/// What speaks for one class or another.
pub(crate) fn class_features(
    node: &Node,
    profile: &Profile,
    voxel_m: f32,
) -> [f32; CLASS_FEATURES] {
    let mut features = [0.0; CLASS_FEATURES];
    let voxels = node.region.voxels;
    let colour = node.region.colour / voxels;
    let bands = profile.voxels.iter().map(|count| count / voxels);
    let level = profile.level.iter().zip(&profile.voxels).map(|(sum, count)| sum / count.max(1.0));
    let all = object_features(node, voxel_m)
        .into_iter()
        .chain(colour.to_array())
        .chain(bands)
        .chain(level)
        .chain(profile.meaning);
    features.iter_mut().zip(all).for_each(|(slot, value)| *slot = value);
    features
}

/// The likeliest classes of an object.
pub(crate) fn name(networks: &Networks, features: &[f32; CLASS_FEATURES]) -> Option<LabelGuess> {
    LabelGuess::likeliest(&networks.classes, &networks.class.probabilities(features))
}
