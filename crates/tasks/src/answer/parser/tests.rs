use super::*;
use crate::fixture::scene_of;
use crate::prompt::target_parts;
use scene::Measured;

/// A desk (1), three chairs (2, 3, 4), a sofa (5), each a unit cube, 2 m from middle to middle.
fn room() -> Scene {
    scene_of(&["desk", "chair", "chair", "chair", "sofa"])
}

fn read(target: &str) -> Parsed {
    parse(&room(), &target_parts(target))
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
    let mut parser = Parser::new(&scene);
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
