use super::{ask, ask_in_words_of};
use crate::rng::Rng;
use glam::Vec3;
use scene::{Aabb, InstanceId};
use std::collections::{HashMap, HashSet};
use tasks::facts::{Fact, Facts};
use tasks::suite::{Question, Shell, Split, Support, Task};

const CLASSES: [&str; 14] = [
    "armchair",
    "bed",
    "bookcase",
    "chair",
    "coffee table",
    "desk",
    "fridge",
    "lamp",
    "plant",
    "rug",
    "sofa",
    "table",
    "vase",
    "window",
];

fn fact(id: u32, label: &str, colour: &str, centre: [f32; 3], size: [f32; 3]) -> Fact {
    let bounds = Aabb::from_centre_size(Vec3::from(centre), Vec3::from(size));
    Fact {
        id: InstanceId(id),
        label: label.to_owned(),
        colour: (!colour.is_empty()).then(|| colour.to_owned()),
        material: None,
        support: Support::Shell(Shell::Floor),
        scanned: bounds,
        whole: bounds,
        clear: true,
    }
}

/// A desk with a lamp on it, three chairs, a sofa beside a coffee table, a window, a hidden plant.
fn study() -> Facts {
    let mut objects = vec![
        fact(1, "desk", "brown", [0.7, 0.35, 0.37], [1.4, 0.7, 0.74]),
        fact(2, "lamp", "white", [0.2, 0.3, 0.99], [0.2, 0.2, 0.5]),
        fact(3, "chair", "red", [0.7, 1.1, 0.45], [0.45, 0.45, 0.9]),
        fact(4, "chair", "white", [3.0, 3.8, 0.45], [0.45, 0.45, 0.9]),
        fact(5, "chair", "black", [4.6, 0.5, 0.5], [0.5, 0.5, 1.0]),
        fact(6, "sofa", "grey", [1.0, 4.5, 0.4], [2.0, 0.9, 0.8]),
        fact(7, "coffee table", "brown", [1.0, 3.6, 0.2], [1.0, 0.5, 0.4]),
        fact(8, "window", "white", [5.0, 2.5, 1.5], [0.1, 1.2, 1.2]),
        fact(9, "plant", "green", [4.7, 4.7, 0.5], [0.4, 0.4, 1.0]),
    ];
    objects[1].support = Support::Object(InstanceId(1));
    objects[7].support = Support::Shell(Shell::Wall);
    objects[8].clear = false;
    Facts::of_boxes(objects, CLASSES.map(str::to_owned).to_vec())
}

/// A random room from the same classes.
fn random_room(rng: &mut Rng) -> Facts {
    let colours = ["red", "brown", "white", "black", "grey", "blue", ""];
    let count = rng.between(6, 22) as u32;
    let objects = (1..=count)
        .map(|id| {
            let label = if rng.chance(0.3) { "chair" } else { CLASSES[rng.below(CLASSES.len())] };
            let size = [0; 3].map(|_| rng.range(0.2, 1.5));
            let centre = [rng.range(0.0, 6.0), rng.range(0.0, 5.0), size[2] / 2.0];
            let mut fact = fact(id, label, colours[rng.below(colours.len())], centre, size);
            if id > 1 && rng.chance(0.15) {
                fact.support = Support::Object(InstanceId(rng.between(1, id as usize - 1) as u32));
            }
            fact.clear = rng.chance(0.9);
            fact
        })
        .collect();
    Facts::of_boxes(objects, CLASSES.map(str::to_owned).to_vec())
}

fn many_rooms(split: Split, count: u64) -> Vec<(Facts, Vec<Question>)> {
    (0..count)
        .map(|seed| {
            let mut rng = Rng::from_numbers([seed, 11, 0, 0]);
            let room = random_room(&mut rng);
            let questions = ask(&room, split, &mut rng);
            (room, questions)
        })
        .collect()
}

#[test]
fn a_room_gets_questions_of_every_kind() {
    let mut tags: HashSet<String> = HashSet::new();
    for seed in 0..6 {
        let questions = ask(&study(), Split::Train, &mut Rng::from_numbers([5, seed, 0, 0]));
        assert!((60..=130).contains(&questions.len()), "{}", questions.len());
        let ids: HashSet<&String> = questions.iter().map(|question| &question.id).collect();
        assert_eq!(ids.len(), questions.len());
        tags.extend(questions.into_iter().flat_map(|question| question.tags));
    }
    for tag in [
        "existence",
        "count",
        "attribute",
        "relation",
        "nearest",
        "distance",
        "one",
        "many",
        "none",
        "caption",
        "class",
        "superlative",
        "compare",
        "side",
        "situated",
        "scene",
        "plan",
        "next-step",
        "request",
        "clarify",
        "choice",
        "absent",
        "beyond",
        "way",
        "pose",
        "between",
        "follow-up",
    ] {
        assert!(tags.contains(tag), "{tag} in {tags:?}");
    }
}

#[test]
fn what_follows_speaks_of_the_one_object_named_before() {
    let mut followed = 0;
    for (_, questions) in many_rooms(Split::Train, 30) {
        for question in questions.iter().filter(|question| question.after.is_some()) {
            let before = questions.iter().find(|other| Some(&other.id) == question.after.as_ref());
            let before = before.unwrap_or_else(|| panic!("{question:?} follows nothing"));
            let [named] = before.objects[..] else {
                panic!("“it” is one of {:?}", before.objects)
            };
            assert!(before.after.is_none() && before.id != question.id);
            let told = serde_json::to_string(&question.program).unwrap();
            let it = format!("{{\"set\":\"object\",\"id\":{named}}}");
            assert!(told.contains(&it), "{told} without {it}");
            followed += 1;
        }
    }
    assert!(followed > 60, "{followed}");
}

#[test]
fn the_same_dice_ask_the_same() {
    let once = ask(&study(), Split::Val, &mut Rng::from_numbers([8; 4]));
    assert_eq!(once, ask(&study(), Split::Val, &mut Rng::from_numbers([8; 4])));
    assert_ne!(once, ask(&study(), Split::Val, &mut Rng::from_numbers([9; 4])));
}

#[test]
fn every_program_gives_the_answer_again_after_a_trip_through_json() {
    for (room, questions) in many_rooms(Split::Train, 40) {
        for question in questions {
            let text = serde_json::to_string(&question).unwrap();
            let read: Question = serde_json::from_str(&text).unwrap();
            assert_eq!(read, question);
            let outcome = read.program.run(&room).unwrap();
            assert_eq!(outcome.answers, question.answers, "{}", question.text);
            assert_eq!(outcome.objects, question.objects, "{}", question.text);
            assert_eq!(outcome.value, question.value, "{}", question.text);
        }
    }
}

#[test]
fn answers_hold_when_worked_out_another_way() {
    // The counts and colours straight from the list, not by the programs.
    let mut checked = HashMap::new();
    for (room, questions) in many_rooms(Split::Test, 40) {
        for question in questions.into_iter().filter(|q| q.task != Task::SituatedQa) {
            let named = |id: &InstanceId| &room.objects[room.index_of(*id).unwrap()];
            assert!(question.objects.iter().all(|id| named(id).clear), "{}", question.text);
            let tag = question.tags[0].clone();
            match tag.as_str() {
                "count" => {
                    let number = question.value.as_ref().unwrap().number;
                    assert_eq!(number as usize, question.objects.len());
                    let first = named(&question.objects[0]);
                    let same = room.objects.iter().filter(|object| {
                        object.label == first.label
                            && (!question.tags.contains(&"colour".to_owned())
                                || object.colour == first.colour)
                    });
                    assert_eq!(same.count(), question.objects.len(), "{}", question.text);
                }
                "attribute" => {
                    let object = named(&question.objects[0]);
                    assert_eq!(object.colour.as_ref(), Some(&question.answers[0]));
                }
                "distance" => {
                    let [a, b] = [0, 1].map(|i| named(&question.objects[i]).whole);
                    let metres = question.value.as_ref().unwrap().number;
                    assert!((f64::from(a.distance(&b)) - metres).abs() < 0.001);
                }
                "none" => assert!(question.objects.is_empty() && question.answers == ["none"]),
                _ => continue,
            }
            *checked.entry(tag).or_insert(0) += 1;
        }
    }
    for tag in ["count", "attribute", "distance", "none"] {
        assert!(checked.get(tag).is_some_and(|count| *count > 40), "{tag}: {checked:?}");
    }
}

#[test]
fn yes_and_no_are_as_frequent_and_counts_are_spread() {
    let mut yes = 0;
    let mut no = 0;
    let mut counts = HashMap::new();
    for (_, questions) in many_rooms(Split::Train, 150) {
        for question in questions {
            if question.tags[0] == "existence" {
                if question.answers[0] == "yes" { yes += 1 } else { no += 1 }
            }
            if question.tags[0] == "count" {
                *counts.entry(question.objects.len()).or_insert(0) += 1;
            }
        }
    }
    let share = f64::from(yes) / f64::from(yes + no);
    assert!((0.45..0.55).contains(&share), "{yes} yes, {no} no");
    let all: i32 = counts.values().sum();
    assert!(counts[&1] * 2 < all, "one is the answer less than half the time: {counts:?}");
    assert!(counts.len() >= 5, "{counts:?}");
}

#[test]
fn about_one_in_twelve_cannot_be_answered() {
    let rooms = many_rooms(Split::Test, 30);
    let all: Vec<&Question> = rooms.iter().flat_map(|(_, questions)| questions).collect();
    let unanswerable = all.iter().filter(|question| question.task == Task::Abstain).count();
    let share = unanswerable as f64 / all.len() as f64;
    assert!((0.06..0.10).contains(&share), "{share}");
}

#[test]
fn only_training_questions_have_other_words() {
    for (split, others) in [(Split::Train, 5), (Split::Val, 0), (Split::Test, 0)] {
        for (_, questions) in many_rooms(split, 3) {
            assert!(questions.iter().all(|question| question.also.len() == others));
        }
    }
}

#[test]
fn the_words_of_another_split_change_nothing_but_the_words() {
    let room = study();
    let own = ask(&room, Split::Test, &mut Rng::from_numbers([8; 4]));
    let other = ask_in_words_of(Split::Train, &room, Split::Test, &mut Rng::from_numbers([8; 4]));
    let bare = |question: &Question| {
        let mut bare = question.clone();
        (bare.text, bare.phrasing) = (String::new(), String::new());
        bare
    };
    assert_eq!(
        own.iter().map(bare).collect::<Vec<_>>(),
        other.iter().map(bare).collect::<Vec<_>>()
    );
    assert!(own.iter().all(|question| question.phrasing.contains("/test/")));
    assert!(other.iter().all(|question| question.phrasing.contains("/train/")));
    assert!(own.iter().zip(&other).any(|(a, b)| a.text != b.text));
}

#[test]
fn nothing_is_asked_about_what_is_hidden() {
    let room = study();
    for seed in 0..20 {
        for question in ask(&room, Split::Train, &mut Rng::from_numbers([seed, 0, 0, 1])) {
            // A new plant may be put beside what is seen.
            let speaks_of_it = question.text.contains("plant") && question.task != Task::Place;
            assert!(!speaks_of_it, "{}", question.text);
            assert!(!question.text.contains("<OBJ009>"), "{}", question.text);
            assert!(!question.objects.contains(&InstanceId(9)), "{}", question.text);
        }
    }
}

#[test]
fn every_object_is_named_in_training() {
    let room = study();
    let questions = ask(&room, Split::Train, &mut Rng::from_numbers([3; 4]));
    for object in room.objects.iter().filter(|object| object.clear) {
        let named = questions.iter().any(|question| {
            question.tags == ["class"]
                && question.objects == [object.id]
                && question.answers[0] == object.label
        });
        assert!(named, "{}", object.label);
    }
}

#[test]
fn an_empty_room_has_no_questions() {
    let room = Facts::of_boxes(Vec::new(), CLASSES.map(str::to_owned).to_vec());
    assert!(ask(&room, Split::Train, &mut Rng::from_numbers([0; 4])).is_empty());
}

#[test]
fn captions_are_the_task_of_captions() {
    for (_, questions) in many_rooms(Split::Val, 20) {
        for question in questions {
            let caption = question.task == Task::DenseCaption;
            assert_eq!(caption, question.phrasing.starts_with("describe/"), "{}", question.text);
        }
    }
}
