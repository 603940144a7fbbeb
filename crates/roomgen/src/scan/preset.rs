use crate::rng::Rng;

/// A kind of scanner. Where a field has two numbers, each scan draws its own between them.
#[derive(Clone, Debug)]
pub struct Preset {
    /// As on the command line.
    pub name: &'static str,
    /// Pixels across a depth frame.
    pub width: usize,
    /// Pixels down.
    pub height: usize,
    /// Horizontal, degrees.
    pub field_of_view_deg: f32,
    /// Fewest and most frames of one room.
    pub frames: (usize, usize),
    /// Stands still at so many places of a room and turns, where given; else it is walked.
    pub stations: Option<usize>,
    /// How many rooms are walked on one side only.
    pub one_sided: f32,
    /// Depths it measures, metres.
    pub range_m: (f32, f32),
    /// Deviation of a depth from pixel to pixel: `.0 + .1 · z²`, metres.
    pub noise_m: (f32, f32),
    /// Deviation of a depth in patches of some pixels, the same for neighbours: `bend · z²`.
    pub bend_m: f32,
    /// Depths come in steps of this much times `z²`, as of a sensor that measures whole
    /// disparities; 0 for none.
    pub step_m: f32,
    /// How often a pixel is off by up to an eighth of its depth, for no reason to be seen.
    pub outliers: f32,
    /// How often a pixel at a depth edge lands between near and far.
    pub flying: f32,
    /// How strongly dark and grazing surfaces are lost, 0..=1.
    pub drop_out: f32,
    /// How often a pixel of something thinner than three pixels is lost.
    pub thin_loss: f32,
    /// Deviation of the camera's place and its turn at the end of the worst walk: metres, degrees.
    pub drift: (f32, f32),
    /// Deviation of exposure between frames, and of the colour of single pixels (0..=255).
    pub exposure: (f32, f32),
    /// Deviation of a whole scan's red and blue against its green, and of its brightness.
    pub cast: [f32; 3],
    /// Least and greatest brightness of a frame.
    pub light: (f32, f32),
    /// Edge length of the fused voxels, metres; coarser where the points would be too many.
    pub voxel_m: (f32, f32),
    /// Fewest measurements for a voxel to count.
    pub least_hits: (usize, usize),
    /// For so many points the voxels are chosen, in a scan of one room.
    pub points: (usize, usize),
}

/// A camera that has set itself to the light.
const USUAL_CAST: [f32; 3] = [0.02, 0.03, 0.05];
const USUAL_LIGHT: (f32, f32) = (0.7, 1.25);

impl Preset {
    /// All presets that a suite draws from. Noise after Nguyen et al. 2012 (Modeling Kinect sensor noise) and Luetzenburg
    /// et al. 2021 (Evaluation of the Apple iPhone 12 Pro LiDAR) in kind, tuned in size against
    /// real scans: `docs/scans.md`.
    pub const ALL: [Self; 4] = [
        Self {
            name: "phone",
            width: 256,
            height: 192,
            field_of_view_deg: 66.0,
            frames: (30, 60),
            stations: None,
            one_sided: 0.25,
            range_m: (0.25, 5.0),
            noise_m: (0.0010, 0.0005),
            bend_m: 0.0014,
            step_m: 0.0,
            outliers: 0.002,
            flying: 0.2,
            drop_out: 0.5,
            thin_loss: 0.4,
            drift: (0.03, 0.5),
            exposure: (0.06, 4.0),
            cast: USUAL_CAST,
            light: USUAL_LIGHT,
            voxel_m: (0.009, 0.024),
            least_hits: (1, 2),
            points: (100_000, 300_000),
        },
        Self {
            name: "kinect",
            width: 320,
            height: 240,
            field_of_view_deg: 60.0,
            frames: (30, 60),
            stations: None,
            one_sided: 0.35,
            range_m: (0.5, 4.5),
            noise_m: (0.0004, 0.0005),
            bend_m: 0.0010,
            step_m: 0.0027,
            outliers: 0.003,
            flying: 0.2,
            drop_out: 0.8,
            thin_loss: 0.5,
            drift: (0.03, 0.5),
            exposure: (0.08, 6.0),
            cast: USUAL_CAST,
            light: USUAL_LIGHT,
            voxel_m: (0.007, 0.022),
            least_hits: (1, 2),
            points: (100_000, 340_000),
        },
        Self {
            name: "photogrammetry",
            width: 288,
            height: 216,
            field_of_view_deg: 74.0,
            frames: (32, 64),
            stations: None,
            one_sided: 0.15,
            range_m: (0.3, 8.0),
            noise_m: (0.0020, 0.0010),
            bend_m: 0.0016,
            step_m: 0.0,
            outliers: 0.003,
            flying: 0.2,
            drop_out: 0.6,
            thin_loss: 0.6,
            drift: (0.012, 0.2),
            exposure: (0.03, 3.0),
            cast: USUAL_CAST,
            light: USUAL_LIGHT,
            voxel_m: (0.008, 0.024),
            least_hits: (1, 3),
            points: (100_000, 340_000),
        },
        Self {
            name: "laser",
            width: 288,
            height: 248,
            field_of_view_deg: 80.0,
            frames: (32, 40),
            stations: Some(4),
            one_sided: 0.0,
            range_m: (0.3, 20.0),
            noise_m: (0.0015, 0.00002),
            bend_m: 0.0,
            step_m: 0.0,
            outliers: 0.001,
            flying: 0.08,
            drop_out: 0.3,
            thin_loss: 0.1,
            drift: (0.0, 0.0),
            exposure: (0.03, 3.0),
            cast: USUAL_CAST,
            light: USUAL_LIGHT,
            voxel_m: (0.005, 0.02),
            least_hits: (1, 1),
            points: (100_000, 340_000),
        },
    ];

    /// A careful scan of one room, small enough to ship.
    pub fn for_sample() -> Self {
        let [phone, ..] = Self::ALL;
        Self {
            name: "sample",
            width: 224,
            height: 168,
            frames: (90, 90),
            one_sided: 0.0,
            noise_m: (0.001, 0.0008),
            bend_m: 0.0,
            outliers: 0.0,
            flying: 0.02,
            thin_loss: 0.0,
            drift: (0.003, 0.05),
            exposure: (0.02, 2.0),
            voxel_m: (0.03, 0.03),
            least_hits: (2, 2),
            points: (200_000, 200_000),
            ..phone
        }
    }

    /// A phone's scan of one room that is soon made, for browsers: fewer and smaller frames, and
    /// fewer points.
    pub fn for_browser() -> Self {
        let [phone, ..] = Self::ALL;
        Self {
            width: 232,
            height: 174,
            frames: (40, 48),
            one_sided: 0.0,
            points: (110_000, 190_000),
            ..phone
        }
    }

    /// A few frames from one spot of each room, in whatever light there is, as people try a depth
    /// camera out: things are seen from one side, or half, and under a cast of the lamps.
    pub fn glance() -> Self {
        let [_, kinect, ..] = Self::ALL;
        Self {
            name: "glance",
            width: 400,
            height: 300,
            frames: (4, 9),
            one_sided: 1.0,
            range_m: (0.4, 6.0),
            drift: (0.01, 0.3),
            cast: [0.09, 0.16, 0.2],
            light: (0.35, 1.25),
            voxel_m: (0.006, 0.012),
            least_hits: (1, 1),
            points: (150_000, 400_000),
            ..kinect
        }
    }

    /// A depth camera held over a table.
    pub fn for_tables() -> Self {
        let [_, kinect, ..] = Self::ALL;
        Self {
            name: "table",
            width: 480,
            height: 360,
            field_of_view_deg: 56.0,
            range_m: (0.4, 2.2),
            drift: (0.004, 0.2),
            thin_loss: 0.3,
            voxel_m: (0.0015, 0.006),
            least_hits: (1, 1),
            points: (700_000, 700_000),
            ..kinect
        }
    }

    /// The same kind of scanner, as good or bad as one of them is.
    pub fn varied(mut self, rng: &mut Rng) -> Self {
        let worse = rng.range(0.3, 1.15);
        self.noise_m = (self.noise_m.0 * worse, self.noise_m.1 * worse);
        self.bend_m *= worse;
        self.outliers *= rng.unit() * 2.0;
        self
    }

    /// The preset of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::all().find(|preset| preset.name == name)
    }

    /// All presets that can be asked for.
    pub fn all() -> impl Iterator<Item = Self> {
        Self::ALL.into_iter().chain([Self::glance()])
    }
}
