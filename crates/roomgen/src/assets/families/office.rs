//! What stands in offices and meeting rooms.

use super::of;
use crate::assets::mesh::Texture;
use crate::assets::shapes::Builder;
use crate::rng::Rng;
use glam::{Vec2, Vec3, vec2, vec3};

pub(super) fn filing_cabinet(b: &mut Builder, rng: &mut Rng) {
    let paint = of(rng, &[[150, 152, 154], [196, 192, 180], [64, 66, 70], [112, 124, 116]]);
    let (steel, gap, grip) = (
        b.material("steel", paint),
        b.material("gap", [40; 3]),
        b.shiny("handle", [176, 178, 182], 0.4),
    );
    let drawers = rng.between(2, 4);
    let size = vec3(rng.range(0.38, 0.47), rng.range(0.52, 0.64), 0.32 * drawers as f32 + 0.04);
    b.block(Vec3::ZERO, size, steel);
    for drawer in 0..drawers {
        let z = 0.03 + 0.32 * drawer as f32;
        b.block(vec3(0.015, -0.015, z), vec3(size.x - 0.015, 0.0, z + 0.29), steel);
        b.block(vec3(0.0, -0.003, z + 0.29), vec3(size.x, 0.0, z + 0.32), gap);
        let middle = size.x / 2.0;
        b.block(vec3(middle - 0.06, -0.04, z + 0.2), vec3(middle + 0.06, -0.015, z + 0.23), grip);
    }
}

/// A tower, as it stands under desks.
pub(super) fn computer(b: &mut Builder, rng: &mut Rng) {
    let (case, front) = (
        b.material("metal", of(rng, &[[36, 36, 40], [200, 200, 198], [90, 92, 98]])),
        [24, 24, 28],
    );
    let front = b.material("plastic", front);
    let size = vec3(rng.range(0.17, 0.23), rng.range(0.38, 0.5), rng.range(0.36, 0.48));
    b.block(vec3(0.0, 0.02, 0.015), size, case);
    b.block(vec3(0.0, 0.0, 0.0), vec3(size.x, 0.02, size.z), front);
    b.block(vec3(0.02, -0.004, size.z - 0.1), vec3(size.x - 0.02, 0.0, size.z - 0.05), case);
}

pub(super) fn telephone(b: &mut Builder, rng: &mut Rng) {
    let plastic = b.material("plastic", of(rng, &[[34, 34, 38], [214, 210, 200], [120, 40, 38]]));
    let key = b.material("key", [176, 178, 180]);
    let (w, d) = (rng.range(0.18, 0.23), rng.range(0.19, 0.24));
    let back = rng.range(0.06, 0.1);
    for step in 0..6 {
        let (y, z) = (d * step as f32 / 6.0, 0.03 + (back - 0.03) * step as f32 / 5.0);
        b.block(vec3(0.0, y, 0.0), vec3(w, y + d / 6.0, z), plastic);
    }
    b.block(vec3(0.005, 0.01, back), vec3(0.05, d - 0.01, back + 0.03), plastic);
    b.block(vec3(0.0, 0.0, 0.03), vec3(0.055, 0.05, back + 0.035), plastic);
    b.block(vec3(0.0, d - 0.05, 0.03), vec3(0.055, d, back + 0.035), plastic);
    b.block(vec3(0.08, 0.02, 0.03), vec3(w - 0.02, d * 0.6, back * 0.9), key);
}

pub(super) fn projector(b: &mut Builder, rng: &mut Rng) {
    let body = b.material("plastic", of(rng, &[[232, 232, 230], [52, 54, 58], [172, 174, 176]]));
    let (lens, rim) = (b.shiny("glass", [20, 22, 34], 0.5), b.material("rim", [60; 3]));
    let size = vec3(rng.range(0.3, 0.46), rng.range(0.24, 0.36), rng.range(0.1, 0.16));
    b.block(vec3(0.0, 0.03, 0.015), size, body);
    let (x, z) = (size.x * 0.72, size.z * 0.55);
    b.block(vec3(x - 0.05, 0.0, z - 0.045), vec3(x + 0.05, 0.03, z + 0.045), rim);
    b.block(vec3(x - 0.035, -0.015, z - 0.03), vec3(x + 0.035, 0.0, z + 0.03), lens);
    for foot in [0.03, size.x - 0.05] {
        b.block(vec3(foot, 0.05, 0.0), vec3(foot + 0.02, 0.07, 0.015), rim);
    }
}

/// Rolled down from its case on the wall.
pub(super) fn projector_screen(b: &mut Builder, rng: &mut Rng) {
    let (cloth, edge, case) = (
        b.material("screen cloth", [244; 3]),
        b.material("edge", [24; 3]),
        b.material("case", of(rng, &[[236; 3], [60; 3]])),
    );
    let w = rng.range(1.5, 2.3);
    let h = w * rng.range(0.6, 0.8);
    b.block(vec3(0.0, 0.04, 0.0), vec3(w, 0.05, h), edge);
    b.block(vec3(0.05, 0.03, 0.05), vec3(w - 0.05, 0.04, h - 0.06), cloth);
    b.block(vec3(-0.06, 0.0, h), vec3(w + 0.06, 0.1, h + 0.1), case);
    b.block(vec3(0.0, 0.03, -0.03), vec3(w, 0.055, 0.0), case);
}

/// An easel with a pad of paper that somebody has drawn on.
pub(super) fn flip_chart(b: &mut Builder, rng: &mut Rng) {
    let frame = b.material("metal", of(rng, &[[170, 172, 176], [50, 50, 54]]));
    let ink = of(rng, &[[30, 60, 150], [170, 40, 36], [40, 42, 46], [36, 110, 60]]);
    let lines = rng.between(2, 7);
    let side = 32;
    let pixels = (0..side * side).map(|k| {
        let (x, y) = (k % side, k / side);
        let is_line = y % 4 == 2 && y / 4 < lines && x > 3 && x < 26 - (y * 7) % 11;
        if is_line { ink } else { [246; 3] }
    });
    let page = b.picture("paper", Texture { width: side, height: side, pixels: pixels.collect() });
    let (w, top) = (rng.range(0.62, 0.74), rng.range(1.7, 1.95));
    let low = top - 1.02;
    // The board leans back as its legs do.
    let at = |x: f32, out: f32, z: f32| vec3(x, 0.35 * z / top - out, z);
    b.quad([at(0., 0., low), at(w, 0., low), at(w, 0., top), at(0., 0., top)], page);
    b.quad([at(0., -0.03, low), at(w, -0.03, low), at(w, -0.03, top), at(0., -0.03, top)], frame);
    b.rod(at(0.0, 0.0, top), at(w, 0.0, top), 0.05, frame);
    b.rod(at(0.0, 0.02, low), at(w, 0.02, low), 0.05, frame);
    for x in [0.05, w - 0.05] {
        b.rod(at(x, -0.02, 0.0), at(x, -0.02, top), 0.035, frame);
    }
    b.rod(vec3(w / 2.0, 0.75, 0.0), at(w / 2.0, -0.04, top - 0.1), 0.035, frame);
}

/// Sheets on top of each other, none quite straight.
pub(super) fn paper_stack(b: &mut Builder, rng: &mut Rng) {
    let sheets = rng.between(2, 5);
    let mut z = 0.0;
    for _ in 0..sheets {
        let white = rng.range(216.0, 250.0) as u8;
        let paper = b.material("paper", [white, white, white.saturating_sub(6)]);
        let thick = rng.range(0.006, 0.022);
        let shift = vec2(rng.range(-0.02, 0.02), rng.range(-0.02, 0.02));
        b.post(shift, vec2(0.21, 0.297), z, z + thick, paper);
        z += thick;
    }
}

pub(super) fn office_chair(b: &mut Builder, rng: &mut Rng) {
    let cover = of(rng, &[[38, 38, 42], [60, 78, 112], [128, 44, 42], [104, 106, 110]]);
    let stuff = if rng.chance(0.5) { "leather" } else { "cloth" };
    let (cover, metal) = (b.material(stuff, cover), b.shiny("metal", [70, 72, 76], 0.3));
    let seat = rng.range(0.44, 0.5);
    let (w, top) = (rng.range(0.46, 0.54), rng.range(0.9, 1.15));
    b.cushion(Vec2::ZERO, seat - 0.06, vec3(w, w, 0.1), cover);
    b.block(vec3(-w / 2.2, w / 2. - 0.03, seat + 0.1), vec3(w / 2.2, w / 2. + 0.04, top), cover);
    b.block(vec3(-0.03, w / 2. - 0.04, seat - 0.05), vec3(0.03, w / 2., seat + 0.15), metal);
    b.post(Vec2::ZERO, Vec2::splat(0.05), 0.1, seat - 0.04, metal);
    for leg in 0..5 {
        let out = Vec2::from_angle(std::f32::consts::TAU * leg as f32 / 5.0) * 0.3;
        b.rod(vec3(0.0, 0.0, 0.11), out.extend(0.08), 0.04, metal);
        b.post(out, Vec2::splat(0.05), 0.0, 0.07, metal);
    }
    if rng.chance(0.7) {
        for x in [-w / 2.0 - 0.03, w / 2.0 + 0.03] {
            b.rod(vec3(x, 0.1, seat - 0.03), vec3(x, 0.1, seat + 0.2), 0.03, metal);
            b.block(vec3(x - 0.03, -0.12, seat + 0.2), vec3(x + 0.03, 0.17, seat + 0.23), cover);
        }
    }
}

pub(super) fn air_conditioner(b: &mut Builder, rng: &mut Rng) {
    let (body, slot) = (b.material("plastic", [238, 238, 236]), b.material("slot", [70, 72, 74]));
    let size = vec3(rng.range(0.75, 1.0), rng.range(0.19, 0.24), rng.range(0.26, 0.32));
    b.block(vec3(0.0, 0.05, 0.0), size, body);
    b.block(vec3(0.0, 0.0, 0.07), vec3(size.x, 0.05, size.z - 0.03), body);
    b.block(vec3(0.05, 0.02, 0.02), vec3(size.x - 0.05, 0.05, 0.06), slot);
}

pub(super) fn fire_extinguisher(b: &mut Builder, rng: &mut Rng) {
    let (red, black) = (b.shiny("steel", [184, 26, 28], 0.2), b.material("rubber", [26, 26, 28]));
    let label = b.material("label", [226, 222, 210]);
    let (r, h) = (rng.range(0.075, 0.1), rng.range(0.42, 0.58));
    let neck = [(0.0, r), (h * 0.85, r), (h * 0.93, r * 0.6), (h * 0.96, 0.025), (h, 0.025)];
    b.turned(Vec2::ZERO, &neck, red);
    b.turned(Vec2::ZERO, &[(h * 0.35, r + 0.002), (h * 0.6, r + 0.002)], label);
    b.block(vec3(-0.015, -0.09, h), vec3(0.015, 0.05, h + 0.05), black);
    b.bars(
        &[vec3(0.03, 0.0, h), vec3(r + 0.05, 0.0, h * 0.9), vec3(r + 0.03, 0.0, h * 0.4)],
        0.025,
        black,
    );
}
