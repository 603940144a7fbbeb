//! Toys, sport and music.

use super::of;
use crate::assets::shapes::Builder;
use crate::rng::Rng;
use glam::{Vec2, vec2, vec3};

pub(super) fn teddy_bear(b: &mut Builder, rng: &mut Rng) {
    let fur = of(rng, &[[176, 124, 74], [226, 206, 172], [110, 74, 48], [150, 150, 154]]);
    let (plush, dark) = (b.material("plush", fur), b.material("nose", [40, 30, 28]));
    let s = rng.range(0.75, 1.3);
    let at = |x: f32, y: f32, z: f32| vec3(x, y, z) * s;
    b.cushion(Vec2::ZERO, 0.0, vec3(0.17, 0.15, 0.19) * s, plush);
    b.ball(at(0.0, -0.01, 0.235), 0.075 * s, plush);
    b.ball(at(0.0, -0.08, 0.22), 0.03 * s, dark);
    for side in [-1.0, 1.0] {
        b.ball(at(side * 0.06, 0.0, 0.295), 0.028 * s, plush);
        b.ball(at(side * 0.1, -0.04, 0.14), 0.04 * s, plush);
        b.ball(at(side * 0.065, -0.11, 0.045), 0.045 * s, plush);
        b.ball(at(side * 0.075, -0.16, 0.055), 0.045 * s, plush);
    }
}

/// A car, a tower of blocks, or rings on a peg.
pub(super) fn toy(b: &mut Builder, rng: &mut Rng) {
    const BRIGHT: [[u8; 3]; 6] = [
        [206, 40, 40],
        [40, 90, 190],
        [236, 196, 40],
        [50, 150, 70],
        [226, 120, 40],
        [150, 70, 170],
    ];
    let mut dyes = BRIGHT;
    rng.shuffle(&mut dyes);
    let stuff = if rng.chance(0.5) { "plastic" } else { "wood" };
    let paint = dyes.map(|dye| b.material(stuff, dye));
    let s = rng.range(0.8, 1.5);
    match rng.below(3) {
        0 => {
            let wheel = b.material("rubber", [30; 3]);
            b.block(vec3(0., 0., 0.03) * s, vec3(0.14, 0.3, 0.1) * s, paint[0]);
            b.block(vec3(0.01, 0.08, 0.1) * s, vec3(0.13, 0.24, 0.17) * s, paint[1]);
            for (x, y) in [(-0.01, 0.06), (0.12, 0.06), (-0.01, 0.24), (0.12, 0.24)] {
                b.block(vec3(x, y - 0.03, 0.0) * s, vec3(x + 0.03, y + 0.03, 0.06) * s, wheel);
            }
        }
        1 => {
            let mut z = 0.0;
            for colour in paint {
                let edge = rng.range(0.05, 0.08) * s;
                let off = vec2(rng.range(-0.012, 0.012), rng.range(-0.012, 0.012));
                b.post(off, Vec2::splat(edge), z, z + edge, colour);
                z += edge;
                if rng.chance(0.25) {
                    b.post(off + Vec2::splat(0.12), Vec2::splat(edge), 0.0, edge, colour);
                }
            }
        }
        _ => {
            for (k, &colour) in paint.iter().enumerate() {
                let (z, r) = (0.035 * k as f32 * s, (0.1 - 0.012 * k as f32) * s);
                let ring = [(z, r * 0.8), (z + 0.017 * s, r), (z + 0.034 * s, r * 0.8)];
                b.turned(Vec2::ZERO, &ring, colour);
            }
        }
    }
}

pub(super) fn ball(b: &mut Builder, rng: &mut Rng) {
    let dye = of(
        rng,
        &[
            [214, 110, 40],
            [236, 236, 234],
            [200, 40, 40],
            [50, 90, 190],
            [70, 160, 80],
            [230, 200, 50],
        ],
    );
    let rubber = b.material("rubber", dye);
    let r = if rng.chance(0.15) { rng.range(0.25, 0.33) } else { rng.range(0.09, 0.125) };
    b.ball(vec3(0.0, 0.0, r), r, rubber);
}

/// Leaning back on a small stand.
pub(super) fn guitar(b: &mut Builder, rng: &mut Rng) {
    let wood =
        of(rng, &[[190, 130, 70], [120, 60, 34], [40, 36, 34], [160, 40, 36], [214, 176, 110]]);
    let (body, neck) = (b.shiny("wood", wood, 0.15), b.material("neck", [70, 48, 34]));
    let (hole, stand) = (b.material("hole", [20; 3]), b.material("metal", [50; 3]));
    let h = rng.range(0.98, 1.08);
    let lean = |z: f32| 0.12 + 0.22 * z;
    let round = |b: &mut Builder, middle: f32, radius: f32| {
        for k in 0..20 {
            let at = |k: usize, out: f32| {
                let angle = std::f32::consts::TAU * k as f32 / 20.0;
                let z = middle + radius * angle.sin();
                vec3(radius * angle.cos(), lean(z) + out, z)
            };
            let hub = |out: f32| vec3(0.0, lean(middle) + out, middle);
            b.quad([hub(0.0), at(k, 0.0), at(k + 1, 0.0), hub(0.0)], body);
            b.quad([hub(0.09), at(k, 0.09), at(k + 1, 0.09), hub(0.09)], body);
            b.quad([at(k, 0.0), at(k + 1, 0.0), at(k + 1, 0.09), at(k, 0.09)], body);
        }
    };
    round(b, 0.24, 0.19);
    round(b, 0.45, 0.145);
    b.block(vec3(-0.045, lean(0.36) - 0.012, 0.34), vec3(0.045, lean(0.36) + 0.02, 0.42), hole);
    b.rod(vec3(0.0, lean(0.5), 0.5), vec3(0.0, lean(h), h), 0.055, neck);
    b.rod(vec3(0.0, lean(h - 0.12), h - 0.12), vec3(0.0, lean(h), h), 0.085, neck);
    for x in [-0.14, 0.14] {
        b.bars(&[vec3(x, 0.0, 0.0), vec3(x, 0.05, 0.06), vec3(0.0, 0.32, 0.3)], 0.025, stand);
    }
    b.rod(vec3(0.0, 0.32, 0.3), vec3(0.0, 0.42, 0.0), 0.025, stand);
}

pub(super) fn exercise_bike(b: &mut Builder, rng: &mut Rng) {
    let paint = of(rng, &[[40, 40, 44], [196, 198, 200], [160, 36, 38]]);
    let (frame, dark) = (b.material("metal", paint), b.material("rubber", [28, 28, 30]));
    let (l, h) = (rng.range(0.9, 1.1), rng.range(1.1, 1.35));
    for y in [0.0, l] {
        b.rod(vec3(-0.25, y, 0.04), vec3(0.25, y, 0.04), 0.06, frame);
    }
    b.rod(vec3(0.0, 0.0, 0.05), vec3(0.0, l, 0.05), 0.07, frame);
    b.cushion(vec2(0.0, l * 0.3), 0.12, vec3(0.14, 0.55, 0.5), frame);
    b.rod(vec3(0.0, l * 0.75, 0.05), vec3(0.0, l * 0.8, 0.82), 0.06, frame);
    b.cushion(vec2(0.0, l * 0.8), 0.8, vec3(0.24, 0.28, 0.1), dark);
    b.rod(vec3(0.0, l * 0.25, 0.5), vec3(0.0, l * 0.12, h), 0.06, frame);
    b.rod(vec3(-0.25, l * 0.2, h), vec3(0.25, l * 0.2, h), 0.035, dark);
    b.block(vec3(-0.09, l * 0.05, h), vec3(0.09, l * 0.12, h + 0.13), dark);
    for side in [-1.0, 1.0] {
        let z = 0.32 + 0.12 * side;
        b.block(
            vec3(side * 0.17 - 0.06, l * 0.42, z),
            vec3(side * 0.17 + 0.06, l * 0.52, z + 0.03),
            dark,
        );
    }
}

pub(super) fn treadmill(b: &mut Builder, rng: &mut Rng) {
    let (frame, belt) =
        (b.material("metal", of(rng, &[[50, 52, 56], [190, 192, 194]])), [30, 30, 32]);
    let belt = b.material("rubber", belt);
    let (w, l, h) = (rng.range(0.7, 0.85), rng.range(1.5, 1.8), rng.range(1.2, 1.4));
    b.block(vec3(0.0, 0.0, 0.06), vec3(w, l, 0.14), frame);
    b.block(vec3(0.08, 0.0, 0.14), vec3(w - 0.08, l * 0.82, 0.155), belt);
    b.block(vec3(0.0, l * 0.82, 0.06), vec3(w, l, 0.28), frame);
    for x in [0.03, w - 0.03] {
        b.rod(vec3(x, l * 0.9, 0.1), vec3(x, l * 0.8, h), 0.06, frame);
        b.rod(vec3(x, l * 0.8, h * 0.85), vec3(x, l * 0.5, h * 0.72), 0.05, belt);
        b.block(vec3(x - 0.03, 0.05, 0.0), vec3(x + 0.03, 0.12, 0.06), belt);
        b.block(vec3(x - 0.03, l - 0.12, 0.0), vec3(x + 0.03, l - 0.05, 0.06), belt);
    }
    b.block(vec3(0.05, l * 0.76, h - 0.1), vec3(w - 0.05, l * 0.84, h + 0.12), frame);
}

/// An upright piano.
pub(super) fn piano(b: &mut Builder, rng: &mut Rng) {
    let lacquer = of(rng, &[[24, 22, 22], [96, 52, 32], [140, 92, 54]]);
    let (wood, ivory) = (b.shiny("wood", lacquer, 0.3), b.material("keys", [240, 238, 228]));
    let ebony = b.material("black keys", [20; 3]);
    let (w, h) = (rng.range(1.38, 1.52), rng.range(1.1, 1.3));
    b.block(vec3(0.0, 0.25, 0.0), vec3(w, 0.58, h), wood);
    b.block(vec3(0.0, 0.0, 0.6), vec3(w, 0.25, 0.68), wood);
    b.block(vec3(0.06, 0.01, 0.68), vec3(w - 0.06, 0.16, 0.7), ivory);
    let mut x = 0.1;
    while x < w - 0.12 {
        b.block(vec3(x, 0.06, 0.7), vec3(x + 0.012, 0.16, 0.712), ebony);
        x += 0.04;
    }
    for x in [0.0, w - 0.06] {
        b.block(vec3(x, 0.0, 0.0), vec3(x + 0.06, 0.06, 0.6), wood);
        b.block(vec3(x, 0.0, 0.68), vec3(x + 0.06, 0.25, 0.76), wood);
    }
    b.block(vec3(0.0, 0.2, h), vec3(w, 0.6, h + 0.02), wood);
    b.block(vec3(w * 0.3, 0.22, 0.8), vec3(w * 0.7, 0.25, 1.02), wood);
}
