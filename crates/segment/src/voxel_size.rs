use scene::Aabb;

/// Finest and coarsest first guess, metres: table tops and rooms.
const FINEST_M: f32 = 0.006;
const ROOM_M: f32 = 0.025;
/// A scene's diagonal in voxels, where that lies between the two.
const ACROSS: f32 = 320.0;
/// The most voxels that later steps are made for.
const MOST_VOXELS: usize = 300_000;
/// With fewer points per voxel than this a surface has holes.
const POINTS_PER_VOXEL: f32 = 1.6;
/// Sparse scans stop here, metres.
const COARSEST_M: f32 = 0.06;

/// Where to begin for a scene of these bounds.
pub(crate) fn first(bounds: &Aabb) -> f32 {
    (bounds.size().length() / ACROSS).clamp(FINEST_M, ROOM_M)
}

/// A better size, where a grid of `size` has `voxels`; None where it will do. `points` that differ
/// are known once all are in.
pub(crate) fn next(size: f32, voxels: usize, points: Option<usize>) -> Option<f32> {
    if voxels > MOST_VOXELS {
        return Some(size * 1.3);
    }
    let sparse = points.is_some_and(|points| (points as f32) < POINTS_PER_VOXEL * voxels as f32);
    (sparse && size < COARSEST_M && voxels > 2000).then(|| (size * 1.25).min(COARSEST_M))
}
