use crate::camera::{View, best_of, view};
use crate::own::Own;
use crate::raster::Shot;
use crate::space::Room;
use glam::{Vec2, Vec3};
use std::sync::Arc;

/// A photograph taken in the scene, by a pinhole camera without distortion.
#[derive(Clone, Debug)]
pub struct Photo {
    /// Pixels across and down.
    pub size: [u32; 2],
    /// Red, green, blue, row by row from the upper left corner.
    pub pixels: Arc<[u8]>,
    /// Focal lengths, pixels.
    pub focal: Vec2,
    /// Where the optical axis meets the picture, pixels from its upper left corner.
    pub middle: Vec2,
    /// Where the camera stood, in the scene frame, metres.
    pub eye: Vec3,
    /// Its axes in the scene frame, of length one: right, down, and along its view.
    pub axes: [Vec3; 3],
}

/// No more photographs than this, the nearest, are tried for one object.
const TRIED: usize = 24;
/// A photograph counts as a view of an object if this part of the pixels in which it could be seen lie
/// in the picture.
const LEAST_INSIDE: f32 = 0.3;

impl Photo {
    /// Whether the numbers make a camera, and there are as many pixels as they say.
    pub fn is_whole(&self) -> bool {
        let [width, height] = self.size.map(|edge| edge as usize);
        let numbers = [self.eye, self.axes[0], self.axes[1], self.axes[2]];
        width > 0
            && width.checked_mul(height).and_then(|n| n.checked_mul(3)) == Some(self.pixels.len())
            && self.focal.is_finite()
            && self.focal.min_element() > 0.0
            && self.middle.is_finite()
            && numbers.iter().all(|numbers| numbers.is_finite())
    }

    /// The colour in which it shows what lies along a ray from its eye; `None` outside the picture.
    pub(crate) fn along(&self, ray: Vec3) -> Option<[u8; 3]> {
        let [right, down, forward] = self.axes.map(|axis| axis.dot(ray));
        if forward <= 1e-6 {
            return None;
        }
        let at = Vec2::new(right, down) / forward * self.focal + self.middle;
        let [width, height] = self.size.map(|edge| edge as f32);
        if !(0.0..width).contains(&at.x) || !(0.0..height).contains(&at.y) {
            return None;
        }
        let pixel = at.y as usize * self.size[0] as usize + at.x as usize;
        self.pixels.get(3 * pixel..3 * pixel + 3)?.try_into().ok()
    }
}

/// The best `count` photographs of an object, best first: by its solid angle that nothing hides and that
/// lies in the picture.
pub(crate) fn best_photos(room: &Room, own: &Own, photos: &[Photo], count: usize) -> Vec<View> {
    let mut near: Vec<(f32, usize)> = photos
        .iter()
        .enumerate()
        .filter(|(_, photo)| photo.axes[2].dot(own.middle - photo.eye) > -own.radius_m)
        .map(|(index, photo)| (photo.eye.distance_squared(own.middle), index))
        .collect();
    near.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    let mut shot = Shot::new(crate::camera::SCORE_PX);
    let candidates = near.into_iter().take(TRIED).filter_map(|(_, index)| {
        let photo = &photos[index];
        // Every photograph counts as seen from a side of its own.
        let view = view(room, own, index, photo.eye, &mut shot)?;
        let pixels = (0..shot.own.splat.len()).filter(|&pixel| shot.is_own(pixel));
        let (mut inside, mut all) = (0.0, 0.0);
        for pixel in pixels {
            all += 1.0;
            inside += f32::from(u8::from(photo.along(shot.own.ray(&view.camera, pixel)).is_some()));
        }
        let share = inside / f32::max(all, 1.0);
        let view = View { score: view.score * share * share, photo: Some(index), ..view };
        (share >= LEAST_INSIDE).then_some(view)
    });
    best_of(candidates.collect(), count)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Builder, CHAIR};
    use crate::{CROP_PX, InstanceInput, Looker};
    use scene::InstanceId;

    /// A picture of one colour, from the middle of the room's south side towards `to`.
    fn photo(colour: [u8; 3], to: Vec3) -> Photo {
        let eye = Vec3::new(2.25, 0.4, 1.3);
        let forward = (to - eye).normalize();
        let right = forward.cross(Vec3::Z).normalize();
        Photo {
            size: [64, 48],
            pixels: colour.repeat(64 * 48).into(),
            focal: Vec2::splat(40.0),
            middle: Vec2::new(32.0, 24.0),
            eye,
            axes: [right, forward.cross(right), forward],
        }
    }

    #[test]
    fn a_ray_meets_the_pixel_that_shows_it() {
        let mut one = photo([0; 3], Vec3::new(2.25, 3.0, 1.3));
        let mut pixels = vec![0; 3 * 64 * 48];
        // Four pixels right of the middle, two up.
        pixels[3 * (22 * 64 + 36)..][..3].copy_from_slice(&[1, 2, 3]);
        one.pixels = pixels.into();
        let [right, down, forward] = one.axes;
        let ray = |x: f32, y: f32| one.along(forward + right * x / 40.0 + down * y / 40.0);
        assert_eq!(ray(4.5, -1.5), Some([1, 2, 3]));
        assert_eq!(ray(4.5, 1.5), Some([0; 3]));
        assert_eq!((ray(33.0, 0.0), one.along(-forward)), (None, None));
        assert!(one.is_whole());
        one.size = [64, 49];
        assert!(!one.is_whole());
    }

    #[test]
    fn photographs_of_an_object_are_shown_in_place_of_drawings() {
        let scene = Builder::room().chair().build();
        let chair = scene.instances[0].bounds.centre();
        let away = photo([9, 9, 9], Vec3::new(2.25, -9.0, 1.3));
        let shown = |photos: Vec<Photo>| {
            let looker = Looker::new(&scene).with_photos(photos.into());
            looker.look(InstanceId(CHAIR)).unwrap()
        };
        let seen = shown(vec![away.clone(), photo([10, 20, 200], chair)]);
        assert_eq!(seen.view_valid, [1, 0, 0, 0, 0]);
        let pixels = CROP_PX * CROP_PX;
        let crop = &seen.crops[..InstanceInput::CROP_LEN];
        assert!(crop[2 * pixels..3 * pixels].iter().all(|&blue| blue == 200));
        // What the object is among them is known from the points.
        let own = crop[3 * pixels..].iter().filter(|&&mask| mask == 255).count();
        assert!(own > pixels / 12 && own < pixels, "{own}");
        assert!(seen.trust.iter().step_by(5).any(|&trust| trust > 0));
        // Where none shows it, it is drawn as ever.
        let drawn = shown(Vec::new());
        assert_eq!(shown(vec![away]), drawn);
        assert_eq!(drawn.view_valid, [1; 5]);
    }
}
