//! Programs on rooms worked out by hand.

use geometry::Side;
use glam::Vec3;
use scene::{Aabb, InstanceId};
use tasks::facts::{Fact, Facts};
use tasks::program::{Measure, Pose, Program, Relation, Set, Undecided, View, Why};
use tasks::suite::{Shell, Support};

fn cube(id: u32, label: &str, colour: Option<&str>, at: [f32; 2], edge: f32) -> Fact {
    let bounds = Aabb::from_centre_size(Vec3::new(at[0], at[1], edge / 2.0), Vec3::splat(edge));
    Fact {
        id: InstanceId(id),
        label: label.to_owned(),
        colour: colour.map(str::to_owned),
        material: None,
        support: Support::Shell(Shell::Floor),
        scanned: bounds,
        whole: bounds,
        clear: true,
    }
}

/// A desk at the origin with a lamp on it; chairs 2 m and 4 m away along x; a bin beside the desk.
fn room() -> Vec<Fact> {
    let mut lamp = cube(2, "lamp", Some("white"), [0.2, 0.0], 0.3);
    lamp.support = Support::Object(InstanceId(1));
    for bounds in [&mut lamp.whole, &mut lamp.scanned] {
        bounds.min.z += 1.0;
        bounds.max.z += 1.0;
    }
    vec![
        cube(1, "desk", Some("brown"), [0.0, 0.0], 1.0),
        lamp,
        cube(3, "chair", Some("red"), [2.0, 0.0], 0.5),
        cube(4, "chair", Some("black"), [4.0, 0.0], 0.6),
        cube(5, "bin", None, [0.0, 0.9], 0.6),
    ]
}

fn facts(objects: Vec<Fact>) -> Facts {
    Facts::of_boxes(objects, Vec::new())
}

fn kind(class: &str) -> Set {
    Set::class(class)
}

fn everything() -> Box<Set> {
    Box::new(Set::everything())
}

fn answer(program: &Program, objects: Vec<Fact>) -> Result<String, Undecided> {
    program.run(&facts(objects)).map(|outcome| outcome.answers[0].clone())
}

#[test]
fn counting_existence_colour() {
    let chairs = |colour: Option<&str>| Set::coloured("chair", colour);
    assert_eq!(answer(&Program::Count { of: chairs(None) }, room()).unwrap(), "2");
    assert_eq!(answer(&Program::Count { of: chairs(Some("red")) }, room()).unwrap(), "1");
    assert_eq!(answer(&Program::Exists { of: kind("sofa") }, room()).unwrap(), "no");
    assert_eq!(answer(&Program::Exists { of: kind("bin") }, room()).unwrap(), "yes");
    assert_eq!(answer(&Program::Colour { of: kind("desk") }, room()).unwrap(), "brown");
    assert_eq!(answer(&Program::Colour { of: kind("bin") }, room()), Err(Undecided::NoColour));
    assert_eq!(answer(&Program::Colour { of: kind("chair") }, room()), Err(Undecided::NotOne));
}

#[test]
fn nearest_and_farthest_by_both_measures() {
    let to = || Box::new(kind("desk"));
    let nearest =
        Program::Objects { of: Set::Nearest { to: to(), among: Box::new(kind("chair")) } };
    assert_eq!(answer(&nearest, room()).unwrap(), "<OBJ003>");
    let farthest = Program::Class { of: Set::Farthest { to: to(), among: everything() } };
    let outcome = farthest.run(&facts(room())).unwrap();
    assert_eq!((outcome.answers[0].as_str(), outcome.objects[0].0), ("chair", 4));
    // 1.25 m and 1.35 m by surface: no one can tell.
    let mut close = room();
    close[3] = cube(4, "chair", Some("black"), [-2.15, 0.0], 0.6);
    assert_eq!(answer(&nearest, close), Err(Undecided::Close));
    // A long bench is nearer by surface, a chair by its middle: people would not agree.
    let mut bench = room();
    bench[3] = cube(4, "chair", None, [-4.0, 0.0], 6.0);
    assert_eq!(answer(&nearest, bench), Err(Undecided::Close));
    let mut only = room();
    only.remove(3);
    assert_eq!(answer(&nearest, only), Err(Undecided::NotOne));
}

#[test]
fn on_under_and_next_to() {
    let related = |relation, to: &str| Program::Class {
        of: Set::Related { relation, to: Box::new(kind(to)), among: everything() },
    };
    assert_eq!(answer(&related(Relation::On, "desk"), room()).unwrap(), "lamp");
    assert_eq!(answer(&related(Relation::Under, "lamp"), room()).unwrap(), "desk");
    // 0.1 m between desk and bin.
    assert_eq!(answer(&related(Relation::NextTo, "desk"), room()).unwrap(), "bin");
    let mut apart = room();
    apart[4] = cube(5, "bin", None, [0.0, 1.2], 0.6);
    // 0.4 m: some would say so, some not.
    assert_eq!(answer(&related(Relation::NextTo, "desk"), apart), Err(Undecided::Close));
    assert_eq!(answer(&related(Relation::On, "bin"), room()), Err(Undecided::NotOne));
}

#[test]
fn anchors_are_what_the_answer_is_seen_from() {
    let anchors = |program: Program| -> Vec<u32> {
        program.anchors(&facts(room())).iter().map(|id| id.0).collect()
    };
    let related = |relation, to: &str, among: &str| Set::Related {
        relation,
        to: Box::new(kind(to)),
        among: Box::new(kind(among)),
    };
    let view = || View { at: kind("desk"), towards: Set::Object { id: InstanceId(3) }, turn: 1 };
    let at_desk = || related(Relation::NextTo, "desk", "bin");
    assert!(anchors(Program::Objects { of: kind("chair") }).is_empty());
    assert_eq!(anchors(Program::Count { of: at_desk() }), [1]);
    assert_eq!(anchors(Program::Side { of: kind("bin"), view: view() }), [1, 3]);
    let left = Set::OnSide { side: Side::Left, view: Box::new(view()), among: everything() };
    assert_eq!(Program::Count { of: left.clone() }.turn(), Some(1));
    assert_eq!(Program::Count { of: kind("bin") }.turn(), None);
    assert_eq!(anchors(Program::Exists { of: left }), [1, 3]);
    let nearest = Set::Nearest { to: Box::new(at_desk()), among: everything() };
    assert_eq!(anchors(Program::Class { of: nearest }), [5], "the bin at the desk, not the desk");
    let (a, b) = (kind("lamp"), kind("bin"));
    let compare = Program::Compare { measure: Measure::Size, more: true, a, b };
    assert_eq!(anchors(compare), [2, 5]);
    let far = |a| Program::Distance { a, b: kind("lamp") };
    assert_eq!(anchors(far(kind("bin"))), [5]);
    assert!(anchors(far(kind("chair"))).is_empty(), "there are two");
    assert!(anchors(Program::Scene).is_empty());
}

#[test]
fn most_and_least_need_a_margin() {
    let most = |measure| Program::Class { of: Set::Most { measure, among: everything() } };
    let least = |measure| Program::Class { of: Set::Least { measure, among: everything() } };
    assert_eq!(answer(&most(Measure::Size), room()).unwrap(), "desk");
    assert_eq!(answer(&most(Measure::Height), room()).unwrap(), "desk");
    assert_eq!(answer(&least(Measure::Height), room()).unwrap(), "lamp");
    let mut alike = room();
    alike[3] = cube(4, "wardrobe", None, [4.0, 0.0], 0.95);
    assert_eq!(answer(&most(Measure::Height), alike), Err(Undecided::Close));
}

#[test]
fn distances_in_metres() {
    let distance = Program::Distance { a: kind("desk"), b: kind("bin") };
    assert_eq!(answer(&distance, room()), Err(Undecided::Close), "10 cm apart");
    let far = Program::Distance { a: kind("desk"), b: Set::Object { id: InstanceId(4) } };
    // From x = 0.5 to x = 3.7.
    let outcome = far.run(&facts(room())).unwrap();
    assert_eq!(outcome.answers[0], "3.2 m");
    assert!((outcome.value.unwrap().number - 3.2).abs() < 1e-3);
}

#[test]
fn what_cannot_be_seen_or_mixed_up_is_not_answered() {
    let count = Program::Count { of: kind("chair") };
    let mut hidden = room();
    hidden[3].clear = false;
    assert_eq!(answer(&count, hidden.clone()), Err(Undecided::Unseen));
    assert_eq!(answer(&Program::Exists { of: kind("chair") }, hidden.clone()).unwrap(), "yes");
    hidden[2].clear = false;
    assert_eq!(answer(&Program::Exists { of: kind("chair") }, hidden), Err(Undecided::Unseen));
    let mut mixed = room();
    mixed[4].label = "office chair".to_owned();
    assert_eq!(answer(&count, mixed.clone()), Err(Undecided::NoClass));
    assert_eq!(answer(&Program::Count { of: kind("office chair") }, mixed).unwrap(), "1");
    let ghost = Program::Class { of: Set::Object { id: InstanceId(99) } };
    assert_eq!(answer(&ghost, room()), Err(Undecided::NoObject));
}

#[test]
fn captions_name_carrier_or_neighbour() {
    let caption = |id| Program::Caption { of: Set::Object { id: InstanceId(id) } };
    assert_eq!(answer(&caption(2), room()).unwrap(), "A white lamp on <OBJ001> desk.");
    assert_eq!(answer(&caption(5), room()).unwrap(), "A bin next to <OBJ001> desk.");
    assert_eq!(answer(&caption(4), room()).unwrap(), "A black chair.");
    let mut orange = room();
    orange[3].colour = Some("orange".to_owned());
    assert_eq!(answer(&caption(4), orange).unwrap(), "An orange chair.");
}

#[test]
fn material_and_comparison() {
    let mut objects = room();
    objects[0].material = Some("wood".into());
    let of = |class| Program::Material { of: kind(class) };
    assert_eq!(answer(&of("desk"), objects.clone()).unwrap(), "wood");
    assert_eq!(answer(&of("bin"), objects), Err(Undecided::NoMaterial));
    let taller =
        |a, b, more| Program::Compare { measure: Measure::Height, more, a: kind(a), b: kind(b) };
    assert_eq!(answer(&taller("desk", "bin", true), room()).unwrap(), "desk");
    assert_eq!(answer(&taller("desk", "bin", false), room()).unwrap(), "bin");
    // Two chairs: which is meant is not clear.
    assert_eq!(answer(&taller("desk", "chair", true), room()), Err(Undecided::NotOne));
}

/// A viewer at the desk, which is at the origin, turned with respect to a window far along x.
fn seen_from_the_desk(turn: u8) -> (View, Vec<Fact>) {
    let mut objects = room();
    objects.truncate(1);
    objects.push(cube(6, "window", None, [5.0, 0.0], 1.0));
    objects.push(cube(7, "sofa", None, [0.5, 3.0], 1.0));
    objects.push(cube(8, "plant", None, [2.0, 2.0], 0.5));
    (View { at: kind("desk"), towards: kind("window"), turn }, objects)
}

#[test]
fn sides_turn_with_the_viewer() {
    // The sofa lies to the north: to the left of who looks east.
    let sides = [0, 1, 2, 3].map(|turn| {
        let (view, objects) = seen_from_the_desk(turn);
        answer(&Program::Side { of: kind("sofa"), view }, objects).unwrap()
    });
    assert_eq!(sides, ["left", "front", "right", "behind"]);
    let (view, objects) = seen_from_the_desk(0);
    let plant = Program::Side { of: kind("plant"), view };
    assert_eq!(answer(&plant, objects), Err(Undecided::Close), "halfway between front and left");
    let (view, objects) = seen_from_the_desk(0);
    let window = Program::Side { of: kind("window"), view };
    assert_eq!(answer(&window, objects), Err(Undecided::NotOne), "it tells where the viewer looks");
}

#[test]
fn what_is_on_one_side() {
    let count = |side, turn| {
        let (view, mut objects) = seen_from_the_desk(turn);
        objects.push(cube(9, "sofa", None, [-0.4, -3.0], 1.0));
        let of = Set::OnSide { side, view: Box::new(view), among: Box::new(kind("sofa")) };
        answer(&Program::Count { of }, objects).unwrap()
    };
    assert_eq!([Side::Left, Side::Right].map(|side| count(side, 0)), ["1", "1"]);
    assert_eq!([Side::Front, Side::Behind].map(|side| count(side, 0)), ["0", "0"]);
    assert_eq!(count(Side::Front, 1), "1");
}

#[test]
fn a_room_in_a_sentence() {
    let mut room = facts(room());
    room.purpose = Some("office".into());
    let outcome = Program::Scene.run(&room).unwrap();
    assert_eq!(
        outcome.answers[0],
        "An office with <OBJ001> brown desk, <OBJ004> black chair, <OBJ005> bin, <OBJ002> white lamp."
    );
    assert_eq!(outcome.objects, [1, 4, 5, 2].map(InstanceId));
    assert_eq!(outcome.answers.last().unwrap().matches("<OBJ").count(), 3);
}

#[test]
fn plans_use_what_is_there() {
    let mut objects = room();
    objects.push(cube(6, "laptop", None, [0.1, 0.2], 0.3));
    let plan = |done| Program::Plan { goal: "work at the computer".into(), done };
    assert_eq!(
        answer(&plan(0), objects.clone()).unwrap(),
        "1. Go to <OBJ001> desk. 2. Sit on <OBJ003> chair. 3. Turn on <OBJ006> laptop."
    );
    assert_eq!(answer(&plan(2), objects.clone()).unwrap(), "3. Turn on <OBJ006> laptop.");
    assert_eq!(answer(&plan(3), objects), Err(Undecided::NoMeans));
    assert_eq!(answer(&plan(0), room()), Err(Undecided::NoMeans), "there is no computer");
}

#[test]
fn asking_back_and_not_knowing() {
    let clarify = |class| Program::Clarify { of: kind(class) };
    assert_eq!(
        answer(&clarify("chair"), room()).unwrap(),
        "Which one: <OBJ003> red chair, <OBJ004> black chair?"
    );
    assert_eq!(answer(&clarify("desk"), room()), Err(Undecided::NotOne));
    let unknown = |why, class| Program::Unknown { why, of: kind(class) };
    assert!(answer(&unknown(Why::Absent, "piano"), room()).is_ok());
    assert_eq!(answer(&unknown(Why::Absent, "desk"), room()), Err(Undecided::NotOne));
    assert!(answer(&unknown(Why::Beyond, "desk"), room()).is_ok());
    assert_eq!(answer(&unknown(Why::Beyond, "piano"), room()), Err(Undecided::NotOne));
}

/// A bed and a wardrobe 6 m apart along x, a table between them, a cup on it.
fn bedroom() -> Facts {
    let mut cup = cube(4, "cup", None, [3.0, 0.0], 0.1);
    cup.support = Support::Object(InstanceId(3));
    for bounds in [&mut cup.whole, &mut cup.scanned] {
        bounds.min.z += 0.8;
        bounds.max.z += 0.8;
    }
    facts(vec![
        cube(1, "bed", None, [0.0, 0.0], 1.0),
        cube(2, "wardrobe", None, [6.0, 0.0], 1.0),
        cube(3, "table", None, [3.0, 0.0], 0.8),
        cup,
    ])
}

#[test]
fn the_way_goes_round_the_table() {
    let way = Program::Path { from: kind("bed"), to: kind("wardrobe") };
    let outcome = way.run(&bedroom()).unwrap();
    let path = outcome.path.unwrap();
    // Straight it would be 5 m less twice the reach of 0.6 m; the floor ends half a metre beyond
    // the bed, so there is just room to pass the table.
    let metres = outcome.value.unwrap().number;
    assert!((3.7..4.6).contains(&metres), "{metres}");
    assert!(path.len() >= 3 && path.iter().all(|at| at[2] == 0.0), "{path:?}");
    let walked: Vec<glam::Vec2> =
        path.iter().map(|at| glam::Vec2::new(at[0] as f32, at[1] as f32)).collect();
    let judged = way.judge_way(&bedroom(), &walked).unwrap();
    assert!(judged.success && judged.spl() > 0.99, "{judged:?}");
    let through = [walked[0], *walked.last().unwrap()];
    assert!(!way.judge_way(&bedroom(), &through).unwrap().success, "through the table");
    let short = Program::Path { from: kind("table"), to: kind("cup") };
    assert_eq!(short.run(&bedroom()), Err(Undecided::NoPlace));
}

#[test]
fn moves_end_in_one_place_or_in_any_that_fits() {
    let towards =
        Program::Move { of: kind("table"), to: Pose::Towards { anchor: kind("bed"), metres: 1.0 } };
    let found = towards.run(&bedroom()).unwrap().answer_box.unwrap();
    assert_eq!(found.center.map(|v| (v * 100.0).round() / 100.0), [2.0, 0.0, 0.4]);
    let table = |x: f32, y: f32| Aabb::from_centre_size(Vec3::new(x, y, 0.4), Vec3::splat(0.8));
    let judge =
        |program: &Program, bounds| program.judge_place(&bedroom(), &bounds).unwrap().unwrap();
    assert!(judge(&towards, table(2.05, 0.0)).is_right());
    assert!(!judge(&towards, table(2.3, 0.0)).constraint);
    let beside = Program::Move { of: kind("table"), to: Pose::Beside { anchor: kind("bed") } };
    let found = beside.run(&bedroom()).unwrap().answer_box.unwrap();
    let [x, y, z] = found.center.map(|v| v as f32);
    assert!((z - 0.4).abs() < 1e-3 && judge(&beside, table(x, y)).is_right());
    let verdict = judge(&beside, table(0.3, 0.0));
    assert!(!verdict.free && !verdict.constraint, "in the bed: {verdict:?}");
    let small = Aabb::from_centre_size(Vec3::new(1.0, 0.0, 0.1), Vec3::splat(0.2));
    assert!(!judge(&beside, small).sized);
    let onto_itself = Program::Move { of: kind("table"), to: Pose::On { anchor: kind("table") } };
    assert_eq!(onto_itself.run(&bedroom()), Err(Undecided::NotOne));
}

#[test]
fn new_things_are_put_on_and_between() {
    let vase = |to| Program::Place { name: String::new(), size: [0.2, 0.2, 0.3], to };
    let on = vase(Pose::On { anchor: kind("table") }).run(&bedroom()).unwrap();
    let [x, _, z] = on.answer_box.unwrap().center;
    assert!((z - 0.95).abs() < 0.01 && (x - 3.0).abs() < 0.4, "on the table, beside the cup");
    let between = Pose::Between { a: kind("bed"), b: kind("table") };
    let [x, _, z] = vase(between).run(&bedroom()).unwrap().answer_box.unwrap().center;
    assert!((z - 0.15).abs() < 0.01 && (0.5..2.6).contains(&x));
    let huge = Program::Place {
        name: String::new(),
        size: [2.0, 2.0, 1.0],
        to: Pose::On { anchor: kind("table") },
    };
    assert_eq!(huge.run(&bedroom()), Err(Undecided::NoPlace));
}

#[test]
fn a_place_still_holds_as_it_is_told() {
    let facts = bedroom();
    for hair in 0..40 {
        let edge = 0.2 + (hair - 20) as f32 * 1e-5;
        let place = Program::Place {
            name: String::new(),
            size: [edge; 3],
            to: Pose::Beside { anchor: kind("bed") },
        };
        let told = place.run(&facts).unwrap().answer_box.unwrap();
        let told = facts.ground().scene_from_file.box_in_scene(&told);
        assert!(place.judge_place(&facts, &told).unwrap().unwrap().is_right(), "{edge}: {told:?}");
    }
}
