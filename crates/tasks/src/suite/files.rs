use super::{Question, SceneTruth, VERSION};
use thiserror::Error;

/// Why a suite could not be read or written.
#[derive(Debug, Error)]
pub enum SuiteError {
    /// A file is missing or cannot be read or written.
    #[error("{file}: {reason}")]
    File {
        /// Which.
        file: String,
        /// What the system said.
        reason: String,
    },
    /// A file is not what it should be.
    #[error("{file}, line {line}: {reason}")]
    Format {
        /// Which.
        file: String,
        /// From 1.
        line: usize,
        /// What is wrong.
        reason: String,
    },
    /// A file can be read but contradicts itself.
    #[error("{file}: {reason}")]
    Content {
        /// Which.
        file: String,
        /// What is wrong.
        reason: String,
    },
}

/// Reads and checks the text of a `scene.json`; `file` names it in errors.
pub fn parse_scene(file: &str, text: &str) -> Result<SceneTruth, SuiteError> {
    let truth: SceneTruth = serde_json::from_str(text).map_err(|error| SuiteError::Format {
        file: file.to_owned(),
        line: error.line(),
        reason: error.to_string(),
    })?;
    check_scene(file, &truth)?;
    Ok(truth)
}

/// Reads the text of a `questions.jsonl` and checks it against its room; `file` names it in
/// errors. Empty lines are skipped.
pub fn parse_questions(
    file: &str,
    text: &str,
    truth: &SceneTruth,
) -> Result<Vec<Question>, SuiteError> {
    let mut questions: Vec<Question> = Vec::new();
    let mut seen = std::collections::HashSet::new();
    for (index, line) in text.lines().enumerate() {
        if line.trim().is_empty() {
            continue;
        }
        let wrong =
            |reason: String| SuiteError::Format { file: file.to_owned(), line: index + 1, reason };
        let question: Question =
            serde_json::from_str(line).map_err(|error| wrong(error.to_string()))?;
        if question.text.trim().is_empty() {
            return Err(wrong("the question has no text".to_owned()));
        }
        if !seen.insert(question.id.clone()) {
            return Err(wrong(format!("the id “{}” was used before", question.id)));
        }
        for id in &question.objects {
            if !truth.objects.iter().any(|object| object.id == *id) {
                return Err(wrong(format!("object {id} is not in the room")));
            }
        }
        questions.push(question);
    }
    Ok(questions)
}

fn check_scene(file: &str, truth: &SceneTruth) -> Result<(), SuiteError> {
    let wrong = |reason: String| Err(SuiteError::Content { file: file.to_owned(), reason });
    if truth.version != VERSION {
        return wrong(format!("version {} is not supported, only {VERSION}", truth.version));
    }
    for pair in truth.objects.windows(2) {
        if pair[0].id >= pair[1].id {
            return wrong(format!("object ids must rise; {} follows {}", pair[1].id, pair[0].id));
        }
    }
    for object in &truth.objects {
        if object.id.0 == 0 {
            return wrong("object id 0 stands for no object".to_owned());
        }
        if !truth.classes.contains(&object.label) {
            return wrong(format!("“{}” is not among the classes", object.label));
        }
        if let Some(colour) = &object.colour
            && !crate::colour::NAMES.contains(&colour.as_str())
        {
            return wrong(format!("“{colour}” is not a colour name"));
        }
        if let super::Support::Object(id) = object.support
            && (id == object.id || !truth.objects.iter().any(|other| other.id == id))
        {
            return wrong(format!("object {} cannot be carried by {id}", object.id));
        }
        for edge in [&object.scanned_box, &object.amodal_box] {
            let finite = edge.center.iter().chain(&edge.size).all(|value| value.is_finite());
            if !finite || edge.size.iter().any(|edge| *edge < 0.0) {
                return wrong(format!("object {} has a box that is none", object.id));
            }
        }
        if object.space.is_some_and(|space| space as usize >= truth.room.spaces.len()) {
            return wrong(format!("object {} stands in a space that is not listed", object.id));
        }
        if !(0.0..=1.0).contains(&object.visible_fraction) {
            return wrong(format!("object {}: visible_fraction must be 0 to 1", object.id));
        }
    }
    Ok(())
}

#[cfg(not(target_arch = "wasm32"))]
pub use disk::{RoomFiles, open, read_questions, read_scene, write_questions, write_scene};

#[cfg(not(target_arch = "wasm32"))]
mod disk {
    use super::{Question, SceneTruth, SuiteError, parse_questions, parse_scene};
    use std::fs;
    use std::path::{Path, PathBuf};

    /// Where the files of a room lie.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct RoomFiles {
        /// The folder's name, such as `00017`.
        pub name: String,
        /// The room's folder.
        pub folder: PathBuf,
    }

    impl RoomFiles {
        /// A room's files within its suite, there or not.
        pub fn new(suite: &Path, name: &str) -> Self {
            Self { name: name.to_owned(), folder: suite.join(name) }
        }

        /// `scan.ply`.
        pub fn scan(&self) -> PathBuf {
            self.folder.join("scan.ply")
        }

        /// `scene.json`.
        pub fn scene(&self) -> PathBuf {
            self.folder.join("scene.json")
        }

        /// `questions.jsonl`.
        pub fn questions(&self) -> PathBuf {
            self.folder.join("questions.jsonl")
        }
    }

    /// The rooms of a suite, by name. A room is a folder with a `scene.json`.
    pub fn open(suite: &Path) -> Result<Vec<RoomFiles>, SuiteError> {
        let mut rooms = Vec::new();
        for entry in fs::read_dir(suite).map_err(|error| broken(suite, error))? {
            let entry = entry.map_err(|error| broken(suite, error))?;
            let Ok(name) = entry.file_name().into_string() else { continue };
            let room = RoomFiles::new(suite, &name);
            if room.scene().is_file() {
                rooms.push(room);
            }
        }
        rooms.sort_by(|a, b| a.name.cmp(&b.name));
        if rooms.is_empty() {
            return Err(broken(suite, "holds no room (a folder with scan.ply and scene.json)"));
        }
        Ok(rooms)
    }

    /// Reads and checks a room's `scene.json`.
    pub fn read_scene(room: &RoomFiles) -> Result<SceneTruth, SuiteError> {
        let path = room.scene();
        let text = fs::read_to_string(&path).map_err(|error| broken(&path, error))?;
        parse_scene(&path.display().to_string(), &text)
    }

    /// Reads a room's `questions.jsonl` and checks it against its truth.
    pub fn read_questions(
        room: &RoomFiles,
        truth: &SceneTruth,
    ) -> Result<Vec<Question>, SuiteError> {
        let path = room.questions();
        let text = fs::read_to_string(&path).map_err(|error| broken(&path, error))?;
        parse_questions(&path.display().to_string(), &text, truth)
    }

    /// Writes a room's `scene.json`, making its folder.
    pub fn write_scene(room: &RoomFiles, truth: &SceneTruth) -> Result<(), SuiteError> {
        let path = room.scene();
        fs::create_dir_all(&room.folder).map_err(|error| broken(&room.folder, error))?;
        let mut text = serde_json::to_string_pretty(truth).map_err(|error| broken(&path, error))?;
        text.push('\n');
        fs::write(&path, text).map_err(|error| broken(&path, error))
    }

    /// Writes a room's `questions.jsonl`, making its folder.
    pub fn write_questions(room: &RoomFiles, questions: &[Question]) -> Result<(), SuiteError> {
        let path = room.questions();
        fs::create_dir_all(&room.folder).map_err(|error| broken(&room.folder, error))?;
        let mut text = String::new();
        for question in questions {
            text += &serde_json::to_string(question).map_err(|error| broken(&path, error))?;
            text.push('\n');
        }
        fs::write(&path, text).map_err(|error| broken(&path, error))
    }

    fn broken(path: &Path, reason: impl ToString) -> SuiteError {
        SuiteError::File { file: path.display().to_string(), reason: reason.to_string() }
    }
}
