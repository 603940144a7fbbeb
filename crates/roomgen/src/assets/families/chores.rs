//! What a house is kept in order with.

use super::of;
use crate::assets::shapes::Builder;
use crate::rng::Rng;
use glam::{Vec2, Vec3, vec2, vec3};

pub(super) fn ironing_board(b: &mut Builder, rng: &mut Rng, cloth: [u8; 3]) {
    let (cover, legs) = (b.material("cloth", cloth), b.material("metal", [190, 192, 194]));
    let (l, w, h) = (rng.range(1.15, 1.35), rng.range(0.33, 0.42), rng.range(0.8, 0.92));
    b.block(vec3(0.0, 0.0, h - 0.03), vec3(l - 0.3, w, h), cover);
    // Towards its nose in four steps.
    for step in 0..4 {
        let x = l - 0.3 + 0.075 * step as f32;
        let inset = w * 0.1 * (step + 1) as f32;
        b.block(vec3(x, inset, h - 0.03), vec3(x + 0.075, w - inset, h), cover);
    }
    for y in [0.06, w - 0.06] {
        b.rod(vec3(0.1, y, 0.0), vec3(l * 0.7, y, h - 0.03), 0.025, legs);
        b.rod(vec3(l * 0.75, y, 0.0), vec3(0.2, y, h - 0.03), 0.025, legs);
    }
    b.rod(vec3(0.1, 0.0, 0.015), vec3(0.1, w, 0.015), 0.03, legs);
    b.rod(vec3(l * 0.75, 0.0, 0.015), vec3(l * 0.75, w, 0.015), 0.03, legs);
}

/// A cylinder on wheels with a hose that goes up to a floor nozzle.
pub(super) fn vacuum_cleaner(b: &mut Builder, rng: &mut Rng) {
    let shell =
        of(rng, &[[170, 34, 36], [40, 70, 140], [60, 62, 66], [200, 200, 198], [54, 110, 70]]);
    let (shell, dark) = (b.material("plastic", shell), b.material("rubber", [30, 30, 32]));
    let (w, l, h) = (rng.range(0.24, 0.3), rng.range(0.36, 0.46), rng.range(0.2, 0.26));
    b.cushion(vec2(0.0, 0.0), 0.03, vec3(w, l, h), shell);
    for x in [-w / 2.0, w / 2.0] {
        b.block(vec3(x - 0.02, 0.04, 0.0), vec3(x + 0.02, 0.18, 0.14), dark);
    }
    let up = rng.range(0.6, 0.95);
    let x = w / 2.0 + 0.08;
    b.bars(
        &[
            vec3(0.0, -l / 2.0 + 0.03, 0.14),
            vec3(0.1, -l / 2.0 - 0.12, 0.3),
            vec3(x, -0.1, up),
            vec3(x, 0.0, up + 0.05),
        ],
        0.045,
        dark,
    );
    b.rod(vec3(x, 0.0, up + 0.05), vec3(x, -l / 2.0, 0.05), 0.035, shell);
    b.block(vec3(x - 0.13, -l / 2.0 - 0.05, 0.0), vec3(x + 0.13, -l / 2.0 + 0.05, 0.05), dark);
}

pub(super) fn broom(b: &mut Builder, rng: &mut Rng) {
    let stick = b.material("wood", of(rng, &[[190, 150, 100], [70, 110, 170], [180, 50, 46]]));
    let hair = b.material("bristle", of(rng, &[[60, 56, 52], [196, 168, 90], [40, 90, 150]]));
    let (w, h) = (rng.range(0.28, 0.42), rng.range(1.25, 1.55));
    b.block(vec3(-w / 2.0, -0.035, 0.08), vec3(w / 2.0, 0.035, 0.13), stick);
    b.block(vec3(-w / 2.0 - 0.01, -0.05, 0.0), vec3(w / 2.0 + 0.01, 0.05, 0.08), hair);
    b.rod(vec3(0.0, 0.0, 0.12), vec3(0.0, 0.02, h), 0.03, stick);
}

pub(super) fn bucket(b: &mut Builder, rng: &mut Rng) {
    let plastic =
        of(rng, &[[40, 90, 170], [190, 40, 40], [70, 74, 78], [60, 140, 80], [220, 190, 60]]);
    let (plastic, wire) = (b.material("plastic", plastic), b.material("metal", [150; 3]));
    let (r, h) = (rng.range(0.13, 0.17), rng.range(0.24, 0.32));
    let wall = [(0.02, r * 0.7), (0.0, r * 0.75), (h - 0.02, r), (h, r + 0.012), (h, r - 0.008)];
    b.turned(Vec2::ZERO, &wall, plastic);
    b.turned(Vec2::ZERO, &[(h, r - 0.008), (0.02, r * 0.7)], plastic);
    let arc: Vec<Vec3> = (0..=8)
        .map(|k| {
            let angle = std::f32::consts::PI * k as f32 / 8.0;
            vec3(angle.cos() * r, -angle.sin() * r * 0.55, h + angle.sin() * r * 0.75)
        })
        .collect();
    b.bars(&arc, 0.014, wire);
}

/// A step ladder, opened.
pub(super) fn ladder(b: &mut Builder, rng: &mut Rng) {
    let metal = rng.chance(0.6);
    let (name, rgb) = if metal { ("metal", [186, 188, 190]) } else { ("wood", [186, 146, 98]) };
    let rail = b.material(name, rgb);
    let steps = rng.between(3, 6);
    let (w, h) = (rng.range(0.42, 0.5), 0.25 * steps as f32 + 0.1);
    let spread = h * 0.42;
    let front = |z: f32| spread * (z / h) * 0.55;
    for x in [0.0, w] {
        b.rod(vec3(x, 0.0, 0.0), vec3(x, front(h), h), 0.045, rail);
        b.rod(vec3(x, spread, 0.0), vec3(x, front(h) + 0.04, h), 0.035, rail);
    }
    for step in 1..=steps {
        let z = 0.25 * step as f32;
        b.block(vec3(0.0, front(z) - 0.04, z - 0.03), vec3(w, front(z) + 0.06, z), rail);
    }
    b.rod(vec3(0.0, spread * 0.85, h * 0.3), vec3(w, spread * 0.85, h * 0.3), 0.03, rail);
}

pub(super) fn toolbox(b: &mut Builder, rng: &mut Rng) {
    let body = of(rng, &[[180, 36, 34], [50, 80, 140], [60, 60, 62], [214, 160, 40]]);
    let stuff = if rng.chance(0.5) { "metal" } else { "plastic" };
    let (body, dark) = (b.material(stuff, body), b.material("plastic grip", [28, 28, 30]));
    let (w, d, h) = (rng.range(0.4, 0.55), rng.range(0.2, 0.27), rng.range(0.15, 0.2));
    b.block(Vec3::ZERO, vec3(w, d, h), body);
    for step in 0..3 {
        let inset = 0.03 * (step + 1) as f32;
        let z = h + 0.02 * step as f32;
        b.block(vec3(0.0, inset, z), vec3(w, d - inset, z + 0.02), dark);
    }
    let z = h + 0.06;
    b.bars(
        &[
            vec3(w * 0.3, d / 2.0, z),
            vec3(w * 0.32, d / 2.0, z + 0.06),
            vec3(w * 0.68, d / 2.0, z + 0.06),
            vec3(w * 0.7, d / 2.0, z),
        ],
        0.03,
        dark,
    );
}

/// A folding airer, sometimes with washing over its bars.
pub(super) fn drying_rack(b: &mut Builder, rng: &mut Rng) {
    let bar = b.material("metal", [222, 224, 226]);
    let (w, d, h) = (rng.range(0.5, 0.6), rng.range(0.95, 1.3), rng.range(0.85, 1.0));
    for x in [0.0, w] {
        b.rod(vec3(x, d * 0.2, 0.0), vec3(x, d * 0.8, h), 0.022, bar);
        b.rod(vec3(x, d * 0.8, 0.0), vec3(x, d * 0.2, h), 0.022, bar);
        b.rod(vec3(x, 0.0, h), vec3(x, d, h), 0.022, bar);
    }
    let rails = 8;
    for rail in 0..=rails {
        let y = d * rail as f32 / rails as f32;
        b.rod(vec3(0.0, y, h), vec3(w, y, h), 0.014, bar);
        if rng.chance(0.45) {
            let dye = of(
                rng,
                &[[232, 230, 226], [70, 90, 130], [150, 60, 58], [110, 116, 120], [190, 170, 130]],
            );
            let cloth = b.material("cloth", dye);
            let (left, wide) = (w * rng.range(0.05, 0.4), w * rng.range(0.35, 0.55));
            let low = h - rng.range(0.2, 0.5);
            b.block(vec3(left, y - 0.01, low), vec3(left + wide, y + 0.012, h + 0.008), cloth);
        }
    }
}

pub(super) fn coat_rack(b: &mut Builder, rng: &mut Rng, wood: [u8; 3]) {
    let stuff = if rng.chance(0.6) { ("wood", wood) } else { ("metal", [60, 60, 64]) };
    let pole = b.material(stuff.0, stuff.1);
    let h = rng.range(1.65, 1.9);
    b.post(Vec2::ZERO, Vec2::splat(0.05), 0.05, h, pole);
    for leg in 0..4 {
        let out = Vec2::from_angle(std::f32::consts::FRAC_PI_2 * leg as f32 + 0.4);
        b.rod((out * 0.24).extend(0.02), vec3(0.0, 0.0, 0.22), 0.04, pole);
        b.rod(vec3(0.0, 0.0, h - 0.18), (out * 0.2).extend(h - 0.03), 0.03, pole);
        if rng.chance(0.55) {
            let dye = of(rng, &[[40, 44, 56], [120, 92, 66], [150, 40, 44], [80, 100, 84]]);
            let coat = b.material("cloth", dye);
            let long = rng.range(0.6, 1.0);
            let at = out * 0.17;
            b.cushion(at, h - 0.1 - long, vec3(0.24, 0.24, long), coat);
        }
    }
}

/// Boards between two sides, some with a pair of shoes on.
pub(super) fn shoe_rack(b: &mut Builder, rng: &mut Rng, wood: [u8; 3]) {
    let m = b.material("wood", wood);
    let boards = rng.between(2, 4);
    let (w, d, h) = (rng.range(0.6, 0.95), rng.range(0.27, 0.33), 0.22 * boards as f32);
    for x in [0.0, w - 0.025] {
        b.block(vec3(x, 0.0, 0.0), vec3(x + 0.025, d, h), m);
    }
    for board in 0..boards {
        let z = 0.06 + 0.22 * board as f32;
        b.block(vec3(0.0, 0.0, z - 0.018), vec3(w, d, z), m);
        let mut x = 0.05;
        while x < w - 0.27 {
            if rng.chance(0.6) {
                let dye = of(rng, &[[30, 30, 32], [200, 200, 200], [110, 70, 44], [60, 80, 130]]);
                let leather = b.material("leather", dye);
                for side in [0.0, 0.11] {
                    shoe_at(b, vec3(x + side + 0.05, 0.02, z), 0.26, leather, leather);
                }
            }
            x += 0.25;
        }
    }
}

/// One shoe, its toe towards the front.
pub(super) fn shoe(b: &mut Builder, rng: &mut Rng) {
    let dye = of(
        rng,
        &[[30, 30, 32], [226, 226, 224], [110, 70, 44], [60, 80, 130], [170, 40, 42], [120; 3]],
    );
    let (upper, sole) = (b.material("leather", dye), b.material("rubber", [60, 56, 52]));
    let length = rng.range(0.25, 0.32);
    shoe_at(b, Vec3::ZERO, length, upper, sole);
    if rng.chance(0.25) {
        b.post(
            vec2(0.0, length * 0.78),
            vec2(0.09, length * 0.4),
            0.08,
            rng.range(0.18, 0.3),
            upper,
        );
    }
}

fn shoe_at(b: &mut Builder, low: Vec3, length: f32, upper: u32, sole: u32) {
    let block = |b: &mut Builder, y: (f32, f32), z: (f32, f32), half: f32, m: u32| {
        b.block(low + vec3(-half, length * y.0, z.0), low + vec3(half, length * y.1, z.1), m);
    };
    block(b, (0.0, 1.0), (0.0, 0.022), 0.045, sole);
    block(b, (0.03, 0.3), (0.022, 0.06), 0.04, upper);
    block(b, (0.3, 0.55), (0.022, 0.085), 0.042, upper);
    block(b, (0.55, 1.0), (0.022, 0.105), 0.038, upper);
}
