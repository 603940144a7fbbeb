//! The steps, all at once.

use crate::{Objects, Options, SegmentError, Segmentation, Step};
use scene::{PointCloud, Scene};

/// The cloud as a scene, all at once.
///
/// # Errors
/// Where the cloud can become no scene; see [`SegmentError`].
pub fn segment(cloud: PointCloud, options: &Options) -> Result<Scene, SegmentError> {
    run(Segmentation::new(cloud, Objects::Found, options)?)
}

/// The cloud as a scene whose objects are given: `instance_ids[i]` is the object of point `i`, 0
/// for none. An instance keeps its id.
///
/// # Errors
/// As [`segment`], and where there is not one id per point.
pub fn with_instances(
    cloud: PointCloud,
    instance_ids: &[u32],
    options: &Options,
) -> Result<Scene, SegmentError> {
    run(Segmentation::new(cloud, Objects::Given(instance_ids.to_vec()), options)?)
}

fn run(mut segmentation: Segmentation) -> Result<Scene, SegmentError> {
    loop {
        if let Step::Done(scene) = segmentation.step()? {
            return Ok(*scene);
        }
    }
}
