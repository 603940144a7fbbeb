//! A handful of voxels that PyTorch was asked about too.

use crate::{
    grid::GridBuilder,
    repeats::Repeats,
    shape_work::ShapeWork,
    shell::{Part, Shell, ShellPlane},
    stepper::Shapes,
};
use glam::Vec3;
use scene::Aabb;

/// A floor with two boxes of points on it, all from one seed.
pub(crate) fn scene() -> (Shapes, Shell) {
    let mut state = 20_261_126_u32;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as f32 / (1 << 24) as f32
    };
    let (mut positions, mut colours) = (Vec::new(), Vec::new());
    for _ in 0..1500 {
        positions.push([next(), next(), 0.01 * next()]);
        colours.push([120, 100, (90.0 + 40.0 * next()) as u8]);
    }
    for (at, colour) in [(0.2, [200, 30, 30]), (0.6, [30, 30, 200])] {
        for _ in 0..500 {
            positions.push([at + 0.25 * next(), 0.3 + 0.3 * next(), 0.02 + 0.3 * next()]);
            colours.push(colour);
        }
    }
    let bounds = Aabb { min: Vec3::splat(-0.1), max: Vec3::splat(1.2) };
    let mut builder = GridBuilder::new(0.03, bounds);
    builder.add(&positions, Some(&colours), &Repeats::default(), 0..positions.len());
    let grid = builder.finish();
    let mut work = ShapeWork::new();
    while !work.step(&grid) {}
    let (adjacency, surface) = work.finish();
    let mut shell = Shell::empty(&grid);
    let floor = ShellPlane { part: Part::Floor, normal: Vec3::Z, offset: 0.0 };
    shell.claim(&grid, floor, |_, height| height < 0.02);
    (Shapes { grid, adjacency, surface }, shell)
}
