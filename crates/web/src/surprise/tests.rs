use super::*;
use roomgen::assets::Assets;
use roomgen::suite::{Making, Step};
use scene::{Answer, InstanceId, Source, Span};
use tasks::prompt::{Part, mention};

fn made(seed: u32) -> (MadeRoom, Facts) {
    let assets = Assets::shapes_only();
    let mut making = Making::start_with_one_room(&assets, &order(seed), 0).unwrap();
    loop {
        if let Step::Done(made) = making.step().unwrap() {
            return *made;
        }
    }
}

fn says(text: &str, objects: &[InstanceId]) -> Parsed {
    let span = Span {
        text: text.to_owned(),
        source: Source::Lm,
        objects: objects.to_vec(),
        measured: None,
    };
    Parsed {
        answer: Answer { spans: vec![span], ..Answer::default() },
        short: tasks::answer::normalised(text),
        unknown: false,
    }
}

#[test]
fn a_made_up_room_is_found_asked_and_judged() {
    let (made, facts) = made(3);
    let classes: Vec<String> = facts.objects.iter().map(|object| object.label.clone()).collect();
    let (room, cloud) = Room::of(protocol::JobId(1), 3, made, facts);
    assert!(cloud.columns.is_empty(), "the engine is shown the truth");
    assert!(cloud.colours.is_some() && cloud.len() > 30_000);
    let scene = segment::segment(cloud, &segment::Options::default()).unwrap();
    let given = room.given(&scene);
    // The mapping: many objects are found, small and hidden ones included in the count, each by
    // something that is there.
    let mapped = given.given_from_true.len();
    assert!(3 * mapped > classes.len(), "{mapped} of {} found", classes.len());
    assert!(given.given_from_true.values().all(|id| scene.instance(*id).is_some()));

    let told = room.questions(&given);
    assert_eq!(told.len(), room.chosen(None).len());
    assert!(told.iter().all(|question| !question.id.is_empty() && !question.text.is_empty()));
    assert!(told.iter().all(|one| !["navigation", "move", "place"].contains(&one.task.as_str())));
    for (place, question) in told.iter().enumerate() {
        let mentions = parts(&question.text).into_iter().filter_map(|part| match part {
            Part::Object(id) => Some(id),
            _ => None,
        });
        assert!(mentions.into_iter().all(|id| scene.instance(id).is_some()), "{question:?}");
        assert!(question.objects.iter().all(|object| classes.contains(&object.label)));
        assert!(!question.right.is_empty() || !question.objects.is_empty(), "{question:?}");
        assert_eq!(room.wording(&given, place).is_some(), question.askable);
        if question.askable {
            assert_eq!(room.place_of(&given, &format!(" {} ", question.text)), Some(place));
        }
    }
    assert_eq!(room.place_of(&given, "Who are you?"), None);

    // A short answer is right in the words of the truth and wrong in others.
    let short = told.iter().position(|one| one.task == "qa" && one.askable).unwrap();
    assert!(room.is_right(&given, short, Some(&says(&told[short].right, &[]))));
    assert!(!room.is_right(&given, short, Some(&says("a unicorn", &[]))));
    assert!(!room.is_right(&given, short, None));
    // An object is right by the place of what was found, not by the true id.
    let (place, object) = (0..told.len())
        .filter(|place| told[*place].task == "grounding" && told[*place].objects.len() == 1)
        .find_map(|place| Some((place, told[place].objects[0].found?)))
        .unwrap();
    assert!(room.is_right(&given, place, Some(&says("", &[object]))), "{}", mention(object));
    let other = scene.instances.iter().find(|instance| instance.id != object).unwrap();
    assert!(!room.is_right(&given, place, Some(&says("", &[other.id]))));
}

#[test]
fn a_part_of_the_questions_is_spread_over_all() {
    let (made, facts) = made(3);
    let (room, _) = Room::of(protocol::JobId(1), 3, made, facts);
    let all = room.chosen(None).len();
    let four = room.chosen(Some(4));
    assert_eq!(four, [0, all / 4, all / 2, 3 * all / 4]);
    assert_eq!(room.chosen(Some(100_000)).len(), all);
    assert!(room.chosen(Some(0)).is_empty());
}
