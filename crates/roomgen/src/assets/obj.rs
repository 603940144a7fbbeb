use super::mesh::{Material, Mesh, Texture, Triangle};
use super::palette::default_material;
use glam::{Mat3, Vec2, Vec3};
use std::collections::HashMap;
use std::sync::Arc;

/// Textures are made this small: a scan has a point every centimetre or two.
const TEXTURE_PX: u32 = 96;

/// Reads a Wavefront OBJ with its MTL, as far as the furniture libraries use them: `v vt f usemtl
/// mtllib`, `Kd Ks Ns d Tr map_Kd`. `read` gives the bytes of a file beside the mesh. Lines that
/// make no sense are passed over; faces with an index out of range are left out.
///
/// The mesh is y-up in the file; `rotation` is applied there. What comes back is z-up with its
/// front towards −y, not yet to scale.
pub(crate) fn read_obj(
    name: &str,
    text: &str,
    rotation: Mat3,
    mut read: impl FnMut(&str) -> Option<Vec<u8>>,
) -> Mesh {
    let mut mesh = Mesh { name: name.to_owned(), ..Mesh::default() };
    let mut library: HashMap<String, Material> = HashMap::new();
    let mut used: HashMap<String, u32> = HashMap::new();
    let mut current = None;
    let mut face: Vec<(u32, Option<u32>)> = Vec::new();
    for line in text.lines() {
        let mut words = line.split_whitespace();
        let Some(key) = words.next() else { continue };
        match key {
            "v" => {
                let p = rotation * Vec3::from_array(numbers(words));
                mesh.positions.push(Vec3::new(p.x, -p.z, p.y));
            }
            "vt" => {
                let [u, v, _] = numbers(words);
                mesh.uvs.push(Vec2::new(u, v));
            }
            "mtllib" => {
                let file = line.trim_start().trim_start_matches("mtllib").trim();
                if let Some(bytes) = read(file) {
                    library.extend(read_mtl(&String::from_utf8_lossy(&bytes), &mut read));
                }
            }
            "usemtl" => {
                let wanted = line.trim_start().trim_start_matches("usemtl").trim();
                current = Some(material_index(wanted, &library, &mut used, &mut mesh.materials));
            }
            "f" => {
                let index = current.unwrap_or_else(|| {
                    material_index("", &library, &mut used, &mut mesh.materials)
                });
                current = Some(index);
                face.clear();
                face.extend(
                    words.filter_map(|word| corner(word, mesh.positions.len(), mesh.uvs.len())),
                );
                push_fan(&face, index, &mut mesh.triangles);
            }
            _ => {}
        }
    }
    // Broken vertices would spoil the box round the mesh.
    let positions = &mesh.positions;
    mesh.triangles.retain(|t| t.corners.iter().all(|&i| positions[i as usize].is_finite()));
    mesh
}

fn numbers<'a>(words: impl Iterator<Item = &'a str>) -> [f32; 3] {
    let mut values = [0.0; 3];
    for (value, word) in values.iter_mut().zip(words) {
        *value = word.parse().unwrap_or(0.0);
    }
    values
}

/// `12/3/4` and its short forms; indices count from 1, negative ones from the end.
fn corner(word: &str, positions: usize, uvs: usize) -> Option<(u32, Option<u32>)> {
    let mut parts = word.split('/');
    let position = resolve(parts.next()?, positions)?;
    Some((position, parts.next().and_then(|part| resolve(part, uvs))))
}

fn resolve(part: &str, count: usize) -> Option<u32> {
    let index: i64 = part.parse().ok()?;
    let index = if index < 0 { count as i64 + index } else { index - 1 };
    let index = usize::try_from(index).ok().filter(|&index| index < count)?;
    u32::try_from(index).ok()
}

fn push_fan(face: &[(u32, Option<u32>)], material: u32, triangles: &mut Vec<Triangle>) {
    for pair in face.get(1..).unwrap_or_default().windows(2) {
        let [(a, ta), (b, tb), (c, tc)] = [face[0], pair[0], pair[1]];
        let uvs = match (ta, tb, tc) {
            (Some(a), Some(b), Some(c)) => Some([a, b, c]),
            _ => None,
        };
        triangles.push(Triangle { corners: [a, b, c], uvs, material });
    }
}

fn material_index(
    name: &str,
    library: &HashMap<String, Material>,
    used: &mut HashMap<String, u32>,
    materials: &mut Vec<Material>,
) -> u32 {
    *used.entry(name.to_owned()).or_insert_with(|| {
        materials.push(library.get(name).cloned().unwrap_or_else(|| default_material(name)));
        materials.len() as u32 - 1
    })
}

fn read_mtl(
    text: &str,
    read: &mut impl FnMut(&str) -> Option<Vec<u8>>,
) -> HashMap<String, Material> {
    let mut library = HashMap::new();
    let mut material: Option<Material> = None;
    for line in text.lines() {
        let mut words = line.split_whitespace();
        let Some(key) = words.next() else { continue };
        if key == "newmtl" {
            let name = line.trim_start().trim_start_matches("newmtl").trim().to_owned();
            let fresh = Material {
                name,
                colour: Vec3::splat(180.0),
                texture: None,
                opacity: 1.0,
                shine: 0.0,
            };
            library.extend(material.replace(fresh).map(|done| (done.name.clone(), done)));
            continue;
        }
        let Some(open) = material.as_mut() else { continue };
        match key {
            "Kd" => {
                open.colour =
                    (Vec3::from_array(numbers(words)) * 255.0).clamp(Vec3::ZERO, Vec3::splat(255.0))
            }
            "Ks" => open.shine = Vec3::from_array(numbers(words)).element_sum() / 3.0,
            "d" => open.opacity = numbers(words)[0],
            "Tr" => open.opacity = 1.0 - numbers(words)[0],
            "map_Kd" => {
                let file = line.trim_start().trim_start_matches("map_Kd").trim();
                open.texture = read(file).and_then(|bytes| texture(&bytes)).map(Arc::new);
            }
            _ => {}
        }
    }
    library.extend(material.map(|done| (done.name.clone(), done)));
    library
}

/// A small copy of a PNG or JPEG; what is see-through in it counts as white.
fn texture(bytes: &[u8]) -> Option<Texture> {
    let picture = image::load_from_memory(bytes).ok()?;
    let small = picture.thumbnail_exact(
        picture.width().clamp(1, TEXTURE_PX),
        picture.height().clamp(1, TEXTURE_PX),
    );
    let rgba = small.to_rgba8();
    let pixels = rgba.pixels().map(|pixel| {
        let [r, g, b, a] = pixel.0.map(u32::from);
        [r, g, b].map(|c| ((c * a + 255 * (255 - a)) / 255) as u8)
    });
    Some(Texture {
        width: rgba.width() as usize,
        height: rgba.height() as usize,
        pixels: pixels.collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_square_with_material_and_bad_lines() {
        let obj = "mtllib a.mtl\nv 0 0 0\nv 1 0 0\nv 1 2 0\nv 0 2 0\nvt 0 0\nusemtl red paint\n\
                   f 1/1 2/1 3/1 4/1\nf 1 2 99\nf -4 -3 -2\nnonsense\nf\nv x y z\n";
        let mtl = "newmtl red paint\nKd 1 0 0\nd 0.25\n";
        let mesh = read_obj("m", obj, Mat3::IDENTITY, |name| {
            (name == "a.mtl").then(|| mtl.as_bytes().to_vec())
        });
        assert_eq!(mesh.triangles.len(), 3);
        assert_eq!(mesh.materials[0].colour, Vec3::new(255.0, 0.0, 0.0));
        assert_eq!(mesh.materials[0].opacity, 0.25);
        // y up in the file, z up here.
        assert_eq!(mesh.positions[2], Vec3::new(1.0, 0.0, 2.0));
        assert!(mesh.triangles[0].uvs.is_some() && mesh.triangles[2].uvs.is_none());
    }

    #[test]
    fn the_front_is_towards_minus_y() {
        // The libraries' pieces face +z in the file.
        let mesh = read_obj("m", "v 0 0 1\n", Mat3::IDENTITY, |_| None);
        assert_eq!(mesh.positions[0], Vec3::new(0.0, -1.0, 0.0));
    }
}
