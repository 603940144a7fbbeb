use super::{
    dense::Dense,
    inputs::{INPUTS, inputs},
    pyramid::{DIRECTIONS, LEVELS, Level, direction},
};
use crate::{adjacency::Adjacency, shell::Shell, stepper::Shapes};
use glam::Vec3;

/// Numbers of the embedding in which voxels of one object lie close together.
pub(crate) const EMBEDDING: usize = 9;
/// Numbers of the code that tells what an object may be.
pub(crate) const MEANING: usize = 16;
/// Widths of the levels, finest first.
const WIDTHS: [usize; LEVELS] = [16, 24, 32, 40, 40];
/// The embedding, whether it is a thing, and unused numbers.
const VOXEL_OUT: usize = 16;
/// The way to the middle, metres, the code, and unused numbers.
const CELL_OUT: usize = 24;
/// Rows per step.
const ROWS_PER_STEP: usize = 1 << 14;

/// Where a layer's inputs come from.
#[derive(Clone, Copy, Debug)]
enum Source {
    /// The voxels themselves.
    Inputs,
    /// What an earlier layer made on this level.
    Same(usize),
    /// On the level above: that of the cell around.
    Above(usize),
    /// On the level below: the mean of the cells inside.
    Below(usize),
    /// What an earlier layer made on this level, and its means over the neighbours by direction;
    /// the layer's result is added to it.
    Around(usize),
}

/// A layer: its name among the weights, its level and its inputs. Number `k` of [`PLAN`] makes the
/// numbers that sources call `k`.
#[derive(Clone, Copy, Debug)]
struct Layer {
    name: &'static str,
    level: usize,
    from: &'static [Source],
    rectified: bool,
}

const fn layer(name: &'static str, level: usize, from: &'static [Source]) -> Layer {
    Layer { name, level, from, rectified: true }
}

use Source::{Above, Around, Below, Inputs, Same};
/// The network from top to bottom.
const PLAN: [Layer; 17] = [
    layer("in", 0, &[Inputs]),              // 0: (voxels, 16)
    layer("around0", 0, &[Around(0)]),      // 1
    layer("down1", 1, &[Below(1)]),         // 2: (cells, 24)
    layer("around1", 1, &[Around(2)]),      // 3
    layer("down2", 2, &[Below(3)]),         // 4: 32
    layer("around2a", 2, &[Around(4)]),     // 5
    layer("around2b", 2, &[Around(5)]),     // 6
    layer("down3", 3, &[Below(6)]),         // 7: 40
    layer("around3", 3, &[Around(7)]),      // 8
    layer("down4", 4, &[Below(8)]),         // 9: 40
    layer("around4", 4, &[Around(9)]),      // 10
    layer("up3", 3, &[Same(8), Above(10)]), // 11
    layer("up2", 2, &[Same(6), Above(11)]), // 12
    layer("up1", 1, &[Same(3), Above(12)]), // 13
    layer("up0", 0, &[Same(1), Above(13)]), // 14
    Layer { name: "voxel", level: 0, from: &[Same(14)], rectified: false }, // 15
    Layer { name: "cell", level: 1, from: &[Same(13)], rectified: false }, // 16
];
const VOXEL: usize = 15;
const CELL: usize = 16;

fn width(layer: usize) -> usize {
    match layer {
        VOXEL => VOXEL_OUT,
        CELL => CELL_OUT,
        _ => WIDTHS[PLAN[layer].level],
    }
}

fn inputs_of(layer: usize) -> usize {
    let of = |source: &Source| match *source {
        Inputs => INPUTS,
        Same(from) | Above(from) | Below(from) => width(from),
        Around(from) => (1 + DIRECTIONS) * width(from),
    };
    PLAN[layer].from.iter().map(of).sum()
}

/// The network's weights.
#[derive(Clone, Debug)]
pub(crate) struct ContourNet {
    layers: Vec<Dense>,
}

impl ContourNet {
    /// From matrices `(out, in)` and biases by name, `NAME.weight` and `NAME.bias`; None where one
    /// is missing or has another size.
    pub(crate) fn new(tensor: &impl Fn(&str) -> Option<Vec<f32>>) -> Option<Self> {
        let layer = |index: usize| {
            let name = PLAN[index].name;
            let matrix = tensor(&format!("{name}.weight"))?;
            let dense = Dense::new(&matrix, tensor(&format!("{name}.bias"))?)?;
            let fits = dense.inputs() == inputs_of(index) && dense.outputs() == width(index);
            fits.then_some(dense)
        };
        Some(Self { layers: (0..PLAN.len()).map(layer).collect::<Option<_>>()? })
    }
}

/// What is known of the voxels of a scan beyond their shape: what the network says of them, or what
/// stands for it where there is none.
#[derive(Debug, Default)]
pub(crate) struct VoxelCodes {
    /// By voxel.
    pub(crate) embedding: Vec<[f32; EMBEDDING]>,
    /// By voxel: the probability that it belongs to a thing, 0..=1.
    pub(crate) thing: Vec<f32>,
    /// By voxel: where the middle of its object is, in the scene frame, metres.
    pub(crate) middle: Vec<Vec3>,
    /// The cell of each voxel, and of each cell its code; no number is negative.
    pub(crate) cell_of_voxel: Vec<u32>,
    pub(crate) meaning: Vec<[f32; MEANING]>,
}

impl VoxelCodes {
    /// How likely two voxels are of one object as their embeddings have it: exp(−distance), 0..=1.
    pub(crate) fn likeness(&self, a: usize, b: usize) -> f32 {
        let apart = self.embedding[a].iter().zip(&self.embedding[b]);
        libm::expf(-apart.map(|(x, y)| (x - y) * (x - y)).sum::<f32>().sqrt())
    }
}

/// The network at work on a scan, in short steps.
#[derive(Debug, Default)]
pub(crate) struct ContourWork {
    /// The levels above the voxels.
    pub(crate) levels: Vec<Level>,
    /// What each layer has made so far, row by row.
    made: Vec<Vec<f32>>,
}

impl ContourWork {
    /// Works on; whether all is done.
    pub(crate) fn step(&mut self, net: &ContourNet, shapes: &Shapes, shell: &Shell) -> bool {
        if self.levels.len() + 1 < LEVELS {
            self.add_level(shapes);
            return false;
        }
        let all = |index: usize| self.rows(shapes, PLAN[index].level) * width(index);
        let index = (0..self.made.len()).take_while(|at| self.made[*at].len() == all(*at)).count();
        let (Some(layer), Some(dense)) = (PLAN.get(index), net.layers.get(index)) else {
            return true;
        };
        let rows = self.rows(shapes, layer.level);
        if index == self.made.len() {
            self.made.push(Vec::with_capacity(rows * width(index)));
        }
        let mut made = std::mem::take(&mut self.made[index]);
        let first = made.len() / width(index);
        let mut x = vec![0.0_f32; inputs_of(index)];
        for row in first..rows.min(first + ROWS_PER_STEP) {
            self.gather(layer, shapes, shell, row, &mut x);
            made.resize((row + 1) * width(index), 0.0);
            let y = &mut made[row * width(index)..];
            dense.apply(&x, y);
            if let [Around(_)] = layer.from {
                y.iter_mut().zip(&x).for_each(|(y, x)| *y += x);
            }
            if layer.rectified {
                y.iter_mut().for_each(|y| *y = y.max(0.0));
            }
        }
        self.made[index] = made;
        false
    }

    /// Work done and work in all, in numbers made.
    pub(crate) fn progress(&self, shapes: &Shapes) -> (u64, u64) {
        let all = (0..PLAN.len()).map(|index| self.rows(shapes, PLAN[index].level) * width(index));
        (self.made.iter().map(Vec::len).sum::<usize>() as u64, all.sum::<usize>() as u64)
    }

    pub(crate) fn add_level(&mut self, shapes: &Shapes) {
        let mut level = Level::above(self.levels.last().map_or(&shapes.grid.keys, |l| &l.keys));
        level.connect();
        self.levels.push(level);
    }

    fn rows(&self, shapes: &Shapes, level: usize) -> usize {
        match level.checked_sub(1) {
            None => shapes.grid.len(),
            Some(above) => self.levels.get(above).map_or(0, |level| level.keys.len()),
        }
    }

    fn gather(&self, layer: &Layer, shapes: &Shapes, shell: &Shell, row: usize, x: &mut [f32]) {
        let mut at = 0;
        for source in layer.from {
            let own =
                |from: usize, row: usize| &self.made[from][row * width(from)..][..width(from)];
            match *source {
                Inputs => x[at..at + INPUTS].copy_from_slice(&inputs(shapes, shell, row)),
                Same(from) => x[at..at + width(from)].copy_from_slice(own(from, row)),
                Above(from) => {
                    let cell = self.levels[layer.level].cell_of_child[row] as usize;
                    x[at..at + width(from)].copy_from_slice(own(from, cell));
                }
                Below(from) => {
                    let children = self.levels[layer.level - 1].children(row);
                    let mean = &mut x[at..at + width(from)];
                    mean.fill(0.0);
                    for &child in children {
                        let child = own(from, child as usize);
                        mean.iter_mut().zip(child).for_each(|(sum, value)| *sum += value);
                    }
                    let share = 1.0 / children.len() as f32;
                    mean.iter_mut().for_each(|sum| *sum *= share);
                }
                Around(from) => {
                    let (keys, adjacency) = self.neighbours(shapes, layer.level);
                    around(keys, adjacency, row, |row| own(from, row), x);
                }
            }
            at += match *source {
                Inputs => INPUTS,
                Same(from) | Above(from) | Below(from) | Around(from) => width(from),
            };
        }
    }

    fn neighbours<'a>(&'a self, shapes: &'a Shapes, level: usize) -> (&'a [u64], &'a Adjacency) {
        match level.checked_sub(1).map(|above| &self.levels[above]) {
            None => (&shapes.grid.keys, &shapes.adjacency),
            Some(level) => (&level.keys, &level.adjacency),
        }
    }

    /// What was found out; the work is over.
    pub(crate) fn finish(mut self, shapes: &Shapes) -> VoxelCodes {
        let mut codes = VoxelCodes::default();
        let (Some(cells), Some(voxels)) = (self.made.pop(), self.made.pop()) else { return codes };
        let Some(level) = self.levels.into_iter().next() else { return codes };
        for row in voxels.chunks_exact(VOXEL_OUT) {
            codes.embedding.push(std::array::from_fn(|k| row[k]));
            codes.thing.push(1.0 / (1.0 + libm::expf(-row[EMBEDDING])));
        }
        let middle_of_cell = |cell: usize| {
            let children = level.children(cell);
            let sum: Vec3 = children.iter().map(|v| shapes.grid.positions[*v as usize]).sum();
            let row = &cells[cell * CELL_OUT..];
            sum / children.len() as f32 + Vec3::new(row[0], row[1], row[2])
        };
        let middles: Vec<Vec3> = (0..level.keys.len()).map(middle_of_cell).collect();
        codes.middle = level.cell_of_child.iter().map(|cell| middles[*cell as usize]).collect();
        let code = |row: &[f32]| std::array::from_fn(|k| row[3 + k].max(0.0));
        codes.meaning = cells.chunks_exact(CELL_OUT).map(code).collect();
        codes.cell_of_voxel = level.cell_of_child;
        codes
    }
}

/// A row's own numbers, then the means of its neighbours' by direction.
fn around<'a>(
    keys: &[u64],
    adjacency: &Adjacency,
    row: usize,
    own: impl Fn(usize) -> &'a [f32],
    x: &mut [f32],
) {
    let here = own(row);
    let width = here.len();
    x[width..].fill(0.0);
    x[..width].copy_from_slice(here);
    let mut counts = [0_u32; DIRECTIONS];
    for &other in adjacency.of(row) {
        let direction = direction(keys[row], keys[other as usize]);
        counts[direction] += 1;
        let sums = &mut x[(1 + direction) * width..][..width];
        sums.iter_mut().zip(own(other as usize)).for_each(|(sum, value)| *sum += value);
    }
    for (direction, count) in counts.into_iter().enumerate().filter(|(_, count)| *count > 1) {
        let share = 1.0 / count as f32;
        x[(1 + direction) * width..][..width].iter_mut().for_each(|sum| *sum *= share);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{contour_net::fixture, networks::Networks};
    use safetensors::SafeTensors;

    #[test]
    fn says_what_pytorch_says() {
        let (shapes, shell) = fixture::scene();
        let mut work = ContourWork::default();
        let net = &Networks::shipped().unwrap().contour;
        while !work.step(net, &shapes, &shell) {}
        let path = "../../training/segment/goldens/contour.safetensors";
        let bytes = std::fs::read(path).unwrap();
        let golden = SafeTensors::deserialize(&bytes).unwrap();
        for (name, layer) in [("voxel", VOXEL), ("cell", CELL)] {
            let expected = golden.tensor(name).unwrap().data().as_chunks::<4>().0;
            assert_eq!(expected.len(), work.made[layer].len());
            for (ours, theirs) in work.made[layer].iter().zip(expected) {
                let theirs = f32::from_le_bytes(*theirs);
                assert!((ours - theirs).abs() < 2e-3 * (1.0 + theirs.abs()), "{ours} {theirs}");
            }
        }
    }

    #[test]
    fn voxels_of_one_box_lie_closer_than_those_of_two_things() {
        let (shapes, shell) = fixture::scene();
        let mut work = ContourWork::default();
        let net = &Networks::shipped().unwrap().contour;
        while !work.step(net, &shapes, &shell) {}
        let codes = work.finish(&shapes);
        let red = |voxel: usize| shapes.grid.colours[voxel].x > 0.6;
        let (mut inside, mut across) = ((0.0, 0.0), (0.0, 0.0));
        for voxel in 0..shapes.grid.len() {
            for &other in shapes.adjacency.of(voxel) {
                let likeness = codes.likeness(voxel, other as usize);
                let floor = !shell.is_thing(other as usize);
                let sums = match (red(voxel), red(other as usize), floor) {
                    (true, true, _) => &mut inside,
                    (true, false, true) => &mut across,
                    _ => continue,
                };
                *sums = (sums.0 + likeness, sums.1 + 1.0);
            }
        }
        let (inside, across) = (inside.0 / inside.1, across.0 / across.1);
        assert!(inside > across + 0.2, "{inside} inside, {across} across");
    }
}
