use crate::{Aabb, OrientedBox};
use glam::{DMat3, DVec3, Vec3};
use serde::{Deserialize, Serialize};

/// `q = scale · rotation · p + translation`, in f64: where a scene lies in its file's world.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Similarity {
    /// Metres per file unit, for `scene_from_file`.
    pub scale: f64,
    /// Orthonormal: a rotation, or with a reflection where the file is mirrored.
    pub rotation: DMat3,
    /// Applied last.
    pub translation: DVec3,
}

impl Similarity {
    /// Leaves every point where it is.
    pub const IDENTITY: Self =
        Self { scale: 1.0, rotation: DMat3::IDENTITY, translation: DVec3::ZERO };

    /// Where the point goes.
    pub fn apply(&self, point: DVec3) -> DVec3 {
        self.scale * (self.rotation * point) + self.translation
    }

    /// The way back.
    pub fn inverse(&self) -> Self {
        let scale = 1.0 / self.scale;
        let rotation = self.rotation.transpose();
        Self { scale, rotation, translation: -scale * (rotation * self.translation) }
    }

    /// `self` after `first`.
    pub fn after(&self, first: &Self) -> Self {
        Self {
            scale: self.scale * first.scale,
            rotation: self.rotation * first.rotation,
            translation: self.apply(first.translation),
        }
    }

    /// The 4 × 4 matrix, row by row, as `scanwise segment --json` prints it.
    pub fn rows(&self) -> [[f64; 4]; 4] {
        let m = (self.rotation * self.scale).transpose();
        let t = self.translation;
        [
            [m.x_axis.x, m.x_axis.y, m.x_axis.z, t.x],
            [m.y_axis.x, m.y_axis.y, m.y_axis.z, t.y],
            [m.z_axis.x, m.z_axis.y, m.z_axis.z, t.z],
            [0.0, 0.0, 0.0, 1.0],
        ]
    }

    /// With `self` as `scene_from_file`: a box of the scene, written in the file's coordinates.
    pub fn box_in_file(&self, box_in_scene: &Aabb) -> OrientedBox {
        let file_from_scene = self.inverse();
        let centre = file_from_scene.apply(box_in_scene.centre().as_dvec3());
        let size = box_in_scene.size().as_dvec3() * file_from_scene.scale;
        // The scene's axes seen from the file are the rows of scene_from_file's rotation.
        let r = self.rotation.transpose();
        OrientedBox {
            center: centre.to_array(),
            size: size.to_array(),
            axes: Some([r.x_axis.to_array(), r.y_axis.to_array(), r.z_axis.to_array()]),
        }
    }

    /// With `self` as `scene_from_file`: the scene's axis-aligned box round a box of the file.
    pub fn box_in_scene(&self, box_in_file: &OrientedBox) -> Aabb {
        let axes = box_in_file.axes.unwrap_or([[1., 0., 0.], [0., 1., 0.], [0., 0., 1.]]);
        let half = box_in_file.size.map(|edge| edge / 2.0);
        let centre = DVec3::from(box_in_file.center);
        Aabb::of_points((0..8).map(|corner| {
            let point = (0..3).fold(centre, |point, axis| {
                let sign = if corner >> axis & 1 == 1 { 1.0 } else { -1.0 };
                point + DVec3::from(axes[axis]) * (sign * half[axis])
            });
            let in_scene = self.apply(point);
            Vec3::new(in_scene.x as f32, in_scene.y as f32, in_scene.z as f32)
        }))
    }
}

/// The length unit that a file's numbers are taken to be in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Unit {
    /// 1 m.
    #[serde(rename = "m")]
    Metre,
    /// 0.01 m.
    #[serde(rename = "cm")]
    Centimetre,
    /// 0.001 m.
    #[serde(rename = "mm")]
    Millimetre,
    /// 0.0254 m.
    #[serde(rename = "in")]
    Inch,
    /// 0.3048 m.
    #[serde(rename = "ft")]
    Foot,
}

impl Unit {
    /// Every unit, the likeliest first.
    pub const ALL: [Self; 5] =
        [Self::Metre, Self::Centimetre, Self::Millimetre, Self::Inch, Self::Foot];

    /// Metres per unit.
    pub fn metres(self) -> f64 {
        match self {
            Self::Metre => 1.0,
            Self::Centimetre => 0.01,
            Self::Millimetre => 0.001,
            Self::Inch => 0.0254,
            Self::Foot => 0.3048,
        }
    }

    /// As JSON and the command line write it, such as `mm`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Metre => "m",
            Self::Centimetre => "cm",
            Self::Millimetre => "mm",
            Self::Inch => "in",
            Self::Foot => "ft",
        }
    }

    /// Several of it, in words.
    pub fn plural(self) -> &'static str {
        match self {
            Self::Metre => "metres",
            Self::Centimetre => "centimetres",
            Self::Millimetre => "millimetres",
            Self::Inch => "inches",
            Self::Foot => "feet",
        }
    }
}

/// The direction of the file's coordinates that points up.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct UpAxis(pub DVec3);

impl UpAxis {
    /// The words of [`UpAxis::name`].
    pub const NAMES: [&str; 6] = ["z", "-z", "y", "-y", "x", "-x"];

    /// The signed axis of this name.
    pub fn of_name(name: &str) -> Option<Self> {
        let (sign, axis) = match name.strip_prefix('-') {
            Some(axis) => (-1.0, axis),
            None => (1.0, name),
        };
        let axis = match axis {
            "x" => DVec3::X,
            "y" => DVec3::Y,
            "z" => DVec3::Z,
            _ => return None,
        };
        Some(Self(sign * axis))
    }

    /// The nearest signed axis as a word, such as `-y`.
    pub fn name(&self) -> &'static str {
        let names = [("x", "-x"), ("y", "-y"), ("z", "-z")];
        let axis = self.0.abs().max_position();
        if self.0[axis] < 0.0 { names[axis].1 } else { names[axis].0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn axes_have_the_names_they_are_found_by() {
        for name in UpAxis::NAMES {
            assert_eq!(UpAxis::of_name(name).unwrap().name(), name);
        }
        assert!(["", "-", "w", "--y", "yz"].iter().all(|name| UpAxis::of_name(name).is_none()));
    }

    #[test]
    fn boxes_go_to_the_file_and_back() {
        let scene_from_file = Similarity {
            scale: 0.001,
            rotation: DMat3::from_rotation_x(-std::f64::consts::FRAC_PI_2),
            translation: DVec3::new(1.0, 2.0, 3.0),
        };
        let in_scene = Aabb::from_centre_size(Vec3::new(1.0, -2.0, 0.5), Vec3::new(1.0, 2.0, 3.0));
        let back = scene_from_file.box_in_scene(&scene_from_file.box_in_file(&in_scene));
        assert!((back.min - in_scene.min).length() < 1e-5);
        assert!((back.max - in_scene.max).length() < 1e-5);
        let there_and_back = scene_from_file.after(&scene_from_file.inverse());
        assert!((there_and_back.apply(DVec3::ONE) - DVec3::ONE).length() < 1e-9);
    }

    #[test]
    fn up_is_named_by_its_nearest_axis() {
        assert_eq!(UpAxis(DVec3::new(0.1, -0.9, 0.2)).name(), "-y");
    }
}
