use crate::{Clock, Error, Figure, Machine, RUNS, Result, middle};
use half::f16;
use kernels::{CpuOps, GROUP, GpuOps, Ops, Packed, Precision, Q4};
use lm::Processor;
use std::sync::Arc;

/// A product of one row with a matrix of so many outputs and inputs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    /// Outputs.
    pub rows: usize,
    /// Inputs.
    pub cols: usize,
}

impl Shape {
    /// Squares from the width of a small model to that of one of 7 billion weights.
    pub const SQUARES: [Self; 4] = [square(576), square(1024), square(2048), square(4096)];
    /// The four products of a layer of Llama 2 7B.
    pub const OF_7B: [Self; 3] =
        [square(4096), Self { rows: 11008, cols: 4096 }, Self { rows: 4096, cols: 11008 }];

    fn bytes(self) -> usize {
        self.rows * self.cols / 2 + 2 * self.rows * self.cols / GROUP
    }
}

const fn square(side: usize) -> Shape {
    Shape { rows: side, cols: side }
}

/// Products in one measurement at least, and at most.
const LEAST: usize = 32;
const MOST: usize = 400;
/// Dispatches that do next to nothing.
const SMALL: usize = 400;
/// Values of around 1 may be off by so much.
const TOLERANCE: f32 = 2e-3;

/// `kernels`: 4-bit products with one row, of each of these shapes, going round `distinct` bytes of weights so that none are
/// in a cache: time, and bytes of weights read a second as a share of what copying memory moves. And what a dispatch costs.
///
/// # Errors
/// Where an operation fails, or gives another result than the plain reading of the same weights.
pub async fn kernels(
    processor: Processor<'_>,
    shapes: &[Shape],
    distinct: usize,
    now: Clock<'_>,
    rows: &mut Vec<Figure>,
) -> Result<()> {
    let machine = Machine::measure(processor, now).await?;
    match processor {
        Processor::Gpu(gpu, level) => {
            on(GpuOps::at(gpu, level), machine, shapes, distinct, now, rows).await
        }
        Processor::Cpu => {
            on(CpuOps::new(Precision::Fast), machine, shapes, distinct, now, rows).await
        }
        Processor::CpuPlain => {
            on(CpuOps::new(Precision::Plain), machine, shapes, distinct, now, rows).await
        }
    }
}

async fn on<O: Ops>(
    mut ops: O,
    machine: Machine,
    shapes: &[Shape],
    distinct: usize,
    now: Clock<'_>,
    rows: &mut Vec<Figure>,
) -> Result<()> {
    let backend = ops.name();
    let mut add = |metric: String, value, unit| {
        rows.push(Figure::new("kernels", metric, value, unit, &backend));
    };
    add("copy".to_owned(), machine.copied / 1e9, "GB/s");
    for shape in shapes {
        let seconds = product(&mut ops, *shape, distinct, now).await?;
        let name = format!("matvec {}x{}", shape.rows, shape.cols);
        let rate = shape.bytes() as f64 / seconds;
        add(name.clone(), 1e6 * seconds, "µs");
        add(format!("{name} read"), rate / 1e9, "GB/s");
        add(format!("{name} share"), 100.0 * rate / machine.copied, "% of copy");
    }
    add("dispatch".to_owned(), 1e6 * dispatch(&mut ops, now).await?, "µs");
    Ok(())
}

/// Seconds of one product.
async fn product<O: Ops>(
    ops: &mut O,
    shape: Shape,
    distinct: usize,
    now: Clock<'_>,
) -> Result<f64> {
    let count = (distinct / shape.bytes()).clamp(1, MOST);
    let mut matrices = Vec::with_capacity(count);
    let x: Vec<f32> = (0..shape.cols).map(|k| (k as f32 * 0.37).sin()).collect();
    let mut wanted = Vec::new();
    for index in 0..count {
        let packed = Arc::new(random_q4(shape, index as u64)?);
        if index == 0 {
            wanted = first_outputs(&packed, &x);
        }
        matrices.push(ops.matrix(&packed)?);
    }
    let mut input = ops.tensor(1, shape.cols)?;
    ops.write(&mut input, 0, &x)?;
    let mut out = ops.tensor(1, shape.rows)?;

    ops.matmul(&input, &matrices[0], &mut out, 0, 1)?;
    let found = ops.read(&out, 0, 1).await?;
    let off = |(a, b): (&f32, &f32)| (a - b).abs();
    let difference = found.iter().zip(&wanted).map(off).fold(0.0, f32::max);
    // Not a number is no small difference either.
    if difference.is_nan() || difference > TOLERANCE {
        let what = format!("a product of {} × {}", shape.rows, shape.cols);
        return Err(Error::Wrong { what, difference });
    }
    let times = count.clamp(LEAST, MOST);
    let mut seconds = Vec::with_capacity(RUNS);
    for _ in 0..=RUNS {
        let start = now();
        for matrix in matrices.iter().cycle().take(times) {
            ops.matmul(&input, matrix, &mut out, 0, 1)?;
        }
        ops.finish().await?;
        seconds.push((now() - start) / times as f64);
    }
    // The first time, pipelines and bind groups are made.
    Ok(middle(seconds.split_off(1)))
}

/// Seconds of an operation that does next to nothing.
async fn dispatch<O: Ops>(ops: &mut O, now: Clock<'_>) -> Result<f64> {
    let (mut x, y) = (ops.tensor(1, 32)?, ops.tensor(1, 32)?);
    let mut seconds = Vec::with_capacity(RUNS);
    for _ in 0..=RUNS {
        let start = now();
        for _ in 0..SMALL {
            ops.add(&mut x, 0, &y, 1)?;
        }
        ops.finish().await?;
        seconds.push((now() - start) / SMALL as f64);
    }
    Ok(middle(seconds.split_off(1)))
}

/// Any nibbles, with scales that keep a product of sines around 1.
fn random_q4(shape: Shape, seed: u64) -> kernels::Result<Packed> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let words = (0..shape.rows * shape.cols / 8).map(|_| {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 32) as u32
    });
    let scale = f16::from_f32(0.2 / (shape.cols as f32).sqrt());
    let scales = vec![scale; shape.rows * shape.cols / GROUP];
    Q4::new(shape.rows, shape.cols, words.collect(), scales).map(Packed::Q4)
}

/// The first outputs, plainly.
fn first_outputs(packed: &Packed, x: &[f32]) -> Vec<f32> {
    let mut row = vec![0.0; x.len()];
    (0..packed.rows().min(64))
        .map(|index| {
            packed.write_row(index, &mut row);
            x.iter().zip(&row).map(|(x, w)| x * w).sum()
        })
        .collect()
}
