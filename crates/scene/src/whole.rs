use crate::{Aabb, Instance, InstanceId, PointCloud, Reading, Similarity, Superpoints, Warning};
use glam::Vec3;

/// An upright, metric cloud with its structure and its objects.
#[derive(Clone, Debug)]
pub struct Scene {
    /// In the scene frame: metres, z up, floor at z = 0, walls along x and y. Point `i` is the
    /// file's point `i`, whatever was repaired.
    pub cloud: PointCloud,
    /// From the file's coordinates to the scene's.
    pub scene_from_file: Similarity,
    /// How the file's numbers were taken.
    pub reading: Reading,
    /// Round the points without far outliers, metres.
    pub bounds: Aabb,
    /// Edge length of the voxels that `segment` worked on, metres; the resolution of everything
    /// derived from it.
    pub voxel_m: f32,
    /// Floor, ceiling, walls.
    pub structure: Structure,
    /// The objects, by ascending id.
    pub instances: Vec<Instance>,
    /// What the objects were put together from.
    pub superpoints: Superpoints,
    /// What the reader and the repair have to say.
    pub warnings: Vec<Warning>,
}

impl Scene {
    /// The instance of this id.
    pub fn instance(&self, id: InstanceId) -> Option<&Instance> {
        self.instances
            .binary_search_by_key(&id, |instance| instance.id)
            .ok()
            .map(|index| &self.instances[index])
    }

    /// The instance of this id, to be changed.
    pub fn instance_mut(&mut self, id: InstanceId) -> Option<&mut Instance> {
        self.instances
            .binary_search_by_key(&id, |instance| instance.id)
            .ok()
            .map(|index| &mut self.instances[index])
    }

    /// The positions of an instance's points, metres.
    pub fn points_of<'a>(&'a self, instance: &'a Instance) -> impl Iterator<Item = Vec3> + 'a {
        instance.points.iter().map(|&point| Vec3::from(self.cloud.positions[point as usize]))
    }
}

/// The shell of the room.
#[derive(Clone, Debug, Default)]
pub struct Structure {
    /// The main floor.
    pub floor: Option<Plane>,
    /// The main ceiling, if it was scanned.
    pub ceiling: Option<Plane>,
    /// Upright planes of some size.
    pub walls: Vec<Plane>,
    /// Where one looks through a wall.
    pub openings: Vec<Opening>,
}

/// A large opening in a wall, such as an open doorway.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Opening {
    /// Its wall's place among the walls.
    pub wall: usize,
    /// From corner to corner in the plane of the wall, metres.
    pub bounds: Aabb,
}

/// A flat part of the room's shell.
#[derive(Clone, Debug)]
pub struct Plane {
    /// Unit normal, towards the room.
    pub normal: Vec3,
    /// `normal · p = offset_m` for points of the plane.
    pub offset_m: f32,
    /// Round its points, metres.
    pub bounds: Aabb,
    /// Indices into the scene's cloud, ascending.
    pub points: Vec<u32>,
}
