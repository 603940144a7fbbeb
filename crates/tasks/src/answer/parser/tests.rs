use super::*;
use crate::fixture::scene_of;
use crate::prompt::target_parts;
use glam::Vec3;
use scene::{Aabb, Measured, Plane};

/// A desk (1), three chairs (2, 3, 4), a sofa (5), each a unit cube, 2 m from middle to middle.
fn room() -> Scene {
    let mut scene = scene_of(&["desk", "chair", "chair", "chair", "sofa"]);
    let bounds = Aabb { min: Vec3::new(-2.0, -3.0, 0.0), max: Vec3::new(10.0, 3.0, 0.0) };
    let floor = Plane { normal: Vec3::Z, offset_m: 0.0, bounds, points: Vec::new() };
    scene.structure.floor = Some(floor);
    scene
}

/// Steps of 5 cm from a corner 1 m before the desk's middle, of 2 cm for edges.
fn locations() -> Locations {
    Locations::within(&Aabb { min: Vec3::new(-1.0, -2.0, -0.1), max: Vec3::new(9.0, 2.0, 1.4) })
}

fn read(target: &str) -> Parsed {
    parse(&room(), locations(), &target_parts(target))
}

fn objects(parsed: &Parsed) -> Vec<u32> {
    parsed.answer.objects().iter().map(|id| id.0).collect()
}

#[test]
fn mentions_alone_are_named() {
    let parsed = read("<OBJ005>.");
    assert_eq!(parsed.answer.text(), "Sofa.");
    assert_eq!((objects(&parsed), parsed.short.as_str()), (vec![5], ""));
    let parsed = read("<OBJ002>, <OBJ004>.");
    assert_eq!(parsed.answer.text(), "Chair 1, chair 3.");
    assert_eq!(parsed.answer.spans[0].objects, [InstanceId(2)]);
    let parsed = read("Yes. <OBJ003>.");
    assert_eq!(parsed.answer.text(), "Yes. Chair 2.");
    assert_eq!(parsed.short, "yes");
    assert_eq!(read("None.").answer.text(), "None.");
}

#[test]
fn words_after_a_mention_carry_it() {
    let parsed = read("<OBJ001> coffee table.");
    assert_eq!(parsed.answer.text(), "Coffee table.");
    assert_eq!(parsed.short, "coffee table");
    assert_eq!(parsed.answer.spans[0].objects, [InstanceId(1)]);
    let parsed = read("A brown sofa next to <OBJ001> desk.");
    assert_eq!(parsed.answer.text(), "A brown sofa next to desk.");
    assert_eq!(parsed.short, "brown sofa next to desk");
    let spans: Vec<&str> = parsed.answer.spans.iter().map(|span| span.text.as_str()).collect();
    assert_eq!(spans, ["A brown sofa next to ", "desk", "."]);
}

#[test]
fn a_count_is_measured() {
    let parsed = read("<count><OBJ002><OBJ003><OBJ004></count>");
    assert_eq!(parsed.short, "3");
    let [span] = &parsed.answer.spans[..] else { panic!("{parsed:?}") };
    assert_eq!((span.text.as_str(), span.source), ("3", Source::Measured));
    assert_eq!(span.objects.len(), 3);
    let measured = span.measured.clone().unwrap();
    assert_eq!((measured.value, measured.unit.as_str(), measured.band), (3.0, "count", 0.0));
    assert_eq!(read("<count></count>").short, "0");
}

#[test]
fn a_distance_is_measured_and_the_estimate_kept() {
    let parsed = read("<dist><OBJ001><OBJ005> 6.4</dist>");
    let [span] = &parsed.answer.spans[..] else { panic!("{parsed:?}") };
    let Some(Measured { value, band, line_in_scene: Some([from, to]), lm_estimate, .. }) =
        span.measured.clone()
    else {
        panic!("{span:?}")
    };
    // Cubes of 1 m at x = 0 and x = 8.
    assert!((value - 7.0).abs() < 1e-4 && band > 0.0 && lm_estimate == Some(6.4));
    assert!((from[0] - 0.5).abs() < 1e-4 && (to[0] - 7.5).abs() < 1e-4);
    assert!(span.text.starts_with("7.0 m ±"), "{}", span.text);
}

#[test]
fn what_is_ill_formed_is_read_as_text() {
    for (target, shown) in [
        ("<dist><OBJ001> 2", "Desk 2"),
        ("<dist><OBJ001> 2</dist>", "Desk 2"),
        ("<dist><OBJ001><OBJ001> 2</dist>", "Desk 2"),
        ("<count><OBJ002><OBJ005>", "Chair 1, sofa"),
        ("</count>yes", "yes"),
        ("<dist><count></count>", "0"),
        ("", ""),
        ("<unk>", "I cannot tell."),
    ] {
        let parsed = read(target);
        assert_eq!(parsed.answer.text(), shown, "{target}");
    }
    let strange = read("<dist><OBJ001><OBJ077> 2</dist>");
    assert_eq!(strange.answer.text(), "Desk, object 2");
    assert!(strange.answer.spans.iter().all(|span| span.measured.is_none()));
    let nonsense = read("<dist><OBJ001><OBJ005> much</dist>");
    assert_eq!(nonsense.answer.spans[0].measured.as_ref().unwrap().lm_estimate, None);
}

#[test]
fn not_knowing_is_told_apart() {
    let parsed = read("<unk> I cannot tell from this scan.");
    assert!(parsed.unknown);
    assert_eq!(parsed.answer.text(), "I cannot tell from this scan.");
    assert!(!read("No.").unknown);
}

#[test]
fn pieces_of_words_give_the_same_as_whole_ones() {
    let target = "A brown sofa next to <OBJ001> writing desk, by <OBJ003>. Yes";
    let whole = read(target);
    let scene = room();
    let mut parser = Parser::new(&scene, locations());
    for part in target_parts(target) {
        match part {
            Part::Text(words) => {
                for letter in words.chars() {
                    parser.push(Emission::Text(&letter.to_string()));
                    // What is shown never shrinks or changes.
                    assert!(whole.answer.text().starts_with(&parser.partial().text()));
                }
            }
            Part::Object(id) => parser.push(Emission::Object(id)),
            Part::Mark(mark) => parser.push(Emission::Mark(mark)),
        }
    }
    assert_eq!(parser.finish(), whole);
}

#[test]
fn a_way_is_looked_for_on_the_scan() {
    // No point of a floor was scanned, so there is none to walk on; the model's corners are kept.
    let parsed = read("<path><OBJ001><OBJ005><loc20><loc40><loc180><loc41></path>");
    assert_eq!(parsed.answer.text(), "The scan shows no free way from desk to sofa.");
    let way = parsed.answer.way.unwrap();
    assert_eq!(way.ends, [InstanceId(1), InstanceId(5)]);
    assert!(way.corners_in_file.is_empty());
    let [x, y, z] = way.lm_corners_in_file[1];
    assert!((x - 8.025).abs() < 1e-4 && (y - 0.075).abs() < 1e-4 && z == 0.0);
}

#[test]
fn a_place_is_looked_for_on_the_scan() {
    let numbers = "<loc60><loc41><loc12><loc50><loc50><loc50>";
    let parsed = read(&format!("<place><OBJ002> beside <OBJ005>{numbers}</place>"));
    assert_eq!(parsed.answer.text(), "Chair 1 beside sofa: here.");
    let placement = parsed.answer.placement.unwrap();
    assert_eq!((placement.object, placement.anchors), (Some(InstanceId(2)), vec![InstanceId(5)]));
    let sofa = Aabb::from_centre_size(Vec3::new(8.0, 0.0, 0.5), Vec3::ONE);
    let found = placement.bounds_in_scene.unwrap();
    assert!((found.size() - Vec3::ONE).length() < 1e-3 && found.distance(&sofa) <= 0.3);
    let own = placement.lm_box_in_file.unwrap();
    assert!((own.center[0] - 2.025).abs() < 1e-4 && (own.size[0] - 1.01).abs() < 1e-4);
}

#[test]
fn a_new_thing_has_the_size_that_the_model_wrote() {
    let numbers = "<loc60><loc41><loc12><loc10><loc12><loc15>";
    let parsed = read(&format!("<place>trash bin beside <OBJ001>{numbers}</place>"));
    assert_eq!(parsed.answer.text(), "Trash bin beside desk: here.");
    let placement = parsed.answer.placement.unwrap();
    assert_eq!((placement.object, placement.name.as_str()), (None, "trash bin"));
    let size = placement.bounds_in_scene.unwrap().size();
    assert!((size.z - 0.31).abs() < 1e-3, "{size}");
    // What is told by nothing is no place; it is not shown as one, nor are the words of a muddle.
    for muddle in ["<OBJ002> beside <OBJ002>", "<OBJ002>, box . . 0.5.3 <OBJ005>"] {
        let parsed = read(&format!("<place>{muddle}{numbers}</place>"));
        assert!(parsed.answer.placement.is_none());
        let said = "The model named no place for chair 1. Ask in other words.";
        assert_eq!(parsed.answer.text(), said);
    }
    let parsed = read("<place>trash bin near");
    assert_eq!(
        parsed.answer.text(),
        "The model named no place for trash bin near. Ask in other words."
    );
}
