use crate::{Intrinsics, PhotosError, Shot};
use glam::{DVec2, DVec3, Vec3};
use image::imageops::FilterType;
use image::{ImageReader, Limits};
use scene::Similarity;
use std::io::Cursor;
use views::Photo;

/// A picture is kept no larger than this: objects are shown to the encoders in crops of 32 pixels.
const LONGEST_PX: u32 = 640;
/// A picture that claims more than this is not decoded.
const MOST_PX: u32 = 16_384;
const MOST_BYTES: u64 = 400 << 20;

/// A picture with where it was taken, in the frame of the scene.
///
/// # Errors
/// Where the bytes are no PNG or JPEG picture, or one of more than 16,384 pixels along an edge.
pub fn develop(
    shot: &Shot,
    bytes: &[u8],
    scene_from_file: &Similarity,
) -> Result<Photo, PhotosError> {
    let unreadable = |error: &dyn std::error::Error| PhotosError::unreadable(&shot.name, error);
    let mut reader = ImageReader::new(Cursor::new(bytes))
        .with_guessed_format()
        .map_err(|error| unreadable(&error))?;
    let mut limits = Limits::default();
    limits.max_image_width = Some(MOST_PX);
    limits.max_image_height = Some(MOST_PX);
    limits.max_alloc = Some(MOST_BYTES);
    reader.limits(limits);
    let picture = reader.decode().map_err(|error| unreadable(&error))?;
    let own = DVec2::new(f64::from(picture.width()), f64::from(picture.height()));
    let picture = match own.max_element() > f64::from(LONGEST_PX) {
        true => picture.resize(LONGEST_PX, LONGEST_PX, FilterType::Triangle),
        false => picture,
    };
    let picture = picture.into_rgb8();
    let size = DVec2::new(f64::from(picture.width()), f64::from(picture.height()));
    let intrinsics = shot.camera.intrinsics.unwrap_or_else(|| Intrinsics::guessed(own));
    let intrinsics = intrinsics.for_size(own, size);
    let at = |camera: DVec3| scene_from_file.apply(shot.camera.pose.transform_point3(camera));
    let eye = at(DVec3::ZERO);
    let axis = |camera: DVec3| -> Vec3 { (at(camera) - eye).normalize_or_zero().as_vec3() };
    Ok(Photo {
        size: [picture.width(), picture.height()],
        pixels: picture.into_raw().into(),
        focal: intrinsics.focal.as_vec2(),
        middle: intrinsics.middle.as_vec2(),
        eye: eye.as_vec3(),
        axes: [axis(DVec3::X), axis(DVec3::Y), axis(DVec3::Z)],
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Camera;
    use glam::{DMat3, DMat4, Vec2};

    fn png(width: u32, height: u32) -> Vec<u8> {
        let mut bytes = Vec::new();
        let picture = image::RgbImage::from_pixel(width, height, image::Rgb([1, 2, 3]));
        picture.write_to(&mut Cursor::new(&mut bytes), image::ImageFormat::Png).unwrap();
        bytes
    }

    fn shot() -> Shot {
        let pose = DMat4::from_translation(DVec3::new(1.0, 2.0, 3.0));
        Shot { file: 0, name: "1.png".to_owned(), camera: Camera { pose, intrinsics: None } }
    }

    #[test]
    fn a_large_picture_is_made_smaller_and_its_camera_with_it() {
        let photo = develop(&shot(), &png(1280, 960), &Similarity::IDENTITY).unwrap();
        assert_eq!(photo.size, [640, 480]);
        assert!(photo.is_whole());
        assert_eq!(photo.middle, Vec2::new(320.0, 240.0));
        assert!((photo.focal.x - 0.82 * 640.0).abs() < 1e-3);
        assert_eq!(photo.pixels[..3], [1, 2, 3]);
    }

    #[test]
    fn it_stands_where_the_scene_has_it() {
        // A file in which y points down and lengths are in centimetres.
        let rotation = DMat3::from_cols(DVec3::X, DVec3::NEG_Z, DVec3::Y);
        let frame = Similarity { scale: 0.01, rotation, translation: DVec3::ZERO };
        let photo = develop(&shot(), &png(4, 4), &frame).unwrap();
        assert!(photo.eye.abs_diff_eq(Vec3::new(0.01, 0.03, -0.02), 1e-6), "{}", photo.eye);
        assert_eq!(photo.axes, [Vec3::X, Vec3::NEG_Z, Vec3::Y]);
    }

    #[test]
    fn what_is_no_picture_is_said_to_be_none() {
        for bytes in [&b"not a picture"[..], &png(4, 4)[..20], &[]] {
            let error = develop(&shot(), bytes, &Similarity::IDENTITY).unwrap_err();
            assert_eq!(error.code(), "photos-unreadable");
            assert!(error.to_string().starts_with("The file 1.png cannot be read"));
        }
    }
}
