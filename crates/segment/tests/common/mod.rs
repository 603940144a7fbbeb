//! A room made of boxes, sampled on its visible faces, with known objects.
#![allow(dead_code, reason = "each test file uses its part")]

use glam::{DMat3, DVec3, Vec3};
use scene::PointCloud;

/// A room in its own frame: metres, z up, floor at 0, walls along x and y.
#[derive(Clone, Default)]
pub(crate) struct Room {
    pub(crate) points: Vec<Vec3>,
    pub(crate) colours: Vec<[u8; 3]>,
    pub(crate) ids: Vec<u32>,
    random: u64,
}

const SPACING_M: f32 = 0.02;
const NOISE_M: f32 = 0.003;

impl Room {
    /// 5 × 4 × 2.6 m with a table and a cup on it, a cabinet at the wall, a sofa-like block and
    /// a stool in the open.
    pub(crate) fn furnished() -> Self {
        let mut room = Self::default();
        room.shell(Vec3::new(5.0, 4.0, 2.6));
        let mut object = |id, min: [f32; 3], size: [f32; 3], colour| {
            room.block(id, min.into(), size.into(), colour);
        };
        object(1, [1.8, 1.5, 0.0], [1.4, 0.8, 0.75], [120, 70, 30]);
        object(2, [2.3, 1.8, 0.75], [0.22, 0.22, 0.25], [30, 60, 200]);
        object(3, [0.02, 0.8, 0.0], [0.5, 1.0, 1.1], [200, 190, 170]);
        object(4, [3.6, 2.6, 0.0], [0.9, 0.9, 0.6], [40, 110, 60]);
        object(5, [3.7, 0.7, 0.0], [0.4, 0.4, 0.45], [180, 40, 40]);
        // Nobody sees the back of the cabinet.
        room.hide(|id, point| id == 3 && point.x < 0.03);
        room
    }

    /// The same room without anything in it.
    pub(crate) fn bare() -> Self {
        let mut room = Self::default();
        room.shell(Vec3::new(5.0, 4.0, 2.6));
        room
    }

    fn shell(&mut self, size: Vec3) {
        let (x, y, z) = (Vec3::X * size.x, Vec3::Y * size.y, Vec3::Z * size.z);
        self.face(0, Vec3::ZERO, x, y, [110, 90, 80]);
        self.face(0, z, x, y, [235; 3]);
        let wall = [205, 205, 195];
        self.face(0, Vec3::ZERO, x, z, wall);
        self.face(0, Vec3::ZERO, y, z, wall);
        self.face(0, y, x, z, wall);
        self.face(0, x, y, z, wall);
    }

    /// Top and sides of a box; nobody sees its underside.
    pub(crate) fn block(&mut self, id: u32, min: Vec3, size: Vec3, colour: [u8; 3]) {
        let (x, y, z) = (Vec3::X * size.x, Vec3::Y * size.y, Vec3::Z * size.z);
        self.face(id, min + z, x, y, colour);
        self.face(id, min, x, z, colour);
        self.face(id, min, y, z, colour);
        self.face(id, min + y, x, z, colour);
        self.face(id, min + x, y, z, colour);
    }

    fn hide(&mut self, hidden: impl Fn(u32, Vec3) -> bool) {
        let kept: Vec<bool> =
            self.ids.iter().zip(&self.points).map(|(id, point)| !hidden(*id, *point)).collect();
        let mut at = kept.iter();
        self.points.retain(|_| at.next().is_some_and(|kept| *kept));
        let mut at = kept.iter();
        self.colours.retain(|_| at.next().is_some_and(|kept| *kept));
        let mut at = kept.iter();
        self.ids.retain(|_| at.next().is_some_and(|kept| *kept));
    }

    /// A parallelogram from a corner along two edges.
    pub(crate) fn face(&mut self, id: u32, corner: Vec3, u: Vec3, v: Vec3, colour: [u8; 3]) {
        let steps = |edge: Vec3| (edge.length() / SPACING_M).ceil() as usize;
        for i in 0..=steps(u) {
            for j in 0..=steps(v) {
                let (s, t) = (i as f32 / steps(u) as f32, j as f32 / steps(v) as f32);
                let noise = Vec3::from([0; 3].map(|_| self.random() * NOISE_M));
                self.points.push(corner + u * s + v * t + noise);
                let shade = colour.map(|c| (f32::from(c) + 6.0 * self.random()) as u8);
                self.colours.push(shade);
                self.ids.push(id);
            }
        }
    }

    /// Uniform in -1..1, the same on every run.
    fn random(&mut self) -> f32 {
        self.random = self.random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (self.random >> 40) as f32 / (1_u64 << 23) as f32 - 1.0
    }

    /// The room as a file would hold it: turned, in its unit, somewhere in the world.
    pub(crate) fn in_file(&self, rotation: DMat3, scale: f64, origin: [f64; 3]) -> PointCloud {
        let to_file = |point: &Vec3| (rotation * point.as_dvec3() * scale).as_vec3().to_array();
        PointCloud {
            positions: self.points.iter().map(to_file).collect(),
            origin,
            colours: Some(self.colours.clone()),
            ..PointCloud::default()
        }
    }

    /// The room as it is.
    pub(crate) fn cloud(&self) -> PointCloud {
        self.in_file(DMat3::IDENTITY, 1.0, [0.0; 3])
    }
}

/// The direction of the file that the room's z became.
pub(crate) fn up_in_file(rotation: DMat3) -> DVec3 {
    rotation * DVec3::Z
}
