//! Other colours for the same mesh: its main surfaces take a named colour and keep their shading
//! and pattern.

use crate::assets::Mesh;
use crate::rng::Rng;
use glam::Vec3;
use tasks::colour;

/// How the surfaces of one piece differ from its mesh's.
#[derive(Clone, Debug, Default)]
pub struct Paint {
    /// For each material: the new colour, and the mean luminance of the old.
    tints: Vec<Option<(Vec3, f32)>>,
}

impl Paint {
    /// Paints the mesh's main surfaces in a colour that goes by this name; unchanged if the name
    /// is none of [`colour::NAMES`].
    pub fn named(mesh: &Mesh, name: &str, rng: &mut Rng) -> Self {
        let Some(target) = shade_of(name, rng) else { return Self::default() };
        let (areas, means) = surfaces(mesh);
        let total: f32 = areas.iter().sum();
        let mut order: Vec<usize> = (0..areas.len()).collect();
        order.sort_by(|&a, &b| areas[b].total_cmp(&areas[a]));
        let mut tints = vec![None; areas.len()];
        let mut covered = 0.0;
        let main = order.first().map_or(Vec3::ZERO, |&first| means[first]);
        for index in order {
            let alike = (means[index] - main).length() < 70.0;
            if alike || covered < 0.6 * total {
                tints[index] = Some((target, luminance(means[index]).max(12.0)));
                covered += areas[index];
            }
        }
        Self { tints }
    }

    /// The colour of a place of this material whose own colour is given; 0..=255.
    pub fn apply(&self, material: u32, own: Vec3) -> Vec3 {
        match self.tints.get(material as usize) {
            Some(&Some((target, mean))) => {
                let relief = (luminance(own) / mean).clamp(0.4, 1.6).powf(0.6);
                (target * relief).min(Vec3::splat(255.0))
            }
            _ => own,
        }
    }
}

/// A colour that people would call so: the clear example, a little off.
fn shade_of(name: &str, rng: &mut Rng) -> Option<Vec3> {
    let centre = Vec3::from_array(colour::representative(name)?.map(f32::from));
    for _ in 0..20 {
        let light = rng.range(0.8, 1.2);
        let off = Vec3::new(rng.normal(), rng.normal(), rng.normal()) * 9.0;
        let candidate = (centre * light + off).clamp(Vec3::ZERO, Vec3::splat(255.0));
        if colour::name(candidate.to_array().map(|c| c as u8)) == Some(name) {
            return Some(candidate);
        }
    }
    Some(centre)
}

/// Area and mean colour of each material. What is mostly clear counts for nothing.
fn surfaces(mesh: &Mesh) -> (Vec<f32>, Vec<Vec3>) {
    let mut areas = vec![0.0; mesh.materials.len()];
    let mut sums = vec![Vec3::ZERO; mesh.materials.len()];
    for triangle in &mesh.triangles {
        let material = triangle.material as usize;
        if mesh.materials[material].opacity >= 0.5 {
            let area = mesh.area(triangle);
            areas[material] += area;
            sums[material] += mesh.colour(triangle) * area;
        }
    }
    let means = areas.iter().zip(&sums).map(|(&area, &sum)| sum / area.max(1e-9)).collect();
    (areas, means)
}

fn luminance(rgb: Vec3) -> f32 {
    rgb.dot(Vec3::new(0.299, 0.587, 0.114))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assets::Assets;
    use tasks::suite::Split;

    #[test]
    fn a_painted_sofa_has_the_colour_asked_for() {
        let assets = Assets::shapes_only();
        let (number, _) = assets.of("sofa", Split::Train).next().unwrap();
        let mesh = assets.mesh(number).unwrap();
        for name in colour::NAMES {
            let paint = Paint::named(&mesh, name, &mut Rng::from_numbers([3; 4]));
            let (areas, means) = surfaces(&mesh);
            let main = (0..areas.len()).max_by(|&a, &b| areas[a].total_cmp(&areas[b])).unwrap();
            let painted = paint.apply(main as u32, means[main]).to_array().map(|c| c as u8);
            assert_eq!(colour::name(painted), Some(name), "{painted:?}");
        }
    }
}
