//! Parametric pieces: for classes with few or no meshes, and for tests without the libraries.

use super::mesh::{Mesh, Texture};
use super::shapes::Builder;
use crate::rng::Rng;
use glam::{Vec2, Vec3, vec2, vec3};

/// Members of each family. Two in six are kept for validation and testing.
pub(crate) const MEMBERS: usize = 12;

/// Every family: its class, and how often its members are drawn beside a real mesh's 1.
pub(crate) const FAMILIES: [(&str, f32); 30] = [
    ("armchair", 0.05),
    ("bed", 0.05),
    ("book", 0.8),
    ("bookcase", 0.15),
    ("box", 0.25),
    ("chair", 0.03),
    ("clock", 0.6),
    ("coffee table", 0.1),
    ("curtain", 0.5),
    ("desk", 0.15),
    ("dishwasher", 0.5),
    ("door", 0.15),
    ("dresser", 0.4),
    ("keyboard", 0.5),
    ("lamp", 0.05),
    ("microwave", 0.4),
    ("mirror", 1.0),
    ("monitor", 1.0),
    ("nightstand", 0.3),
    ("picture", 1.0),
    ("pillow", 1.0),
    ("printer", 0.5),
    ("rug", 0.6),
    ("sofa", 0.05),
    ("table", 0.05),
    ("trash bin", 0.3),
    ("tv", 0.2),
    ("tv stand", 0.4),
    ("wardrobe", 0.2),
    ("whiteboard", 0.5),
];

const WOODS: [[u8; 3]; 5] =
    [[120, 78, 46], [164, 118, 74], [206, 172, 122], [84, 54, 36], [232, 228, 220]];
const CLOTHS: [[u8; 3]; 6] =
    [[150, 146, 140], [96, 104, 120], [196, 180, 156], [132, 58, 50], [72, 92, 70], [54, 56, 66]];

/// A member of a family, always the same for the same number; `None` if there is no such family.
pub(crate) fn member(class: &str, number: usize) -> Option<Mesh> {
    let family = FAMILIES.iter().position(|(name, _)| *name == class)? as u64;
    let mut rng = Rng::from_numbers([0x5ca9e, family, number as u64, 1]);
    let mut b = Builder::default();
    let wood = rng.pick(&WOODS).copied().unwrap_or([128; 3]);
    let cloth = rng.pick(&CLOTHS).copied().unwrap_or([128; 3]);
    let rng = &mut rng;
    match class {
        "armchair" => seat(&mut b, rng, 0.8, cloth),
        "sofa" => {
            let width = rng.range(1.5, 2.3);
            seat(&mut b, rng, width, cloth);
        }
        "bed" => bed(&mut b, rng, wood, cloth),
        "book" => book(&mut b, rng),
        "bookcase" => bookcase(&mut b, rng, wood),
        "box" => crate_box(&mut b, rng),
        "chair" => chair(&mut b, rng, wood),
        "clock" => clock(&mut b, rng),
        "coffee table" => table(&mut b, vec3(rng.range(0.8, 1.2), rng.range(0.5, 0.7), 0.42), wood),
        "table" => table(&mut b, vec3(rng.range(1.2, 1.9), rng.range(0.75, 0.95), 0.75), wood),
        "desk" => desk(&mut b, rng, wood),
        "curtain" => curtain(&mut b, rng, cloth),
        "dishwasher" => appliance(&mut b, vec3(0.6, 0.6, 0.85), [225, 225, 225], 0.75),
        "microwave" => appliance(&mut b, vec3(rng.range(0.45, 0.55), 0.36, 0.29), [60, 60, 62], 0.15),
        "door" => door(&mut b, rng),
        "keyboard" => keyboard(&mut b, rng),
        "lamp" => lamp(&mut b, rng, cloth),
        "mirror" => framed(&mut b, rng, None, vec2(0.5, 0.9)),
        "picture" => {
            let art = painting(rng);
            framed(&mut b, rng, Some(art), vec2(0.6, 0.5));
        }
        "monitor" => screen(&mut b, rng.range(0.5, 0.7), true),
        "tv" => screen(&mut b, rng.range(0.95, 1.35), number % 2 == 0),
        "dresser" => {
            let size = vec3(rng.range(0.8, 1.3), rng.range(0.42, 0.5), rng.range(0.75, 1.05));
            chest(&mut b, size, 4, wood);
        }
        "tv stand" => {
            let size = vec3(rng.range(1.1, 1.8), rng.range(0.38, 0.48), rng.range(0.38, 0.55));
            chest(&mut b, size, 2, wood);
        }
        "nightstand" => chest(&mut b, vec3(rng.range(0.4, 0.5), 0.4, rng.range(0.45, 0.6)), 2, wood),
        "pillow" => {
            let m = b.material("cloth", cloth);
            let side = rng.range(0.4, 0.5);
            b.cushion(Vec2::ZERO, 0.0, vec3(side * rng.range(1.0, 1.4), side, 0.14), m);
        }
        "printer" => printer(&mut b, rng),
        "rug" => rug(&mut b, rng),
        "trash bin" => {
            let m = b.material("metal", [90, 92, 96]);
            let (r, h) = (rng.range(0.11, 0.16), rng.range(0.26, 0.4));
            b.turned(Vec2::ZERO, &[(0.0, r * 0.8), (h, r), (h - 0.01, r - 0.015), (0.02, 0.78 * r)], m);
        }
        "wardrobe" => wardrobe(&mut b, rng, wood),
        "whiteboard" => {
            let (board, rim) = (b.shiny("board", [240, 241, 243], 0.4), b.material("rim", [150, 152, 156]));
            let (w, h) = (rng.range(1.0, 1.9), rng.range(0.8, 1.2));
            b.block(vec3(0., 0., 0.), vec3(w, 0.02, h), rim);
            b.block(vec3(0.03, -0.006, 0.03), vec3(w - 0.03, 0.01, h - 0.03), board);
        }
        _ => return None,
    }
    Some(b.finish(format!("shape/{class}/{number}")))
}

fn seat(b: &mut Builder, rng: &mut Rng, width: f32, cloth: [u8; 3]) {
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

fn bed(b: &mut Builder, rng: &mut Rng, wood: [u8; 3], cloth: [u8; 3]) {
    let (frame, cover, linen) =
        (b.material("wood", wood), b.material("cover", cloth), b.material("linen", [236, 234, 228]));
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

fn book(b: &mut Builder, rng: &mut Rng) {
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

fn bookcase(b: &mut Builder, rng: &mut Rng, wood: [u8; 3]) {
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

fn crate_box(b: &mut Builder, rng: &mut Rng) {
    let card = b.material("cardboard", [186, 148, 104]);
    let tape = b.material("tape", [206, 186, 140]);
    let size = vec3(rng.range(0.3, 0.6), rng.range(0.25, 0.45), rng.range(0.2, 0.45));
    b.block(Vec3::ZERO, size, card);
    b.block(vec3(size.x / 2. - 0.03, 0., size.z), vec3(size.x / 2. + 0.03, size.y, size.z + 0.002), tape);
}

fn chair(b: &mut Builder, rng: &mut Rng, wood: [u8; 3]) {
    let m = b.material("wood", wood);
    let (w, d, seat) = (rng.range(0.4, 0.48), rng.range(0.42, 0.5), 0.45);
    let top = rng.range(0.82, 1.0);
    for (x, y, high) in [(0.02, 0.02, seat), (w - 0.02, 0.02, seat), (0.02, d - 0.02, top), (w - 0.02, d - 0.02, top)] {
        b.post(vec2(x, y), Vec2::splat(0.04), 0.0, high, m);
    }
    b.block(vec3(0., 0., seat - 0.03), vec3(w, d, seat), m);
    b.block(vec3(0.02, d - 0.03, top - 0.25), vec3(w - 0.02, d - 0.01, top), m);
}

fn clock(b: &mut Builder, rng: &mut Rng) {
    let (face, rim, hand) =
        (b.material("face", [240, 238, 230]), b.material("rim", [50, 48, 46]), b.material("hand", [20; 3]));
    let r = rng.range(0.13, 0.2);
    // A disc on the wall: a short many-sided box, seen from the front.
    for k in 0..24 {
        let angle = std::f32::consts::TAU * k as f32 / 24.0;
        let at = |turn: f32, r: f32, y: f32| vec3(turn.cos() * r, y, turn.sin() * r + 0.2);
        let next = angle + std::f32::consts::TAU / 24.0;
        b.quad([at(0.0, 0.0, -0.03), at(angle, r, -0.03), at(next, r, -0.03), at(0.0, 0.0, -0.03)], face);
        b.quad([at(angle, r, -0.04), at(next, r, -0.04), at(next, r, 0.0), at(angle, r, 0.0)], rim);
        b.quad([at(angle, r, -0.04), at(next, r, -0.04), at(next, r * 0.9, -0.04), at(angle, r * 0.9, -0.04)], rim);
    }
    b.block(vec3(-0.006, -0.036, 0.2), vec3(0.006, -0.034, 0.2 + r * 0.8), hand);
    b.block(vec3(0.0, -0.036, 0.194), vec3(r * 0.55, -0.034, 0.206), hand);
}

fn table(b: &mut Builder, size: Vec3, wood: [u8; 3]) {
    let m = b.material("wood", wood);
    b.block(vec3(0., 0., size.z - 0.04), size, m);
    for x in [0.05, size.x - 0.05] {
        for y in [0.05, size.y - 0.05] {
            b.post(vec2(x, y), Vec2::splat(0.07), 0.0, size.z - 0.04, m);
        }
    }
}

fn desk(b: &mut Builder, rng: &mut Rng, wood: [u8; 3]) {
    let size = vec3(rng.range(1.1, 1.6), rng.range(0.6, 0.8), 0.74);
    table(b, size, wood);
    let (m, knob) = (b.material("wood", wood), b.material("knob", [60; 3]));
    b.block(vec3(size.x - 0.45, 0.02, 0.1), vec3(size.x - 0.03, size.y - 0.02, 0.7), m);
    for z in [0.2, 0.4, 0.6] {
        b.block(vec3(size.x - 0.28, 0.0, z), vec3(size.x - 0.2, 0.02, z + 0.02), knob);
    }
}

fn chest(b: &mut Builder, size: Vec3, drawers: usize, wood: [u8; 3]) {
    let (m, knob, gap) =
        (b.material("wood", wood), b.material("knob", [70, 66, 60]), b.material("gap", [40, 34, 30]));
    b.block(Vec3::ZERO, size, m);
    for k in 0..drawers {
        let z = size.z * (k as f32 + 0.5) / drawers as f32;
        b.post(vec2(size.x / 2., -0.012), vec2(0.1, 0.024), z - 0.01, z + 0.01, knob);
        let edge = size.z * k as f32 / drawers as f32;
        b.block(vec3(0.02, -0.002, edge), vec3(size.x - 0.02, 0.0, edge + 0.01), gap);
    }
}

fn curtain(b: &mut Builder, rng: &mut Rng, cloth: [u8; 3]) {
    let m = b.material("cloth", cloth);
    let size = vec3(rng.range(0.5, 1.0), rng.range(0.08, 0.14), rng.range(1.9, 2.3));
    b.cloth(size, rng.range(4.0, 8.0).round(), m);
}

fn appliance(b: &mut Builder, size: Vec3, rgb: [u8; 3], window: f32) {
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

fn door(b: &mut Builder, rng: &mut Rng) {
    const PAINTS: [[u8; 3]; 4] = [[238, 236, 230], [170, 122, 80], [110, 72, 46], [150, 152, 156]];
    let leaf = b.material("leaf", rng.pick(&PAINTS).copied().unwrap_or([230; 3]));
    let (frame, handle) = (b.material("frame", [230, 226, 218]), b.shiny("handle", [150, 150, 154], 0.4));
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

fn keyboard(b: &mut Builder, rng: &mut Rng) {
    let (body, key) = (b.material("body", [50, 50, 54]), b.material("key", [26, 26, 28]));
    let w = rng.range(0.38, 0.46);
    b.block(Vec3::ZERO, vec3(w, 0.15, 0.02), body);
    for row in 0..5 {
        let y = 0.012 + 0.026 * row as f32;
        b.block(vec3(0.01, y, 0.02), vec3(w - 0.01, y + 0.02, 0.028), key);
    }
}

fn lamp(b: &mut Builder, rng: &mut Rng, cloth: [u8; 3]) {
    let (shade, stem) = (b.material("shade", cloth), b.material("stem", [80, 76, 70]));
    let (h, r) = (rng.range(0.35, 0.6), rng.range(0.12, 0.18));
    b.turned(Vec2::ZERO, &[(0.0, r * 0.6), (0.02, r * 0.6), (0.03, 0.02), (h * 0.55, 0.02)], stem);
    b.turned(Vec2::ZERO, &[(h * 0.55, r), (h, r * 0.65)], shade);
}

fn framed(b: &mut Builder, rng: &mut Rng, art: Option<Texture>, middle: Vec2) {
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
fn painting(rng: &mut Rng) -> Texture {
    let side = 48;
    let mut colour = || [rng.below(220) as u8 + 20, rng.below(220) as u8 + 20, rng.below(200) as u8 + 30];
    let palette = [colour(), colour(), colour(), colour()];
    let kind = rng.below(3);
    let waves = [rng.range(0.5, 3.0), rng.range(0.0, 6.0), rng.range(0.3, 0.6), rng.range(0.65, 0.85)];
    let blots: Vec<[f32; 3]> =
        (0..6).map(|_| [rng.unit(), rng.unit(), rng.range(0.05, 0.25)]).collect();
    let pixel = |x: f32, y: f32| match kind {
        0 => {
            let hill = waves[2] + 0.12 * (waves[0] * 6.0 * x + waves[1]).sin();
            if y < hill { 0 } else if y < waves[3] { 1 } else { 2 }
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

fn screen(b: &mut Builder, width: f32, with_foot: bool) {
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

fn printer(b: &mut Builder, rng: &mut Rng) {
    let (body, dark, paper) =
        (b.material("body", [208, 208, 206]), b.material("tray", [70, 70, 74]), b.material("paper", [246; 3]));
    let size = vec3(rng.range(0.4, 0.5), rng.range(0.33, 0.42), rng.range(0.16, 0.3));
    b.block(Vec3::ZERO, size, body);
    b.block(vec3(0.06, -0.12, 0.03), vec3(size.x - 0.06, 0.0, 0.05), dark);
    b.block(vec3(0.09, -0.1, 0.05), vec3(size.x - 0.09, 0.0, 0.055), paper);
    b.block(vec3(0.05, 0.05, size.z), vec3(size.x - 0.05, size.y - 0.05, size.z + 0.01), dark);
}

fn rug(b: &mut Builder, rng: &mut Rng) {
    const DYES: [[u8; 3]; 7] =
        [[140, 44, 40], [54, 70, 110], [196, 182, 156], [120, 122, 124], [60, 92, 74], [190, 150, 80], [50, 46, 46]];
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

fn wardrobe(b: &mut Builder, rng: &mut Rng, wood: [u8; 3]) {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_family_has_members_of_sensible_size() {
        for (class, _) in FAMILIES {
            for number in 0..MEMBERS {
                let mesh = member(class, number).unwrap();
                assert!(mesh.triangles.len() >= 4, "{class}");
                assert!(mesh.size.min_element() > 0.005 && mesh.size.max_element() < 3.0, "{class} {}", mesh.size);
                let low = mesh.positions.iter().map(|p| p.z).fold(f32::INFINITY, f32::min);
                assert!(low.abs() < 1e-4, "{class} does not stand on the floor");
            }
        }
        assert!(member("unicorn", 0).is_none());
    }
}
