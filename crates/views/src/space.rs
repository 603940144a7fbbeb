use crate::cells::Cells;
use crate::raster::{Camera, DepthImage};
use crate::thin::{Splat, Thinned};
use glam::Vec3;
use scene::{Aabb, InstanceId, Scene};

/// Cells in which the clearance of a camera is measured, metres.
const CELL_M: f32 = 0.1;
/// Air round a camera: this much where the room allows it, and never less than the second, metres.
pub(crate) const CLEARANCE_M: f32 = 0.3;
pub(crate) const LEAST_CLEARANCE_M: f32 = 0.12;
/// Cubes of 8 voxels are culled together.
const CUBE_LEVEL: u32 = 3;

/// The room as the cameras see it: thinned points in cubes, and where a camera may stand.
#[derive(Clone, Debug)]
pub(crate) struct Room {
    splats: Vec<Splat>,
    cubes: Vec<Cube>,
    occupied: Cells,
    /// Where cameras may stand, in x and y.
    allowed: Aabb,
    /// Boxes of the objects, into which no camera is put.
    boxes: Vec<(InstanceId, Aabb)>,
}

#[derive(Clone, Copy, Debug)]
struct Cube {
    first: u32,
    end: u32,
    centre: Vec3,
    radius_m: f32,
}

impl Room {
    pub(crate) fn new(scene: &Scene, thinned: Thinned) -> Self {
        let mut first = 0u32;
        let cubes = thinned.cubes(CUBE_LEVEL).map(|splats| {
            let bounds = Aabb::of_points(splats.iter().map(|splat| splat.position));
            let end = first + splats.len() as u32;
            let radius_m = bounds.size().length() / 2.0 + 2.0 * thinned.voxel_m;
            let cube = Cube { first, end, centre: bounds.centre(), radius_m };
            first = end;
            cube
        });
        let cubes = cubes.collect();
        let occupied = Cells::new(thinned.splats.iter().map(|splat| splat.position), CELL_M);
        // Without walls the scan is a part of something larger, and the cameras may stand outside.
        let margin_m = if scene.structure.walls.len() >= 2 { -0.1 } else { 1.5 };
        let margin = Vec3::new(margin_m, margin_m, 0.0);
        let allowed = Aabb { min: scene.bounds.min - margin, max: scene.bounds.max + margin };
        // A box that fills much of the room is several objects; it must not forbid the room.
        let largest_m3 = 0.25 * scene.bounds.volume();
        let boxes = scene
            .instances
            .iter()
            .filter(|instance| instance.bounds.volume() < largest_m3)
            .map(|instance| (instance.id, instance.bounds))
            .collect();
        Self { splats: thinned.splats, cubes, occupied, allowed, boxes }
    }

    /// Air round a camera that stands here to look at `id`, metres, [`CLEARANCE_M`] at most; 0 out
    /// of the room and in another object's box.
    pub(crate) fn clearance_m(&self, eye: Vec3, id: InstanceId) -> f32 {
        let (min, max) = (self.allowed.min.truncate(), self.allowed.max.truncate());
        let flat = eye.truncate();
        let outside = !(min.cmple(flat).all() && flat.cmple(max).all());
        if outside || self.boxes.iter().any(|(other, b)| *other != id && b.contains(eye)) {
            return 0.0;
        }
        self.occupied.clearance_m(eye, CLEARANCE_M)
    }

    /// Draws all that is not `id` and no further than `far_m` in the camera's window. Indices are
    /// those of [`Room::splat`].
    pub(crate) fn draw_others(
        &self,
        camera: &Camera,
        far_m: f32,
        id: InstanceId,
        image: &mut DepthImage,
    ) {
        let half = camera.span / 2.0;
        let axis = (camera.forward
            + camera.right * (camera.corner[0] + half)
            + camera.down * (camera.corner[1] + half))
            .normalize();
        // A cone round the window's four corners, the widest of which is at most this far out.
        let tangent = half * std::f32::consts::SQRT_2;
        let cosine = 1.0 / (1.0 + tangent * tangent).sqrt();
        let sine = tangent * cosine;
        for cube in &self.cubes {
            let offset = cube.centre - camera.eye;
            let along = offset.dot(axis);
            if along < -cube.radius_m || along - cube.radius_m > far_m {
                continue;
            }
            let across = (offset.length_squared() - along * along).max(0.0).sqrt();
            if across * cosine - along * sine > cube.radius_m {
                continue;
            }
            for index in cube.first..cube.end {
                let splat = &self.splats[index as usize];
                if splat.owner != id.0 {
                    image.draw(camera, splat, index);
                }
            }
        }
    }

    pub(crate) fn splats(&self) -> &[Splat] {
        &self.splats
    }

    pub(crate) fn splat(&self, index: u32) -> Option<&Splat> {
        self.splats.get(index as usize)
    }
}
