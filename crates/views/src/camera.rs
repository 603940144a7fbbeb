use crate::own::Own;
use crate::raster::{Camera, Shot};
use crate::space::{CLEARANCE_M, LEAST_CLEARANCE_M, Room};
use glam::Vec3;
use std::f32::consts::TAU;

/// Heights of eyes over the floor, metres, and how far off they stand, in distances at which the
/// object fills the picture.
const STANDS: [(f32, f32); 3] = [(1.6, 1.0), (1.1, 1.0), (1.6, 1.7)];
const AZIMUTHS: usize = 8;
/// Edge of the pictures in which candidates are compared.
pub(crate) const SCORE_PX: usize = 48;
/// The ball drawn round a tiny object, metres.
const LEAST_BALL_M: f32 = 0.06;
/// The object fills the picture where it is seen under this half-angle: sin 25°.
const FILLS: f32 = 0.42;
/// People step back this far at least, and are never nearer than half of it, metres.
const STEP_BACK_M: f32 = 1.2;
/// Fewer own pixels than this are not a view.
const LEAST_PIXELS: usize = 6;

/// A camera that sees the object, with the square round the pixels it sees, in tangents.
#[derive(Clone, Copy, Debug)]
pub(crate) struct View {
    pub(crate) camera: Camera,
    pub(crate) middle: [f32; 2],
    pub(crate) edge: f32,
    /// Solid angle of the visible pixels × the part of the object's pixels that is visible. It is
    /// taken as from [`full_m`] where the camera had to stand nearer: nearer is not better.
    pub(crate) score: f32,
    pub(crate) azimuth: usize,
    /// Which of the photographs it is, if it is one.
    pub(crate) photo: Option<usize>,
}

/// The best `count` views, best first (the top-5 rule of Inst3D-LMM, on virtual cameras). A
/// second view from one azimuth counts half, so that the views differ where they can.
pub(crate) fn best_views(room: &Room, own: &Own, count: usize) -> Vec<View> {
    let mut shot = Shot::new(SCORE_PX);
    let mut candidates: Vec<View> = Vec::new();
    for free_only in [true, false] {
        for (azimuth, eye) in eyes(room, own, free_only) {
            candidates.extend(view(room, own, azimuth, eye, &mut shot));
        }
        // Where an object stands in no free space at all, it is looked at from anywhere.
        if !candidates.is_empty() {
            break;
        }
    }
    best_of(candidates, count)
}

/// The best `count` of some views, best first.
pub(crate) fn best_of(mut candidates: Vec<View>, count: usize) -> Vec<View> {
    let mut best: Vec<View> = Vec::with_capacity(count);
    while best.len() < count {
        let worth = |view: &View| {
            let seen = best.iter().filter(|other| other.azimuth == view.azimuth).count();
            view.score * 0.5f32.powi(seen as i32)
        };
        let next = (0..candidates.len())
            .reduce(|a, b| if worth(&candidates[b]) > worth(&candidates[a]) { b } else { a });
        match next {
            Some(index) => best.push(candidates.remove(index)),
            None => break,
        }
    }
    best.sort_by(|a, b| b.score.total_cmp(&a.score));
    best
}

/// The distance at which the object fills the picture.
fn full_m(own: &Own) -> f32 {
    (own.radius_m / FILLS).max(STEP_BACK_M)
}

/// Candidate eyes with their azimuth; each walks towards the object until it stands free, and
/// stays where it stood freest if it never does.
fn eyes(room: &Room, own: &Own, free_only: bool) -> Vec<(usize, Vec3)> {
    let mut eyes = Vec::with_capacity(AZIMUTHS * STANDS.len());
    let least_m = (1.2 * own.radius_m).max(0.5 * STEP_BACK_M);
    for (height_m, far) in STANDS {
        for azimuth in 0..AZIMUTHS {
            // Half a step off the axes: furniture stands along them, and is seen from a corner.
            let angle = TAU * (azimuth as f32 + 0.5) / AZIMUTHS as f32;
            let towards = Vec3::new(angle.cos(), angle.sin(), 0.0);
            let mut distance_m = far * full_m(own);
            let (mut freest, mut freest_m) = (None, 0.0);
            while distance_m >= least_m && freest_m < CLEARANCE_M {
                let eye = (own.middle + towards * distance_m).with_z(height_m);
                let free_m = if free_only { room.clearance_m(eye, own.id) } else { CLEARANCE_M };
                if free_m >= LEAST_CLEARANCE_M && free_m > freest_m {
                    (freest, freest_m) = (Some((azimuth, eye)), free_m);
                }
                distance_m *= 0.8;
            }
            eyes.extend(freest);
        }
    }
    eyes
}

/// What is seen of the object from `eye`, if anything; `shot` then holds it.
pub(crate) fn view(
    room: &Room,
    own: &Own,
    azimuth: usize,
    eye: Vec3,
    shot: &mut Shot,
) -> Option<View> {
    let ball_m = own.radius_m.max(LEAST_BALL_M);
    let camera = Camera::on_ball(eye, own.middle, 1.05 * ball_m);
    shot.own.clear();
    shot.others.clear();
    for (index, splat) in own.coarse.splats.iter().enumerate() {
        shot.own.draw(&camera, splat, index as u32);
    }
    let far_m = (own.middle - eye).length() + ball_m;
    room.draw_others(&camera, far_m, own.id, &mut shot.others);
    let total = shot.own.splat.iter().filter(|&&index| index != crate::raster::NONE).count();
    let (mut least, mut most, mut visible) = ([usize::MAX; 2], [0; 2], 0);
    for pixel in (0..shot.own.splat.len()).filter(|&pixel| shot.is_own(pixel)) {
        let at = [pixel % SCORE_PX, pixel / SCORE_PX];
        for axis in 0..2 {
            least[axis] = least[axis].min(at[axis]);
            most[axis] = most[axis].max(at[axis] + 1);
        }
        visible += 1;
    }
    // A speck of an object may be few pixels in all.
    if visible == 0 || visible < LEAST_PIXELS.min(total) {
        return None;
    }
    let px = camera.span / SCORE_PX as f32;
    let middle =
        [0, 1].map(|axis| camera.corner[axis] + px * (least[axis] + most[axis]) as f32 / 2.0);
    let edge = px * (most[0] - least[0]).max(most[1] - least[1]) as f32;
    let nearness = ((own.middle - eye).length() / full_m(own)).min(1.0);
    let angle = px * nearness * px * nearness;
    let score = visible as f32 * angle * visible as f32 / total as f32;
    Some(View { camera, middle, edge, score, azimuth, photo: None })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Looker;
    use crate::testing::{Builder, CHAIR};
    use scene::{InstanceId, Scene};

    fn best(scene: &Scene) -> Vec<View> {
        Looker::new(scene).on(InstanceId(CHAIR), |room, own| best_views(room, own, 5)).unwrap()
    }

    #[test]
    fn what_stands_in_front_hides() {
        let free = best(&Builder::room().chair().build());
        // Panels on two sides of the chair, 30 cm off.
        let scene = Builder::room()
            .chair()
            .panel(Vec3::new(1.5, 1.7, 0.0), 1.5 * Vec3::X)
            .panel(Vec3::new(1.7, 1.7, 0.0), 1.3 * Vec3::Y)
            .build();
        let hidden = best(&scene);
        let sum = |views: &[View]| views.iter().map(|view| view.score).sum::<f32>();
        assert!(sum(&hidden) < 0.9 * sum(&free), "{hidden:?} {free:?}");
        // The best views of the half-hidden chair are from the open sides.
        for view in &hidden[..2] {
            assert!(view.camera.eye.x > 1.7 || view.camera.eye.y > 1.7, "{view:?}");
        }
        // From one and the same place: behind the panel nothing of the chair is left.
        let eye = Vec3::new(2.25, 0.4, 1.1);
        let mut shot = Shot::new(SCORE_PX);
        let mut from_there = |scene: &Scene| {
            Looker::new(scene)
                .on(InstanceId(CHAIR), |room, own| view(room, own, 0, eye, &mut shot))
                .unwrap()
        };
        assert!(from_there(&Builder::room().chair().build()).is_some());
        assert!(from_there(&scene).is_none());
    }

    #[test]
    fn cameras_keep_clear_where_they_can() {
        let standing = |scene: &Scene| {
            let looker = Looker::new(scene);
            let clearances = |room: &Room, own: &Own| -> Vec<f32> {
                let eyes = eyes(room, own, true).into_iter();
                eyes.map(|(_, eye)| room.clearance_m(eye, own.id)).collect()
            };
            looker.on(InstanceId(CHAIR), clearances).unwrap()
        };
        // Two decimetres behind where a camera would stand.
        let panel = Builder::room().chair().panel(Vec3::new(3.7, 2.2, 0.0), 1.2 * Vec3::Y);
        let clearances = standing(&panel.build());
        assert_eq!(clearances.len(), AZIMUTHS * STANDS.len());
        assert!(clearances.iter().all(|&m| m == CLEARANCE_M), "{clearances:?}");
        // Boards through the whole room, two decimetres over and under every eye.
        let boards: Vec<Vec3> = [0.83, 1.37, 1.83]
            .into_iter()
            .flat_map(|z| (0..3600).map(move |i| (i, z)))
            .map(|(i, z)| Vec3::new(i as f32 / 720.0, (i % 60) as f32 / 15.0, z))
            .collect();
        let clearances = standing(&Builder::room().chair().object(9, &boards, [9; 3]).build());
        assert!(clearances.iter().all(|&m| (LEAST_CLEARANCE_M..CLEARANCE_M).contains(&m)));
        assert!(!clearances.is_empty());
    }

    #[test]
    fn cameras_stand_in_the_room_and_apart() {
        let views = best(&Builder::room().chair().build());
        assert_eq!(views.len(), 5);
        for view in &views {
            let eye = view.camera.eye;
            assert!(eye.x > 0.0 && eye.x < 5.0 && eye.y > 0.0 && eye.y < 4.0, "{eye}");
        }
        let mut azimuths: Vec<usize> = views.iter().map(|view| view.azimuth).collect();
        azimuths.sort_unstable();
        azimuths.dedup();
        assert!(azimuths.len() >= 4, "{azimuths:?}");
    }
}
