use crate::Error;
use scene::System;

/// How many `<OBJ i>` identifiers there are, and so how many instances can be encoded.
pub const SLOTS: usize = 200;

/// `encode` of `model.json`, with the names that the heads give.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// `d_e`: width of O3D and O2D.
    pub width: usize,
    /// `d`: width of the rows.
    pub row_width: usize,
    /// Views per instance.
    pub views: usize,
    /// Crops per view.
    pub crops: usize,
    /// Edge of a crop.
    pub crop_px: usize,
    /// Point patches per instance.
    pub patches: usize,
    /// Points per patch.
    pub patch_points: usize,
    /// Class names in the order of the class head.
    pub classes: Vec<String>,
    /// Colour names in the order of the colour head.
    pub colours: Vec<String>,
    /// The systems that the model can be, beside the unified one.
    pub systems: Vec<System>,
}

impl Config {
    /// Size S with these names.
    pub fn small(classes: Vec<String>, colours: Vec<String>) -> Self {
        Self {
            width: 128,
            row_width: 256,
            views: views::VIEWS,
            crops: views::CROP_LEVELS,
            crop_px: views::CROP_PX,
            patches: views::PATCHES,
            patch_points: views::PATCH_POINTS,
            classes,
            colours,
            systems: Vec::new(),
        }
    }

    /// Fails where the model wants other inputs than `views` gives, or widths that four heads
    /// cannot share.
    pub(crate) fn check(&self) -> Result<(), Error> {
        let sizes = [
            ("encode.views", self.views, views::VIEWS),
            ("encode.crops", self.crops, views::CROP_LEVELS),
            ("encode.crop_px", self.crop_px, views::CROP_PX),
            ("encode.patches", self.patches, views::PATCHES),
            ("encode.patch_points", self.patch_points, views::PATCH_POINTS),
            ("encode.width mod 4", self.width % 4, 0),
            ("encode.rows mod 4", self.row_width % 4, 0),
        ];
        match sizes.into_iter().find(|(_, found, expected)| found != expected) {
            Some((what, found, expected)) => Err(Error::Config { what, found, expected }),
            None => Ok(()),
        }
    }
}
