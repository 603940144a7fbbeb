//! Small kitchen and bathroom things.

use super::of;
use crate::assets::shapes::Builder;
use crate::rng::Rng;
use glam::{Vec2, Vec3, vec2, vec3};

pub(super) fn toaster(b: &mut Builder, rng: &mut Rng) {
    let coat = of(rng, &[[188, 190, 194], [40, 40, 42], [236, 232, 220], [170, 36, 36]]);
    let (body, slot) = (b.shiny("metal", coat, 0.3), b.material("slot", [24; 3]));
    let size = vec3(rng.range(0.26, 0.34), rng.range(0.16, 0.2), rng.range(0.17, 0.21));
    b.block(vec3(0.02, 0.0, 0.015), vec3(size.x - 0.02, size.y, size.z), body);
    b.block(vec3(0.0, 0.01, 0.0), vec3(size.x, size.y - 0.01, size.z - 0.025), slot);
    for y in [0.3, 0.6] {
        let y = size.y * y;
        b.block(vec3(0.05, y, size.z), vec3(size.x - 0.05, y + 0.022, size.z + 0.003), slot);
    }
    b.block(vec3(-0.025, 0.07, size.z * 0.55), vec3(0.0, 0.1, size.z * 0.65), slot);
}

pub(super) fn kettle(b: &mut Builder, rng: &mut Rng) {
    let coat = of(rng, &[[190, 192, 196], [36, 36, 38], [232, 230, 224], [160, 36, 36]]);
    let (body, grip) = (b.shiny("metal", coat, 0.3), b.material("plastic", [28, 28, 30]));
    let (r, h) = (rng.range(0.075, 0.1), rng.range(0.17, 0.24));
    b.turned(Vec2::ZERO, &[(0.0, r * 1.05), (0.02, r), (h * 0.9, r * 0.75), (h, r * 0.5)], body);
    b.turned(Vec2::ZERO, &[(h, 0.018), (h + 0.025, 0.018)], grip);
    b.bars(
        &[
            vec3(r * 0.6, 0.0, h * 0.95),
            vec3(r + 0.06, 0.0, h * 0.9),
            vec3(r + 0.06, 0.0, h * 0.25),
            vec3(r * 0.9, 0.0, h * 0.15),
        ],
        0.025,
        grip,
    );
    b.rod(vec3(-r * 0.7, 0.0, h * 0.6), vec3(-r - 0.05, 0.0, h * 0.85), 0.03, body);
}

/// Plates and cups drying in a wire rack over a tray.
pub(super) fn dish_rack(b: &mut Builder, rng: &mut Rng) {
    let (tray, wire) = (b.material("plastic", [90, 94, 98]), b.material("metal", [196, 198, 200]));
    let china = b.material("ceramic", of(rng, &[[238; 3], [120, 150, 180], [214, 196, 160]]));
    let (w, d, h) = (rng.range(0.4, 0.5), rng.range(0.3, 0.36), rng.range(0.1, 0.13));
    b.block(Vec3::ZERO, vec3(w, d, 0.018), tray);
    for z in [0.035, h] {
        let ring = [(0., 0.), (w, 0.), (w, d), (0., d), (0., 0.)].map(|(x, y)| vec3(x, y, z));
        b.bars(&ring, 0.012, wire);
    }
    for corner in [(0., 0.), (w, 0.), (w, d), (0., d)] {
        b.post(vec2(corner.0, corner.1), Vec2::splat(0.012), 0.0, h, wire);
    }
    let mut x = 0.04;
    while x < w - 0.14 {
        if rng.chance(0.75) {
            let high = rng.range(0.18, 0.25);
            b.block(vec3(x, 0.05, 0.03), vec3(x + 0.014, 0.05 + high, 0.03 + high), china);
        }
        x += 0.04;
    }
    if rng.chance(0.7) {
        b.turned(vec2(w - 0.06, 0.09), &[(0.03, 0.035), (0.12, 0.04)], china);
    }
}

/// One plate, or several on top of each other.
pub(super) fn plate(b: &mut Builder, rng: &mut Rng) {
    let glaze = of(rng, &[[240; 3], [232, 224, 206], [70, 100, 140], [60, 62, 64], [200, 120, 80]]);
    let china = b.shiny("ceramic", glaze, 0.15);
    let r = rng.range(0.1, 0.145);
    let count = if rng.chance(0.35) { rng.between(3, 8) } else { 1 };
    for k in 0..count {
        let z = 0.012 * k as f32;
        let profile = [(z, r * 0.55), (z + 0.024, r), (z + 0.026, r), (z + 0.007, r * 0.56)];
        b.turned(Vec2::ZERO, &profile, china);
    }
}

/// A pot with two grips, sometimes with its lid, or a pan with a handle.
pub(super) fn cooking_pot(b: &mut Builder, rng: &mut Rng) {
    let coat = of(rng, &[[186, 188, 190], [40, 40, 42], [170, 40, 36], [60, 90, 120]]);
    let (metal, grip) = (b.shiny("metal", coat, 0.3), b.material("plastic", [26, 26, 28]));
    let is_pan = rng.chance(0.35);
    let r = rng.range(0.1, 0.14);
    let h = if is_pan { rng.range(0.05, 0.08) } else { rng.range(0.11, 0.2) };
    b.turned(Vec2::ZERO, &[(0.012, r * 0.9), (0.0, r * 0.95), (h, r), (h, r - 0.008)], metal);
    b.turned(Vec2::ZERO, &[(h, r - 0.008), (0.012, r * 0.9)], metal);
    if is_pan {
        b.rod(vec3(r, 0.0, h * 0.8), vec3(r + 0.19, 0.0, h + 0.02), 0.024, grip);
        return;
    }
    for side in [-1.0, 1.0] {
        let x = side * (r + 0.025);
        b.block(vec3(x - 0.025, -0.035, h * 0.75), vec3(x + 0.025, 0.035, h * 0.85), grip);
    }
    if rng.chance(0.6) {
        b.turned(Vec2::ZERO, &[(h, r + 0.004), (h + 0.02, r * 0.6), (h + 0.03, 0.02)], metal);
        b.turned(Vec2::ZERO, &[(h + 0.03, 0.02), (h + 0.055, 0.025)], grip);
    }
}

pub(super) fn coffee_machine(b: &mut Builder, rng: &mut Rng) {
    let coat = of(rng, &[[34, 34, 36], [190, 190, 192], [150, 34, 36]]);
    let (body, dark) = (b.shiny("plastic", coat, 0.2), b.material("jug", [54, 44, 40]));
    let (w, d, h) = (rng.range(0.18, 0.26), rng.range(0.24, 0.34), rng.range(0.3, 0.38));
    b.block(vec3(0.0, d * 0.6, 0.0), vec3(w, d, h), body);
    b.block(vec3(0.0, 0.0, h * 0.72), vec3(w, d * 0.6, h), body);
    b.block(vec3(0.0, 0.0, 0.0), vec3(w, d * 0.6, 0.03), body);
    let jug = vec2(w / 2.0, d * 0.3);
    let r = (w * 0.38).min(d * 0.27);
    b.turned(jug, &[(0.03, r), (h * 0.4, r * 1.05), (h * 0.58, r * 0.7)], dark);
    b.block(vec3(w - 0.01, d * 0.25, 0.08), vec3(w + 0.02, d * 0.35, h * 0.5), dark);
}

/// On its holder at the wall.
pub(super) fn toilet_roll(b: &mut Builder, rng: &mut Rng) {
    let (paper, metal) = (b.material("paper", [242; 3]), b.shiny("metal", [176, 178, 182], 0.4));
    let (r, half) = (rng.range(0.05, 0.062), 0.05);
    let y = 0.01 + r;
    // A roll lies on its side: a ring of flats round the axis x.
    for k in 0..16 {
        let turn = |k: usize| {
            let angle = std::f32::consts::TAU * k as f32 / 16.0;
            (y - r * angle.cos(), r + r * angle.sin())
        };
        let ((y0, z0), (y1, z1)) = (turn(k), turn(k + 1));
        b.quad(
            [vec3(-half, y0, z0), vec3(half, y0, z0), vec3(half, y1, z1), vec3(-half, y1, z1)],
            paper,
        );
        for x in [-half, half] {
            let middle = vec3(x, y, r);
            b.quad([middle, vec3(x, y0, z0), vec3(x, y1, z1), middle], paper);
        }
    }
    b.rod(vec3(-half - 0.015, y, r), vec3(half + 0.015, y, r), 0.02, metal);
    b.block(
        vec3(half + 0.005, y - 0.01, r - 0.015),
        vec3(half + 0.02, 2.0 * r + 0.03, r + 0.015),
        metal,
    );
    b.block(
        vec3(half - 0.02, 2.0 * r + 0.02, r - 0.03),
        vec3(half + 0.04, 2.0 * r + 0.035, r + 0.03),
        metal,
    );
}

/// A tray, two sides of glass, and the head on its pipe.
pub(super) fn shower(b: &mut Builder, rng: &mut Rng) {
    let (tray, frame) = (b.material("ceramic", [238; 3]), b.shiny("metal", [180, 182, 186], 0.4));
    let glass = b.material("frosted glass", [206, 220, 224]);
    let (w, d, h) = (rng.range(0.8, 1.0), rng.range(0.8, 0.95), rng.range(1.9, 2.05));
    b.block(Vec3::ZERO, vec3(w, d, 0.12), tray);
    b.block(vec3(0.02, 0.02, 0.12), vec3(w - 0.02, 0.03, h), glass);
    b.block(vec3(0.02, 0.03, 0.12), vec3(0.03, d - 0.02, h), glass);
    for (x, y) in [(0.02, 0.02), (w - 0.02, 0.02), (0.02, d - 0.02)] {
        b.post(vec2(x, y), Vec2::splat(0.035), 0.12, h, frame);
    }
    b.rod(vec3(0.0, 0.02, h), vec3(w, 0.02, h), 0.035, frame);
    b.rod(vec3(0.02, 0.0, h), vec3(0.02, d, h), 0.035, frame);
    let x = w * 0.6;
    b.bars(
        &[vec3(x, d - 0.02, 0.9), vec3(x, d - 0.02, 1.95), vec3(x, d - 0.25, 1.98)],
        0.025,
        frame,
    );
    b.turned(vec2(x, d - 0.25), &[(1.93, 0.09), (1.96, 0.09)], frame);
}
