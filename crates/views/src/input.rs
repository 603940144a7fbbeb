use scene::InstanceId;

/// Patches per instance.
pub const PATCHES: usize = 32;
/// Points per patch.
pub const PATCH_POINTS: usize = 16;
/// x, y, z in the patch, red, green, blue.
pub const POINT_FEATURES: usize = 6;
/// x, y, z in the instance, height over the floor.
pub const CENTRE_FEATURES: usize = 4;
/// Length of [`InstanceInput::extent`].
pub const EXTENT_FEATURES: usize = 8;
/// Views per instance.
pub const VIEWS: usize = 5;
/// Crops per view: expanded by 0, 10 and 20 %.
pub const CROP_LEVELS: usize = 3;
/// Red, green, blue, own pixels.
pub const CROP_CHANNELS: usize = 4;
/// Edge of a crop in pixels.
pub const CROP_PX: usize = 32;

/// Most points of the shell and of what no instance owns that [`crate::Looker::shell`] gives.
pub const SHELL_POINTS: usize = 512;
/// x, y, z in the scene frame, metres; red, green, blue in −1..1.
pub const SHELL_FEATURES: usize = 6;

/// What the encoders are given of one instance. Arrays are row-major; lengths in metres.
#[derive(Clone, Debug, PartialEq)]
pub struct InstanceInput {
    /// Whose input it is.
    pub id: InstanceId,
    /// `(32, 16, 6)`: `(p − centre_k) / radius` and colour in −1..1 (0 without colour), for the 16
    /// samples nearest to each of 32 farthest-point centres of 512 even samples.
    pub patches: Vec<f32>,
    /// `(32, 4)`: `(centre_k − c) / radius` and height over the floor in metres.
    pub centres: Vec<f32>,
    /// Box size x y z, bottom and top over the floor, radius, cube root of the box volume, and 1
    /// if the scan is coloured.
    pub extent: [f32; EXTENT_FEATURES],
    /// `(5, 3, 4, 32, 32)`: views, best first, × crop levels × red, green, blue, own pixels.
    /// Pixels that no point covers are 127; without colour every pixel is.
    pub crops: Vec<u8>,
    /// 1 where there is such a view; the others' crops are 127 with an empty mask.
    pub view_valid: [u8; VIEWS],
    /// `(32, 5)`: how far each patch centre can be trusted as each view sees it, 1..=255 for 0..=1;
    /// 0 where the view does not see it.
    pub trust: Vec<u8>,
    /// Centre and size of the box in the scene frame.
    pub box_m: [f32; 6],
    /// Whether the views are photographs; else they are drawn from the points.
    pub photographed: bool,
}

impl InstanceInput {
    /// Length of [`InstanceInput::patches`].
    pub const PATCHES_LEN: usize = PATCHES * PATCH_POINTS * POINT_FEATURES;
    /// Length of [`InstanceInput::centres`].
    pub const CENTRES_LEN: usize = PATCHES * CENTRE_FEATURES;
    /// Length of [`InstanceInput::trust`].
    pub const TRUST_LEN: usize = PATCHES * VIEWS;
    /// Length of one crop.
    pub const CROP_LEN: usize = CROP_CHANNELS * CROP_PX * CROP_PX;
    /// Length of [`InstanceInput::crops`].
    pub const CROPS_LEN: usize = VIEWS * CROP_LEVELS * Self::CROP_LEN;
}
