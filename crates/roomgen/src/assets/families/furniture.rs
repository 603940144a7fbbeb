//! Furniture that stands, and what is set into walls.

use crate::assets::shapes::Builder;
use crate::rng::Rng;
use glam::{Vec2, Vec3, vec2, vec3};

pub(super) fn seat(b: &mut Builder, rng: &mut Rng, width: f32, cloth: [u8; 3]) {
    let m = b.material("cloth", cloth);
    let feet = b.material("feet", [60, 44, 32]);
    let (depth, arm) = (rng.range(0.8, 0.95), rng.range(0.12, 0.2));
    let top = rng.range(0.75, 0.9);
    b.block(vec3(0., 0., 0.1), vec3(width, depth, 0.42), m);
    b.block(vec3(0., depth - 0.22, 0.42), vec3(width, depth, top), m);
    b.block(vec3(0., 0., 0.42), vec3(arm, depth - 0.22, 0.6), m);
    b.block(vec3(width - arm, 0., 0.42), vec3(width, depth - 0.22, 0.6), m);
    for x in [0.05, width - 0.05] {
        for y in [0.06, depth - 0.06] {
            b.post(vec2(x, y), Vec2::splat(0.05), 0.0, 0.1, feet);
        }
    }
}

pub(super) fn bed(b: &mut Builder, rng: &mut Rng, wood: [u8; 3], cloth: [u8; 3]) {
    let (frame, cover, linen) = (
        b.material("wood", wood),
        b.material("cover", cloth),
        b.material("linen", [236, 234, 228]),
    );
    let (w, l) = (rng.range(0.95, 1.8), rng.range(2.0, 2.15));
    b.block(vec3(0., 0., 0.1), vec3(w, l, 0.3), frame);
    b.block(vec3(0., l, 0.), vec3(w, l + 0.05, rng.range(0.75, 1.1)), frame);
    b.block(vec3(0.03, 0.03, 0.3), vec3(w - 0.03, l - 0.5, 0.53), cover);
    b.block(vec3(0.05, l - 0.5, 0.3), vec3(w - 0.05, l - 0.02, 0.5), linen);
    let pillows = if w > 1.3 { 2 } else { 1 };
    for k in 0..pillows {
        let x = w * (k as f32 + 0.5) / pillows as f32;
        b.cushion(vec2(x, l - 0.25), 0.49, vec3(0.6, 0.4, 0.13), linen);
    }
}

pub(super) fn bookcase(b: &mut Builder, rng: &mut Rng, wood: [u8; 3]) {
    let m = b.material("wood", wood);
    let (w, d, h) = (rng.range(0.7, 1.2), 0.3, rng.range(1.4, 2.1));
    b.block(vec3(0., d - 0.01, 0.), vec3(w, d, h), m);
    b.block(vec3(0., 0., 0.), vec3(0.02, d, h), m);
    b.block(vec3(w - 0.02, 0., 0.), vec3(w, d, h), m);
    let books = [[140, 50, 44], [60, 80, 120], [188, 170, 130], [70, 100, 76], [52, 50, 54]]
        .map(|rgb| b.material("book", rgb));
    let boards = rng.between(4, 6);
    for board in 0..=boards {
        let z = (h - 0.02) * board as f32 / boards as f32;
        b.block(vec3(0., 0., z), vec3(w, d, z + 0.02), m);
        let mut x = 0.03;
        while board < boards && x < w - 0.08 {
            let thick = rng.range(0.02, 0.05);
            if rng.chance(0.8) {
                let high = z + rng.range(0.18, 0.26).min(h / boards as f32 - 0.04);
                let colour = books[rng.below(books.len())];
                b.block(vec3(x, 0.06, z + 0.02), vec3(x + thick, d - 0.02, high), colour);
            }
            x += thick + 0.002;
        }
    }
}

pub(super) fn crate_box(b: &mut Builder, rng: &mut Rng) {
    let card = b.material("cardboard", [186, 148, 104]);
    let tape = b.material("tape", [206, 186, 140]);
    let size = vec3(rng.range(0.3, 0.6), rng.range(0.25, 0.45), rng.range(0.2, 0.45));
    b.block(Vec3::ZERO, size, card);
    b.block(
        vec3(size.x / 2. - 0.03, 0., size.z),
        vec3(size.x / 2. + 0.03, size.y, size.z + 0.002),
        tape,
    );
}

pub(super) fn chair(b: &mut Builder, rng: &mut Rng, wood: [u8; 3]) {
    let m = b.material("wood", wood);
    let (w, d, seat) = (rng.range(0.4, 0.48), rng.range(0.42, 0.5), 0.45);
    let top = rng.range(0.82, 1.0);
    for (x, y, high) in [
        (0.02, 0.02, seat),
        (w - 0.02, 0.02, seat),
        (0.02, d - 0.02, top),
        (w - 0.02, d - 0.02, top),
    ] {
        b.post(vec2(x, y), Vec2::splat(0.04), 0.0, high, m);
    }
    b.block(vec3(0., 0., seat - 0.03), vec3(w, d, seat), m);
    b.block(vec3(0.02, d - 0.03, top - 0.25), vec3(w - 0.02, d - 0.01, top), m);
}

pub(super) fn table(b: &mut Builder, size: Vec3, wood: [u8; 3]) {
    let m = b.material("wood", wood);
    b.block(vec3(0., 0., size.z - 0.04), size, m);
    for x in [0.05, size.x - 0.05] {
        for y in [0.05, size.y - 0.05] {
            b.post(vec2(x, y), Vec2::splat(0.07), 0.0, size.z - 0.04, m);
        }
    }
}

pub(super) fn desk(b: &mut Builder, rng: &mut Rng, wood: [u8; 3]) {
    let size = vec3(rng.range(1.1, 1.6), rng.range(0.6, 0.8), 0.74);
    table(b, size, wood);
    let (m, knob) = (b.material("wood", wood), b.material("knob", [60; 3]));
    b.block(vec3(size.x - 0.45, 0.02, 0.1), vec3(size.x - 0.03, size.y - 0.02, 0.7), m);
    for z in [0.2, 0.4, 0.6] {
        b.block(vec3(size.x - 0.28, 0.0, z), vec3(size.x - 0.2, 0.02, z + 0.02), knob);
    }
}

pub(super) fn chest(b: &mut Builder, size: Vec3, drawers: usize, wood: [u8; 3]) {
    let (m, knob, gap) = (
        b.material("wood", wood),
        b.material("knob", [70, 66, 60]),
        b.material("gap", [40, 34, 30]),
    );
    b.block(Vec3::ZERO, size, m);
    for k in 0..drawers {
        let z = size.z * (k as f32 + 0.5) / drawers as f32;
        b.post(vec2(size.x / 2., -0.012), vec2(0.1, 0.024), z - 0.01, z + 0.01, knob);
        let edge = size.z * k as f32 / drawers as f32;
        b.block(vec3(0.02, -0.002, edge), vec3(size.x - 0.02, 0.0, edge + 0.01), gap);
    }
}

pub(super) fn door(b: &mut Builder, rng: &mut Rng) {
    const PAINTS: [[u8; 3]; 4] = [[238, 236, 230], [170, 122, 80], [110, 72, 46], [150, 152, 156]];
    let leaf = b.material("door", rng.pick(&PAINTS).copied().unwrap_or([230; 3]));
    let (frame, handle) =
        (b.material("frame", [230, 226, 218]), b.shiny("handle", [150, 150, 154], 0.4));
    let (w, h) = (rng.range(0.8, 0.95), rng.range(2.0, 2.1));
    for (low, high) in [
        (vec3(-0.07, -0.01, 0.), vec3(0., 0.1, h + 0.07)),
        (vec3(w, -0.01, 0.), vec3(w + 0.07, 0.1, h + 0.07)),
        (vec3(0., -0.01, h), vec3(w, 0.1, h + 0.07)),
    ] {
        b.block(low, high, frame);
    }
    b.block(vec3(0., 0.01, 0.), vec3(w, 0.05, h), leaf);
    if rng.chance(0.6) {
        for (low, high) in [(0.15, 0.9), (1.1, h - 0.15)] {
            b.block(vec3(0.12, -0.002, low), vec3(w - 0.12, 0.02, high), leaf);
        }
    }
    b.block(vec3(w - 0.17, -0.05, 1.02), vec3(w - 0.05, -0.03, 1.05), handle);
}

pub(super) fn window(b: &mut Builder, rng: &mut Rng) {
    const PAINTS: [[u8; 3]; 3] = [[240, 240, 238], [136, 96, 60], [70, 72, 78]];
    let frame = b.material("frame", rng.pick(&PAINTS).copied().unwrap_or([230; 3]));
    let pane = b.material("pane", [190, 214, 232]);
    let (w, h) = (rng.range(0.8, 1.6), rng.range(1.0, 1.4));
    let sashes = rng.between(1, 2);
    b.block(vec3(0., 0.02, 0.), vec3(w, 0.03, h), pane);
    b.block(vec3(-0.05, -0.03, -0.03), vec3(w + 0.05, 0.03, 0.0), frame);
    let bar = 0.06;
    for low in [0.0, h - bar] {
        b.block(vec3(0., 0., low), vec3(w, 0.03, low + bar), frame);
    }
    for post in 0..=sashes {
        let x = (w - bar) * post as f32 / sashes as f32;
        b.block(vec3(x, 0., bar), vec3(x + bar, 0.03, h - bar), frame);
    }
}

pub(super) fn wardrobe(b: &mut Builder, rng: &mut Rng, wood: [u8; 3]) {
    let (m, gap, knob) =
        (b.material("wood", wood), b.material("gap", [40, 36, 32]), b.material("knob", [150; 3]));
    let doors = rng.between(2, 4);
    let size = vec3(0.48 * doors as f32, rng.range(0.55, 0.62), rng.range(1.8, 2.2));
    b.block(Vec3::ZERO, size, m);
    for k in 1..doors {
        let x = 0.48 * k as f32;
        b.block(vec3(x - 0.004, -0.003, 0.05), vec3(x + 0.004, 0.0, size.z - 0.05), gap);
        b.block(vec3(x - 0.06, -0.025, 1.0), vec3(x - 0.045, 0.0, 1.15), knob);
    }
}
