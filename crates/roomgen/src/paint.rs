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
    print: Option<Print>,
}

/// Blocks of other colours, as printed on packets.
#[derive(Clone, Debug)]
struct Print {
    /// Edge of a block, metres.
    block_m: f32,
    /// 0..=255.
    colours: [Vec3; 3],
    seed: u32,
}

/// How many blocks keep the packet's own colour.
const BARE: u32 = 5;

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
        Self { tints, print: None }
    }

    /// The same, printed over.
    #[cfg(feature = "cli")]
    pub(crate) fn printed(self, rng: &mut Rng) -> Self {
        let colours = std::array::from_fn(|_| {
            Vec3::from_array(std::array::from_fn(|_| rng.range(15.0, 245.0)))
        });
        let print =
            Print { block_m: rng.range(0.012, 0.06), colours, seed: rng.below(1 << 30) as u32 };
        Self { print: Some(print), ..self }
    }

    /// What is printed at a place in the home, where it is not bare.
    pub(crate) fn print_at(&self, place: Vec3) -> Option<Vec3> {
        let print = self.print.as_ref()?;
        let cell = (place / print.block_m).floor().to_array().map(|v| v as i32 as u32);
        // Any hash will do, as long as it is the same everywhere.
        let mixed = cell.iter().fold(print.seed, |mixed, value| {
            (mixed ^ value).wrapping_mul(0x9E37_79B1).rotate_left(13)
        });
        print.colours.get(((mixed >> 8) % (BARE + 3)) as usize).copied()
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
