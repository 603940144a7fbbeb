mod list;
mod transforms;

use crate::camera::{Camera, Intrinsics, pose_from_numbers};
use crate::error::PhotosError;
use list::numbers;

/// No more photographs than this are used, evenly from those given.
const MOST: usize = 64;

/// A file as the person gave it.
#[derive(Clone, Debug)]
pub struct Named {
    /// Its name, folders before it or not.
    pub name: String,
    /// What it holds, of files that [`is_text`] is true for.
    pub text: Option<Vec<u8>>,
}

/// Which of the files are photographs, and where they were taken.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// In the order of their names.
    pub shots: Vec<Shot>,
    /// What a person should know, a sentence each.
    pub notes: Vec<String>,
}

/// A photograph to be developed.
#[derive(Clone, Debug, PartialEq)]
pub struct Shot {
    /// Which of the files it is.
    pub file: usize,
    /// Its name.
    pub name: String,
    /// Where it was taken.
    pub camera: Camera,
}

/// Whether [`plan`] needs to know what a file of this name holds.
pub fn is_text(name: &str) -> bool {
    ["txt", "json", "csv"].contains(&extension(name).as_str())
}

/// Finds the photographs among some files, and their poses.
///
/// # Errors
/// Where there are no pictures or no poses, or these do not fit each other.
pub fn plan(files: &[Named]) -> Result<Plan, PhotosError> {
    let mut pictures: Vec<(usize, &str)> = files
        .iter()
        .enumerate()
        .filter(|(_, file)| is_picture(&file.name))
        .map(|(index, file)| (index, file.name.as_str()))
        .collect();
    pictures.sort_by_key(|(_, name)| in_order(name));
    if pictures.is_empty() {
        return Err(PhotosError::NoPictures);
    }
    let texts: Vec<(&str, String)> = files
        .iter()
        .filter(|file| is_text(&file.name))
        .filter_map(|file| {
            let text = String::from_utf8_lossy(file.text.as_deref()?).into_owned();
            Some((file.name.as_str(), text))
        })
        .collect();
    let told = texts
        .iter()
        .filter(|(name, _)| is_intrinsics(name))
        .find_map(|(_, text)| Intrinsics::from_numbers(&numbers(text)));
    let mut notes = Vec::new();
    let mut shots = match texts.iter().find(|(name, _)| extension(name) == "json") {
        Some((name, text)) => transforms::shots(name, text, &pictures, &mut notes)?,
        None => {
            let lists: Vec<_> = texts.iter().filter(|(name, _)| !is_intrinsics(name)).collect();
            from_lists(&lists, &pictures)?
        }
    };
    if let Some(told) = told {
        for shot in &mut shots {
            shot.camera.intrinsics.get_or_insert(told);
        }
    }
    if shots.iter().any(|shot| shot.camera.intrinsics.is_none()) {
        notes.push(
            "Nothing tells how the camera saw; it is taken for one of 63 degrees. If objects are shown \
             amiss, drop a file intrinsics.txt with “fx fy cx cy” beside the pictures."
                .to_owned(),
        );
    }
    if shots.len() > MOST {
        notes.push(format!("Of {} photographs {MOST} are used.", shots.len()));
        let all = shots.len();
        shots = (0..MOST).map(|i| shots[i * all / MOST].clone()).collect();
    }
    Ok(Plan { shots, notes })
}

/// Poses from texts: a matrix for each picture in a file of its name, or else one list.
fn from_lists(
    texts: &[&(&str, String)],
    pictures: &[(usize, &str)],
) -> Result<Vec<Shot>, PhotosError> {
    let own = |&(file, name): &(usize, &str)| {
        let (_, text) = texts.iter().find(|(text, _)| stem(text) == stem(name))?;
        let pose = pose_from_numbers(&numbers(text))?;
        let camera = Camera { pose, intrinsics: None };
        Some(Shot { file, name: name.to_owned(), camera })
    };
    let shots: Vec<Shot> = pictures.iter().filter_map(own).collect();
    if !shots.is_empty() {
        return Ok(shots);
    }
    let mut poses = texts.iter().map(|(name, text)| (*name, list::poses(text)));
    match poses.find(|(_, poses)| !poses.is_empty()) {
        Some((name, poses)) => list::shots(name, &poses, pictures),
        None => Err(PhotosError::NoPoses),
    }
}

fn is_picture(name: &str) -> bool {
    // Depth comes beside colour in RGB-D sets; how deep things lie is known from the points.
    ["png", "jpg", "jpeg"].contains(&extension(name).as_str())
        && !name.to_lowercase().contains("depth")
}

fn is_intrinsics(name: &str) -> bool {
    let name = file_name(name).to_lowercase();
    extension(&name) == "txt" && (name.contains("intrinsic") || name.contains("camera"))
}

/// The last part of a path.
fn file_name(name: &str) -> &str {
    name.rsplit(['/', '\\']).next().unwrap_or(name)
}

fn extension(name: &str) -> String {
    file_name(name).rsplit_once('.').map_or(String::new(), |(_, end)| end.to_lowercase())
}

/// Without the folders, and what follows the first point: `1` of `rgb/1.color.png`. A number as of a
/// time stamp keeps its own point.
fn stem(name: &str) -> &str {
    let name = file_name(name);
    let mut end = name.find('.').unwrap_or(name.len());
    let rest = &name[(end + 1).min(name.len())..];
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let is_number = end > 0 && is_digits(&name[..end]);
    if is_number && digits > 0 && matches!(rest.as_bytes().get(digits), None | Some(b'.')) {
        end += 1 + digits;
    }
    &name[..end]
}

fn is_digits(word: &str) -> bool {
    word.bytes().all(|byte| byte.is_ascii_digit())
}

/// Names sorted as people count: 2 before 10.
fn in_order(name: &str) -> Vec<(u64, String)> {
    let name = file_name(name).to_lowercase();
    let mut parts: Vec<(u64, String)> = vec![(0, String::new())];
    for letter in name.chars() {
        let Some((number, word)) = parts.last_mut() else { break };
        match letter.to_digit(10) {
            Some(digit) if word.is_empty() => {
                *number = number.saturating_mul(10).saturating_add(u64::from(digit));
            }
            // Behind a point digits are a fraction: 1.031 comes before 1.06.
            Some(_) if word.strip_prefix('.').is_some_and(is_digits) => word.push(letter),
            Some(digit) => parts.push((u64::from(digit), String::new())),
            None => word.push(letter),
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;
    use glam::DVec3;

    fn file(name: &str, text: &str) -> Named {
        let text = is_text(name).then(|| text.as_bytes().to_vec());
        Named { name: name.to_owned(), text }
    }

    const FIRST: &str = "1 0 0 0 0 0 1";
    const SECOND: &str = "2 0 0 0 0 0 1";

    fn places(files: &[Named]) -> Vec<(String, f64)> {
        let plan = plan(files).unwrap();
        let place = |shot: &Shot| shot.camera.pose.transform_point3(DVec3::ZERO).x;
        plan.shots.iter().map(|shot| (shot.name.clone(), place(shot))).collect()
    }

    #[test]
    fn a_list_in_the_order_of_the_names() {
        let files = [
            file("10.color.png", ""),
            file("2.color.png", ""),
            file("2.depth.png", ""),
            file("poses.txt", &format!("# tx ty tz qx qy qz qw\n{FIRST}\n\n{SECOND}\n")),
            file("intrinsics.txt", "500 500 320 240"),
        ];
        let right = [("2.color.png".to_owned(), 1.0), ("10.color.png".to_owned(), 2.0)];
        assert_eq!(places(&files), right);
        let plan = plan(&files).unwrap();
        assert_eq!((plan.shots[0].file, plan.notes.len()), (1, 0));
        assert_eq!(plan.shots[0].camera.intrinsics.unwrap().focal.x, 500.0);
    }

    #[test]
    fn a_list_with_names_or_times() {
        let files = [
            file("rgb/b.png", ""),
            file("rgb/a.png", ""),
            file("poses.txt", &format!("b.png {FIRST}\nc.png {FIRST}\na {SECOND}")),
        ];
        assert_eq!(places(&files), [("rgb/a.png".to_owned(), 2.0), ("rgb/b.png".to_owned(), 1.0)]);
        // The trajectory of a tracker has other times than the pictures.
        let files = [
            file("1305.031102.png", ""),
            file("1305.066.png", ""),
            file(
                "groundtruth.txt",
                &format!("1305.0302 {FIRST}\n1305.0661 {SECOND}\n1305.5 {FIRST}"),
            ),
        ];
        let found: Vec<f64> = places(&files).iter().map(|place| place.1).collect();
        assert_eq!(found, [1.0, 2.0]);
    }

    #[test]
    fn a_matrix_beside_each_picture() {
        let matrix = "1 0 0 7\n0 1 0 0\n0 0 1 0\n0 0 0 1\n";
        let files = [
            file("color/0.jpg", ""),
            file("color/1.jpg", ""),
            file("pose/0.txt", matrix),
            file("pose/1.txt", "-inf -inf -inf -inf"),
        ];
        // One that was not tracked has no pose, and is left out.
        assert_eq!(places(&files), [("color/0.jpg".to_owned(), 7.0)]);
    }

    #[test]
    fn what_does_not_fit_is_said() {
        let picture = || file("a.png", "");
        let code = |files: &[Named]| plan(files).unwrap_err().code();
        assert_eq!(code(&[file("poses.txt", FIRST)]), "photos-without-pictures");
        assert_eq!(code(&[picture()]), "photos-without-poses");
        assert_eq!(code(&[picture(), file("readme.txt", "no poses")]), "photos-without-poses");
        let two = file("poses.txt", &format!("{FIRST}\n{SECOND}"));
        assert_eq!(code(&[picture(), two]), "photos-poses-do-not-fit");
        let other = file("poses.txt", &format!("z.png {FIRST}"));
        assert_eq!(code(&[picture(), other]), "photos-poses-do-not-fit");
        assert_eq!(code(&[picture(), file("transforms.json", "{")]), "photos-unreadable");
    }

    #[test]
    fn very_many_are_thinned() {
        let mut files: Vec<Named> = (0..200).map(|i| file(&format!("{i}.png"), "")).collect();
        files.push(file("poses.txt", &[FIRST; 200].join("\n")));
        let plan = plan(&files).unwrap();
        assert_eq!((plan.shots.len(), plan.shots[63].file), (64, 196));
        assert!(plan.notes.iter().any(|note| note.starts_with("Of 200")));
    }

    #[test]
    fn names_are_cut_where_people_would() {
        assert_eq!(stem("rgb/1.color.png"), "1");
        assert_eq!(stem("1305.031102.png"), "1305.031102");
        assert_eq!(stem("frame_001.jpg"), "frame_001");
        assert_eq!((stem("a"), stem(".png"), stem("")), ("a", "", ""));
    }
}
