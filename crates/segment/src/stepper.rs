use crate::adjacency::Adjacency;
use crate::{
    Objects, Options, SegmentError,
    check::{check, same_length},
    file_objects::{FileObjects, has_objects},
    finish::{self, GroupedPoints},
    found::{Found, capped, given},
    grid::{GridBuilder, VoxelGrid},
    networks::Networks,
    objects::ObjectSearch,
    repair::{Repair, repair},
    repeats::Repeats,
    shape_work::ShapeWork,
    shell::{Shell, find_levels},
    surface::Surface,
    survey::{Survey, SurveyWork},
    voxel_size,
    walls::WallSearch,
};
use glam::{DVec3, Vec3};
use scene::{Aabb, Instance, PointCloud, Reading, Scene, Structure, Superpoints, Warning};
use std::borrow::Cow;

/// Points per step where each costs a few tens of nanoseconds.
const POINTS_PER_STEP: usize = 1 << 17;
/// With fewer points a room is hardly a scan.
const FEW_POINTS: usize = 5000;
/// Cells along the longest side of the grid that up and yaw are read from.
const COARSE_CELLS: f32 = 100.0;

/// A segmentation that is under way.
#[derive(Debug)]
pub struct Segmentation {
    cloud: PointCloud,
    options: Options,
    objects: Objects,
    warnings: Vec<Warning>,
    repeats: Repeats,
    state: State,
}

/// What one call of [`Segmentation::step`] came to.
#[derive(Debug)]
pub enum Step {
    /// There is more to do.
    Working {
        /// Units of work done in this phase.
        done: u64,
        /// Units of work in this phase; at least `done`.
        total: u64,
        /// The phase, in words for a progress line.
        what: &'static str,
    },
    /// The scene is ready. The next step is an error.
    Done(Box<Scene>),
}

/// Where the work stands; each holds what the later ones need.
#[derive(Debug)]
enum State {
    Survey { work: SurveyWork },
    Coarse { survey: Survey, builder: GridBuilder, next: usize },
    CoarseShape { survey: Survey, grid: VoxelGrid, work: ShapeWork },
    Upright { survey: Survey, grid: VoxelGrid, surface: Surface },
    Move { survey: Survey, repair: Repair, next: usize },
    Voxels { repair: Repair, builder: GridBuilder, bounds: Aabb, next: usize },
    Shape { repair: Repair, grid: VoxelGrid, work: ShapeWork },
    Levels { repair: Repair, shapes: Shapes },
    Walls { repair: Repair, shapes: Shapes, shell: Shell, search: WallSearch, planes: u64 },
    Objects { repair: Repair, search: Box<ObjectSearch> },
    Boxes { repair: Repair, parts: Parts, found: Vec<Found>, done: Vec<Instance> },
    Structure { repair: Repair, parts: Parts, instances: Vec<Instance>, points: GroupedPoints },
    Ended,
}

/// A search for objects that is to begin, and the points that it is to begin in.
#[cfg(feature = "training")]
type SearchInPoints = (ObjectSearch, Vec<[f32; 3]>);

/// What the objects were found in.
#[derive(Debug)]
struct Parts {
    grid: VoxelGrid,
    shell: Shell,
    superpoints: Superpoints,
}

/// A grid with all that is known of its voxels.
#[derive(Debug)]
pub(crate) struct Shapes {
    pub(crate) grid: VoxelGrid,
    pub(crate) adjacency: Adjacency,
    pub(crate) surface: Surface,
}

const FINDING_UP: &str = "Finding which way is up";
const TURNING: &str = "Setting the scan upright";
const VOXELS: &str = "Sorting points into voxels";
const SURFACES: &str = "Reading surfaces";
const SHELL: &str = "Finding floor and walls";
const OBJECTS: &str = "Finding objects";
const BOXES: &str = "Measuring objects";

impl Segmentation {
    /// Takes the cloud in. Repair and structure are found wherever the objects come from.
    ///
    /// # Errors
    /// Where the cloud can become no scene; see [`SegmentError`]. Where the objects are given, but
    /// not one id per point.
    pub fn new(
        cloud: PointCloud,
        objects: Objects,
        options: &Options,
    ) -> Result<Self, SegmentError> {
        check(&cloud, options)?;
        if let Objects::Given(ids) = &objects {
            same_length("instance ids", cloud.len(), ids.len())?;
        }
        let mut cloud = cloud;
        let mut warnings = std::mem::take(&mut cloud.warnings);
        let mut objects = objects;
        let work = SurveyWork::new(cloud.len());
        if objects == Objects::OfFile && !has_objects(&cloud) {
            objects = Objects::Found;
            warnings.push(Warning::new(
                "no-objects-in-file",
                "The file has no column that tells its objects apart (instance, segment, label); \
                 they were found in its points.",
            ));
        }
        Ok(Self {
            cloud,
            options: *options,
            objects,
            warnings,
            repeats: Repeats::default(),
            state: State::Survey { work },
        })
    }

    /// Works for a few tens of milliseconds at most (a million points, one modern core).
    ///
    /// # Errors
    /// [`SegmentError`] where the cloud can become no scene; [`SegmentError::Ended`] after an
    /// error or the end.
    pub fn step(&mut self) -> Result<Step, SegmentError> {
        let points = self.cloud.len();
        let (next_state, done, total, what) = match std::mem::replace(&mut self.state, State::Ended)
        {
            State::Survey { mut work } => {
                let ready = work.step(&self.cloud.positions, POINTS_PER_STEP)?;
                let (done, total) = work.progress(points);
                let state = if ready {
                    let survey = self.surveyed(work);
                    let size = survey.bounds.size().max_element() / COARSE_CELLS;
                    let builder = GridBuilder::new(size, survey.bounds);
                    State::Coarse { survey, builder, next: 0 }
                } else {
                    State::Survey { work }
                };
                (state, done, total, FINDING_UP)
            }
            State::Coarse { survey, mut builder, next } => {
                let end = (next + POINTS_PER_STEP).min(points);
                builder.add(&self.cloud.positions, None, &self.repeats, next..end);
                let state = if end < points {
                    State::Coarse { survey, builder, next: end }
                } else {
                    State::CoarseShape { survey, grid: builder.finish(), work: ShapeWork::new() }
                };
                (state, end, points, FINDING_UP)
            }
            State::CoarseShape { survey, grid, mut work } => {
                let ready = work.step(&grid);
                let (done, total) = work.progress(&grid);
                let state = if ready {
                    State::Upright { survey, grid, surface: work.finish().1 }
                } else {
                    State::CoarseShape { survey, grid, work }
                };
                (state, done as usize, total as usize, FINDING_UP)
            }
            State::Upright { survey, grid, surface } => {
                let origin = DVec3::from(self.cloud.origin);
                let mut repair = repair(&grid, &surface, origin, &self.options);
                self.warnings.append(&mut repair.warnings);
                (State::Move { survey, repair, next: 0 }, 0, points, TURNING)
            }
            State::Move { survey, repair, next } => {
                let end = (next + POINTS_PER_STEP).min(points);
                self.turn(&repair, next..end);
                let state = if end < points {
                    State::Move { survey, repair, next: end }
                } else {
                    self.cloud.origin = [0.0; 3];
                    let bounds = self.bounds_in_scene(&survey, &repair);
                    let size = voxel_size::first(&bounds);
                    let builder = GridBuilder::new(size, bounds);
                    State::Voxels { repair, builder, bounds, next: 0 }
                };
                (state, end, points, TURNING)
            }
            State::Voxels { repair, mut builder, bounds, next } => {
                let end = (next + POINTS_PER_STEP).min(points);
                let colours = self.cloud.colours.as_deref();
                builder.add(&self.cloud.positions, colours, &self.repeats, next..end);
                let all = (end == points).then(|| points - self.repeats.count());
                let state = match voxel_size::next(builder.size(), builder.len(), all) {
                    Some(size) => State::Voxels {
                        repair,
                        builder: GridBuilder::new(size, bounds),
                        bounds,
                        next: 0,
                    },
                    None if end < points => State::Voxels { repair, builder, bounds, next: end },
                    None => State::Shape { repair, grid: builder.finish(), work: ShapeWork::new() },
                };
                (state, end, points, VOXELS)
            }
            State::Shape { repair, grid, mut work } => {
                let ready = work.step(&grid);
                let (done, total) = work.progress(&grid);
                let state = if ready {
                    let (adjacency, surface) = work.finish();
                    State::Levels { repair, shapes: Shapes { grid, adjacency, surface } }
                } else {
                    State::Shape { repair, grid, work }
                };
                (state, done as usize, total as usize, SURFACES)
            }
            State::Levels { repair, shapes } => {
                let mut shell = Shell::empty(&shapes.grid);
                find_levels(&shapes.grid, &shapes.surface, &mut shell);
                let search = WallSearch::new(&shapes.grid, &shapes.surface, &shell);
                (State::Walls { repair, shapes, shell, search, planes: 0 }, 0, 1, SHELL)
            }
            State::Walls { repair, shapes, mut shell, mut search, planes } => {
                let state = if search.step(&shapes.grid, &shapes.surface, &mut shell) {
                    State::Walls { repair, shapes, shell, search, planes: planes + 1 }
                } else {
                    self.after_shell(repair, shapes, shell)
                };
                (state, planes as usize, planes as usize + 1, SHELL)
            }
            State::Objects { repair, mut search } => {
                let (done, total) = search.progress();
                let state = match search.step() {
                    None => State::Objects { repair, search },
                    Some(found) => {
                        let found = capped(found, &mut self.warnings);
                        let (grid, shell, superpoints) = search.into_parts();
                        let parts = Parts { grid, shell, superpoints };
                        State::Boxes { repair, parts, found, done: Vec::new() }
                    }
                };
                (state, done as usize, total as usize, OBJECTS)
            }
            State::Boxes { repair, parts, mut found, mut done } => {
                let mut worked = 0;
                let total = found.len() + done.len();
                while worked < POINTS_PER_STEP {
                    let Some(object) = found.pop() else { break };
                    worked += object.points.len();
                    done.push(object.into_instance(&self.cloud.positions));
                }
                let so_far = done.len();
                let state = if found.is_empty() {
                    let points = finish::shell_points(&parts.grid, &parts.shell);
                    State::Structure { repair, parts, instances: done, points }
                } else {
                    State::Boxes { repair, parts, found, done }
                };
                (state, so_far, total, BOXES)
            }
            State::Structure { repair, parts, instances, points: mut gathered } => {
                if gathered.step(&parts.grid, 4 * POINTS_PER_STEP) {
                    let structure = finish::structure(&parts.grid, &parts.shell, gathered.finish());
                    let scene = self.scene(repair, parts, structure, instances);
                    return Ok(Step::Done(Box::new(scene)));
                }
                let done = gathered.done();
                (
                    State::Structure { repair, parts, instances, points: gathered },
                    done,
                    points,
                    BOXES,
                )
            }
            State::Ended => return Err(SegmentError::Ended),
        };
        self.state = next_state;
        Ok(Step::Working { done: done as u64, total: total.max(done) as u64, what })
    }

    /// Runs up to the search for objects; the points in the scene frame come along. None where the
    /// objects are given.
    #[cfg(feature = "training")]
    pub(crate) fn into_search(mut self) -> Result<Option<SearchInPoints>, SegmentError> {
        loop {
            match self.state {
                State::Objects { search, .. } => return Ok(Some((*search, self.cloud.positions))),
                State::Boxes { .. } | State::Structure { .. } | State::Ended => return Ok(None),
                _ => self.step()?,
            };
        }
    }

    /// Tells what the first look found.
    fn surveyed(&mut self, work: SurveyWork) -> Survey {
        let (survey, repeats) = work.finish();
        let rows = self.cloud.len();
        let told = self.warnings.iter().any(|known| known.code == Warning::NON_FINITE_POINTS);
        if survey.usable < rows && !told {
            self.warnings.push(Warning::new(
                Warning::NON_FINITE_POINTS,
                format!("{} points without finite coordinates are left out.", rows - survey.usable),
            ));
        }
        if survey.usable < FEW_POINTS {
            self.warnings.push(Warning::new(
                "few-points",
                format!(
                    "This scan has {} points; a room takes some ten thousand. What is found in it \
                     is little to go by.",
                    survey.usable
                ),
            ));
        }
        if repeats.count() > 0 {
            self.warnings.push(Warning::new(
                "points-twice",
                format!(
                    "About {} of {rows} points stand in the file a second time; each counts once.",
                    repeats.count()
                ),
            ));
        }
        self.repeats = repeats;
        if survey.outliers > 0 {
            self.warnings.push(Warning::new(
                "points-far-away",
                format!("{} points far from all others are left out.", survey.outliers),
            ));
        }
        survey
    }

    /// Moves a range of points from the file's world into the scene's.
    fn turn(&mut self, repair: &Repair, range: std::ops::Range<usize>) {
        let origin = DVec3::from(self.cloud.origin);
        for position in &mut self.cloud.positions[range.clone()] {
            let in_file = Vec3::from(*position).as_dvec3() + origin;
            *position = repair.scene_from_file.apply(in_file).as_vec3().to_array();
        }
        let rotation = repair.scene_from_file.rotation.as_mat3();
        if let Some(normals) = &mut self.cloud.normals {
            for normal in &mut normals[range] {
                *normal = (rotation * Vec3::from(*normal)).to_array();
            }
        }
    }

    /// The robust bounds again, in the scene frame: round the points that were inside.
    fn bounds_in_scene(&self, survey: &Survey, repair: &Repair) -> Aabb {
        let origin = DVec3::from(repair.origin);
        let corners = (0..8).map(|corner| {
            let pick = |axis: usize| {
                let (low, high) = (survey.bounds.min[axis], survey.bounds.max[axis]);
                f64::from(if corner >> axis & 1 == 1 { high } else { low })
            };
            let in_file = DVec3::new(pick(0), pick(1), pick(2)) + origin;
            repair.scene_from_file.apply(in_file).as_vec3()
        });
        // A turned box is roomier than its points; a point outside the old box may slip in, one
        // inside never out.
        let bounds = Aabb::of_points(corners);
        let grow = Vec3::splat(1e-4 * bounds.size().max_element());
        Aabb { min: bounds.min - grow, max: bounds.max + grow }
    }

    fn after_shell(&mut self, repair: Repair, shapes: Shapes, shell: Shell) -> State {
        let of_file = match self.objects {
            Objects::OfFile => FileObjects::of(&self.cloud),
            _ => None,
        };
        let ids = match (&self.objects, of_file) {
            (Objects::Given(ids), _) => Cow::Borrowed(ids),
            (_, Some(file)) => Cow::Owned(file.ids(&shapes.grid, &shapes.adjacency)),
            _ => {
                let networks = if self.options.by_hand { None } else { Networks::shipped() };
                let search = Box::new(ObjectSearch::new(shapes, shell, networks));
                return State::Objects { repair, search };
            }
        };
        let found = capped(given(&ids, &self.cloud.positions), &mut self.warnings);
        let parts = Parts { grid: shapes.grid, shell, superpoints: Superpoints::default() };
        State::Boxes { repair, parts, found, done: Vec::new() }
    }

    fn scene(
        &mut self,
        repair: Repair,
        parts: Parts,
        structure: Structure,
        mut instances: Vec<Instance>,
    ) -> Scene {
        instances.sort_by_key(|instance| instance.id);
        if let (Objects::OfFile, Some(file)) = (&self.objects, FileObjects::of(&self.cloud)) {
            for instance in &mut instances {
                instance.told = file.name_of(instance);
            }
        }
        if instances.is_empty() {
            self.warnings.push(Warning::new(
                "no-objects",
                "No object was found in this scan: it may be too small, too sparse, or a bare room.",
            ));
        }
        Scene {
            cloud: std::mem::take(&mut self.cloud),
            scene_from_file: repair.scene_from_file,
            reading: Reading { objects_of_file: self.objects == Objects::OfFile, ..repair.reading },
            bounds: finish::bounds_of(&parts.grid),
            voxel_m: parts.grid.size,
            structure,
            instances,
            superpoints: parts.superpoints,
            warnings: std::mem::take(&mut self.warnings),
        }
    }
}
