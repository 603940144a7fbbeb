//! A room's truth in metres, with every distance at hand: what programs are run on.

mod found;
mod ground;

pub use ground::Ground;

use crate::suite::{SceneTruth, Support};
use geometry::{Floor, Polygon, Surface};
use glam::{DMat3, DMat4, DVec3, Vec3};
use scene::{Aabb, InstanceId, OrientedBox, PointCloud, Similarity};
use std::sync::Arc;
use thiserror::Error;

/// Why facts could not be drawn from a truth and its scan.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum FactsError {
    /// The scan's truth columns were taken out.
    #[error("the scan has no “instance” column")]
    NoInstanceColumn,
    /// `scene_from_file` is not finite.
    #[error("the room's scene_from_file is not a finite matrix")]
    BadFrame,
}

/// A room's objects in the scene frame, metres.
#[derive(Clone, Debug)]
pub struct Facts {
    /// By ascending id.
    pub objects: Vec<Fact>,
    /// Every class of the suite.
    pub classes: Vec<String>,
    /// What the room is for, such as `bedroom`, where known.
    pub purpose: Option<String>,
    /// Least surface distance of each ordered pair, `(n, n)`, metres.
    distances_m: Vec<f32>,
    ground: Arc<Ground>,
}

/// One object's facts.
#[derive(Clone, Debug)]
pub struct Fact {
    /// Its id.
    pub id: InstanceId,
    /// Its class.
    pub label: String,
    /// Its colour, where it has one.
    pub colour: Option<String>,
    /// What it is made of, where that is clear.
    pub material: Option<String>,
    /// What carries it.
    pub support: Support,
    /// Round what was scanned of it, scene frame.
    pub scanned: Aabb,
    /// Round all of it, scene frame.
    pub whole: Aabb,
    /// Whether the scan shows enough of it to speak of it.
    pub clear: bool,
}

/// An object with fewer points is not spoken of.
pub const CLEAR_POINTS: u32 = 100;
/// Nor is one of which less is seen.
pub const CLEAR_FRACTION: f32 = 0.12;

impl Facts {
    /// From a room's truth and its scan with the `instance` column, both in file coordinates.
    ///
    /// Distances are least distances between scanned surfaces; where an object has too few points,
    /// its whole box stands in for its surface.
    pub fn new(truth: &SceneTruth, scan: &PointCloud) -> Result<Self, FactsError> {
        let column = scan.column("instance").ok_or(FactsError::NoInstanceColumn)?;
        let rows = truth.room.scene_from_file;
        if !rows.as_flattened().iter().all(|value| value.is_finite()) {
            return Err(FactsError::BadFrame);
        }
        let scene_from_file = DMat4::from_cols_array_2d(&rows).transpose();
        let origin = DVec3::from(scan.origin);
        let in_scene = |p: DVec3| scene_from_file.transform_point3(p).as_vec3();
        let mut points: Vec<Vec<Vec3>> = vec![Vec::new(); truth.objects.len()];
        for (position, instance) in scan.positions.iter().zip(column) {
            let found = truth.objects.binary_search_by(|o| f64::from(o.id.0).total_cmp(instance));
            if let Ok(index) = found {
                points[index].push(in_scene(Vec3::from(*position).as_dvec3() + origin));
            }
        }
        let objects: Vec<Fact> = truth
            .objects
            .iter()
            .map(|object| Fact {
                id: object.id,
                label: object.label.clone(),
                colour: object.colour.clone(),
                material: object.material.clone(),
                support: object.support,
                scanned: box_in_scene(&object.scanned_box, in_scene),
                whole: box_in_scene(&object.amodal_box, in_scene),
                clear: object.points >= CLEAR_POINTS && object.visible_fraction >= CLEAR_FRACTION,
            })
            .collect();
        let surfaces: Vec<Option<Surface>> = points
            .iter()
            .zip(&objects)
            .map(|(points, fact)| {
                let surface = Surface::new(points.iter().copied(), SURFACE_RESOLUTION_M);
                surface.filter(|_| fact.clear)
            })
            .collect();
        let distances_m = all_distances(&objects, &surfaces);
        let classes = truth.classes.clone();
        let corners = |floor: &[[f64; 3]]| {
            let corner = |corner: &[f64; 3]| in_scene(DVec3::from(*corner)).truncate();
            Polygon::new(floor.iter().map(corner).collect())
        };
        let spaces = &truth.room.spaces;
        let rooms: Vec<Polygon> = match &spaces[..] {
            [] => corners(&truth.room.floor).into_iter().collect(),
            spaces => spaces.iter().filter_map(|space| corners(&space.floor)).collect(),
        };
        let openings = &truth.room.openings;
        let doorways = openings.iter().map(|opening| {
            let feet = [opening.a, opening.b].map(|foot| in_scene(DVec3::from(foot)).truncate());
            ground::doorway(feet)
        });
        let floor = Floor { rooms, doorways: doorways.collect() };
        let purpose = match &spaces[..] {
            [only] => Some(only.purpose.clone()),
            [] => None,
            _ => Some("home".to_owned()),
        };
        let frame = similarity(&scene_from_file);
        let ceiling_m = (truth.room.height * frame.scale) as f32;
        let ground = Ground::new(floor, Some(ceiling_m), frame, &objects, &points, surfaces);
        Ok(Self { objects, classes, purpose, distances_m, ground: Arc::new(ground) })
    }

    /// From facts known already; distances are those of the whole boxes, and the floor reaches half
    /// a metre beyond them.
    pub fn of_boxes(objects: Vec<Fact>, classes: Vec<String>) -> Self {
        let nothing: Vec<Option<Surface>> = objects.iter().map(|_| None).collect();
        let distances_m = all_distances(&objects, &nothing);
        let floor = ground::floor_under(objects.iter().map(|object| object.whole));
        let points = vec![Vec::new(); objects.len()];
        let frame = Similarity::IDENTITY;
        let ground = Arc::new(Ground::new(floor, None, frame, &objects, &points, nothing));
        Self { objects, classes, purpose: None, distances_m, ground }
    }

    /// Where one can walk and put things.
    pub fn ground(&self) -> &Ground {
        &self.ground
    }

    /// The place of an object in [`Facts::objects`].
    pub fn index_of(&self, id: InstanceId) -> Option<usize> {
        self.objects.iter().position(|object| object.id == id)
    }

    /// Least surface distance between two objects, by their places.
    pub fn distance_m(&self, a: usize, b: usize) -> f32 {
        self.distances_m[a * self.objects.len() + b]
    }

    /// Distance between the middles of two objects' scanned boxes, by their places.
    pub fn centre_distance_m(&self, a: usize, b: usize) -> f32 {
        self.objects[a].scanned.centre().distance(self.objects[b].scanned.centre())
    }
}

/// Points of a true object this close belong together.
const SURFACE_RESOLUTION_M: f32 = 0.03;

/// A similarity from its matrix.
fn similarity(matrix: &DMat4) -> Similarity {
    let scale = matrix.x_axis.truncate().length();
    let rotation = DMat3::from_mat4(*matrix) * (1.0 / scale.max(f64::MIN_POSITIVE));
    Similarity { scale, rotation, translation: matrix.w_axis.truncate() }
}

fn all_distances(objects: &[Fact], surfaces: &[Option<Surface>]) -> Vec<f32> {
    let count = objects.len();
    let mut distances = vec![0.0; count * count];
    for a in 0..count {
        for b in a + 1..count {
            let metres = match (&surfaces[a], &surfaces[b]) {
                (Some(from), Some(to)) => from.closest(to).distance_m,
                _ => objects[a].whole.distance(&objects[b].whole),
            };
            distances[a * count + b] = metres;
            distances[b * count + a] = metres;
        }
    }
    distances
}

fn box_in_scene(in_file: &OrientedBox, in_scene: impl Fn(DVec3) -> Vec3) -> Aabb {
    let axes = in_file.axes.unwrap_or([[1., 0., 0.], [0., 1., 0.], [0., 0., 1.]]);
    Aabb::of_points((0..8).map(|corner| {
        let point = (0..3).fold(DVec3::from(in_file.center), |point, axis| {
            let sign = if corner >> axis & 1 == 1 { 0.5 } else { -0.5 };
            point + DVec3::from(axes[axis]) * (sign * in_file.size[axis])
        });
        in_scene(point)
    }))
}
