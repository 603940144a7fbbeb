//! Appliances, textiles and small things.

use crate::assets::mesh::Texture;
use crate::assets::shapes::Builder;
use crate::rng::Rng;
use glam::{Vec2, Vec3, vec2, vec3};

pub(super) fn book(b: &mut Builder, rng: &mut Rng) {
    const COVERS: [[u8; 3]; 6] =
        [[150, 36, 36], [36, 66, 130], [40, 110, 62], [214, 178, 60], [40, 40, 44], [190, 110, 40]];
    let pages = b.material("pages", [236, 230, 214]);
    let size = vec3(rng.range(0.15, 0.24), rng.range(0.21, 0.3), rng.range(0.02, 0.05));
    let cover = b.material("cover", rng.pick(&COVERS).copied().unwrap_or([90; 3]));
    b.block(vec3(0.0, 0.004, 0.003), size - vec3(0.004, 0.004, 0.003), pages);
    b.block(Vec3::ZERO, vec3(size.x, size.y, 0.003), cover);
    b.block(vec3(0.0, 0.0, size.z - 0.003), size, cover);
    b.block(Vec3::ZERO, vec3(0.004, size.y, size.z), cover);
}

pub(super) fn clock(b: &mut Builder, rng: &mut Rng) {
    let (face, rim, hand) = (
        b.material("face", [240, 238, 230]),
        b.material("rim", [50, 48, 46]),
        b.material("hand", [20; 3]),
    );
    let r = rng.range(0.13, 0.2);
    // A disc on the wall: a short many-sided box, seen from the front.
    for k in 0..24 {
        let angle = std::f32::consts::TAU * k as f32 / 24.0;
        let at = |turn: f32, r: f32, y: f32| vec3(turn.cos() * r, y, turn.sin() * r + 0.2);
        let next = angle + std::f32::consts::TAU / 24.0;
        b.quad(
            [at(0.0, 0.0, -0.03), at(angle, r, -0.03), at(next, r, -0.03), at(0.0, 0.0, -0.03)],
            face,
        );
        b.quad([at(angle, r, -0.04), at(next, r, -0.04), at(next, r, 0.0), at(angle, r, 0.0)], rim);
        b.quad(
            [
                at(angle, r, -0.04),
                at(next, r, -0.04),
                at(next, r * 0.9, -0.04),
                at(angle, r * 0.9, -0.04),
            ],
            rim,
        );
    }
    b.block(vec3(-0.006, -0.036, 0.2), vec3(0.006, -0.034, 0.2 + r * 0.8), hand);
    b.block(vec3(0.0, -0.036, 0.194), vec3(r * 0.55, -0.034, 0.206), hand);
}

pub(super) fn curtain(b: &mut Builder, rng: &mut Rng, cloth: [u8; 3]) {
    let m = b.material("cloth", cloth);
    let size = vec3(rng.range(0.5, 1.0), rng.range(0.08, 0.14), rng.range(1.9, 2.3));
    b.cloth(size, rng.range(4.0, 8.0).round(), m);
}

pub(super) fn appliance(b: &mut Builder, size: Vec3, rgb: [u8; 3], window: f32) {
    let (body, dark) = (b.shiny("body", rgb, 0.2), b.shiny("panel", [36, 36, 40], 0.3));
    b.block(Vec3::ZERO, size, body);
    let panel = size.z * 0.86;
    b.block(vec3(0.02, -0.004, panel), vec3(size.x - 0.02, 0.0, size.z - 0.02), dark);
    b.block(vec3(0.05, -0.03, panel - 0.06), vec3(size.x - 0.05, -0.005, panel - 0.03), dark);
    if window < 0.5 {
        let right = size.x * 0.72;
        b.block(vec3(0.04, -0.004, 0.04), vec3(right, 0.0, panel - 0.08), dark);
    }
}

pub(super) fn keyboard(b: &mut Builder, rng: &mut Rng) {
    let (body, key) = (b.material("body", [50, 50, 54]), b.material("key", [26, 26, 28]));
    let w = rng.range(0.38, 0.46);
    b.block(Vec3::ZERO, vec3(w, 0.15, 0.02), body);
    for row in 0..5 {
        let y = 0.012 + 0.026 * row as f32;
        b.block(vec3(0.01, y, 0.02), vec3(w - 0.01, y + 0.02, 0.028), key);
    }
}

pub(super) fn lamp(b: &mut Builder, rng: &mut Rng, cloth: [u8; 3]) {
    let (shade, stem) = (b.material("shade", cloth), b.material("stem", [80, 76, 70]));
    let (h, r) = (rng.range(0.35, 0.6), rng.range(0.12, 0.18));
    b.turned(Vec2::ZERO, &[(0.0, r * 0.6), (0.02, r * 0.6), (0.03, 0.02), (h * 0.55, 0.02)], stem);
    b.turned(Vec2::ZERO, &[(h * 0.55, r), (h, r * 0.65)], shade);
}

pub(super) fn framed(b: &mut Builder, rng: &mut Rng, art: Option<Texture>, middle: Vec2) {
    let rims = [[40, 38, 36], [200, 196, 188], [150, 106, 62], [176, 146, 84]];
    let rim = b.material("frame", rng.pick(&rims).copied().unwrap_or([80; 3]));
    let w = middle.x * rng.range(0.6, 1.6);
    let h = middle.y * rng.range(0.7, 1.5);
    let edge = rng.range(0.02, 0.05);
    b.block(vec3(0., 0., 0.), vec3(w, 0.025, h), rim);
    let face = match art {
        Some(texture) => b.picture("art", texture),
        None => b.shiny("glass", [196, 206, 212], 0.95),
    };
    b.quad(
        [
            vec3(edge, -0.004, edge),
            vec3(w - edge, -0.004, edge),
            vec3(w - edge, -0.004, h - edge),
            vec3(edge, -0.004, h - edge),
        ],
        face,
    );
}

/// Landscapes, stripes and blots.
pub(super) fn painting(rng: &mut Rng) -> Texture {
    let side = 48;
    let mut colour =
        || [rng.below(220) as u8 + 20, rng.below(220) as u8 + 20, rng.below(200) as u8 + 30];
    let palette = [colour(), colour(), colour(), colour()];
    let kind = rng.below(3);
    let waves =
        [rng.range(0.5, 3.0), rng.range(0.0, 6.0), rng.range(0.3, 0.6), rng.range(0.65, 0.85)];
    let blots: Vec<[f32; 3]> =
        (0..6).map(|_| [rng.unit(), rng.unit(), rng.range(0.05, 0.25)]).collect();
    let pixel = |x: f32, y: f32| match kind {
        0 => {
            let hill = waves[2] + 0.12 * (waves[0] * 6.0 * x + waves[1]).sin();
            if y < hill {
                0
            } else if y < waves[3] {
                1
            } else {
                2
            }
        }
        1 => ((x * waves[0] * 3.0 + y * waves[2] * 6.0) as usize) % 4,
        _ => blots
            .iter()
            .position(|[bx, by, r]| (x - bx).hypot(y - by) < *r)
            .map_or(0, |blot| 1 + blot % 3),
    };
    let pixels = (0..side * side)
        .map(|k| palette[pixel((k % side) as f32 / side as f32, (k / side) as f32 / side as f32)]);
    Texture { width: side, height: side, pixels: pixels.collect() }
}

pub(super) fn screen(b: &mut Builder, width: f32, with_foot: bool) {
    let (body, glass) = (b.material("body", [30, 30, 32]), b.shiny("glass", [14, 15, 18], 0.5));
    let h = width * 0.6;
    let lift = if with_foot { 0.1 * width.max(0.6) } else { 0.0 };
    b.block(vec3(0., 0., lift), vec3(width, 0.04, lift + h), body);
    b.block(vec3(0.015, -0.003, lift + 0.02), vec3(width - 0.015, 0.0, lift + h - 0.015), glass);
    if with_foot {
        b.post(vec2(width / 2., 0.03), vec2(0.06, 0.04), 0.0, lift + 0.1, body);
        b.post(vec2(width / 2., 0.03), vec2(width * 0.4, 0.2), 0.0, 0.015, body);
    }
}

pub(super) fn printer(b: &mut Builder, rng: &mut Rng) {
    let (body, dark, paper) = (
        b.material("body", [208, 208, 206]),
        b.material("tray", [70, 70, 74]),
        b.material("paper", [246; 3]),
    );
    let size = vec3(rng.range(0.4, 0.5), rng.range(0.33, 0.42), rng.range(0.16, 0.3));
    b.block(Vec3::ZERO, size, body);
    b.block(vec3(0.06, -0.12, 0.03), vec3(size.x - 0.06, 0.0, 0.05), dark);
    b.block(vec3(0.09, -0.1, 0.05), vec3(size.x - 0.09, 0.0, 0.055), paper);
    b.block(vec3(0.05, 0.05, size.z), vec3(size.x - 0.05, size.y - 0.05, size.z + 0.01), dark);
}

pub(super) fn rug(b: &mut Builder, rng: &mut Rng) {
    const DYES: [[u8; 3]; 7] = [
        [140, 44, 40],
        [54, 70, 110],
        [196, 182, 156],
        [120, 122, 124],
        [60, 92, 74],
        [190, 150, 80],
        [50, 46, 46],
    ];
    let (w, d) = (rng.range(1.2, 2.6), rng.range(0.9, 1.8));
    let ground = rng.pick(&DYES).copied().unwrap_or([120; 3]);
    let accent = rng.pick(&DYES).copied().unwrap_or([200; 3]);
    let style = rng.below(3);
    let side = 64;
    let pixels = (0..side * side).map(|k| {
        let (x, y) = (k % side, k / side);
        let rim = x.min(y).min(side - 1 - x).min(side - 1 - y);
        let on = match style {
            0 => (3..7).contains(&rim),
            1 => y % 16 < 3,
            _ => rim < 3 || (x / 8 + y / 8) % 4 == 0,
        };
        if on { accent } else { ground }
    });
    let top = b.picture("pile", Texture { width: side, height: side, pixels: pixels.collect() });
    b.block(Vec3::ZERO, vec3(w, d, rng.range(0.008, 0.02)), top);
}

/// Over a bar on the wall.
pub(super) fn towel(b: &mut Builder, rng: &mut Rng, cloth: [u8; 3]) {
    let (m, bar) = (b.material("cloth", cloth), b.shiny("bar", [170, 170, 174], 0.4));
    let (w, h) = (rng.range(0.3, 0.5), rng.range(0.4, 0.7));
    b.cloth(vec3(w, 0.02, h), rng.range(2.0, 4.0).round(), m);
    b.block(vec3(-w / 2. - 0.06, 0.0, h - 0.01), vec3(w / 2. + 0.06, 0.015, h + 0.01), bar);
    for x in [-w / 2. - 0.06, w / 2. + 0.045] {
        b.block(vec3(x, 0.0, h - 0.01), vec3(x + 0.015, 0.06, h + 0.01), bar);
    }
}
