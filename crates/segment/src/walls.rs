use crate::{
    grid::VoxelGrid,
    shell::{Part, Shell, ShellPlane},
    surface::Surface,
};
use glam::{DVec2, Vec2, Vec3};
use std::f32::consts::PI;

/// Directions of the Hough accumulator over half a turn.
const TURNS: usize = 180;
/// A voxel votes this many directions to each side of its own normal's.
const SPREAD: usize = 2;
/// The most planes that are looked at.
const MOST_PLANES: usize = 48;
/// A wall has at least this area, length and height, metres.
const AREA_M2: f32 = 0.7;
const LENGTH_M: f32 = 0.7;
const HEIGHT_M: f32 = 1.1;
/// A wall between two rooms is told by its upper part, which nothing hides: between these shares of
/// the room's height, so much of each column is seen.
const UPPER: [f32; 2] = [0.6, 0.95];
const UPPER_SEEN: f32 = 0.6;
/// Columns of a wall, and how far beyond them it goes on, metres.
const COLUMN_M: f32 = 0.1;
const BEYOND_M: f32 = 0.3;

/// The search for walls, one plane at a time.
#[derive(Debug)]
pub(crate) struct WallSearch {
    /// Upright voxels that have not been given to a plane yet.
    upright: Vec<u32>,
    directions: Vec<Vec2>,
    room_top: f32,
    tried: usize,
}

impl WallSearch {
    pub(crate) fn new(grid: &VoxelGrid, surface: &Surface, shell: &Shell) -> Self {
        let mut heights: Vec<f32> = grid.positions.iter().map(|position| position.z).collect();
        heights.sort_unstable_by(f32::total_cmp);
        let top = heights.get(heights.len() * 199 / 200).copied().unwrap_or(0.0);
        let room_top = shell.find(Part::Ceiling).map_or(top, |ceiling| -ceiling.offset);
        let upright = (0..grid.len())
            .filter(|&voxel| {
                shell.is_thing(voxel)
                    && surface.normals[voxel].z.abs() < 0.35
                    && surface.planarity[voxel] > 0.3
            })
            .map(|voxel| voxel as u32)
            .collect();
        let directions = (0..TURNS)
            .map(|turn| {
                let angle = turn as f32 * PI / TURNS as f32;
                Vec2::new(libm::cosf(angle), libm::sinf(angle))
            })
            .collect();
        Self { upright, directions, room_top, tried: 0 }
    }

    /// Looks at the best supported upright plane that is left and claims it if it is a wall.
    /// Whether there may be another.
    pub(crate) fn step(&mut self, grid: &VoxelGrid, surface: &Surface, shell: &mut Shell) -> bool {
        self.tried += 1;
        if self.room_top < HEIGHT_M || self.tried > MOST_PLANES {
            return false;
        }
        let Some((line, near)) = self.best_line(grid, surface) else { return false };
        if near.len() as f32 * grid.size * grid.size < AREA_M2 {
            return false;
        }
        let mut taken = vec![false; grid.len()];
        for &voxel in &near {
            taken[voxel as usize] = true;
        }
        self.upright.retain(|voxel| !taken[*voxel as usize]);
        if let Some((plane, columns)) = self.as_wall(grid, &line, &near) {
            let reach = 1.6 * grid.size;
            shell.claim(grid, plane, |voxel, height| {
                let lies_in = height.abs() < 0.8 * grid.size
                    || (height.abs() < reach
                        && surface.normals[voxel].dot(plane.normal).abs() > 0.6);
                let stands_here =
                    |columns: &Columns| columns.are_near(grid.positions[voxel].truncate());
                lies_in && columns.as_ref().is_none_or(stands_here)
            });
        }
        true
    }

    fn best_line(&self, grid: &VoxelGrid, surface: &Surface) -> Option<(Line, Vec<u32>)> {
        let bin_size = 2.0 * grid.size;
        let far = self
            .upright
            .iter()
            .map(|&voxel| grid.positions[voxel as usize].truncate().length())
            .fold(0.0, f32::max);
        let half = ((far / bin_size) as usize).min(1 << 14) + 2;
        let bins = 2 * half + 1;
        let bin_of = |rho: f32| ((rho / bin_size).round() + half as f32) as usize;
        let mut votes = vec![0_u32; TURNS * bins];
        for &voxel in &self.upright {
            let normal = surface.normals[voxel as usize].truncate();
            let position = grid.positions[voxel as usize].truncate();
            let turn = (libm::atan2f(normal.y, normal.x) / PI).rem_euclid(1.0) * TURNS as f32;
            for step in 0..=2 * SPREAD {
                let turn = (turn as usize + TURNS + step - SPREAD) % TURNS;
                let bin = bin_of(self.directions[turn].dot(position));
                votes[turn * bins + bin.min(bins - 1)] += 1;
            }
        }
        let (best, most) = votes.iter().enumerate().fold((0, 0), |(best, most), (bin, &count)| {
            if count > most { (bin, count) } else { (best, most) }
        });
        if most == 0 {
            return None;
        }
        let mut line = Line {
            normal: self.directions[best / bins],
            offset: (best % bins) as f32 * bin_size - half as f32 * bin_size,
        };
        let mut near = Vec::new();
        for reach in [3.0, 2.0, 1.6] {
            near = self
                .upright
                .iter()
                .copied()
                .filter(|&voxel| {
                    let position = grid.positions[voxel as usize].truncate();
                    let normal = surface.normals[voxel as usize].truncate();
                    (line.normal.dot(position) - line.offset).abs() < reach * grid.size
                        && normal.dot(line.normal).abs() > 0.85
                })
                .collect();
            let points = near.iter().map(|&voxel| grid.positions[voxel as usize].truncate());
            match Line::fit(points, line.normal) {
                Some(fit) if fit.normal.dot(line.normal) > 0.99 => line = fit,
                _ => break,
            }
        }
        Some((line, near))
    }

    /// The plane of the line if it is a wall: large, as high as the room, and either with little
    /// behind or, between two rooms, up to the ceiling; then it stands in some columns alone.
    fn as_wall(
        &self,
        grid: &VoxelGrid,
        line: &Line,
        near: &[u32],
    ) -> Option<(ShellPlane, Option<Columns>)> {
        let along = line.normal.perp();
        let quantiles = |value: &dyn Fn(Vec3) -> f32, tail: usize| {
            let mut values: Vec<f32> =
                near.iter().map(|&voxel| value(grid.positions[voxel as usize])).collect();
            values.sort_unstable_by(f32::total_cmp);
            let cut = values.len() * tail / 100;
            (values[cut], values[values.len() - 1 - cut])
        };
        let (left, right) = quantiles(&|p| p.truncate().dot(along), 2);
        let (bottom, top) = quantiles(&|p| p.z, 2);
        if right - left < LENGTH_M || top - bottom < HEIGHT_M {
            return None;
        }
        let gap = (5.0 * grid.size).max(0.08);
        let (mut positive, mut negative) = (0_usize, 0_usize);
        for position in &grid.positions {
            let across = position.truncate().dot(along);
            if across > left - 0.1 && across < right + 0.1 && position.z > 0.1 {
                let height = line.normal.dot(position.truncate()) - line.offset;
                positive += usize::from(height > gap);
                negative += usize::from(height < -gap);
            }
        }
        let sign = if positive >= negative { 1.0 } else { -1.0 };
        let behind = positive.min(negative) as f32 / (positive + negative).max(1) as f32;
        let reach = top / self.room_top;
        let plane = ShellPlane {
            part: Part::Wall,
            normal: (line.normal * sign).extend(0.0),
            offset: line.offset * sign,
        };
        if (reach > 0.9 && behind < 0.3) || (reach > 0.7 && behind < 0.06 && right - left > 1.4) {
            return Some((plane, None));
        }
        let columns = Columns::up_to_the_ceiling(grid, line, near, self.room_top);
        (columns.length_m() >= LENGTH_M).then_some((plane, Some(columns)))
    }
}

/// Where along a line a wall stands.
#[derive(Debug)]
struct Columns {
    along: Vec2,
    /// Numbers of columns, ascending.
    stand: Vec<i64>,
}

impl Columns {
    /// The columns in which the upper part of the room's height is seen.
    fn up_to_the_ceiling(grid: &VoxelGrid, line: &Line, near: &[u32], room_top: f32) -> Self {
        let along = line.normal.perp();
        let [low, high] = UPPER.map(|share| share * room_top);
        let level_m = (2.0 * grid.size).max(COLUMN_M);
        let mut seen: Vec<(i64, i64)> = near
            .iter()
            .map(|&voxel| grid.positions[voxel as usize])
            .filter(|position| (low..high).contains(&position.z))
            .map(|position| {
                let level = ((position.z - low) / level_m) as i64;
                (column_of(position.truncate(), along), level)
            })
            .collect();
        seen.sort_unstable();
        seen.dedup();
        let enough = UPPER_SEEN * ((high - low) / level_m).max(1.0);
        let columns = seen.chunk_by(|a, b| a.0 == b.0);
        let stand = columns.filter(|levels| levels.len() as f32 > enough);
        Self { along, stand: stand.map(|levels| levels[0].0).collect() }
    }

    fn length_m(&self) -> f32 {
        self.stand.len() as f32 * COLUMN_M
    }

    fn are_near(&self, position: Vec2) -> bool {
        let (column, beyond) = (column_of(position, self.along), (BEYOND_M / COLUMN_M) as i64);
        let next = self.stand.partition_point(|known| *known < column - beyond);
        self.stand.get(next).is_some_and(|known| *known <= column + beyond)
    }
}

fn column_of(position: Vec2, along: Vec2) -> i64 {
    (position.dot(along) / COLUMN_M).floor() as i64
}

/// `normal · p = offset` in the floor plane.
#[derive(Clone, Copy, Debug)]
struct Line {
    normal: Vec2,
    offset: f32,
}

impl Line {
    /// Total least squares.
    fn fit(points: impl Iterator<Item = Vec2> + Clone, towards: Vec2) -> Option<Self> {
        let count = points.clone().count() as f64;
        if count < 8.0 {
            return None;
        }
        let mean = points.clone().fold(DVec2::ZERO, |sum, p| sum + p.as_dvec2()) / count;
        let (mut xx, mut xy, mut yy) = (0.0, 0.0, 0.0);
        for point in points {
            let d = point.as_dvec2() - mean;
            xx += d.x * d.x;
            xy += d.x * d.y;
            yy += d.y * d.y;
        }
        let angle = 0.5 * libm::atan2(2.0 * xy, xx - yy);
        let normal = DVec2::new(-libm::sin(angle), libm::cos(angle));
        let normal = if normal.dot(towards.as_dvec2()) < 0.0 { -normal } else { normal };
        Some(Self { normal: normal.as_vec2(), offset: normal.dot(mean) as f32 })
    }
}
