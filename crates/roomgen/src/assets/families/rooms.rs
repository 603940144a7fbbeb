//! Smaller furniture and what lies and hangs about.

use super::of;
use crate::assets::shapes::Builder;
use crate::rng::Rng;
use glam::{Vec2, Vec3, vec2, vec3};

/// Open boards: of wood between sides, or of sheet steel between posts.
pub(super) fn shelf(b: &mut Builder, rng: &mut Rng, wood: [u8; 3]) {
    let is_steel = rng.chance(0.45);
    let (stuff, rgb) = if is_steel { ("metal", [150, 154, 160]) } else { ("wood", wood) };
    let m = b.material(stuff, rgb);
    let boards = rng.between(3, 5);
    let (w, d) = (rng.range(0.6, 1.1), rng.range(0.32, 0.45));
    let h = boards as f32 * rng.range(0.34, 0.44);
    if is_steel {
        for (x, y) in [(0.02, 0.02), (w - 0.02, 0.02), (0.02, d - 0.02), (w - 0.02, d - 0.02)] {
            b.post(vec2(x, y), Vec2::splat(0.035), 0.0, h, m);
        }
    } else {
        b.block(vec3(0.0, 0.0, 0.0), vec3(0.022, d, h), m);
        b.block(vec3(w - 0.022, 0.0, 0.0), vec3(w, d, h), m);
    }
    for board in 0..=boards {
        let z = 0.05 + (h - 0.05) * board as f32 / boards as f32;
        b.block(vec3(0.0, 0.0, z - 0.025), vec3(w, d, z), m);
    }
}

/// Low and soft: round, or a cube.
pub(super) fn ottoman(b: &mut Builder, rng: &mut Rng, cloth: [u8; 3]) {
    let stuff = if rng.chance(0.35) { "leather" } else { "cloth" };
    let m = b.material(stuff, cloth);
    let (w, h) = (rng.range(0.45, 0.8), rng.range(0.36, 0.46));
    if rng.chance(0.5) {
        let r = w / 2.0;
        let side =
            [(0.0, r * 0.92), (h * 0.2, r), (h * 0.8, r), (h * 0.95, r * 0.93), (h, r * 0.7)];
        b.turned(Vec2::ZERO, &side, m);
    } else {
        let d = rng.range(0.42, 0.55);
        b.block(vec3(0.0, 0.0, 0.04), vec3(w, d, h - 0.06), m);
        b.cushion(vec2(w / 2.0, d / 2.0), h - 0.13, vec3(w * 1.02, d * 1.02, 0.14), m);
        let feet = b.material("wood", [60, 44, 34]);
        for (x, y) in [(0.05, 0.05), (w - 0.05, 0.05), (0.05, d - 0.05), (w - 0.05, d - 0.05)] {
            b.post(vec2(x, y), Vec2::splat(0.04), 0.0, 0.04, feet);
        }
    }
}

/// A small round top on one foot or three thin legs.
pub(super) fn side_table(b: &mut Builder, rng: &mut Rng, wood: [u8; 3]) {
    let stuff = if rng.chance(0.3) { ("metal", [70, 70, 74]) } else { ("wood", wood) };
    let m = b.material(stuff.0, stuff.1);
    let (r, h) = (rng.range(0.2, 0.28), rng.range(0.48, 0.62));
    b.turned(Vec2::ZERO, &[(h - 0.025, r), (h, r)], m);
    if rng.chance(0.5) {
        b.turned(Vec2::ZERO, &[(0.0, r * 0.75), (0.02, r * 0.7), (0.03, 0.025), (h, 0.025)], m);
        return;
    }
    for leg in 0..3 {
        let out = Vec2::from_angle(std::f32::consts::TAU * leg as f32 / 3.0);
        b.rod((out * r * 0.95).extend(0.0), (out * r * 0.55).extend(h - 0.02), 0.03, m);
    }
}

pub(super) fn bench(b: &mut Builder, rng: &mut Rng, wood: [u8; 3]) {
    let m = b.material("wood", wood);
    let (w, d, h) = (rng.range(0.9, 1.4), rng.range(0.32, 0.4), rng.range(0.42, 0.48));
    b.block(vec3(0.0, 0.0, h - 0.04), vec3(w, d, h), m);
    for x in [0.05, w - 0.1] {
        b.block(vec3(x, 0.03, 0.0), vec3(x + 0.05, d - 0.03, h - 0.04), m);
    }
    b.block(vec3(0.1, d / 2.0 - 0.02, 0.15), vec3(w - 0.1, d / 2.0 + 0.02, 0.2), m);
}

/// Folded, or thrown down: bumps of one cloth.
pub(super) fn blanket(b: &mut Builder, rng: &mut Rng, cloth: [u8; 3]) {
    let m = b.material("wool", cloth);
    if rng.chance(0.5) {
        let (w, d) = (rng.range(0.4, 0.6), rng.range(0.32, 0.45));
        let layers = rng.between(3, 5);
        for layer in 0..layers {
            let slip = vec2(rng.range(-0.012, 0.012), rng.range(-0.012, 0.012));
            b.cushion(slip, 0.027 * layer as f32, vec3(w, d, 0.045), m);
        }
        return;
    }
    let (w, d) = (rng.range(0.7, 1.1), rng.range(0.5, 0.8));
    const STEPS: usize = 14;
    let waves: Vec<[f32; 3]> =
        (0..4).map(|_| [rng.range(2.0, 7.0), rng.range(2.0, 7.0), rng.range(0.0, 6.2)]).collect();
    let point = |column: usize, row: usize| {
        let (s, t) = (column as f32 / STEPS as f32, row as f32 / STEPS as f32);
        let swell: f32 = waves.iter().map(|[a, c, p]| 0.5 + 0.5 * (a * s + c * t + p).sin()).sum();
        let rim = (s.min(1.0 - s).min(t).min(1.0 - t) * 8.0).min(1.0);
        let wobble = 0.06 * (waves[0][2] + 5.0 * t).sin();
        vec3((s - 0.5 + wobble * (s - 0.5)) * w, (t - 0.5) * d, rim * (0.012 + 0.035 * swell))
    };
    for column in 0..STEPS {
        for row in 0..STEPS {
            b.quad(
                [
                    point(column, row),
                    point(column + 1, row),
                    point(column + 1, row + 1),
                    point(column, row + 1),
                ],
                m,
            );
        }
    }
}

/// A rucksack, or a carrier with two loops.
pub(super) fn bag(b: &mut Builder, rng: &mut Rng, cloth: [u8; 3]) {
    let stuff = if rng.chance(0.3) { "leather" } else { "cloth" };
    let (m, strap) = (b.material(stuff, cloth), b.material("strap", [40, 38, 38]));
    let (w, h) = (rng.range(0.28, 0.36), rng.range(0.36, 0.5));
    if rng.chance(0.55) {
        b.cushion(Vec2::ZERO, 0.0, vec3(w, 0.2, h), m);
        b.cushion(vec2(0.0, -0.1), 0.02, vec3(w * 0.75, 0.12, h * 0.45), m);
        for x in [-w * 0.25, w * 0.25] {
            b.bars(
                &[vec3(x, 0.09, h * 0.85), vec3(x, 0.16, h * 0.6), vec3(x, 0.1, h * 0.2)],
                0.03,
                strap,
            );
        }
        return;
    }
    b.block(vec3(-w / 2.0, -0.07, 0.0), vec3(w / 2.0, 0.07, h * 0.75), m);
    for y in [-0.065, 0.065] {
        let top = h * 0.75;
        b.bars(
            &[
                vec3(-w * 0.25, y, top),
                vec3(-w * 0.2, y, top + 0.14),
                vec3(w * 0.2, y, top + 0.14),
                vec3(w * 0.25, y, top),
            ],
            0.022,
            strap,
        );
    }
}

/// Woven, open, wider at the top.
pub(super) fn basket(b: &mut Builder, rng: &mut Rng) {
    let m = b.material("wicker", of(rng, &[[186, 144, 92], [132, 92, 58], [226, 214, 190]]));
    let (r, h) = (rng.range(0.15, 0.24), rng.range(0.2, 0.5));
    b.turned(Vec2::ZERO, &[(0.015, r * 0.78), (0.0, r * 0.8), (h, r), (h, r - 0.02)], m);
    b.turned(Vec2::ZERO, &[(h, r - 0.02), (0.015, r * 0.78)], m);
    for band in 1..6 {
        let z = h * band as f32 / 6.0;
        let wide = r * (0.8 + 0.2 * band as f32 / 6.0) + 0.006;
        b.turned(Vec2::ZERO, &[(z - 0.012, wide), (z + 0.012, wide)], m);
    }
}

/// On a stand, or for a table.
pub(super) fn fan(b: &mut Builder, rng: &mut Rng) {
    let (m, blade) = (
        b.material("plastic", of(rng, &[[234; 3], [40, 40, 44], [150, 190, 210]])),
        b.material("blade", of(rng, &[[120, 160, 190], [60; 3], [200; 3]])),
    );
    let h = if rng.chance(0.5) { rng.range(0.25, 0.35) } else { rng.range(0.9, 1.15) };
    let r = rng.range(0.15, 0.22);
    b.turned(Vec2::ZERO, &[(0.0, r * 0.8), (0.03, r * 0.7), (0.04, 0.02), (h, 0.02)], m);
    b.block(vec3(-0.06, -0.03, h - 0.06), vec3(0.06, 0.12, h + 0.06), m);
    for k in 0..24 {
        let at = |k: usize, out: f32, y: f32| {
            let angle = std::f32::consts::TAU * k as f32 / 24.0;
            vec3(out * angle.cos(), y, h + out * angle.sin())
        };
        let ring = [at(k, r, -0.1), at(k + 1, r, -0.1), at(k + 1, r, -0.03), at(k, r, -0.03)];
        b.quad(ring, m);
        b.rod(at(k, 0.04, -0.115), at(k, r, -0.1), 0.008, m);
        if k % 6 < 4 {
            let hub = vec3(0.0, -0.06, h);
            b.quad([hub, at(k, r * 0.9, -0.05), at(k + 1, r * 0.9, -0.07), hub], blade);
        }
    }
}

pub(super) fn speaker(b: &mut Builder, rng: &mut Rng) {
    let (case, cone) = (
        b.material("wood", of(rng, &[[30, 30, 32], [120, 80, 50], [226; 3]])),
        b.material("cone", [60, 60, 62]),
    );
    let size = vec3(rng.range(0.17, 0.26), rng.range(0.2, 0.3), rng.range(0.3, 0.95));
    b.block(Vec3::ZERO, size, case);
    for (share, radius) in [(0.4, 0.4), (0.8, 0.22)] {
        let r = size.x * radius;
        let middle = vec3(size.x / 2.0, -0.012, size.z * share);
        for k in 0..20 {
            let at = |k: usize, y: f32| {
                let angle = std::f32::consts::TAU * k as f32 / 20.0;
                vec3(middle.x + r * angle.cos(), y, middle.z + r * angle.sin())
            };
            b.quad(
                [
                    middle + Vec3::Y * 0.01,
                    at(k, -0.012),
                    at(k + 1, -0.012),
                    middle + Vec3::Y * 0.01,
                ],
                cone,
            );
            b.quad([at(k, -0.012), at(k + 1, -0.012), at(k + 1, 0.0), at(k, 0.0)], cone);
        }
    }
}

pub(super) fn aquarium(b: &mut Builder, rng: &mut Rng) {
    let (rim, water) = (b.material("rim", [30, 30, 32]), b.material("water", [96, 150, 160]));
    let (sand, weed) = (b.material("sand", [196, 176, 130]), b.material("plant", [50, 120, 60]));
    let size = vec3(rng.range(0.5, 0.9), rng.range(0.28, 0.36), rng.range(0.34, 0.48));
    b.block(Vec3::ZERO, vec3(size.x, size.y, 0.02), rim);
    b.block(vec3(0.01, 0.01, 0.02), vec3(size.x - 0.01, size.y - 0.01, 0.07), sand);
    b.block(vec3(0.0, 0.0, 0.07), vec3(size.x, size.y, size.z - 0.05), water);
    b.block(vec3(-0.01, -0.01, size.z - 0.05), vec3(size.x + 0.01, size.y + 0.01, size.z), rim);
    for _ in 0..6 {
        let x = rng.range(0.05, size.x - 0.08);
        b.block(vec3(x, -0.003, 0.07), vec3(x + 0.03, 0.0, size.z * rng.range(0.35, 0.75)), weed);
    }
}

/// A bracket at the wall with a shade over it.
pub(super) fn wall_lamp(b: &mut Builder, rng: &mut Rng, cloth: [u8; 3]) {
    let shade = if rng.chance(0.5) { ("glass", [240, 234, 214]) } else { ("cloth", cloth) };
    let (shade, metal) = (
        b.material(shade.0, shade.1),
        b.shiny("metal", of(rng, &[[60; 3], [176, 150, 90], [180, 182, 184]]), 0.4),
    );
    let (r, h) = (rng.range(0.08, 0.12), rng.range(0.14, 0.22));
    b.block(vec3(-0.05, 0.16, 0.02), vec3(0.05, 0.18, 0.16), metal);
    b.bars(&[vec3(0.0, 0.16, 0.08), vec3(0.0, 0.0, 0.06), vec3(0.0, 0.0, 0.1)], 0.02, metal);
    b.turned(Vec2::ZERO, &[(0.1, r), (0.1 + h, r * 0.65)], shade);
}
