/// A kind of scanner.
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
    /// Fewest and most frames of a scan.
    pub frames: (usize, usize),
    /// Stands still at so many places and turns, where given; else it is walked.
    pub stations: Option<usize>,
    /// Depths it measures, metres.
    pub range_m: (f32, f32),
    /// Deviation of a depth: `.0 + .1 · z²`, metres.
    pub noise_m: (f32, f32),
    /// How often a pixel at a depth edge lands between near and far.
    pub flying: f32,
    /// How strongly dark and grazing surfaces are lost, 0..=1.
    pub drop_out: f32,
    /// Deviation of the camera's place and its turn at the end of a walk: metres, degrees.
    pub drift: (f32, f32),
    /// Deviation of exposure between frames, and of the colour of single pixels (0..=255).
    pub exposure: (f32, f32),
    /// Edge length of the fused voxels, metres: least and most.
    pub voxel_m: (f32, f32),
    /// Fewest measurements for a voxel to count.
    pub least_hits: u32,
    /// Beyond so many, points are left out at random.
    pub most_points: usize,
}

impl Preset {
    /// All presets.
    pub const ALL: [Self; 4] = [
        Self {
            name: "phone",
            width: 224,
            height: 168,
            field_of_view_deg: 66.0,
            frames: (28, 40),
            stations: None,
            range_m: (0.25, 5.0),
            noise_m: (0.002, 0.0018),
            flying: 0.08,
            drop_out: 0.5,
            drift: (0.012, 0.35),
            exposure: (0.06, 4.0),
            voxel_m: (0.018, 0.025),
            least_hits: 2,
            most_points: 250_000,
        },
        Self {
            name: "kinect",
            width: 224,
            height: 168,
            field_of_view_deg: 62.0,
            frames: (26, 40),
            stations: None,
            range_m: (0.5, 4.5),
            noise_m: (0.0015, 0.0024),
            flying: 0.12,
            drop_out: 0.8,
            drift: (0.015, 0.5),
            exposure: (0.08, 6.0),
            voxel_m: (0.016, 0.024),
            least_hits: 2,
            most_points: 250_000,
        },
        Self {
            name: "photogrammetry",
            width: 224,
            height: 168,
            field_of_view_deg: 74.0,
            frames: (28, 40),
            stations: None,
            range_m: (0.3, 8.0),
            noise_m: (0.004, 0.0020),
            flying: 0.12,
            drop_out: 0.6,
            drift: (0.006, 0.15),
            exposure: (0.03, 3.0),
            voxel_m: (0.016, 0.022),
            least_hits: 2,
            most_points: 250_000,
        },
        Self {
            name: "laser",
            width: 256,
            height: 220,
            field_of_view_deg: 80.0,
            frames: (32, 40),
            stations: Some(4),
            range_m: (0.3, 20.0),
            noise_m: (0.0015, 0.00002),
            flying: 0.04,
            drop_out: 0.3,
            drift: (0.0, 0.0),
            exposure: (0.03, 3.0),
            voxel_m: (0.013, 0.02),
            least_hits: 1,
            most_points: 250_000,
        },
    ];

    /// A careful scan of one room, small enough to ship.
    pub fn for_sample() -> Self {
        let [phone, ..] = Self::ALL;
        Self {
            name: "sample",
            frames: (90, 90),
            noise_m: (0.001, 0.0008),
            flying: 0.02,
            drift: (0.003, 0.05),
            exposure: (0.02, 2.0),
            voxel_m: (0.03, 0.03),
            most_points: 200_000,
            ..phone
        }
    }

    /// The preset of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|preset| preset.name == name)
    }
}
