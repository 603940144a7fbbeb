use crate::{Cloud, Marks, Pose, SeeThrough, Viewport};
use glam::{Vec3, Vec4};
use scene::InstanceId;

/// How near a point must be to the pointer, CSS pixels.
const REACH_PX: f32 = 7.0;

/// What lies under the pointer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pick {
    /// The object, if the point belongs to one.
    pub instance: Option<InstanceId>,
    /// The point's number in the scan.
    pub point: usize,
    /// Where it is, in the cloud's frame.
    pub position: Vec3,
}

/// The front-most visible point near (`x`, `y`), CSS pixels from the canvas's top left.
pub fn pick(
    cloud: &Cloud,
    pose: &Pose,
    viewport: Viewport,
    hidden: &SeeThrough,
    marks: &Marks,
    x: f32,
    y: f32,
) -> Option<Pick> {
    let clip_from_scene = pose.clip_from_scene(viewport, pose.distance_m);
    let (half_w, half_h) = (viewport.width / 2.0, viewport.height / 2.0);
    let mut best: Option<(f32, usize)> = None;
    for (index, (position, &instance)) in cloud.positions.iter().zip(&cloud.instances).enumerate() {
        let point = Vec3::from(*position);
        let clip: Vec4 = clip_from_scene * point.extend(1.0);
        let in_front = clip.w.is_finite() && clip.w > 1e-4;
        if !in_front || best.is_some_and(|(depth, _)| depth <= clip.w) {
            continue;
        }
        let dx = (clip.x / clip.w + 1.0) * half_w - x;
        let dy = (1.0 - clip.y / clip.w) * half_h - y;
        let near = dx * dx + dy * dy <= REACH_PX * REACH_PX;
        if near && !hidden.hides(point, instance) && marks.shows(instance) {
            best = Some((clip.w, index));
        }
    }
    best.map(|(_, index)| Pick {
        instance: match cloud.instances[index] {
            0 => None,
            id => Some(InstanceId(u32::from(id))),
        },
        point: index * cloud.stride,
        position: Vec3::from(cloud.positions[index]),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::OrbitCamera;
    use scene::Aabb;

    #[test]
    fn the_nearer_of_two_points_in_line_is_picked() {
        let viewport = Viewport { width: 400.0, height: 400.0 };
        let bounds = Aabb { min: Vec3::splat(-1.0), max: Vec3::ONE };
        let mut camera = OrbitCamera::default();
        camera.reset(&bounds, Vec3::Z, None, viewport);
        let pose = camera.pose();
        let toward = (pose.eye() - pose.target).normalize();
        let points = [(toward * -0.5).into(), (toward * 0.5).into(), [f32::NAN; 3]];
        let mut cloud = Cloud::new(&points, &[], bounds, Vec3::Z);
        cloud.instances = vec![3, 8, 9];
        let all = Marks::default();
        let at = |marks, x, y| pick(&cloud, &pose, viewport, &SeeThrough::OFF, marks, x, y);
        assert_eq!(at(&all, 203.0, 198.0).unwrap().instance, Some(InstanceId(8)));
        assert_eq!(at(&all, 10.0, 10.0), None);
        let without = Marks { hidden: vec![InstanceId(8)], ..Marks::default() };
        assert_eq!(at(&without, 203.0, 198.0).unwrap().instance, Some(InstanceId(3)));
    }
}
