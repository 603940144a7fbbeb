use crate::thin::Splat;
use glam::Vec3;

/// Nearer than this to the eye nothing is drawn, metres and parts of the way to the object: what
/// is that near stands in the camera's way, not in the object's.
const NEAR_M: f32 = 0.05;
const NEAR: f32 = 0.15;
/// A splat nearer than the object is drawn no larger than it were at the object, or than this part
/// of the picture's edge to each side.
const LARGEST: f32 = 0.125;
/// Something less than this in front of a pixel does not hide it, metres.
pub(crate) const HIDE_M: f32 = 0.05;
/// No splat in this pixel.
pub(crate) const NONE: u32 = u32::MAX;

/// A pinhole camera with a square window in its image plane at distance 1.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Camera {
    pub(crate) eye: Vec3,
    pub(crate) right: Vec3,
    pub(crate) down: Vec3,
    pub(crate) forward: Vec3,
    /// Upper left corner of the window, tangents.
    pub(crate) corner: [f32; 2],
    /// Edge of the window, tangents.
    pub(crate) span: f32,
    /// How far off the object is.
    pub(crate) focus_m: f32,
}

impl Camera {
    /// Looks from `eye` to `target`, upright, its window round a ball of `radius_m` there.
    pub(crate) fn on_ball(eye: Vec3, target: Vec3, radius_m: f32) -> Self {
        let forward = (target - eye).normalize_or(Vec3::X);
        let focus_m = (target - eye).length();
        let right = forward.cross(Vec3::Z).normalize_or(Vec3::Y);
        let down = forward.cross(right);
        let sine = (radius_m / focus_m.max(1e-3)).min(0.9);
        let tangent = sine / (1.0 - sine * sine).sqrt();
        Self { eye, right, down, forward, corner: [-tangent; 2], span: 2.0 * tangent, focus_m }
    }

    /// The same eye with another window.
    pub(crate) fn with_window(self, corner: [f32; 2], span: f32) -> Self {
        Self { corner, span, ..self }
    }

    /// Pixels to a metre across at this depth, in a picture of this edge.
    pub(crate) fn px_per_m(&self, edge_px: usize, depth_m: f32) -> f32 {
        edge_px as f32 / (self.span * depth_m)
    }
}

/// A square depth image with the index of the splat seen in each pixel.
#[derive(Clone, Debug)]
pub(crate) struct DepthImage {
    pub(crate) edge_px: usize,
    pub(crate) depth_m: Vec<f32>,
    pub(crate) splat: Vec<u32>,
}

impl DepthImage {
    pub(crate) fn new(edge_px: usize) -> Self {
        let pixels = edge_px * edge_px;
        Self { edge_px, depth_m: vec![f32::INFINITY; pixels], splat: vec![NONE; pixels] }
    }

    pub(crate) fn clear(&mut self) {
        self.depth_m.fill(f32::INFINITY);
        self.splat.fill(NONE);
    }

    /// The direction in which a pixel's middle lies, of length one along the camera's view.
    pub(crate) fn ray(&self, camera: &Camera, pixel: usize) -> Vec3 {
        let at = [pixel % self.edge_px, pixel / self.edge_px];
        let [x, y] = [0, 1].map(|axis| {
            camera.corner[axis] + camera.span * (at[axis] as f32 + 0.5) / self.edge_px as f32
        });
        camera.forward + camera.right * x + camera.down * y
    }

    /// Draws a splat as an upright square, at least one pixel large. `index` is what
    /// [`DepthImage::splat`] will say.
    pub(crate) fn draw(&mut self, camera: &Camera, splat: &Splat, index: u32) {
        let offset = splat.position - camera.eye;
        let depth_m = offset.dot(camera.forward);
        if depth_m < NEAR_M.max(NEAR * camera.focus_m) {
            return;
        }
        let edge = self.edge_px as f32;
        let px_per_m = camera.px_per_m(self.edge_px, depth_m);
        let x = offset.dot(camera.right) * px_per_m - camera.corner[0] * edge / camera.span;
        let y = offset.dot(camera.down) * px_per_m - camera.corner[1] * edge / camera.span;
        let at_object = splat.radius_m * camera.px_per_m(self.edge_px, camera.focus_m);
        let half = (splat.radius_m * px_per_m).min(at_object.max(LARGEST * edge)).max(0.5);
        // Pixels whose middles lie within the square; NaN makes an empty range.
        let range = |middle: f32| {
            let first = (middle - half + 0.5).floor().max(0.0);
            let end = (middle + half + 0.5).floor().min(edge);
            if first < end { first as usize..end as usize } else { 0..0 }
        };
        let columns = range(x);
        if columns.is_empty() {
            return;
        }
        for row in range(y) {
            for pixel in row * self.edge_px + columns.start..row * self.edge_px + columns.end {
                if depth_m < self.depth_m[pixel] {
                    self.depth_m[pixel] = depth_m;
                    self.splat[pixel] = index;
                }
            }
        }
    }
}

/// Of one camera: the object alone, and everything else.
#[derive(Clone, Debug)]
pub(crate) struct Shot {
    pub(crate) own: DepthImage,
    pub(crate) others: DepthImage,
}

impl Shot {
    pub(crate) fn new(edge_px: usize) -> Self {
        Self { own: DepthImage::new(edge_px), others: DepthImage::new(edge_px) }
    }

    /// Whether the object is seen in this pixel, with nothing 5 cm or more in front of it.
    pub(crate) fn is_own(&self, pixel: usize) -> bool {
        self.own.splat[pixel] != NONE
            && self.own.depth_m[pixel] <= self.others.depth_m[pixel] + HIDE_M
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn splat(position: Vec3) -> Splat {
        Splat { position, colour: [0; 3], owner: 0, radius_m: 0.01 }
    }

    #[test]
    fn up_is_up_and_nearest_wins() {
        let camera = Camera::on_ball(Vec3::new(-2.0, 0.0, 0.0), Vec3::ZERO, 1.0);
        let mut image = DepthImage::new(9);
        image.draw(&camera, &splat(Vec3::new(1.0, 0.0, 0.0)), 0);
        image.draw(&camera, &splat(Vec3::ZERO), 1);
        image.draw(&camera, &splat(Vec3::new(2.0, 0.0, 0.0)), 2);
        image.draw(&camera, &splat(Vec3::new(0.0, 0.0, 0.9)), 3);
        image.draw(&camera, &splat(Vec3::new(-3.0, 0.0, 0.0)), 4);
        assert_eq!(image.splat[4 * 9 + 4], 1);
        assert!((image.depth_m[4 * 9 + 4] - 2.0).abs() < 1e-6);
        let top = image.splat.iter().position(|&index| index == 3).unwrap();
        assert!(top / 9 < 2 && top % 9 == 4, "{top}");
        assert_eq!(image.splat.iter().filter(|&&index| index == 4).count(), 0);
    }

    #[test]
    fn what_floats_before_the_camera_does_not_cover_the_picture() {
        let camera = Camera::on_ball(Vec3::ZERO, 2.0 * Vec3::X, 0.5);
        let covered = |x_m: f32| {
            let mut image = DepthImage::new(48);
            image.draw(&camera, &Splat { radius_m: 0.08, ..splat(x_m * Vec3::X) }, 0);
            image.splat.iter().filter(|&&index| index == 0).count()
        };
        assert_eq!(covered(0.2), 0);
        assert!((1..=13 * 13).contains(&covered(0.4)), "{}", covered(0.4));
        assert!((1..=13 * 13).contains(&covered(1.0)), "{}", covered(1.0));
    }

    #[test]
    fn odd_numbers_draw_nothing() {
        let camera = Camera::on_ball(Vec3::X, Vec3::ZERO, 0.5);
        let mut image = DepthImage::new(8);
        for x in [f32::NAN, f32::INFINITY, -f32::INFINITY, 1e38] {
            image.draw(&camera, &splat(Vec3::splat(x)), 0);
        }
        assert!(image.splat.iter().all(|&index| index == NONE));
    }
}
