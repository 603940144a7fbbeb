//! Photographs of the open scan, and other ways to lift what views saw.

use crate::common::{Said, Session, assert_readable, finish, small_room};
use engine::{Album, EngineError, HostError};
use glam::{DVec3, Vec3};
use image::{ImageFormat, Rgb, RgbImage};
use protocol::{Command, Event, Phase, Question};
use scene::System;
use std::io::Cursor;

/// What the pictures show, and no point of the scan does.
const VIOLET: [u8; 3] = [90, 0, 200];

struct InMemory(Vec<(&'static str, Vec<u8>)>);

impl Album for InMemory {
    fn names(&self) -> Vec<String> {
        self.0.iter().map(|file| file.0.to_owned()).collect()
    }

    async fn read(&mut self, index: usize) -> Result<Vec<u8>, HostError> {
        Ok(self.0[index].1.clone())
    }
}

fn picture() -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    RgbImage::from_pixel(64, 48, Rgb(VIOLET)).write_to(&mut bytes, ImageFormat::Png).unwrap();
    bytes.into_inner()
}

/// Two cameras in the middle of the open scan that look along x and against it, as lines of a list.
fn poses(session: &Session) -> String {
    let scene = session.engine.scene().unwrap();
    let file_from_scene = scene.scene_from_file.inverse();
    let eye = scene.bounds.centre().with_z(1.5);
    let line = |forward: Vec3| {
        let right = forward.cross(Vec3::Z);
        let at = |point: Vec3| file_from_scene.apply(point.as_dvec3());
        let axis = |axis: Vec3| at(eye + axis) - at(eye);
        let columns = [axis(right), axis(Vec3::NEG_Z), axis(forward), at(eye)];
        let row = |pick: fn(DVec3) -> f64| columns.map(|column| pick(column).to_string()).join(" ");
        [row(|c| c.x), row(|c| c.y), row(|c| c.z)].join(" ")
    };
    [line(Vec3::X), line(Vec3::NEG_X)].join("\n")
}

fn take(session: &mut Session, files: Vec<(&'static str, Vec<u8>)>) -> Result<Said, EngineError> {
    let job = session.next_job();
    let taken = finish(session.engine.take_photos(job, InMemory(files)));
    taken.map(|()| session.engine.host().said())
}

#[test]
fn objects_are_looked_at_on_photographs() {
    let mut session = Session::with_model();
    session.open(small_room());
    let before: Vec<_> = session.engine.scene().unwrap().instances.clone();
    let list = poses(&session).into_bytes();
    let files = vec![("1.png", picture()), ("2.png", picture()), ("poses.txt", list)];
    let said = take(&mut session, files).unwrap();
    let phases: Vec<Phase> = said.progress().into_iter().map(|progress| progress.0).collect();
    assert!(phases.contains(&Phase::Photos) && phases.contains(&Phase::Encode), "{phases:?}");
    assert!(said.warnings().contains(&"photos-shown"), "{:?}", said.warnings());
    // Nothing of the file told how the camera sees.
    assert!(said.warnings().contains(&"photos-taken"));
    let after = &session.engine.scene().unwrap().instances;
    assert_eq!(after.len(), before.len());
    assert!(after.iter().zip(&before).any(|(a, b)| a.label != b.label), "nothing was seen anew");
    // Some object's first view is violet throughout.
    let ids: Vec<_> = after.iter().map(|one| one.id).collect();
    let mut pictures = ids.into_iter().map(|id| {
        session.send(Command::LookInside { id }, None);
        session.engine.host().columns()
    });
    let is_violet = |columns: Vec<Vec<u8>>| columns[0][..3] == VIOLET;
    assert!(pictures.any(is_violet));
    // A question is answered as ever, and another scan has no photographs.
    assert!(!session.ask("Where is the sofa?").report().answer.is_empty());
    assert!(session.open(small_room()).warnings().iter().all(|code| !code.starts_with("photos")));
}

#[test]
fn what_cannot_be_used_is_said_and_changes_nothing() {
    let mut session = Session::with_model();
    let nothing = take(&mut session, vec![("1.png", picture())]).err().unwrap();
    assert_eq!(nothing.code(), "no-scan");
    session.open(small_room());
    let list = poses(&session).into_bytes();
    let refused = |files| {
        let error = take(&mut session, files).err().unwrap();
        assert_readable(&error.to_string());
        error.code()
    };
    let codes: Vec<&str> = [
        vec![("poses.txt", list.clone())],
        vec![("1.png", picture())],
        vec![("1.png", picture()), ("poses.txt", list.clone())],
        vec![("1.png", vec![1]), ("2.png", vec![2]), ("poses.txt", list)],
    ]
    .into_iter()
    .map(refused)
    .collect();
    let right = [
        "photos-without-pictures",
        "photos-without-poses",
        "photos-poses-do-not-fit",
        "photos-unreadable",
    ];
    assert_eq!(codes, right);
    assert!(!session.ask("Where is the sofa?").report().answer.is_empty());
}

#[test]
fn photographs_from_elsewhere_are_not_used() {
    let mut session = Session::with_model();
    session.open(small_room());
    let far = b"1 0 0 500 0 1 0 500 0 0 1 500".to_vec();
    let said = take(&mut session, vec![("1.png", picture()), ("poses.txt", far)]).unwrap();
    assert!(said.warnings().contains(&"photos-unshown"), "{:?}", said.warnings());
}

#[test]
fn three_ways_to_lift_what_views_saw() {
    let mut session = Session::ready();
    let rows = |session: &Session, system| session.engine.prefix(system).unwrap().rows.clone();
    let direct = rows(&session, System::Llm3d);
    let others = rows(&session, System::Spatial);
    let lift = |session: &mut Session, construction: &str| {
        session.send(Command::LiftBy { construction: construction.to_owned() }, None)
    };
    let said = lift(&mut session, "field");
    // Fitting shows how far it is, and nothing is looked at anew.
    let phases: Vec<Phase> = said.progress().into_iter().map(|progress| progress.0).collect();
    assert!(phases.iter().filter(|phase| **phase == Phase::Fit).count() > 10, "{phases:?}");
    assert!(said.0.iter().any(|event| matches!(event, Event::SceneReady { .. })));
    let field = rows(&session, System::Llm3d);
    assert_ne!(field, direct);
    assert_eq!(rows(&session, System::Spatial), others);
    let question = Question { system: System::Llm3d, ..Question::from("Where is the sofa?") };
    assert!(!session.send(Command::Ask(question), None).report().answer.is_empty());
    lift(&mut session, "direct");
    assert_eq!(rows(&session, System::Llm3d), direct);
    let said = lift(&mut session, "guess");
    assert_eq!(said.failure().0, "unknown-construction");
    assert_readable(said.failure().1);
}
