//! Photographs of a scan, from the person's files to what the encoders look at.

use crate::pace::Pace;
use crate::{Album, EngineError, Host};
use ::photos::{Named, develop, is_text, plan};
use protocol::Phase;
use scene::{Scene, Similarity, Warning};
use std::sync::Arc;
use views::Photo;

/// Photographs with what a person should know of them.
pub(crate) struct Taken {
    pub(crate) photos: Arc<[Photo]>,
    pub(crate) notes: Vec<Warning>,
}

/// What warnings of photographs are called.
const CODE: &str = "photos";

/// Whether a warning is of photographs, and falls with them.
pub(crate) fn is_ours(warning: &Warning) -> bool {
    warning.code.starts_with(CODE)
}

/// Reads the photographs of an album. Those that cannot be read are left out, and told of.
pub(crate) async fn take<H: Host>(
    mut album: impl Album,
    scene_from_file: &Similarity,
    pace: &mut Pace<'_, H>,
) -> Result<Taken, EngineError> {
    let mut files = Vec::new();
    for (index, name) in album.names().into_iter().enumerate() {
        let text = if is_text(&name) { Some(album.read(index).await?) } else { None };
        files.push(Named { name, text });
    }
    let plan = plan(&files)?;
    let (mut photos, mut unreadable) = (Vec::new(), Vec::new());
    for (done, shot) in plan.shots.iter().enumerate() {
        pace.step(Phase::Photos, done as u64, Some(plan.shots.len() as u64)).await?;
        let bytes = album.read(shot.file).await?;
        match develop(shot, &bytes, scene_from_file) {
            Ok(photo) => photos.push(photo),
            Err(error) => unreadable.push(error),
        }
    }
    pace.finish(Phase::Photos, plan.shots.len() as u64).await?;
    let mut notes: Vec<Warning> =
        plan.notes.iter().map(|note| Warning::new("photos-taken", note)).collect();
    if photos.is_empty()
        && let Some(error) = unreadable.pop()
    {
        return Err(error.into());
    }
    if let Some(error) = unreadable.first() {
        let message = format!("{} photographs were left out. {error}", unreadable.len());
        notes.push(Warning::new("photos-left-out", message));
    }
    Ok(Taken { photos: photos.into(), notes })
}

/// How many of a scene's objects its photographs show, once they have all been looked at; nothing
/// where there are no photographs, or that has been said.
pub(crate) fn shown(scene: &Scene, photos: &[Photo], photographed: usize) -> Option<Warning> {
    let is_said =
        scene.warnings.iter().any(|warning| warning.code == SHOWN || warning.code == UNSHOWN);
    if photos.is_empty() || is_said {
        return None;
    }
    let objects = scene.instances.len();
    Some(match photographed {
        0 => Warning::new(
            UNSHOWN,
            "The photographs show none of the objects, and are not used. Their poses must be in the \
             scan's own coordinates, camera to world.",
        ),
        _ => Warning::new(
            SHOWN,
            format!(
                "{photographed} of {objects} objects are looked at on your {} photographs.",
                photos.len()
            ),
        ),
    })
}

const SHOWN: &str = "photos-shown";
const UNSHOWN: &str = "photos-unshown";
