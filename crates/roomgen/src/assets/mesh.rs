use glam::{Vec2, Vec3};
use std::sync::Arc;

/// A furniture mesh in its own frame: metres, z up, standing on z = 0, centred on x = y = 0, its
/// front towards −y.
#[derive(Clone, Debug, Default)]
pub struct Mesh {
    /// Unique name, such as `Scopia/scopia/sofa/sofa.obj` or `shape/mirror/2`.
    pub name: String,
    /// Vertex positions.
    pub positions: Vec<Vec3>,
    /// Texture coordinates, v up.
    pub uvs: Vec<Vec2>,
    /// Triangles; every index is in range of the other lists.
    pub triangles: Vec<Triangle>,
    /// Surfaces.
    pub materials: Vec<Material>,
    /// Edge lengths of the box round it.
    pub size: Vec3,
    /// What it is made of, in a word; `None` where that is unclear.
    pub made_of: Option<&'static str>,
}

/// Three corners and a surface.
#[derive(Clone, Copy, Debug)]
pub struct Triangle {
    /// Indices into [`Mesh::positions`].
    pub corners: [u32; 3],
    /// Indices into [`Mesh::uvs`], where the triangle has texture coordinates.
    pub uvs: Option<[u32; 3]>,
    /// Index into [`Mesh::materials`].
    pub material: u32,
}

/// A surface, as far as a depth camera with colour sees it.
#[derive(Clone, Debug)]
pub struct Material {
    /// As the mesh's makers called it.
    pub name: String,
    /// Red, green, blue, 0..=255, as shown on a screen.
    pub colour: Vec3,
    /// Replaces the colour where the triangle has texture coordinates.
    pub texture: Option<Arc<Texture>>,
    /// 1 is solid, 0 is clear.
    pub opacity: f32,
    /// 0 is matt, 1 is a mirror.
    pub shine: f32,
}

/// A small picture that repeats.
#[derive(Clone, Debug)]
pub struct Texture {
    /// Pixels across.
    pub width: usize,
    /// Pixels down.
    pub height: usize,
    /// Row by row from the top, `width · height` of them.
    pub pixels: Vec<[u8; 3]>,
}

impl Texture {
    /// The colour at these coordinates, 0..=255; v runs up, and the picture repeats.
    pub fn at(&self, uv: Vec2) -> Vec3 {
        let column = (uv.x.rem_euclid(1.0) * self.width as f32) as usize;
        let row = ((-uv.y).rem_euclid(1.0) * self.height as f32) as usize;
        let row = row.min(self.height.saturating_sub(1));
        let column = column.min(self.width.saturating_sub(1));
        match self.pixels.get(row * self.width + column) {
            Some(&[r, g, b]) => Vec3::new(f32::from(r), f32::from(g), f32::from(b)),
            None => Vec3::splat(128.0),
        }
    }
}

impl Mesh {
    /// Moves and scales the mesh so that it stands on z = 0, is centred, and has this size.
    /// Axes along which the mesh is flat are left as they are.
    pub fn fit(&mut self, size: Vec3) {
        let (low, high) = self.extent();
        let old = high - low;
        let scale = Vec3::from_array(std::array::from_fn(|axis| {
            if old[axis] > 1e-6 { size[axis] / old[axis] } else { 1.0 }
        }));
        let base = Vec3::new((low.x + high.x) / 2.0, (low.y + high.y) / 2.0, low.z);
        for position in &mut self.positions {
            *position = (*position - base) * scale;
        }
        self.size = old * scale;
    }

    /// Leaves only what lies left of the middle: one of a pair.
    pub fn keep_left(&mut self) {
        let (low, high) = self.extent();
        let middle = (low.x + high.x) / 2.0;
        let positions = &self.positions;
        self.triangles.retain(|triangle| {
            triangle.corners.iter().map(|&i| positions[i as usize].x).sum::<f32>() / 3.0 < middle
        });
    }

    fn extent(&self) -> (Vec3, Vec3) {
        let used =
            self.triangles.iter().flat_map(|t| t.corners).map(|i| self.positions[i as usize]);
        let start = (Vec3::INFINITY, Vec3::NEG_INFINITY);
        let (low, high) = used.fold(start, |(low, high), p| (low.min(p), high.max(p)));
        if low.cmple(high).all() { (low, high) } else { (Vec3::ZERO, Vec3::ZERO) }
    }

    /// The corners of a triangle, metres.
    pub fn corners(&self, triangle: &Triangle) -> [Vec3; 3] {
        triangle.corners.map(|index| self.positions[index as usize])
    }

    /// The area of a triangle, square metres.
    pub fn area(&self, triangle: &Triangle) -> f32 {
        let [a, b, c] = self.corners(triangle);
        (b - a).cross(c - a).length() / 2.0
    }

    /// The colour in the middle of a triangle, 0..=255.
    pub fn colour(&self, triangle: &Triangle) -> Vec3 {
        let material = &self.materials[triangle.material as usize];
        match (&material.texture, triangle.uvs) {
            (Some(texture), Some(uvs)) => {
                let [a, b, c] = uvs.map(|index| self.uvs[index as usize]);
                // Four places, so that a large triangle is not judged by one texel.
                [(1. / 3., 1. / 3.), (0.6, 0.2), (0.2, 0.6), (0.2, 0.2)]
                    .map(|(s, t)| texture.at(a + (b - a) * s + (c - a) * t))
                    .iter()
                    .sum::<Vec3>()
                    / 4.0
            }
            _ => material.colour,
        }
    }

    /// Surface area of each material, square metres.
    pub fn material_areas(&self) -> Vec<f32> {
        let mut areas = vec![0.0; self.materials.len()];
        for triangle in &self.triangles {
            areas[triangle.material as usize] += self.area(triangle);
        }
        areas
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_of_a_pair_is_left() {
        let triangle = |x: f32| [x, x + 1.0, x].map(|x| Vec3::new(x, x, 0.0));
        let mut mesh = Mesh {
            positions: triangle(-3.0).into_iter().chain(triangle(2.0)).collect(),
            triangles: [[0, 1, 2], [3, 4, 5]]
                .map(|corners| Triangle { corners, uvs: None, material: 0 })
                .to_vec(),
            ..Mesh::default()
        };
        mesh.keep_left();
        assert_eq!(mesh.triangles.len(), 1);
        assert_eq!(mesh.triangles[0].corners, [0, 1, 2]);
    }
}
