use crate::camera::best_views;
use crate::crops::{crop, empty_crops, picture};
use crate::input::{CROP_LEVELS, InstanceInput, SHELL_FEATURES, SHELL_POINTS, VIEWS};
use crate::own::{Own, OwnPoints, point_of};
use crate::patches::patches;
use crate::photo::{Photo, best_photos};
use crate::sight::Facing;
use crate::space::Room;
use crate::thin::Thinned;
use scene::{Aabb, InstanceId, Scene};
use std::sync::Arc;

/// No more points than this of the whole scan go into the room's splats, evenly by index.
const MAX_ROOM_POINTS: usize = 400_000;
/// Beyond this many splats the room is thinned again, twice as coarse.
const MAX_ROOM_SPLATS: usize = 90_000;

/// Looks at the instances of one scene, one at a time.
///
/// It owns what it needs of the scene, so that it can be kept while the scene goes elsewhere.
#[derive(Clone, Debug)]
pub struct Looker {
    room: Room,
    owns: Vec<OwnPoints>,
    coloured: bool,
    photos: Arc<[Photo]>,
}

impl Looker {
    /// Thins the room and notes each instance's points. Points that are not finite are left out.
    pub fn new(scene: &Scene) -> Self {
        let mut owner = vec![0u32; scene.cloud.len()];
        for instance in &scene.instances {
            for &point in &instance.points {
                if let Some(owner) = owner.get_mut(point as usize) {
                    *owner = instance.id.0;
                }
            }
        }
        let stride = owner.len().div_ceil(MAX_ROOM_POINTS).max(1);
        // Far strays are no part of the room.
        let reach = scene.bounds.size().max_element().max(1.0);
        let within = Aabb { min: scene.bounds.min - reach, max: scene.bounds.max + reach };
        let points: Vec<_> = (0..owner.len())
            .step_by(stride)
            .filter_map(|i| point_of(scene, i).map(|(p, colour)| (p, colour, owner[i])))
            .filter(|(position, _, _)| within.contains(*position))
            .collect();
        let mut thinned = Thinned::new(&points, scene.voxel_m.clamp(0.03, 0.05));
        while thinned.splats.len() > MAX_ROOM_SPLATS && thinned.voxel_m < reach {
            thinned = Thinned::new(&points, 2.0 * thinned.voxel_m);
        }
        let owns = scene.instances.iter().map(|instance| OwnPoints::new(scene, instance)).collect();
        let coloured = scene.cloud.colours.is_some();
        Self {
            room: Room::new(scene, thinned.without_lone()),
            owns,
            coloured,
            photos: Arc::default(),
        }
    }

    /// Shows photographs of an object, where there are any that show it, in place of drawings. Those
    /// that are not whole are left out.
    #[must_use]
    pub fn with_photos(self, photos: Arc<[Photo]>) -> Self {
        let whole = photos.iter().all(Photo::is_whole);
        let photos = match whole {
            true => photos,
            false => photos.iter().filter(|photo| photo.is_whole()).cloned().collect(),
        };
        Self { photos, ..self }
    }

    /// The instances, in the scene's order.
    pub fn ids(&self) -> impl Iterator<Item = InstanceId> + '_ {
        self.owns.iter().map(|own| own.id)
    }

    /// Points of the shell and of what no instance owns, evenly in space: at most
    /// [`SHELL_POINTS`].
    pub fn shell(&self) -> Vec<[f32; SHELL_FEATURES]> {
        let bare: Vec<_> = self.room.splats().iter().filter(|splat| splat.owner == 0).collect();
        let stride = bare.len().div_ceil(SHELL_POINTS).max(1);
        let told = bare.into_iter().step_by(stride).map(|splat| {
            let [x, y, z] = splat.position.to_array();
            let shade = |c: u8| if self.coloured { f32::from(c) / 127.5 - 1.0 } else { 0.0 };
            let [r, g, b] = splat.colour.map(shade);
            [x, y, z, r, g, b]
        });
        told.collect()
    }

    #[cfg(test)]
    pub(crate) fn on<T>(&self, id: InstanceId, f: impl FnOnce(&Room, &Own) -> T) -> Option<T> {
        let own = Own::new(self.owns.iter().find(|own| own.id == id)?, self.coloured);
        Some(f(&self.room, &own))
    }

    /// What the encoders are given of the instance of this id; `None` if the scene has none.
    pub fn look(&self, id: InstanceId) -> Option<InstanceInput> {
        let own = Own::new(self.owns.iter().find(|own| own.id == id)?, self.coloured);
        let mut crops = empty_crops();
        let mut view_valid = [0; VIEWS];
        let mut shot = picture();
        let mut views = best_photos(&self.room, &own, &self.photos, VIEWS);
        let photographed = !views.is_empty();
        if !photographed {
            views = best_views(&self.room, &own, VIEWS);
        }
        let (patches, centres) = patches(&own);
        let facing = Facing::new(&own, &patches, &centres);
        let mut trust = vec![0; InstanceInput::TRUST_LEN];
        let outs = crops.chunks_exact_mut(CROP_LEVELS * InstanceInput::CROP_LEN);
        for (index, (view, out)) in views.iter().zip(outs).enumerate() {
            let photo = view.photo.and_then(|index| self.photos.get(index));
            let camera = crop(&self.room, &own, view, photo, &mut shot, out);
            view_valid[index] = 1;
            let of_view = facing.trust(&camera, &shot);
            trust.iter_mut().skip(index).step_by(VIEWS).zip(of_view).for_each(|(to, t)| *to = t);
        }
        Some(InstanceInput {
            id,
            patches,
            centres,
            extent: own.extent(),
            crops,
            view_valid,
            trust,
            box_m: own.box_m(),
            photographed,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crops::GREY;
    use crate::testing::{Builder, CHAIR, PANEL};
    use crate::{CENTRE_FEATURES, CROP_PX, PATCH_POINTS, PATCHES, POINT_FEATURES};
    use glam::Vec3;

    const PIXELS: usize = CROP_PX * CROP_PX;

    fn look(scene: &Scene, id: u32) -> InstanceInput {
        Looker::new(scene).look(InstanceId(id)).unwrap()
    }

    #[test]
    fn a_chair_in_a_room() {
        let input = look(&Builder::room().chair().build(), CHAIR);
        assert_eq!(input.patches.len(), PATCHES * PATCH_POINTS * POINT_FEATURES);
        assert_eq!(input.centres.len(), PATCHES * CENTRE_FEATURES);
        assert_eq!(input.crops.len(), InstanceInput::CROPS_LEN);
        assert_eq!(input.view_valid, [1; VIEWS]);
        assert!(input.patches.iter().all(|v| v.abs() <= 2.0));
        // Centres lie in the unit ball, and their height is over the floor.
        for centre in input.centres.chunks(CENTRE_FEATURES) {
            assert!(Vec3::from_slice(centre).length() < 1.1);
            assert!((centre[3] - (0.45 + centre[2] * input.extent[5])).abs() < 0.02, "{centre:?}");
        }
        let expected = [0.5, 0.5, 0.9, 0.0, 0.9];
        assert!(input.extent.iter().zip(expected).all(|(a, b)| (a - b).abs() < 0.02));
        assert_eq!(input.extent[7], 1.0);
        // The chair is red and the room is green: the mask and the colours agree.
        for crop in input.crops.chunks(InstanceInput::CROP_LEN) {
            let mask = &crop[3 * PIXELS..];
            let own = (0..PIXELS).filter(|&p| mask[p] == 255);
            assert!(own.clone().count() > PIXELS / 12, "{}", own.count());
            assert!(own.clone().all(|p| crop[p] > 150 && crop[PIXELS + p] < 60));
            let rest = (0..PIXELS).filter(|&p| mask[p] == 0);
            assert!(rest.clone().count() > 20);
            assert!(rest.clone().all(|p| crop[p] <= GREY));
        }
        // Wider crops show less of the chair.
        let view = &input.crops[..CROP_LEVELS * InstanceInput::CROP_LEN];
        let own: Vec<usize> = view
            .chunks(InstanceInput::CROP_LEN)
            .map(|crop| crop[3 * PIXELS..].iter().filter(|&&m| m > 127).count())
            .collect();
        assert!(own[0] > own[1] && own[1] > own[2], "{own:?}");
    }

    #[test]
    fn the_same_scene_gives_the_same_bytes() {
        let scene = Builder::room().chair().build();
        assert_eq!(look(&scene, CHAIR), look(&scene, CHAIR));
    }

    #[test]
    fn without_colour_all_is_grey() {
        let mut scene = Builder::room().chair().build();
        scene.cloud.colours = None;
        let input = look(&scene, CHAIR);
        assert_eq!(input.extent[7], 0.0);
        for crop in input.crops.chunks(InstanceInput::CROP_LEN) {
            assert!(crop[..3 * PIXELS].iter().all(|&c| c == GREY));
            assert!(crop[3 * PIXELS..].contains(&255));
        }
        assert!(input.patches.chunks(POINT_FEATURES).all(|p| p[3..] == [0.0; 3]));
    }

    #[test]
    fn degenerate_instances_have_finite_inputs() {
        let one = [Vec3::new(1.0, 1.0, 0.5)];
        let same = [Vec3::new(1.0, 1.0, 0.5); 40];
        let line: Vec<Vec3> = (0..50).map(|i| Vec3::new(1.0, 1.0, 0.02 * i as f32)).collect();
        let flat: Vec<Vec3> = (0..400)
            .map(|i| Vec3::new(1.0 + 0.02 * (i % 20) as f32, 0.02 * (i / 20) as f32, 0.8))
            .collect();
        let nan = [Vec3::NAN; 5];
        for points in [&one[..], &same, &line, &flat, &nan, &[]] {
            let input = look(&Builder::room().object(7, points, [200, 0, 0]).build(), 7);
            let numbers = input.patches.iter().chain(&input.centres).chain(&input.extent);
            assert!(numbers.chain(&input.box_m).all(|v| v.is_finite()));
            assert_eq!(input.crops.len(), InstanceInput::CROPS_LEN);
            let has_points = points.iter().any(|p| p.is_finite());
            assert_eq!(input.view_valid[0] == 1, has_points, "{} points", points.len());
        }
    }

    #[test]
    fn indices_beyond_the_cloud_are_left_out() {
        let mut scene = Builder::room().chair().build();
        scene.instances[0].points.push(u32::MAX);
        assert_eq!(look(&scene, CHAIR).view_valid, [1; VIEWS]);
        assert!(Looker::new(&scene).look(InstanceId(PANEL)).is_none());
    }

    #[test]
    fn a_poisoned_cloud_changes_nothing() {
        let clean = look(&Builder::room().chair().build(), CHAIR);
        let mut scene = Builder::room().chair().build();
        for x in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY, 1e38, -1e38, 1e-42] {
            scene.cloud.positions.push([x, x, x.abs() * 2.0]);
            scene.cloud.colours.as_mut().unwrap().push([1, 2, 3]);
        }
        // The denormal one is a point on the floor; all others are no part of the room.
        assert_eq!(look(&scene, CHAIR).patches, clean.patches);
        assert_eq!(look(&scene, CHAIR).view_valid, clean.view_valid);
    }

    #[test]
    fn an_empty_scene_has_nothing_to_look_at() {
        let scene = Builder::room().build();
        assert_eq!(Looker::new(&scene).ids().count(), 0);
        let mut empty = scene;
        empty.cloud = Default::default();
        empty.bounds = Aabb::EMPTY;
        assert!(Looker::new(&empty).look(InstanceId(1)).is_none());
    }
}
