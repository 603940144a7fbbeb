//! Parametric pieces: for classes with few or no meshes, and for tests without the libraries.

mod chores;
mod furniture;
mod kitchen;
mod leisure;
mod office;
mod rooms;
mod things;

use super::mesh::Mesh;
use super::shapes::Builder;
use crate::rng::Rng;
use furniture::{
    bed, bookcase, chair, chest, crate_box, desk, door, seat, table, wardrobe, window,
};
use glam::{Vec2, vec2, vec3};
use things::{
    appliance, book, clock, curtain, framed, keyboard, lamp, painting, printer, rug, screen, towel,
};

/// Members of each family. Two in six are kept for validation and testing.
pub(crate) const MEMBERS: usize = 12;

/// Every family: its class, and how often its members are drawn beside a real mesh's 1.
pub(crate) const FAMILIES: [(&str, f32); 78] = [
    ("air conditioner", 0.25),
    ("aquarium", 0.3),
    ("armchair", 0.05),
    ("bag", 0.3),
    ("ball", 0.25),
    ("basket", 0.4),
    ("bed", 0.05),
    ("bench", 0.2),
    ("blanket", 1.0),
    ("book", 0.8),
    ("bookcase", 0.15),
    ("box", 0.25),
    ("broom", 0.25),
    ("bucket", 1.0),
    ("chair", 0.03),
    ("clock", 0.6),
    ("coat rack", 0.4),
    ("coffee machine", 0.15),
    ("coffee table", 0.1),
    ("computer", 0.3),
    ("cooking pot", 0.4),
    ("curtain", 0.5),
    ("desk", 0.15),
    ("dish rack", 1.0),
    ("dishwasher", 0.5),
    ("door", 0.15),
    ("dresser", 0.4),
    ("drying rack", 0.3),
    ("exercise bike", 0.2),
    ("fan", 0.3),
    ("filing cabinet", 0.6),
    ("fire extinguisher", 0.2),
    ("flip chart", 1.0),
    ("guitar", 0.25),
    ("ironing board", 1.0),
    ("kettle", 0.5),
    ("keyboard", 0.5),
    ("ladder", 0.25),
    ("lamp", 0.05),
    ("microwave", 0.4),
    ("mirror", 1.0),
    ("monitor", 1.0),
    ("nightstand", 0.3),
    ("office chair", 0.2),
    ("ottoman", 0.4),
    ("paper stack", 0.8),
    ("piano", 0.1),
    ("picture", 1.0),
    ("pillow", 1.0),
    ("plate", 0.6),
    ("printer", 0.5),
    ("projector", 0.25),
    ("projector screen", 1.0),
    ("rug", 0.6),
    ("shelf", 0.3),
    ("shoe", 0.3),
    ("shoe rack", 1.0),
    ("shower", 0.2),
    ("side table", 1.0),
    ("sofa", 0.05),
    ("speaker", 0.3),
    ("table", 0.05),
    ("teddy bear", 0.25),
    ("telephone", 0.3),
    ("toaster", 0.3),
    ("toilet roll", 0.3),
    ("toolbox", 1.0),
    ("towel", 0.3),
    ("toy", 0.3),
    ("trash bin", 0.3),
    ("treadmill", 0.2),
    ("tv", 0.2),
    ("tv stand", 0.4),
    ("vacuum cleaner", 1.0),
    ("wall lamp", 0.2),
    ("wardrobe", 0.2),
    ("whiteboard", 0.5),
    ("window", 0.15),
];

const WOODS: [[u8; 3]; 5] =
    [[120, 78, 46], [164, 118, 74], [206, 172, 122], [84, 54, 36], [232, 228, 220]];
const CLOTHS: [[u8; 3]; 6] =
    [[150, 146, 140], [96, 104, 120], [196, 180, 156], [132, 58, 50], [72, 92, 70], [54, 56, 66]];

/// A member of a family, always the same for the same number; `None` if there is no such family.
pub(crate) fn member(class: &str, number: usize) -> Option<Mesh> {
    FAMILIES.iter().find(|(name, _)| *name == class)?;
    // By name, so that a new family leaves the others as they are.
    let family =
        class.bytes().fold(0, |sum: u64, byte| sum.wrapping_mul(257).wrapping_add(byte.into()));
    let mut rng = Rng::from_numbers([0x5ca9e, family, number as u64, 1]);
    let mut b = Builder::default();
    let wood = rng.pick(&WOODS).copied().unwrap_or([128; 3]);
    let cloth = rng.pick(&CLOTHS).copied().unwrap_or([128; 3]);
    let rng = &mut rng;
    match class {
        _ if more(&mut b, class, rng, wood, cloth) => {}
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
        "microwave" => {
            appliance(&mut b, vec3(rng.range(0.45, 0.55), 0.36, 0.29), [60, 60, 62], 0.15)
        }
        "door" => door(&mut b, rng),
        "keyboard" => keyboard(&mut b, rng),
        "lamp" => lamp(&mut b, rng, cloth),
        "mirror" => framed(&mut b, rng, None, vec2(0.5, 0.9)),
        "picture" => {
            let art = painting(rng);
            framed(&mut b, rng, Some(art), vec2(0.6, 0.5));
        }
        "monitor" => screen(&mut b, rng.range(0.5, 0.7), true),
        "tv" => screen(&mut b, rng.range(0.95, 1.35), number.is_multiple_of(2)),
        "dresser" => {
            let size = vec3(rng.range(0.8, 1.3), rng.range(0.42, 0.5), rng.range(0.75, 1.05));
            chest(&mut b, size, 4, wood);
        }
        "tv stand" => {
            let size = vec3(rng.range(1.1, 1.8), rng.range(0.38, 0.48), rng.range(0.38, 0.55));
            chest(&mut b, size, 2, wood);
        }
        "nightstand" => {
            chest(&mut b, vec3(rng.range(0.4, 0.5), 0.4, rng.range(0.45, 0.6)), 2, wood)
        }
        "pillow" => {
            let m = b.material("cloth", cloth);
            let side = rng.range(0.4, 0.5);
            b.cushion(Vec2::ZERO, 0.0, vec3(side * rng.range(1.0, 1.4), side, 0.14), m);
        }
        "printer" => printer(&mut b, rng),
        "rug" => rug(&mut b, rng),
        "towel" => towel(&mut b, rng, cloth),
        "trash bin" => {
            let m = b.material("metal", [90, 92, 96]);
            let (r, h) = (rng.range(0.11, 0.16), rng.range(0.26, 0.4));
            b.turned(
                Vec2::ZERO,
                &[(0.0, r * 0.8), (h, r), (h - 0.01, r - 0.015), (0.02, 0.78 * r)],
                m,
            );
        }
        "wardrobe" => wardrobe(&mut b, rng, wood),
        "whiteboard" => {
            let (board, rim) =
                (b.shiny("board", [240, 241, 243], 0.4), b.material("rim", [150, 152, 156]));
            let (w, h) = (rng.range(1.0, 1.9), rng.range(0.8, 1.2));
            b.block(vec3(0., 0., 0.), vec3(w, 0.02, h), rim);
            b.block(vec3(0.03, -0.006, 0.03), vec3(w - 0.03, 0.01, h - 0.03), board);
        }
        "window" => window(&mut b, rng),
        _ => return None,
    }
    Some(b.finish(format!("shape/{class}/{number}")))
}

/// The families of the files beside this one; whether the class is one of them.
fn more(b: &mut Builder, class: &str, rng: &mut Rng, wood: [u8; 3], cloth: [u8; 3]) -> bool {
    match class {
        "air conditioner" => office::air_conditioner(b, rng),
        "aquarium" => rooms::aquarium(b, rng),
        "bag" => rooms::bag(b, rng, cloth),
        "ball" => leisure::ball(b, rng),
        "basket" => rooms::basket(b, rng),
        "bench" => rooms::bench(b, rng, wood),
        "blanket" => rooms::blanket(b, rng, cloth),
        "broom" => chores::broom(b, rng),
        "bucket" => chores::bucket(b, rng),
        "coat rack" => chores::coat_rack(b, rng, wood),
        "coffee machine" => kitchen::coffee_machine(b, rng),
        "computer" => office::computer(b, rng),
        "cooking pot" => kitchen::cooking_pot(b, rng),
        "dish rack" => kitchen::dish_rack(b, rng),
        "drying rack" => chores::drying_rack(b, rng),
        "exercise bike" => leisure::exercise_bike(b, rng),
        "fan" => rooms::fan(b, rng),
        "filing cabinet" => office::filing_cabinet(b, rng),
        "fire extinguisher" => office::fire_extinguisher(b, rng),
        "flip chart" => office::flip_chart(b, rng),
        "guitar" => leisure::guitar(b, rng),
        "ironing board" => chores::ironing_board(b, rng, cloth),
        "kettle" => kitchen::kettle(b, rng),
        "ladder" => chores::ladder(b, rng),
        "office chair" => office::office_chair(b, rng),
        "ottoman" => rooms::ottoman(b, rng, cloth),
        "paper stack" => office::paper_stack(b, rng),
        "piano" => leisure::piano(b, rng),
        "plate" => kitchen::plate(b, rng),
        "projector" => office::projector(b, rng),
        "projector screen" => office::projector_screen(b, rng),
        "shelf" => rooms::shelf(b, rng, wood),
        "shoe" => chores::shoe(b, rng),
        "shoe rack" => chores::shoe_rack(b, rng, wood),
        "shower" => kitchen::shower(b, rng),
        "side table" => rooms::side_table(b, rng, wood),
        "speaker" => rooms::speaker(b, rng),
        "teddy bear" => leisure::teddy_bear(b, rng),
        "telephone" => office::telephone(b, rng),
        "toaster" => kitchen::toaster(b, rng),
        "toilet roll" => kitchen::toilet_roll(b, rng),
        "toolbox" => chores::toolbox(b, rng),
        "toy" => leisure::toy(b, rng),
        "treadmill" => leisure::treadmill(b, rng),
        "vacuum cleaner" => chores::vacuum_cleaner(b, rng),
        "wall lamp" => rooms::wall_lamp(b, rng, cloth),
        _ => return false,
    }
    true
}

/// One of these colours.
fn of(rng: &mut Rng, colours: &[[u8; 3]]) -> [u8; 3] {
    rng.pick(colours).copied().unwrap_or([128; 3])
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
                assert!(
                    mesh.size.min_element() > 0.005 && mesh.size.max_element() < 3.0,
                    "{class} {}",
                    mesh.size
                );
                let low = mesh.positions.iter().map(|p| p.z).fold(f32::INFINITY, f32::min);
                assert!(low.abs() < 1e-4, "{class} does not stand on the floor");
            }
        }
        assert!(member("unicorn", 0).is_none());
    }
}
