use glam::{DMat3, DMat4, DQuat, DVec2, DVec3};

/// A camera in the world of the scan's file.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Camera {
    /// World from camera: x right, y down, z along the view; columns of any length.
    pub pose: DMat4,
    /// How it sees, where that is told.
    pub intrinsics: Option<Intrinsics>,
}

/// How a pinhole camera sees.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Intrinsics {
    /// Focal lengths, pixels.
    pub focal: DVec2,
    /// Where the optical axis meets the picture, pixels.
    pub middle: DVec2,
    /// The picture's size for which these hold, where it is told; else that of the picture.
    pub size: Option<DVec2>,
}

/// Of what has no numbers: the focal length in longer edges of the picture, as of most phones and depth
/// cameras (a view of 60 to 65 degrees).
const GUESSED_FOCAL: f64 = 0.82;

impl Intrinsics {
    /// What is likely where nothing is told.
    pub(crate) fn guessed(size: DVec2) -> Self {
        let focal = DVec2::splat(GUESSED_FOCAL * size.max_element());
        Self { focal, middle: size / 2.0, size: None }
    }

    /// From the numbers of a file: `fx fy cx cy`, or a 3 × 3 or 4 × 4 matrix row by row.
    pub(crate) fn from_numbers(numbers: &[f64]) -> Option<Self> {
        let [fx, fy, cx, cy] = match *numbers {
            [fx, fy, cx, cy] => [fx, fy, cx, cy],
            [fx, _, cx, _, fy, cy, _, _, _] => [fx, fy, cx, cy],
            [fx, _, cx, _, _, fy, cy, _, ..] if numbers.len() == 16 => [fx, fy, cx, cy],
            _ => return None,
        };
        let makes_sense = fx > 0.0 && fy > 0.0 && [fx, fy, cx, cy].iter().all(|x| x.is_finite());
        let of = |focal, middle| Self { focal, middle, size: None };
        makes_sense.then(|| of(DVec2::new(fx, fy), DVec2::new(cx, cy)))
    }

    /// The same for the picture in another size.
    pub(crate) fn for_size(&self, own: DVec2, size: DVec2) -> Self {
        let by = size / self.size.unwrap_or(own);
        Self { focal: self.focal * by, middle: self.middle * by, size: Some(size) }
    }
}

/// A pose from the numbers of a line: `tx ty tz qx qy qz qw`, or a matrix of three or four rows.
pub(crate) fn pose_from_numbers(numbers: &[f64]) -> Option<DMat4> {
    if !numbers.iter().all(|number| number.is_finite()) {
        return None;
    }
    match *numbers {
        [x, y, z, qx, qy, qz, qw] => {
            let turn = DQuat::from_xyzw(qx, qy, qz, qw);
            let is_turn = (turn.length() - 1.0).abs() < 0.1;
            let pose = || DMat4::from_rotation_translation(turn.normalize(), DVec3::new(x, y, z));
            is_turn.then(pose)
        }
        _ if numbers.len() == 12 || numbers.len() == 16 => {
            let row = |i: usize| DVec3::new(numbers[4 * i], numbers[4 * i + 1], numbers[4 * i + 2]);
            let turn = DMat3::from_cols(row(0), row(1), row(2)).transpose();
            let at = DVec3::new(numbers[3], numbers[7], numbers[11]);
            let is_turn = turn.determinant().abs() > 1e-6;
            let axis = |i: usize| turn.col(i).extend(0.0);
            is_turn.then(|| DMat4::from_cols(axis(0), axis(1), axis(2), at.extend(1.0)))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quaternion_and_its_matrix_are_one_pose() {
        // A quarter turn about z: x goes to y.
        let half = 0.5_f64.sqrt();
        let by_quaternion = pose_from_numbers(&[1.0, 2.0, 3.0, 0.0, 0.0, half, half]).unwrap();
        let rows = [0.0, -1.0, 0.0, 1.0, 1.0, 0.0, 0.0, 2.0, 0.0, 0.0, 1.0, 3.0];
        let by_rows = pose_from_numbers(&rows).unwrap();
        assert!(by_quaternion.abs_diff_eq(by_rows, 1e-9), "{by_quaternion} {by_rows}");
        let x = by_rows.transform_point3(DVec3::X);
        assert!(x.abs_diff_eq(DVec3::new(1.0, 3.0, 3.0), 1e-9));
    }

    #[test]
    fn numbers_that_are_no_pose() {
        let none: [&[f64]; 4] =
            [&[1.0, 2.0], &[0.0; 7], &[0.0; 16], &[f64::NAN, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0]];
        assert!(none.iter().all(|numbers| pose_from_numbers(numbers).is_none()));
    }

    #[test]
    fn intrinsics_in_three_forms() {
        let right = Intrinsics::from_numbers(&[5.0, 6.0, 3.0, 2.0]);
        let k = [5.0, 0.0, 3.0, 0.0, 6.0, 2.0, 0.0, 0.0, 1.0];
        assert_eq!(Intrinsics::from_numbers(&k), right);
        let mut four = [0.0; 16];
        (four[0], four[2], four[5], four[6]) = (5.0, 3.0, 6.0, 2.0);
        assert_eq!(Intrinsics::from_numbers(&four), right);
        assert_eq!(Intrinsics::from_numbers(&[0.0; 4]), None);
        assert_eq!(Intrinsics::from_numbers(&[1.0; 5]), None);
        // Half as large a picture.
        let half = right.unwrap().for_size(DVec2::new(8.0, 4.0), DVec2::new(4.0, 2.0));
        assert_eq!((half.focal, half.middle), (DVec2::new(2.5, 3.0), DVec2::new(1.5, 1.0)));
    }
}
