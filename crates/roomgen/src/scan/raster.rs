use super::camera::Camera;
use super::shell::hit_shell;
use crate::home::{Home, Place};
use crate::room::Placed;
use glam::{Vec2, Vec3};

/// Nothing nearer is drawn, metres.
const NEAR_M: f32 = 0.12;

/// What one pixel sees.
#[derive(Clone, Copy, Debug)]
pub struct Pixel {
    /// Along the optical axis, metres.
    pub depth_m: f32,
    /// Index of the piece in [`Home::placed`] plus one; 0 is the shell.
    pub owner: u16,
    /// The surface's own colour, 0..=255.
    pub albedo: Vec3,
    /// Light that falls on it, about 0.5..=1.
    pub light: f32,
    /// Cosine between the view and the surface's normal.
    pub cosine: f32,
    /// How likely the sensor gets nothing back, for the surface's sake: clear or mirroring.
    pub loss: f32,
}

/// A rendered picture, row by row.
#[derive(Clone, Debug)]
pub struct Frame {
    /// Pixels across.
    pub width: usize,
    /// Row by row from the top.
    pub pixels: Vec<Pixel>,
}

/// Draws the home as an ideal camera sees it: a z-buffer over the pieces' triangles, in front of
/// the shell, which each pixel's ray finds by itself, through openings where it meets them.
pub fn render(home: &Home, camera: &Camera) -> Frame {
    let start = home.place_of(camera.position).unwrap_or(Place::Space(0));
    let mut entered = vec![false; home.spaces.len()];
    let mut pixels = Vec::with_capacity(camera.width * camera.height);
    for row in 0..camera.height {
        for column in 0..camera.width {
            let ray = camera.ray(column, row);
            let hit = hit_shell(home, start, camera.position, ray, &mut entered);
            pixels.push(Pixel {
                depth_m: hit.t,
                owner: 0,
                albedo: hit.colour,
                light: light(lamp(home, hit.space), hit.normal, camera.position + ray * hit.t),
                cosine: (hit.normal.dot(ray) / ray.length()).abs(),
                loss: 0.0,
            });
        }
    }
    let mut frame = Frame { width: camera.width, pixels };
    let mut points = Vec::new();
    for (index, (placed, &space)) in home.placed.iter().zip(&home.space_of).enumerate() {
        if entered[space] && may_be_seen(placed, camera) {
            let lamp = lamp(home, space);
            draw(placed, lamp, index as u16 + 1, camera, &mut points, &mut frame);
        }
    }
    frame
}

/// The middle of a room's ceiling.
fn lamp(home: &Home, space: usize) -> Vec3 {
    let bounds = home.spaces[space].bounds();
    bounds.centre().truncate().extend(bounds.max.z - 0.1)
}

fn may_be_seen(placed: &Placed, camera: &Camera) -> bool {
    let radius = placed.bounds.size().length() / 2.0;
    let centre = camera.home_from_camera.transpose() * (placed.bounds.centre() - camera.position);
    let half = Vec2::new(camera.width as f32, camera.height as f32) / (2.0 * camera.focal_px);
    // Distance to each side plane of the view, outwards.
    let beyond = |offset: f32, tan: f32| (offset.abs() - centre.z * tan) / (1.0 + tan * tan).sqrt();
    centre.z > -radius && beyond(centre.x, half.x) < radius && beyond(centre.y, half.y) < radius
}

/// A vertex in the camera: pixel coordinates and 1 / depth.
#[derive(Clone, Copy, Debug)]
struct Seen {
    in_home: Vec3,
    pixel: Vec2,
    inverse_depth: f32,
}

fn draw(
    placed: &Placed,
    lamp: Vec3,
    owner: u16,
    camera: &Camera,
    points: &mut Vec<Seen>,
    frame: &mut Frame,
) {
    let mesh = &placed.piece.mesh;
    let camera_from_home = camera.home_from_camera.transpose();
    let middle = Vec2::new(camera.width as f32, camera.height as f32) / 2.0;
    points.clear();
    points.extend(mesh.positions.iter().map(|&point| {
        let in_home = placed.in_room(point);
        let in_camera = camera_from_home * (in_home - camera.position);
        let inverse_depth = 1.0 / in_camera.z;
        let pixel = in_camera.truncate() * (inverse_depth * camera.focal_px) + middle;
        Seen { in_home, pixel, inverse_depth }
    }));
    for triangle in &mesh.triangles {
        let [a, b, c] = triangle.corners.map(|index| points[index as usize]);
        // Triangles that reach behind the camera are left out: they are close and blurred anyway.
        let near = |seen: &Seen| !(seen.inverse_depth > 0.0 && seen.inverse_depth < 1.0 / NEAR_M);
        if near(&a) || near(&b) || near(&c) {
            continue;
        }
        let double_area = (b.pixel - a.pixel).perp_dot(c.pixel - a.pixel);
        if double_area.abs() < 1e-6 {
            continue;
        }
        let low = a.pixel.min(b.pixel).min(c.pixel);
        let high = a.pixel.max(b.pixel).max(c.pixel);
        let first = |v: f32| (v - 0.5).ceil().max(0.0) as usize;
        let end = |v: f32, size: usize| ((v + 0.5).floor().max(0.0) as usize).min(size);
        let (columns, rows) =
            (first(low.x)..end(high.x, camera.width), first(low.y)..end(high.y, camera.height));
        if columns.is_empty() || rows.is_empty() {
            continue;
        }
        let material = &mesh.materials[triangle.material as usize];
        let normal = (b.in_home - a.in_home).cross(c.in_home - a.in_home).normalize_or_zero();
        let flat = placed.piece.paint.apply(triangle.material, material.colour);
        let textured = material.texture.as_deref().zip(triangle.uvs);
        let loss =
            (0.75 * (1.0 - material.opacity)).max(if material.shine > 0.8 { 0.7 } else { 0.0 });
        for row in rows {
            for column in columns.clone() {
                let at = Vec2::new(column as f32 + 0.5, row as f32 + 0.5);
                let wa = (b.pixel - at).perp_dot(c.pixel - at) / double_area;
                let wb = (c.pixel - at).perp_dot(a.pixel - at) / double_area;
                let wc = 1.0 - wa - wb;
                if wa < 0.0 || wb < 0.0 || wc < 0.0 {
                    continue;
                }
                let [ia, ib, ic] =
                    [wa * a.inverse_depth, wb * b.inverse_depth, wc * c.inverse_depth];
                let depth_m = 1.0 / (ia + ib + ic);
                let pixel = &mut frame.pixels[row * frame.width + column];
                if depth_m >= pixel.depth_m {
                    continue;
                }
                let albedo = match textured {
                    Some((texture, uvs)) => {
                        let [ta, tb, tc] = uvs.map(|index| mesh.uvs[index as usize]);
                        let uv = (ta * ia + tb * ib + tc * ic) * depth_m;
                        placed.piece.paint.apply(triangle.material, texture.at(uv))
                    }
                    None => flat,
                };
                let ray = camera.ray(column, row);
                let in_home = camera.position + ray * depth_m;
                let albedo = placed.piece.paint.print_at(in_home).unwrap_or(albedo);
                *pixel = Pixel {
                    depth_m,
                    owner,
                    albedo,
                    light: light(lamp, normal, in_home),
                    cosine: (normal.dot(ray) / ray.length()).abs(),
                    loss,
                };
            }
        }
    }
}

/// Soft light: much from everywhere, some from the ceiling's middle and from one side, a little
/// less near the floor. Surfaces have no back.
fn light(lamp: Vec3, normal: Vec3, at: Vec3) -> f32 {
    let to_lamp = (lamp - at).normalize_or_zero();
    let side = Vec3::new(0.8, 0.35, 0.3).normalize();
    let low = (at.z / 0.5).clamp(0.0, 1.0);
    0.66 + 0.18 * normal.dot(to_lamp).abs() + 0.12 * normal.dot(side).abs() + 0.04 * low
}
