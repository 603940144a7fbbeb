//! `transforms.json`, as instant-ngp and Nerfstudio define it.

use super::{Shot, file_name};
use crate::camera::{Camera, Intrinsics, pose_from_numbers};
use crate::error::PhotosError;
use glam::{DMat4, DVec2, DVec3};
use serde::Deserialize;

/// Above this the lens bends straight lines visibly.
const BENT: f64 = 0.03;

#[derive(Deserialize)]
struct Transforms {
    #[serde(flatten)]
    lens: Lens,
    frames: Vec<Frame>,
}

#[derive(Deserialize)]
struct Frame {
    file_path: String,
    transform_matrix: Vec<Vec<f64>>,
    #[serde(flatten)]
    lens: Lens,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Lens {
    camera_angle_x: Option<f64>,
    fl_x: Option<f64>,
    fl_y: Option<f64>,
    cx: Option<f64>,
    cy: Option<f64>,
    w: Option<f64>,
    h: Option<f64>,
    k1: Option<f64>,
}

impl Lens {
    fn intrinsics(&self) -> Option<Intrinsics> {
        let size = self.w.zip(self.h).map(|(w, h)| DVec2::new(w, h));
        let by_angle = |angle: f64| size.map(|size| size.x / 2.0 / (angle / 2.0).tan());
        let fx = self.fl_x.or_else(|| self.camera_angle_x.and_then(by_angle))?;
        let middle = size.map(|size| size / 2.0);
        let cx = self.cx.or(middle.map(|middle| middle.x))?;
        let cy = self.cy.or(middle.map(|middle| middle.y))?;
        let read = Intrinsics::from_numbers(&[fx, self.fl_y.unwrap_or(fx), cx, cy])?;
        Some(Intrinsics { size: size.filter(|size| size.min_element() > 0.0), ..read })
    }
}

/// The pictures that the file names, in their order.
pub(super) fn shots(
    name: &str,
    text: &str,
    pictures: &[(usize, &str)],
    notes: &mut Vec<String>,
) -> Result<Vec<Shot>, PhotosError> {
    let read: Transforms =
        serde_json::from_str(text).map_err(|error| PhotosError::unreadable(name, error))?;
    let mut shots = Vec::new();
    for &(file, picture) in pictures {
        let Some(frame) = read.frames.iter().find(|frame| names(&frame.file_path, picture)) else {
            continue;
        };
        let Some(pose) = pose_from_numbers(&frame.transform_matrix.concat()) else {
            let reason = format!("the matrix of {picture} is no pose");
            return Err(PhotosError::unreadable(name, reason));
        };
        // Its cameras look along −z, with y up.
        let pose = pose * DMat4::from_scale(DVec3::new(1.0, -1.0, -1.0));
        let intrinsics = frame.lens.intrinsics().or_else(|| read.lens.intrinsics());
        shots.push(Shot { file, name: picture.to_owned(), camera: Camera { pose, intrinsics } });
    }
    if shots.is_empty() {
        return Err(PhotosError::OtherPictures { file: name.to_owned() });
    }
    if read.lens.k1.is_some_and(|bend| bend.abs() > BENT) {
        let bent = "The lens bends straight lines, which is not undone: towards the rims of the \
                    pictures objects are shown a little amiss.";
        notes.push(bent.to_owned());
    }
    Ok(shots)
}

/// Whether a path of the file, which may lack its ending, means this picture.
fn names(path: &str, picture: &str) -> bool {
    let (path, picture) = (file_name(path), file_name(picture));
    path == picture || picture.rsplit_once('.').is_some_and(|(stem, _)| stem == path)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = r#"{"camera_angle_x": 1.5707963, "w": 640, "h": 480, "k1": 0.1, "frames": [
        {"file_path": "./images/b", "transform_matrix": [[1,0,0,5],[0,1,0,0],[0,0,1,0],[0,0,0,1]]},
        {"file_path": "images/a.jpg", "fl_x": 100, "cx": 1, "cy": 2,
         "transform_matrix": [[1,0,0,6],[0,1,0,0],[0,0,1,0],[0,0,0,1]]}]}"#;

    #[test]
    fn cameras_of_a_file() {
        let mut notes = Vec::new();
        let pictures = [(3, "a.jpg"), (4, "b.png"), (5, "c.png")];
        let shots = shots("transforms.json", FILE, &pictures, &mut notes).unwrap();
        assert_eq!(shots.iter().map(|shot| shot.file).collect::<Vec<_>>(), [3, 4]);
        let [a, b] = [0, 1].map(|i| shots[i].camera);
        assert_eq!(a.pose.transform_point3(DVec3::ZERO), DVec3::new(6.0, 0.0, 0.0));
        // What it sees before it lies along −z.
        assert_eq!(b.pose.transform_point3(DVec3::Z), DVec3::new(5.0, 0.0, -1.0));
        assert_eq!(b.pose.transform_point3(DVec3::Y), DVec3::new(5.0, -1.0, 0.0));
        let (a, b) = (a.intrinsics.unwrap(), b.intrinsics.unwrap());
        assert_eq!((a.focal, a.middle, a.size), (DVec2::splat(100.0), DVec2::new(1.0, 2.0), None));
        assert!((b.focal.x - 320.0).abs() < 1e-3);
        assert_eq!((b.middle, b.size), (DVec2::new(320.0, 240.0), Some(DVec2::new(640.0, 480.0))));
        assert_eq!(notes.len(), 1);
    }

    #[test]
    fn a_matrix_that_is_none() {
        let file = r#"{"frames": [{"file_path": "a.png", "transform_matrix": [[0]]}]}"#;
        let error = shots("t.json", file, &[(0, "a.png")], &mut Vec::new()).unwrap_err();
        assert!(error.to_string().contains("no pose"), "{error}");
        let other = shots("t.json", file, &[(0, "z.png")], &mut Vec::new()).unwrap_err();
        assert_eq!(other.code(), "photos-poses-do-not-fit");
    }
}
