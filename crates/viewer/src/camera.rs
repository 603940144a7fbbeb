use glam::camera::rh::{proj::opengl, view};
use glam::{Mat3, Mat4, Vec2, Vec3};
use scene::Aabb;

/// Vertical field of view.
const FOV_Y_RAD: f32 = 0.8;
/// How far up or down the camera may look; at the pole itself left and right would lose meaning.
const PITCH_LIMIT_RAD: f32 = 1.55;
/// Towards a corner rather than a wall, but not so evenly that the room looks like a cube.
const CORNER_YAW_RAD: f32 = -1.1;
/// How long a camera takes to a new pose, seconds.
const TRAVEL_S: f64 = 0.45;

/// The canvas, in CSS pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Viewport {
    /// Across.
    pub width: f32,
    /// Down.
    pub height: f32,
}

impl Viewport {
    fn aspect(self) -> f32 {
        if self.height > 0.0 { (self.width / self.height).clamp(0.05, 20.0) } else { 1.0 }
    }
}

/// What a hand does to the view. Distances are CSS pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Gesture {
    /// Turn round the point looked at.
    Orbit {
        /// Rightwards.
        dx: f32,
        /// Downwards.
        dy: f32,
    },
    /// Slide the scene along with the hand.
    Pan {
        /// Rightwards.
        dx: f32,
        /// Downwards.
        dy: f32,
    },
    /// Come nearer (`factor` < 1) or go away.
    Zoom {
        /// The new distance over the old one.
        factor: f32,
    },
    /// Turn the head where it is.
    Look {
        /// Rightwards.
        dx: f32,
        /// Downwards.
        dy: f32,
    },
    /// Move head and all, metres: as one looks, but level; to the right; up.
    Walk {
        /// Forwards.
        ahead_m: f32,
        /// To the right.
        aside_m: f32,
        /// Up.
        up_m: f32,
    },
}

/// Where one looks from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// From −y.
    Front,
    /// From +y.
    Back,
    /// From −x.
    Left,
    /// From +x.
    Right,
    /// From above.
    Top,
    /// From below.
    Bottom,
}

impl Side {
    /// In the order of their keys, 1 to 6.
    pub const ALL: [Self; 6] =
        [Self::Front, Self::Back, Self::Left, Self::Right, Self::Top, Self::Bottom];

    /// Angles about up and over the horizon; from above and below as from the front.
    fn angles_rad(self) -> (f32, f32) {
        use std::f32::consts::{FRAC_PI_2, PI};
        match self {
            Self::Front => (-FRAC_PI_2, 0.0),
            Self::Back => (FRAC_PI_2, 0.0),
            Self::Left => (PI, 0.0),
            Self::Right => (0.0, 0.0),
            Self::Top => (-FRAC_PI_2, PITCH_LIMIT_RAD),
            Self::Bottom => (-FRAC_PI_2, -PITCH_LIMIT_RAD),
        }
    }
}

/// Where the camera is and what it looks at.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pose {
    /// The point in the middle of the picture, metres.
    pub target: Vec3,
    /// Angle about up, radians.
    pub yaw_rad: f32,
    /// Angle over the horizon, radians.
    pub pitch_rad: f32,
    /// From eye to target, metres.
    pub distance_m: f32,
    /// Columns: two level axes and up.
    pub frame: Mat3,
}

/// A point of the scene as it falls on the canvas.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ScreenPoint {
    /// CSS pixels from the left.
    pub x: f32,
    /// CSS pixels from the top.
    pub y: f32,
    /// Distance along the view, metres.
    pub depth_m: f32,
}

impl Pose {
    fn toward_eye(&self) -> Vec3 {
        let (sin_yaw, cos_yaw) = self.yaw_rad.sin_cos();
        let (sin_pitch, cos_pitch) = self.pitch_rad.sin_cos();
        self.frame * Vec3::new(cos_pitch * cos_yaw, cos_pitch * sin_yaw, sin_pitch)
    }

    /// Where the eye is, metres.
    pub fn eye(&self) -> Vec3 {
        self.target + self.toward_eye() * self.distance_m
    }

    /// The nearest and the farthest that is drawn. `reach_m`: how far beyond the target there is
    /// something to see.
    pub fn near_far_m(&self, reach_m: f32) -> [f32; 2] {
        let near_m = (self.distance_m * 0.01).clamp(0.005, 1.0);
        [near_m, (self.distance_m + 2.0 * reach_m).max(near_m * 10.0)]
    }

    /// Columns: right, up and towards the eye.
    pub fn scene_from_view(&self) -> Mat3 {
        let back = self.toward_eye();
        let right = self.frame.z_axis.cross(back).normalize_or_zero();
        Mat3::from_cols(right, back.cross(right), back)
    }

    /// Half of the picture at one metre's distance, across and up, metres.
    pub fn half_picture(viewport: Viewport) -> [f32; 2] {
        let up = (FOV_Y_RAD / 2.0).tan();
        [up * viewport.aspect(), up]
    }

    /// Canvas pixels that one metre takes where the camera looks.
    pub fn px_per_m(&self, viewport: Viewport) -> f32 {
        Self::px_per_radian(viewport) / self.distance_m.max(1e-6)
    }

    /// Scene to clip space; `reach_m` as in [`Pose::near_far_m`].
    pub fn clip_from_scene(&self, viewport: Viewport, reach_m: f32) -> Mat4 {
        let [near_m, far_m] = self.near_far_m(reach_m);
        opengl::perspective(FOV_Y_RAD, viewport.aspect(), near_m, far_m)
            * view::look_at_mat4(self.eye(), self.target, self.frame.z_axis)
    }

    /// Canvas pixels that one metre takes at one metre's distance.
    pub fn px_per_radian(viewport: Viewport) -> f32 {
        viewport.height / (2.0 * (FOV_Y_RAD / 2.0).tan())
    }

    /// Where a point falls on the canvas; `None` behind the eye.
    pub fn project(&self, viewport: Viewport, point: Vec3) -> Option<ScreenPoint> {
        let clip = self.clip_from_scene(viewport, self.distance_m) * point.extend(1.0);
        if clip.w <= 1e-4 {
            return None;
        }
        let ndc = Vec2::new(clip.x, clip.y) / clip.w;
        Some(ScreenPoint {
            x: (ndc.x * 0.5 + 0.5) * viewport.width,
            y: (0.5 - ndc.y * 0.5) * viewport.height,
            depth_m: clip.w,
        })
    }

    fn blend(&self, to: &Self, t: f32) -> Self {
        let mut turn = to.yaw_rad - self.yaw_rad;
        turn -= (turn / std::f32::consts::TAU).round() * std::f32::consts::TAU;
        Self {
            target: self.target.lerp(to.target, t),
            yaw_rad: self.yaw_rad + turn * t,
            pitch_rad: self.pitch_rad + (to.pitch_rad - self.pitch_rad) * t,
            // Distances are felt as ratios.
            distance_m: self.distance_m * (to.distance_m / self.distance_m).powf(t),
            frame: to.frame,
        }
    }
}

/// A camera that turns round a point and travels smoothly to new poses.
#[derive(Clone, Debug)]
pub struct OrbitCamera {
    pose: Pose,
    travel: Option<Travel>,
    /// As a new cloud was first seen.
    home: Pose,
    reach_m: f32,
    /// Jump instead of travelling, for people who asked for less motion.
    pub still: bool,
}

#[derive(Clone, Debug)]
struct Travel {
    from: Pose,
    to: Pose,
    start_s: Option<f64>,
}

impl Default for OrbitCamera {
    fn default() -> Self {
        let pose = Pose {
            target: Vec3::ZERO,
            yaw_rad: CORNER_YAW_RAD,
            pitch_rad: 0.7,
            distance_m: 5.0,
            frame: Mat3::IDENTITY,
        };
        Self { pose, travel: None, home: pose, reach_m: 5.0, still: false }
    }
}

impl OrbitCamera {
    /// The pose now.
    pub fn pose(&self) -> Pose {
        self.pose
    }

    /// How far beyond the target there is something to see, metres.
    pub fn reach_m(&self) -> f32 {
        self.reach_m
    }

    /// Looks at a new cloud at once: all of `bounds`, from above, `up` upwards; from the side of
    /// `yaw_rad`, or from one corner.
    pub fn reset(&mut self, bounds: &Aabb, up: Vec3, yaw_rad: Option<f32>, viewport: Viewport) {
        self.travel = None;
        let frame = frame_of(up);
        self.reach_m = (bounds.size().length() / 2.0).max(0.05);
        let yaw_rad = yaw_rad.unwrap_or(CORNER_YAW_RAD);
        self.pose = Pose { frame, yaw_rad, pitch_rad: 0.7, ..self.pose };
        self.pose = framing(self.pose, bounds, viewport);
        self.home = self.pose;
    }

    /// Travels until `bounds` fills the view, without turning.
    pub fn fit(&mut self, bounds: &Aabb, viewport: Viewport) {
        self.go(framing(self.pose, bounds, viewport));
    }

    /// Travels until `bounds` is seen whole from one side.
    pub fn look_from(&mut self, side: Side, bounds: &Aabb, viewport: Viewport) {
        let (yaw_rad, pitch_rad) = side.angles_rad();
        self.go(framing(Pose { yaw_rad, pitch_rad, ..self.pose }, bounds, viewport));
    }

    /// Travels back to where the cloud was first seen from.
    pub fn go_home(&mut self) {
        self.go(self.home);
    }

    fn go(&mut self, to: Pose) {
        if self.still {
            self.pose = to;
        } else {
            self.travel = Some(Travel { from: self.pose, to, start_s: None });
        }
    }

    /// Follows a hand, from wherever a travel had got to.
    pub fn follow(&mut self, gesture: Gesture, viewport: Viewport) {
        self.travel = None;
        let pose = &mut self.pose;
        match gesture {
            Gesture::Orbit { dx, dy } => {
                pose.yaw_rad -= dx * 0.006;
                pose.pitch_rad =
                    (pose.pitch_rad + dy * 0.006).clamp(-PITCH_LIMIT_RAD, PITCH_LIMIT_RAD);
            }
            Gesture::Pan { dx, dy } => {
                let view = pose.scene_from_view();
                let m_per_px = pose.distance_m / Pose::px_per_radian(viewport).max(1.0);
                pose.target += (view.y_axis * dy - view.x_axis * dx) * m_per_px;
            }
            Gesture::Look { dx, dy } => {
                let eye = pose.eye();
                let rad_per_px = 1.0 / Pose::px_per_radian(viewport).max(1.0);
                pose.yaw_rad += dx * rad_per_px;
                pose.pitch_rad =
                    (pose.pitch_rad - dy * rad_per_px).clamp(-PITCH_LIMIT_RAD, PITCH_LIMIT_RAD);
                pose.target = eye - pose.toward_eye() * pose.distance_m;
            }
            Gesture::Walk { ahead_m, aside_m, up_m } => {
                let up = pose.frame.z_axis;
                let right = pose.scene_from_view().x_axis;
                pose.target += up.cross(right) * ahead_m + right * aside_m + up * up_m;
            }
            Gesture::Zoom { factor } => {
                let factor = if factor.is_finite() { factor.clamp(0.2, 5.0) } else { 1.0 };
                pose.distance_m =
                    (pose.distance_m * factor).clamp(self.reach_m * 0.01, self.reach_m * 20.0);
            }
        }
    }

    /// Moves a travelling camera on; true while it still travels.
    pub fn step(&mut self, now_s: f64) -> bool {
        let Some(travel) = &mut self.travel else { return false };
        let start_s = *travel.start_s.get_or_insert(now_s);
        let t = ((now_s - start_s) / TRAVEL_S).clamp(0.0, 1.0) as f32;
        self.pose = travel.from.blend(&travel.to, t * t * (3.0 - 2.0 * t));
        if t >= 1.0 {
            self.travel = None;
        }
        true
    }
}

/// The pose turned as it is, but so near and centred that the box's corners just fit.
fn framing(pose: Pose, bounds: &Aabb, viewport: Viewport) -> Pose {
    let view = pose.scene_from_view();
    let [tan_x, tan_y] = Pose::half_picture(viewport);
    let half = bounds.size() / 2.0;
    let mut distance_m = 0.1f32;
    for signs in 0..8 {
        let sign = |bit: u32| if signs & bit == 0 { 1.0 } else { -1.0 };
        let corner = half * Vec3::new(sign(1), sign(2), sign(4));
        let across =
            (corner.dot(view.x_axis).abs() / tan_x).max(corner.dot(view.y_axis).abs() / tan_y);
        distance_m = distance_m.max(1.06 * across + corner.dot(view.z_axis));
    }
    let target = if bounds.is_empty() { Vec3::ZERO } else { bounds.centre() };
    Pose { target, distance_m, ..pose }
}

/// A right-handed frame whose third axis is `up`.
fn frame_of(up: Vec3) -> Mat3 {
    let up = up.try_normalize().unwrap_or(Vec3::Z);
    let across = if up.x.abs() < 0.9 { Vec3::X } else { Vec3::Y };
    let x = (across - up * across.dot(up)).normalize_or(Vec3::Y);
    Mat3::from_cols(x, up.cross(x), up)
}

#[cfg(test)]
mod tests {
    use super::*;

    const CANVAS: Viewport = Viewport { width: 800.0, height: 600.0 };

    fn room() -> Aabb {
        Aabb { min: Vec3::ZERO, max: Vec3::new(4.0, 5.0, 2.5) }
    }

    #[test]
    fn the_target_is_in_the_middle_and_up_is_up() {
        for up in [Vec3::Z, Vec3::NEG_Y, Vec3::X] {
            let mut camera = OrbitCamera::default();
            camera.reset(&room(), up, None, CANVAS);
            let middle = camera.pose().project(CANVAS, room().centre()).unwrap();
            assert!((middle.x - 400.0).abs() < 0.1 && (middle.y - 300.0).abs() < 0.1);
            let above = camera.pose().project(CANVAS, room().centre() + up).unwrap();
            assert!(above.y < middle.y - 10.0, "{up}: {above:?}");
        }
    }

    #[test]
    fn a_fresh_view_holds_the_whole_room() {
        let mut camera = OrbitCamera::default();
        camera.reset(&room(), Vec3::Z, None, CANVAS);
        let (low, high) = (room().min, room().max);
        for corner in 0..8 {
            let pick = |bit: u32, a: f32, b: f32| if corner & bit == 0 { a } else { b };
            let point =
                Vec3::new(pick(1, low.x, high.x), pick(2, low.y, high.y), pick(4, low.z, high.z));
            let on = camera.pose().project(CANVAS, point).unwrap();
            assert!((0.0..=800.0).contains(&on.x) && (0.0..=600.0).contains(&on.y), "{on:?}");
        }
    }

    #[test]
    fn panning_carries_the_target_with_the_hand() {
        let mut camera = OrbitCamera::default();
        camera.reset(&room(), Vec3::Z, None, CANVAS);
        let held = camera.pose().target;
        camera.follow(Gesture::Pan { dx: 60.0, dy: -25.0 }, CANVAS);
        let now = camera.pose().project(CANVAS, held).unwrap();
        assert!((now.x - 460.0).abs() < 1.0 && (now.y - 275.0).abs() < 1.0, "{now:?}");
    }

    #[test]
    fn a_travel_ends_where_it_should() {
        let mut camera = OrbitCamera::default();
        camera.reset(&room(), Vec3::Z, None, CANVAS);
        let chair = Aabb::from_centre_size(Vec3::new(1.0, 1.0, 0.5), Vec3::ONE);
        camera.fit(&chair, CANVAS);
        assert!(camera.step(10.0));
        assert!(camera.step(10.2));
        assert!(camera.step(11.0));
        assert!(!camera.step(11.1));
        assert!((camera.pose().target - chair.centre()).length() < 1e-5);
    }

    #[test]
    fn from_a_side_its_face_is_seen_and_home_is_found_again() {
        let mut camera = OrbitCamera { still: true, ..OrbitCamera::default() };
        camera.reset(&room(), Vec3::Z, None, CANVAS);
        let home = camera.pose();
        let toward_eye = [Vec3::NEG_Y, Vec3::Y, Vec3::NEG_X, Vec3::X, Vec3::Z, Vec3::NEG_Z];
        for (side, axis) in Side::ALL.into_iter().zip(toward_eye) {
            camera.look_from(side, &room(), CANVAS);
            let back = camera.pose().scene_from_view().z_axis;
            assert!(back.dot(axis) > 0.999, "{side:?}: {back}");
        }
        camera.go_home();
        assert_eq!(camera.pose(), home);
    }

    #[test]
    fn who_walks_moves_level_and_who_looks_stays() {
        let mut camera = OrbitCamera::default();
        camera.reset(&room(), Vec3::Z, None, CANVAS);
        let eye = camera.pose().eye();
        camera.follow(Gesture::Look { dx: 80.0, dy: -30.0 }, CANVAS);
        assert!(camera.pose().eye().distance(eye) < 1e-4);
        let ahead = -camera.pose().scene_from_view().z_axis;
        camera.follow(Gesture::Walk { ahead_m: 1.0, aside_m: 0.0, up_m: 0.0 }, CANVAS);
        let step = camera.pose().eye() - eye;
        assert!((step.length() - 1.0).abs() < 1e-4 && step.z.abs() < 1e-5);
        assert!(step.dot(ahead) > 0.0);
    }

    #[test]
    fn wild_input_leaves_a_finite_pose() {
        let mut camera = OrbitCamera::default();
        camera.reset(&Aabb::EMPTY, Vec3::ZERO, None, Viewport { width: 0.0, height: 0.0 });
        for gesture in [
            Gesture::Zoom { factor: f32::NAN },
            Gesture::Zoom { factor: 0.0 },
            Gesture::Orbit { dx: 1e9, dy: -1e9 },
            Gesture::Look { dx: 1e9, dy: 1e9 },
        ] {
            camera.follow(gesture, Viewport { width: 0.0, height: 0.0 });
        }
        assert!(camera.pose().distance_m.is_finite() && camera.pose().pitch_rad.is_finite());
    }
}
