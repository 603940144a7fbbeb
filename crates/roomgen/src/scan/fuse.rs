use super::camera::Camera;
use super::coverage::Coverage;
use super::preset::Preset;
use super::raster::render;
use super::sensor::{Bend, FrameFault, measure};
use crate::home::Home;
use crate::rng::Rng;
use glam::{Mat3, Vec3};
use rustc_hash::FxHashMap;
use scene::Similarity;

/// Points farther than this outside the box round a piece are nobody's, metres.
const STRAY_M: f32 = 0.03;

/// No scan is fused coarser, metres.
const VOXEL_MOST_M: f32 = 0.03;

/// For no more points the voxels are chosen, however many rooms there are.
const MOST_POINTS: usize = 700_000;

/// A fused scan.
#[derive(Clone, Debug, Default)]
pub struct Fused {
    /// In the file's frame, metres.
    pub positions: Vec<Vec3>,
    /// As recorded.
    pub colours: Vec<[u8; 3]>,
    /// For each point: index of its piece in [`Home::placed`] plus one, 0 for the shell.
    pub owners: Vec<u16>,
    /// For each point: the mean of the true surface colours, 0..=255.
    pub albedos: Vec<Vec3>,
    /// Edge length of the voxels, metres.
    pub voxel_m: f32,
    /// What the frames looked through.
    pub coverage: Coverage,
}

#[derive(Clone, Copy, Debug, Default)]
struct Cell {
    position: Vec3,
    colour: Vec3,
    albedo: Vec3,
    hits: u32,
    /// Majority vote of Boyer and Moore.
    owner: u16,
    votes: u32,
}

/// A scan that is being fused: a frame at a time.
pub struct Fusion {
    rng: Rng,
    rotation: Mat3,
    translation: Vec3,
    most_points: usize,
    least_hits: u32,
    voxel_m: f32,
    cells: FxHashMap<[i32; 3], u32>,
    store: Vec<Cell>,
    coverage: Coverage,
}

/// Renders every frame, spoils it as the sensor would, and averages what falls into the same
/// voxel of the file's frame. A voxel that several pieces touch belongs to the one that most
/// measurements hit.
pub fn fuse(
    home: &Home,
    shots: &[(Camera, FrameFault)],
    preset: &Preset,
    file_from_home: &Similarity,
    rng: Rng,
) -> Fused {
    let mut fusion = Fusion::start(home, preset, file_from_home, rng);
    for (camera, fault) in shots {
        fusion.look(home, preset, camera, fault);
    }
    fusion.finish(home)
}

impl Fusion {
    /// Nothing is seen yet.
    pub fn start(home: &Home, preset: &Preset, file_from_home: &Similarity, mut rng: Rng) -> Self {
        let (few, many) = (preset.points.0 as f32, preset.points.1 as f32);
        // Even on a scale of factors; a further room adds three quarters of the first one's.
        let of_one = few * (many / few).powf(rng.unit());
        let rooms = 0.25 + 0.75 * home.spaces.len() as f32;
        let most_points = ((of_one * rooms) as usize).min(MOST_POINTS);
        let least_hits = rng.between(preset.least_hits.0, preset.least_hits.1) as u32;
        let voxel_m = voxel_for(home, preset, most_points, &mut rng);
        let rotation =
            Mat3::from_cols_array(&file_from_home.rotation.to_cols_array().map(|v| v as f32));
        Self {
            rng,
            rotation,
            translation: file_from_home.translation.as_vec3(),
            most_points,
            least_hits,
            voxel_m,
            cells: FxHashMap::default(),
            store: Vec::new(),
            coverage: Coverage::new(home),
        }
    }

    /// With voxels of this edge, metres, instead.
    pub fn with_voxels_of(self, voxel_m: f32) -> Self {
        Self { voxel_m, ..self }
    }

    /// Renders one frame, spoils it, and adds it.
    pub fn look(&mut self, home: &Home, preset: &Preset, camera: &Camera, fault: &FrameFault) {
        let Self { rng, rotation, cells, store, .. } = self;
        let frame = render(home, camera);
        self.coverage.look(camera, &frame, preset);
        let bend = Bend::new(&frame, rng);
        let believed = fault.believed(camera);
        let origin = *rotation * believed.position;
        for index in 0..frame.pixels.len() {
            let Some(reading) = measure(&frame, index, &bend, preset, fault, rng) else { continue };
            let ray = believed.ray(index % frame.width, index / frame.width);
            let at = origin + *rotation * ray * reading.depth_m;
            let key = (at / self.voxel_m).floor().to_array().map(|v| v as i32);
            let slot = *cells.entry(key).or_insert_with(|| {
                store.push(Cell::default());
                store.len() as u32 - 1
            });
            let pixel = &frame.pixels[index];
            let cell = &mut store[slot as usize];
            cell.position += at;
            cell.colour += reading.colour;
            cell.albedo += pixel.albedo;
            cell.hits += 1;
            match (cell.votes, cell.owner == pixel.owner) {
                (0, _) => (cell.owner, cell.votes) = (pixel.owner, 1),
                (_, true) => cell.votes += 1,
                (_, false) => cell.votes -= 1,
            }
        }
    }

    /// The scan of all frames seen; nothing is left after it.
    pub fn finish(&mut self, home: &Home) -> Fused {
        let mut store = std::mem::take(&mut self.store);
        self.cells = FxHashMap::default();
        store.retain(|cell| cell.hits >= self.least_hits);
        let home_from_file = self.rotation.transpose();
        for cell in &mut store {
            let at = home_from_file * (cell.position / cell.hits as f32);
            if is_stray(home, cell.owner, at) {
                cell.owner = 0;
            }
        }
        // Noise thickens surfaces, so there may be more than the voxels were chosen for.
        let limit = self.most_points + self.most_points / 2;
        if store.len() > limit {
            self.rng.shuffle(&mut store);
            store.truncate(limit);
        }
        let coverage = std::mem::take(&mut self.coverage);
        let mut fused = Fused { voxel_m: self.voxel_m, coverage, ..Fused::default() };
        for cell in store {
            let share = 1.0 / cell.hits as f32;
            fused.positions.push(cell.position * share + self.translation);
            fused.colours.push((cell.colour * share).to_array().map(|c| c.round() as u8));
            fused.owners.push(cell.owner);
            fused.albedos.push(cell.albedo * share);
        }
        fused
    }
}

/// Whether a measurement of a piece landed so far from it that nobody would call it part of it.
fn is_stray(home: &Home, owner: u16, at: Vec3) -> bool {
    let piece = usize::from(owner).checked_sub(1).and_then(|index| home.placed.get(index));
    piece.is_some_and(|placed| {
        let (low, high) = (placed.bounds.min - STRAY_M, placed.bounds.max + STRAY_M);
        !(at.cmpge(low).all() && at.cmple(high).all())
    })
}

/// Fine for small homes, coarser for large ones, so that scans stay of a size.
fn voxel_for(home: &Home, preset: &Preset, most_points: usize, rng: &mut Rng) -> f32 {
    let wanted = rng.range(preset.voxel_m.0, preset.voxel_m.1);
    wanted.max((home.surface_m2() / (0.56 * most_points as f32)).sqrt()).min(VOXEL_MOST_M)
}
