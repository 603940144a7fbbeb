//! What the encoders weighed about an object, for who wants to see inside.

use crate::EngineError;
use crate::session::OpenScan;
use protocol::{Inside, Relation};
use scene::InstanceId;
use views::{CROP_LEVELS, CROP_PX, InstanceInput, Looker, VIEWS};

/// Objects shown of those that an object looked at.
const RELATIONS: usize = 8;
/// Red, green, blue, opacity of a picture's pixel.
const RGBA: usize = 4;

/// What was weighed, and the pictures of the object's views; those of views that there are not are
/// empty.
pub(crate) fn look(open: &OpenScan, id: InstanceId) -> Result<(Inside, Vec<u8>), EngineError> {
    let unknown = || EngineError::UnknownObject(id);
    let looker = Looker::new(&open.scene).with_photos(open.photos.clone());
    let input = looker.look(id).ok_or_else(unknown)?;
    let mut weighings = open.inside.of(id);
    weighings.sort_by(|a, b| b.attention.total_cmp(&a.attention).then(a.id.cmp(&b.id)));
    weighings.truncate(RELATIONS);
    let relations = weighings.iter().map(|one| Relation {
        id: one.id,
        gate: one.gate,
        attention: one.attention,
    });
    let inside = Inside {
        id,
        relations: relations.collect(),
        views: open.inside.views(id),
        px: CROP_PX as u32,
    };
    Ok((inside, pictures(&input)))
}

/// The widest crop of each view, pixel by pixel.
fn pictures(input: &InstanceInput) -> Vec<u8> {
    let area = CROP_PX * CROP_PX;
    let mut pixels = vec![0; VIEWS * area * RGBA];
    let widest = input.crops.chunks_exact(InstanceInput::CROP_LEN).skip(CROP_LEVELS - 1);
    let pictures = pixels.chunks_exact_mut(area * RGBA).zip(widest.step_by(CROP_LEVELS));
    for ((picture, crop), _) in pictures.zip(input.view_valid).filter(|(_, valid)| *valid != 0) {
        for (i, pixel) in picture.chunks_exact_mut(RGBA).enumerate() {
            let channel = |c: usize| crop.get(c * area + i).copied().unwrap_or_default();
            pixel.copy_from_slice(&[channel(0), channel(1), channel(2), u8::MAX]);
        }
    }
    pixels
}
