use super::*;
use crate::fixture::case;

fn ask(text: &str) -> (String, Vec<u32>) {
    let given = GivenRoom::of_truth(&case().facts);
    let reply = Reader::default().answer(0, 0, text, &given).unwrap();
    (reply.text, reply.objects.iter().map(|id| id.0).collect())
}

#[test]
fn plain_questions_are_answered_by_rule() {
    for (text, answer, objects) in [
        ("How many chairs are there?", "2", &[2, 3][..]),
        ("Count the red chairs.", "1", &[2]),
        ("Are there any desks?", "yes", &[1]),
        ("Is there a sofa here?", "no", &[]),
        ("Is there a desk lamp?", "no", &[]),
        ("What colour is the desk?", "brown", &[1]),
        ("What color is <OBJ003>?", "black", &[3]),
        ("What colour is the chair closest to the desk?", "red", &[2]),
        ("What is <OBJ002>?", "chair", &[2]),
        ("What is nearest to the desk?", "chair", &[2]),
        ("What is farthest from the desk?", "chair", &[3]),
        ("Which chair is nearest to the desk?", "", &[2]),
        ("Which chair is farthest from the desk?", "", &[3]),
        ("Find the black chair.", "", &[3]),
        ("Find all chairs.", "", &[2, 3]),
        ("Find all sofas.", "", &[]),
        ("Describe <OBJ002>.", "a red chair", &[2]),
    ] {
        assert_eq!(ask(text), (answer.to_owned(), objects.to_vec()), "{text}");
    }
}

#[test]
fn what_is_not_here_cannot_be_told() {
    for (text, is_unknown) in [
        ("What colour is the sofa?", true),
        ("What colour is the desk?", false),
        ("How far is the sofa from the desk?", true),
        ("What is inside the desk?", true),
        ("How heavy is the desk?", true),
        ("Is there a sofa here?", false),
    ] {
        let given = GivenRoom::of_truth(&case().facts);
        let reply = Reader::default().answer(0, 0, text, &given).unwrap();
        assert_eq!(reply.unknown, is_unknown, "{text}");
    }
}

#[test]
fn sides_are_read_off_the_plan() {
    // Desk, red chair and black chair stand along x: who is at the red one has the desk and
    // the black one on opposite sides.
    let at = "I am at the red chair";
    for (heading, side) in [
        ("facing the desk", "behind"),
        ("and my back is to the desk", "front"),
        ("and the desk is to my left", "right"),
        ("and the desk is to my right", "left"),
    ] {
        let text = format!("{at}, {heading}. On which side of me is the black chair?");
        assert_eq!(ask(&text), (side.to_owned(), vec![3]), "{text}");
    }
    let (text, found) =
        ask("I am at the red chair, facing the desk. How many chairs are behind me?");
    assert_eq!((text.as_str(), &found[..]), ("1", &[3][..]));
    let (text, _) = ask("I am at the red chair, facing the desk. Are there any chairs on my left?");
    assert_eq!(text, "no");
}

#[test]
fn requests_are_carried_out_or_asked_back() {
    let given = GivenRoom::of_truth(&case().facts);
    let say = |text: &str| Reader::default().answer(0, 0, text, &given).unwrap();
    let back = say("Bring me the chair.");
    assert_eq!(back.steps_text, "Which one: <OBJ002> red chair, <OBJ003> black chair?");
    assert_eq!(ask("Bring me the red chair.").1, [2]);
    let talk = "Human: Fetch the chair. Robot: Which one: the red chair, the black chair? \
                Human: I meant the black one.";
    assert_eq!(ask(talk).1, [3]);
}

#[test]
fn plans_take_the_first_thing_of_the_right_name() {
    let given = GivenRoom::of_truth(&case().facts);
    let say = |text: &str| Reader::default().answer(0, 0, text, &given).unwrap().steps_text;
    let whole = "1. go to <OBJ001> desk. 2. sit on <OBJ002> chair.";
    assert_eq!(say("How do I work at the computer?"), whole);
    let next = "I want to work at the computer. I have done this: 1. Go to the desk. What next?";
    assert_eq!(say(next), "2. sit on <OBJ002> chair.");
}

#[test]
fn materials_are_those_of_the_class_in_training() {
    let mut prior = Prior::default();
    prior.materials.insert("desk".to_owned(), "wood".to_owned());
    let given = GivenRoom::of_truth(&case().facts);
    let reply = Reader::with(&prior).answer(0, 0, "What is the desk made of?", &given).unwrap();
    assert_eq!(reply.text, "wood");
    assert_eq!(ask("Which is taller, the desk or the red chair?").1.len(), 1);
}

#[test]
fn distances_are_measured_between_boxes() {
    let given = GivenRoom::of_truth(&case().facts);
    let reply =
        Reader::default().answer(0, 0, "How far is <OBJ003> from the desk?", &given).unwrap();
    assert!((reply.metres.unwrap() - 5.0).abs() < 1e-5);
}

#[test]
fn nonsense_is_answered_with_nothing() {
    for text in ["", "?", "<OBJ999>", "What is <OBJ999>?", "the the the"] {
        assert_eq!(ask(text), (String::new(), Vec::new()), "{text}");
    }
}
