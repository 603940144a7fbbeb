//! Small rooms for the tests.

use glam::Vec3;
use scene::{
    Aabb, Instance, InstanceId, Plane, PointCloud, Reading, Scene, Similarity, Structure,
    Superpoints,
};

pub(crate) const CHAIR: u32 = 3;
pub(crate) const PANEL: u32 = 5;

/// Builds a room of 5 × 4 × 2.5 m in green, and red objects in it.
pub(crate) struct Builder(Scene);

impl Builder {
    pub(crate) fn room() -> Self {
        let bounds = Aabb { min: Vec3::ZERO, max: Vec3::new(5.0, 4.0, 2.5) };
        let mut builder = Self(Scene {
            cloud: PointCloud { colours: Some(Vec::new()), ..PointCloud::default() },
            scene_from_file: Similarity::IDENTITY,
            reading: Reading::default(),
            bounds,
            voxel_m: 0.03,
            structure: Structure::default(),
            instances: Vec::new(),
            superpoints: Superpoints::default(),
            warnings: Vec::new(),
        });
        let green = [20, 120, 20];
        builder.add(&sheet(Vec3::ZERO, 5.0 * Vec3::X, 4.0 * Vec3::Y), green);
        for (from, along) in [
            (Vec3::ZERO, 5.0 * Vec3::X),
            (4.0 * Vec3::Y, 5.0 * Vec3::X),
            (Vec3::ZERO, 4.0 * Vec3::Y),
            (5.0 * Vec3::X, 4.0 * Vec3::Y),
        ] {
            let points = builder.add(&sheet(from, along, 2.5 * Vec3::Z), green);
            let corner = Aabb { min: from, max: from + along + 2.5 * Vec3::Z };
            let plane = Plane { normal: Vec3::X, offset_m: 0.0, bounds: corner, points };
            builder.0.structure.walls.push(plane);
        }
        builder
    }

    /// Half a metre wide, seat and back.
    pub(crate) fn chair(self) -> Self {
        let at = |x: f32, y: f32, z: f32| Vec3::new(2.0 + x, 2.0 + y, z);
        let mut points = sheet(at(0.0, 0.0, 0.45), 0.5 * Vec3::X, 0.5 * Vec3::Y);
        points.extend(sheet(at(0.0, 0.5, 0.45), 0.5 * Vec3::X, 0.45 * Vec3::Z));
        for (x, y) in [(0.0, 0.0), (0.5, 0.0), (0.0, 0.5), (0.5, 0.5)] {
            points.extend((0..90).map(|i| at(x, y, 0.005 * i as f32)));
        }
        self.object(CHAIR, &points, [200, 10, 10])
    }

    /// An upright sheet as an object of its own.
    pub(crate) fn panel(self, from: Vec3, along: Vec3) -> Self {
        self.object(PANEL, &sheet(from, along, 2.0 * Vec3::Z), [10, 10, 200])
    }

    pub(crate) fn object(mut self, id: u32, points: &[Vec3], colour: [u8; 3]) -> Self {
        let indices = self.add(points, colour);
        self.0.instances.push(Instance {
            id: InstanceId(id),
            points: indices,
            bounds: Aabb::of_points(points.iter().copied()),
            score: 1.0,
            label: None,
            told: None,
        });
        self
    }

    pub(crate) fn build(self) -> Scene {
        self.0
    }

    fn add(&mut self, points: &[Vec3], colour: [u8; 3]) -> Vec<u32> {
        let cloud = &mut self.0.cloud;
        let first = cloud.len() as u32;
        cloud.positions.extend(points.iter().map(|point| point.to_array()));
        cloud.colours.as_mut().unwrap().extend(points.iter().map(|_| colour));
        (first..first + points.len() as u32).collect()
    }
}

/// A parallelogram of points 2 cm apart.
fn sheet(from: Vec3, along: Vec3, up: Vec3) -> Vec<Vec3> {
    let steps = |v: Vec3| (v.length() / 0.02).round() as usize;
    let (columns, rows) = (steps(along), steps(up));
    (0..=columns)
        .flat_map(|i| {
            let x = along * (i as f32 / columns as f32);
            (0..=rows).map(move |j| from + x + up * (j as f32 / rows as f32))
        })
        .collect()
}
