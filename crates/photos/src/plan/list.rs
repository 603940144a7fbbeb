//! Lists of poses, one a line.

use super::{Shot, in_order, stem};
use crate::camera::{Camera, pose_from_numbers};
use crate::error::PhotosError;
use glam::DMat4;

/// A picture was taken at a pose of the list if no more than this lies between their times, seconds.
const NEAR_S: f64 = 0.03;

/// A line of a list.
pub(super) struct Posed {
    /// A name or a time, where the line begins with one.
    name: Option<String>,
    pose: DMat4,
}

/// All numbers of a text, however they are divided.
pub(super) fn numbers(text: &str) -> Vec<f64> {
    let words = text.split(|letter: char| letter.is_whitespace() || letter == ',');
    words.filter_map(|word| word.parse().ok()).collect()
}

/// The lines of a list that are poses. Empty lines and such as begin with `#` are none.
pub(super) fn poses(text: &str) -> Vec<Posed> {
    let lines = text.lines().map(str::trim).filter(|line| !line.starts_with('#'));
    lines.filter_map(posed).collect()
}

fn posed(line: &str) -> Option<Posed> {
    let divides = |letter: char| letter.is_whitespace() || letter == ',';
    let words: Vec<&str> = line.split(divides).filter(|word| !word.is_empty()).collect();
    let all: Option<Vec<f64>> = words.iter().map(|word| word.parse().ok()).collect();
    if let Some(pose) = all.and_then(|numbers| pose_from_numbers(&numbers)) {
        return Some(Posed { name: None, pose });
    }
    let (name, rest) = words.split_first()?;
    let numbers: Option<Vec<f64>> = rest.iter().map(|word| word.parse().ok()).collect();
    let pose = pose_from_numbers(&numbers?)?;
    Some(Posed { name: Some((*name).to_owned()), pose })
}

/// Pictures, in their order, with the poses of a list: by name or time, or else one after the other.
pub(super) fn shots(
    list: &str,
    poses: &[Posed],
    pictures: &[(usize, &str)],
) -> Result<Vec<Shot>, PhotosError> {
    let shot = |&(file, name): &(usize, &str), pose: DMat4| Shot {
        file,
        name: name.to_owned(),
        camera: Camera { pose, intrinsics: None },
    };
    if poses.iter().all(|posed| posed.name.is_none()) {
        if poses.len() != pictures.len() {
            let (file, poses, pictures) = (list.to_owned(), poses.len(), pictures.len());
            return Err(PhotosError::Count { file, poses, pictures });
        }
        return Ok(pictures.iter().zip(poses).map(|(picture, p)| shot(picture, p.pose)).collect());
    }
    let mut found: Vec<Shot> = pictures
        .iter()
        .filter_map(|picture| Some(shot(picture, pose_of(stem(picture.1), poses)?)))
        .collect();
    if found.is_empty() {
        return Err(PhotosError::OtherPictures { file: list.to_owned() });
    }
    found.sort_by_key(|shot| in_order(&shot.name));
    Ok(found)
}

/// The pose of the line of this name, or else of the nearest time.
fn pose_of(picture: &str, poses: &[Posed]) -> Option<DMat4> {
    let by_name = poses.iter().find(|posed| posed.name.as_deref().map(stem) == Some(picture));
    if let Some(posed) = by_name {
        return Some(posed.pose);
    }
    let time: f64 = picture.parse().ok()?;
    let away = |posed: &Posed| {
        let other: f64 = posed.name.as_deref()?.parse().ok()?;
        Some((other - time).abs())
    };
    let near = poses.iter().filter_map(|posed| Some((away(posed)?, posed.pose)));
    let nearest = near.reduce(|a, b| if b.0 < a.0 { b } else { a })?;
    (nearest.0 <= NEAR_S).then_some(nearest.1)
}
