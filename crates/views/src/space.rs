use crate::raster::{Camera, DepthImage};
use crate::thin::{Splat, Thinned};
use glam::{IVec3, Vec3};
use scene::{Aabb, InstanceId, Scene};

/// Cells in which the clearance of a camera is tested, metres.
const CELL_M: f32 = 0.12;
/// Cubes of 8 voxels are culled together.
const CUBE_LEVEL: u32 = 3;

/// The room as the cameras see it: thinned points in cubes, and where a camera may stand.
#[derive(Clone, Debug)]
pub(crate) struct Room {
    splats: Vec<Splat>,
    cubes: Vec<Cube>,
    /// Occupied cells of [`CELL_M`], sorted.
    occupied: Vec<[i32; 3]>,
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
        let mut occupied: Vec<[i32; 3]> =
            thinned.splats.iter().map(|splat| cell(splat.position).to_array()).collect();
        occupied.sort_unstable();
        occupied.dedup();
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

    /// Whether a camera may stand here to look at `id`: in the room, out of every other object's
    /// box, at least a hand's breadth of air round it.
    pub(crate) fn is_free(&self, eye: Vec3, id: InstanceId) -> bool {
        let (min, max) = (self.allowed.min.truncate(), self.allowed.max.truncate());
        let flat = eye.truncate();
        if !(min.cmple(flat).all() && flat.cmple(max).all()) {
            return false;
        }
        if self.boxes.iter().any(|(other, bounds)| *other != id && bounds.contains(eye)) {
            return false;
        }
        let middle = cell(eye);
        let neighbours = (-1..=1)
            .flat_map(|x| (-1..=1).flat_map(move |y| (-1..=1).map(move |z| IVec3::new(x, y, z))));
        neighbours
            .map(|step| middle.saturating_add(step).to_array())
            .all(|cell| self.occupied.binary_search(&cell).is_err())
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

    pub(crate) fn splat(&self, index: u32) -> Option<&Splat> {
        self.splats.get(index as usize)
    }
}

fn cell(position: Vec3) -> IVec3 {
    (position / CELL_M).floor().as_ivec3()
}
