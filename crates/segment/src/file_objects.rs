//! Objects that come with the file, in columns beside its points.

use crate::{adjacency::Adjacency, grid::VoxelGrid, keymap::NONE};
use scene::{Instance, PointCloud};
use std::collections::BTreeMap;

/// Columns that say to which object a point belongs, the most trusted first.
const INSTANCE_COLUMNS: [&str; 5] = ["instance", "instance_id", "object_id", "objectid", "segment"];
/// Columns that say of what class a point is.
const CLASS_COLUMNS: [&str; 5] = ["label", "class", "semantic", "category", "classification"];
/// What a file may name that is no object.
const STRUCTURE: [&str; 5] = ["floor", "wall", "ceiling", "none", "unlabeled"];
/// Fewer voxels than this of one class are no object.
const FEWEST_VOXELS: usize = 4;

/// Whether the cloud's columns tell its objects: whole numbers in `instance`, `instance_id`,
/// `object_id` or `segment`, one for each object, or, failing these, in `label`, `class`,
/// `semantic`, `category` or `classification`, of which every connected piece is an object. 0 and less are
/// none. Names are read from comments `label NUMBER NAME`, as `scanwise segment --out` writes them.
pub fn has_objects(cloud: &PointCloud) -> bool {
    FileObjects::of(cloud).is_some()
}

/// The columns of a file that tell its objects.
pub(crate) struct FileObjects<'a> {
    instances: Option<&'a [f64]>,
    classes: Option<&'a [f64]>,
    names: BTreeMap<u32, &'a str>,
}

impl<'a> FileObjects<'a> {
    pub(crate) fn of(cloud: &'a PointCloud) -> Option<Self> {
        let instances = find(cloud, &INSTANCE_COLUMNS);
        let classes = find(cloud, &CLASS_COLUMNS);
        let names = cloud.comments.iter().filter_map(|comment| name_in(comment)).collect();
        (instances.is_some() || classes.is_some()).then_some(Self { instances, classes, names })
    }

    /// The object of each point, 0 for none.
    pub(crate) fn ids(&self, grid: &VoxelGrid, adjacency: &Adjacency) -> Vec<u32> {
        let is_thing = |point: usize| {
            let class = self.classes.map(|classes| id(classes[point]));
            let name = class.and_then(|class| self.names.get(&class));
            name.is_none_or(|name| !STRUCTURE.contains(&name.to_lowercase().as_str()))
        };
        let thing = |(point, value): (usize, &f64)| if is_thing(point) { id(*value) } else { 0 };
        match (self.instances, self.classes) {
            (Some(instances), _) => instances.iter().enumerate().map(thing).collect(),
            (None, Some(classes)) => {
                let classes: Vec<u32> = classes.iter().enumerate().map(thing).collect();
                pieces(&classes, grid, adjacency)
            }
            (None, None) => vec![0; grid.voxel_of_point.len()],
        }
    }

    /// What the file says that an object is: the name of the class of most of its points.
    pub(crate) fn name_of(&self, object: &Instance) -> Option<String> {
        let classes = self.classes?;
        let mut counts: BTreeMap<u32, usize> = BTreeMap::new();
        for &point in &object.points {
            *counts.entry(id(classes[point as usize])).or_default() += 1;
        }
        let (class, _) = counts.into_iter().rev().max_by_key(|(_, count)| *count)?;
        self.names.get(&class).map(|name| (*name).to_owned())
    }
}

/// The first of the columns that is there, whole numbers only and not everywhere the same. Some
/// programs write `scalar_` before a name.
fn find<'a>(cloud: &'a PointCloud, names: &[&str]) -> Option<&'a [f64]> {
    names.iter().find_map(|name| {
        let column = cloud.columns.iter().find(|column| {
            let own = column.name.to_ascii_lowercase();
            own.strip_prefix("scalar_").unwrap_or(&own) == *name
        })?;
        let first = column.values.first()?;
        let is_whole = |value: &f64| !value.is_finite() || value.fract() == 0.0;
        let tells = column.values.iter().any(|value| value != first);
        (tells && column.values.iter().all(is_whole)).then_some(column.values.as_slice())
    })
}

/// Not a number and negative ones are no object.
fn id(value: f64) -> u32 {
    value as u32
}

fn name_in(comment: &str) -> Option<(u32, &str)> {
    let (number, name) = comment.trim().strip_prefix("label ")?.trim_start().split_once(' ')?;
    Some((number.parse().ok()?, name.trim())).filter(|(_, name)| !name.is_empty())
}

/// An id for each connected piece of one class, from 1 in the order of the voxels.
fn pieces(class_of_point: &[u32], grid: &VoxelGrid, adjacency: &Adjacency) -> Vec<u32> {
    // A voxel is of the class of its last point: where two meet, either will do.
    let mut class = vec![0; grid.len()];
    for (point, &voxel) in grid.voxel_of_point.iter().enumerate() {
        if voxel != NONE && class_of_point[point] != 0 {
            class[voxel as usize] = class_of_point[point];
        }
    }
    let mut piece = vec![0_u32; grid.len()];
    let mut pieces = 0;
    let mut reached: Vec<u32> = Vec::new();
    for start in 0..grid.len() {
        if class[start] == 0 || piece[start] != 0 {
            continue;
        }
        pieces += 1;
        piece[start] = pieces;
        reached.clear();
        reached.push(start as u32);
        let mut next = 0;
        while let Some(&voxel) = reached.get(next) {
            next += 1;
            for &near in adjacency.of(voxel as usize) {
                if class[near as usize] == class[start] && piece[near as usize] == 0 {
                    piece[near as usize] = pieces;
                    reached.push(near);
                }
            }
        }
        if reached.len() < FEWEST_VOXELS {
            pieces -= 1;
            reached.iter().for_each(|&voxel| class[voxel as usize] = 0);
            reached.iter().for_each(|&voxel| piece[voxel as usize] = 0);
        }
    }
    let of_point = grid.voxel_of_point.iter().zip(class_of_point);
    of_point
        .map(|(&voxel, &own)| match piece.get(voxel as usize) {
            Some(&piece) if own != 0 && class[voxel as usize] == own => piece,
            _ => 0,
        })
        .collect()
}
