use super::mesh::{Material, Mesh, Texture, Triangle};
use glam::{Vec2, Vec3};
use std::sync::Arc;

/// Puts boxes, cylinders and cloths together to a mesh.
#[derive(Debug, Default)]
pub(crate) struct Builder {
    mesh: Mesh,
}

impl Builder {
    /// A plain surface; its index.
    pub(crate) fn material(&mut self, name: &str, rgb: [u8; 3]) -> u32 {
        self.push_material(name, rgb, None, 0.05)
    }

    /// A surface that mirrors; its index.
    pub(crate) fn shiny(&mut self, name: &str, rgb: [u8; 3], shine: f32) -> u32 {
        self.push_material(name, rgb, None, shine)
    }

    /// A surface with a picture on it; its index.
    pub(crate) fn picture(&mut self, name: &str, texture: Texture) -> u32 {
        self.push_material(name, [128; 3], Some(Arc::new(texture)), 0.05)
    }

    fn push_material(
        &mut self,
        name: &str,
        rgb: [u8; 3],
        texture: Option<Arc<Texture>>,
        shine: f32,
    ) -> u32 {
        let colour = Vec3::from_array(rgb.map(f32::from));
        let name = name.to_owned();
        self.mesh.materials.push(Material { name, colour, texture, opacity: 1.0, shine });
        self.mesh.materials.len() as u32 - 1
    }

    /// An upright box between two corners, metres.
    pub(crate) fn block(&mut self, low: Vec3, high: Vec3, material: u32) {
        let corner = |x: bool, y: bool, z: bool| {
            let pick = |upper, axis: usize| if upper { high[axis] } else { low[axis] };
            Vec3::new(pick(x, 0), pick(y, 1), pick(z, 2))
        };
        let (f, t) = (false, true);
        for quad in [
            // Front and back, left and right, bottom and top; seen from outside.
            [(f, f, f), (t, f, f), (t, f, t), (f, f, t)],
            [(t, t, f), (f, t, f), (f, t, t), (t, t, t)],
            [(f, t, f), (f, f, f), (f, f, t), (f, t, t)],
            [(t, f, f), (t, t, f), (t, t, t), (t, f, t)],
            [(f, t, f), (t, t, f), (t, f, f), (f, f, f)],
            [(f, f, t), (t, f, t), (t, t, t), (f, t, t)],
        ] {
            self.quad(quad.map(|(x, y, z)| corner(x, y, z)), material);
        }
    }

    /// A box by its middle on the floor plane: x, y, from `low` to `high` in z.
    pub(crate) fn post(&mut self, at: Vec2, size: Vec2, low: f32, high: f32, material: u32) {
        self.block((at - size / 2.0).extend(low), (at + size / 2.0).extend(high), material);
    }

    /// Four corners in order; the texture's lower left corner lies at the first.
    pub(crate) fn quad(&mut self, corners: [Vec3; 4], material: u32) {
        let [p, t] = [self.mesh.positions.len() as u32, self.mesh.uvs.len() as u32];
        self.mesh.positions.extend(corners);
        self.mesh.uvs.extend([Vec2::ZERO, Vec2::X, Vec2::ONE, Vec2::Y]);
        for [a, b, c] in [[0, 1, 2], [0, 2, 3]] {
            self.mesh.triangles.push(Triangle {
                corners: [p + a, p + b, p + c],
                uvs: Some([t + a, t + b, t + c]),
                material,
            });
        }
    }

    /// A body turned round an upright axis: radius at each height, bottom to top, closed where
    /// the radius is not zero.
    pub(crate) fn turned(&mut self, at: Vec2, profile: &[(f32, f32)], material: u32) {
        const SIDES: usize = 20;
        let ring = |z: f32, radius: f32, side: usize| {
            let angle = std::f32::consts::TAU * side as f32 / SIDES as f32;
            (at + Vec2::from_angle(angle) * radius).extend(z)
        };
        for pair in profile.windows(2) {
            let [(z0, r0), (z1, r1)] = [pair[0], pair[1]];
            for side in 0..SIDES {
                self.quad(
                    [
                        ring(z0, r0, side),
                        ring(z0, r0, side + 1),
                        ring(z1, r1, side + 1),
                        ring(z1, r1, side),
                    ],
                    material,
                );
            }
        }
        for &(z, radius) in [profile.first(), profile.last()].into_iter().flatten() {
            for side in 0..SIDES {
                let middle = at.extend(z);
                self.quad(
                    [middle, ring(z, radius, side), ring(z, radius, side + 1), middle],
                    material,
                );
            }
        }
    }

    /// A straight square bar between two points, `thick` metres across.
    pub(crate) fn rod(&mut self, from: Vec3, to: Vec3, thick: f32, material: u32) {
        let along = (to - from).normalize_or(Vec3::Z);
        let (side, up) = along.any_orthonormal_pair();
        let ring = |end: Vec3| {
            [(-1., -1.), (1., -1.), (1., 1.), (-1., 1.)]
                .map(|(s, u)| end + (side * s + up * u) * (thick / 2.0))
        };
        let (a, b) = (ring(from), ring(to));
        for k in 0..4 {
            let next = (k + 1) % 4;
            self.quad([a[k], a[next], b[next], b[k]], material);
        }
        self.quad(a, material);
        self.quad(b, material);
    }

    /// Bars from each point to the next.
    pub(crate) fn bars(&mut self, points: &[Vec3], thick: f32, material: u32) {
        for pair in points.windows(2) {
            self.rod(pair[0], pair[1], thick, material);
        }
    }

    /// A ball round a point.
    pub(crate) fn ball(&mut self, middle: Vec3, radius: f32, material: u32) {
        let profile = [0, 1, 2, 3, 4, 5, 6, 7, 8].map(|step| {
            let up = std::f32::consts::PI * (step as f32 / 8.0 - 0.5);
            (middle.z + radius * up.sin(), radius * up.cos())
        });
        self.turned(middle.truncate(), &profile, material);
    }

    /// A round, cushion-like body: a superellipsoid of this size on `low`.
    pub(crate) fn cushion(&mut self, at: Vec2, low: f32, size: Vec3, material: u32) {
        const STEPS: usize = 12;
        let bend = |value: f32| value.signum() * value.abs().powf(0.5);
        let point = |row: usize, column: usize| {
            let up = std::f32::consts::PI * (row as f32 / STEPS as f32 - 0.5);
            let round = std::f32::consts::TAU * column as f32 / STEPS as f32;
            let unit =
                Vec3::new(up.cos() * bend(round.cos()), up.cos() * bend(round.sin()), up.sin());
            at.extend(low + size.z / 2.0) + unit * size / 2.0
        };
        for row in 0..STEPS {
            for column in 0..STEPS {
                self.quad(
                    [
                        point(row, column),
                        point(row, column + 1),
                        point(row + 1, column + 1),
                        point(row + 1, column),
                    ],
                    material,
                );
            }
        }
    }

    /// A hanging cloth in folds, `width` × `height`, folds `depth` deep.
    pub(crate) fn cloth(&mut self, size: Vec3, folds: f32, material: u32) {
        const STEPS: usize = 48;
        let at = |step: usize| {
            let s = step as f32 / STEPS as f32;
            let wave = (std::f32::consts::TAU * folds * s).sin();
            Vec2::new((s - 0.5) * size.x, wave * size.y / 2.0)
        };
        for step in 0..STEPS {
            let (a, b) = (at(step), at(step + 1));
            self.quad([a.extend(0.0), b.extend(0.0), b.extend(size.z), a.extend(size.z)], material);
        }
    }

    /// The mesh, on z = 0 and centred.
    pub(crate) fn finish(mut self, name: String) -> Mesh {
        self.mesh.name = name;
        let size = Vec3::ZERO;
        // Nothing is scaled by one metre per metre: only moved to its place.
        let bounds = scene::Aabb::of_points(self.mesh.positions.iter().copied());
        self.mesh.size = size;
        self.mesh.fit(bounds.size());
        self.mesh
    }
}
