use crate::{Cloud, Marks, Pose, SeeThrough, Style, Viewport};
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

/// What of a cloud is shown, and how it is seen.
#[derive(Clone, Copy, Debug)]
pub struct Shown<'a> {
    /// From where.
    pub pose: &'a Pose,
    /// On what.
    pub viewport: Viewport,
    /// What stands in the way and is not shown.
    pub hidden: SeeThrough,
    /// What a person chose to see.
    pub style: &'a Style,
    /// Which objects.
    pub marks: &'a Marks,
}

/// The front-most visible point near (`x`, `y`), CSS pixels from the canvas's top left.
pub fn pick(cloud: &Cloud, shown: &Shown<'_>, x: f32, y: f32) -> Option<Pick> {
    let Shown { pose, viewport, hidden, style, marks } = *shown;
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
        let is_shown = !style.clips(point) && !hidden.hides(point, instance);
        if near && is_shown && marks.shows(instance) {
            best = Some((clip.w, index));
        }
    }
    let (_, index) = best?;
    Some(Pick {
        instance: match cloud.instances[index] {
            0 => None,
            id => Some(InstanceId(u32::from(id))),
        },
        point: cloud.order.number(index)?,
        position: Vec3::from(cloud.positions[index]),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{OrbitCamera, POINT_BUDGET};
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
        let mut cloud = Cloud::new(&points, &[], bounds, Vec3::Z, POINT_BUDGET);
        cloud.relabel(&[3, 8, 9]);
        let at = |marks: &Marks, style: &Style, x, y| {
            let hidden = SeeThrough::OFF;
            let shown = Shown { pose: &pose, viewport, hidden, style, marks };
            pick(&cloud, &shown, x, y).map(|pick| (pick.point, pick.instance))
        };
        let (all, whole) = (Marks::default(), Style::default());
        assert_eq!(at(&all, &whole, 203.0, 198.0), Some((1, Some(InstanceId(8)))));
        assert_eq!(at(&all, &whole, 10.0, 10.0), None);
        let without = Marks { hidden: vec![InstanceId(8)], ..Marks::default() };
        assert_eq!(at(&without, &whole, 203.0, 198.0), Some((0, Some(InstanceId(3)))));
        // The camera looks down: the nearer point lies over the middle, the other under it.
        let lower = Aabb { min: Vec3::splat(-9.0), max: Vec3::new(9.0, 9.0, 0.0) };
        let cut = Style { clip: Some(lower), ..whole };
        assert_eq!(at(&all, &cut, 203.0, 198.0), Some((0, Some(InstanceId(3)))));
    }
}
