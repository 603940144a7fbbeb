//! Scans that are none, or not whole.

use crate::common::{ROW, Session, assert_readable, file_of, finish, small_room};
use engine::{HostError, ScanSource};
use protocol::{Command, JobId, Request, ScanChoices, VERSION};

#[test]
fn what_is_no_scan_is_refused_with_a_reason() {
    let mut session = Session::bare();
    let header = |lines: &str| format!("ply\nformat ascii 1.0\n{lines}end_header\n").into_bytes();
    let xyz = "property float x\nproperty float y\nproperty float z\n";
    let nan = header(&format!("element vertex 2\n{xyz}"));
    let refused: [(&str, Vec<u8>, &str); 9] = [
        ("empty", Vec::new(), "ply-empty"),
        ("a picture", b"\x89PNG\r\n\x1a\n0000".to_vec(), "ply-not-ply"),
        ("text", b"How many chairs are there?".to_vec(), "ply-not-ply"),
        ("half a header", b"ply\nformat ascii 1.0\nelement ver".to_vec(), "ply-header-truncated"),
        ("no points", header(""), "ply-no-vertex-element"),
        ("none of its points", header(&format!("element vertex 9\n{xyz}")), "ply-no-points"),
        ("all NaN", [nan, b"nan nan nan\nnan nan nan\n".to_vec()].concat(), "ply-no-points"),
        ("one point", file_of(&[([1.0, 2.0, 3.0], [9; 3])]), "scan-not-a-scene"),
        ("one place", file_of(&[([1.0, 2.0, 3.0], [9; 3]); 500]), "scan-not-a-scene"),
    ];
    for (name, bytes, expected) in refused {
        let said = session.open(bytes);
        let (code, message) = said.failure();
        assert_eq!(code, expected, "{name}: {message}");
        assert_readable(message);
        assert!(session.engine.scene().is_none());
    }
    // And it goes on.
    assert!(!session.open(small_room()).scene().objects.is_empty());
}

#[test]
fn a_truncated_scan_keeps_what_was_read_and_says_so() {
    let mut session = Session::with_model();
    let whole = small_room();
    let kept = (whole.len() - 200) / ROW * 2 / 3;
    let header = whole.windows(11).position(|at| at == b"end_header\n").unwrap() + 11;
    let said = session.open(whole[..header + kept * ROW + 7].to_vec());
    let scene = said.scene();
    assert_eq!(scene.points as usize, kept);
    let warning = scene.warnings.iter().find(|warning| warning.code == "file-truncated").unwrap();
    assert_readable(&warning.message);
    assert!(!scene.objects.is_empty());
    assert_eq!(session.ask("How many plants are there?").report().points as usize, kept);
}

#[test]
fn a_handful_of_points_is_a_room_without_objects() {
    let mut session = Session::with_model();
    let corners = [[0.0; 3], [3.0, 0.0, 0.0], [0.0, 4.0, 0.0], [0.0, 0.0, 2.5], [3.0, 4.0, 2.5]];
    let said = session.open(file_of(&corners.map(|corner| (corner, [200; 3]))));
    assert_eq!(said.scene().points, 5);
    assert!(said.warnings().contains(&"no-objects"), "{:?}", said.warnings());
    for question in ["How many chairs are there?", "Where is the sofa?", "Describe the room."] {
        let said = session.ask(question);
        let report = said.report();
        assert!(report.objects.is_empty() && !report.answer.is_empty(), "{report:?}");
    }
}

#[test]
fn points_without_coordinates_are_left_out_and_told_of() {
    let mut session = Session::with_model();
    let clean = session.open(small_room()).scene().clone();
    let mut bytes = small_room();
    let start = bytes.windows(11).position(|at| at == b"end_header\n").unwrap() + 11;
    // One coordinate of every hundredth point.
    for (row, bad) in
        (0..clean.points as usize).step_by(100).zip([f32::NAN, f32::INFINITY].iter().cycle())
    {
        let at = start + row * ROW + 4 * (row / 100 % 3);
        bytes[at..at + 4].copy_from_slice(&bad.to_le_bytes());
    }
    let said = session.open(bytes);
    let scene = said.scene();
    assert_eq!(scene.points, clean.points, "point i stays the file's point i");
    assert!(said.warnings().iter().any(|code| code.contains("finite")), "{:?}", said.warnings());
    assert!(scene.bounds.min.is_finite() && scene.bounds.max.is_finite());
    for object in &scene.objects {
        let bounds = object.box_in_scene;
        assert!(bounds.min.is_finite() && bounds.max.is_finite(), "{object:?}");
    }
    assert!(scene.objects.len().abs_diff(clean.objects.len()) <= 5);
    assert!(!session.ask("How many plants are there?").report().answer.is_empty());
}

/// A disk that fails after the first piece.
struct Failing(Option<Vec<u8>>);

impl ScanSource for Failing {
    fn size(&self) -> Option<u64> {
        None
    }

    async fn next(&mut self) -> Result<Option<Vec<u8>>, HostError> {
        let reason = "the disk was taken out".to_owned();
        self.0.take().map(Some).ok_or(HostError { path: "room.ply".to_owned(), reason })
    }
}

#[test]
fn files_that_cannot_be_read_say_why() {
    let mut session = Session::bare();
    let command =
        Command::OpenScan { name: "Room".into(), path: None, choices: ScanChoices::default() };
    let request = Request { version: VERSION, job: JobId(1), command: command.clone() };
    let mut first = small_room();
    first.truncate(100_000);
    finish(session.engine.handle(request, Some(Failing(Some(first)))));
    let said = session.engine.host().said();
    assert_eq!(
        said.failure(),
        ("file-unreadable", "room.ply could not be read: the disk was taken out")
    );
    let said = session.send(command, None);
    assert_eq!(said.failure().0, "no-source");
    let path = Some("samples/no-such-room.ply".to_owned());
    let said = session.send(
        Command::OpenScan { name: "Room".into(), path, choices: ScanChoices::default() },
        None,
    );
    assert_eq!(said.failure().0, "file-unreadable");
    assert!(said.failure().1.starts_with("samples/no-such-room.ply could not be read"));
    assert!(session.engine.scene().is_none());
}
