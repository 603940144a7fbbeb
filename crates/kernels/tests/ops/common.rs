//! Operations with their operands, to be run on any processor.

use half::f16;
use kernels::{Ops, Packed, Q4, Result, Visible, pack_q4, pack_q8};
use std::sync::Arc;

/// Uniform in −1..1, the same for the same seed everywhere.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn next(&mut self) -> f32 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 40) as f32 / (1 << 23) as f32) - 1.0
    }

    pub(crate) fn vec(&mut self, len: usize) -> Vec<f32> {
        (0..len).map(|_| self.next()).collect()
    }
}

pub(crate) fn q4(rows: usize, cols: usize, seed: u64) -> Arc<Packed> {
    Arc::new(Packed::Q4(pack_q4(rows, cols, &Random(seed).vec(rows * cols)).unwrap()))
}

/// Each group with a smallest value of its own.
pub(crate) fn q4_with_mins(rows: usize, cols: usize, seed: u64) -> Arc<Packed> {
    let plain = pack_q4(rows, cols, &Random(seed).vec(rows * cols)).unwrap();
    let mins = Random(seed + 1).vec(rows * cols / 32).into_iter().map(f16::from_f32).collect();
    let (words, scales) = (plain.words().to_vec(), plain.scales().to_vec());
    Arc::new(Packed::Q4(Q4::with_mins(rows, cols, words, scales, mins).unwrap()))
}

pub(crate) fn q8(rows: usize, cols: usize, seed: u64) -> Arc<Packed> {
    Arc::new(Packed::Q8(pack_q8(rows, cols, &Random(seed).vec(rows * cols)).unwrap()))
}

/// One operation with its operands. Where an operation writes into part of a tensor, the whole
/// tensor is given back, so that a stray write shows.
#[derive(Clone, Debug)]
pub(crate) enum Case {
    Embed {
        table: Arc<Packed>,
        ids: Vec<u32>,
        out_row: usize,
    },
    RmsNorm {
        cols: usize,
        x_row: usize,
        rows: usize,
        x: Vec<f32>,
    },
    Matmul {
        weight: Arc<Packed>,
        out_row: usize,
        rows: usize,
        x: Vec<f32>,
    },
    Rope {
        cols: usize,
        head_dim: usize,
        x_row: usize,
        rows: usize,
        position: usize,
        x: Vec<f32>,
    },
    Attention {
        heads: usize,
        kv_heads: usize,
        head_dim: usize,
        visible: Visible,
        rows: usize,
        x: Vec<f32>,
    },
    SiluMul {
        cols: usize,
        rows: usize,
        x: Vec<f32>,
    },
    Add {
        cols: usize,
        x_row: usize,
        rows: usize,
        x: Vec<f32>,
    },
    AddBias {
        cols: usize,
        x_row: usize,
        rows: usize,
        x: Vec<f32>,
    },
}

/// Rows that a tensor has beyond those an operation should touch.
const SPARE: usize = 2;

async fn tensor<O: Ops>(ops: &mut O, cols: usize, values: &[f32]) -> Result<O::Tensor> {
    let mut tensor = ops.tensor(values.len() / cols, cols)?;
    ops.write(&mut tensor, 0, values)?;
    Ok(tensor)
}

pub(crate) async fn run<O: Ops>(ops: &mut O, case: &Case) -> Result<Vec<f32>> {
    let marked = |rows: usize, cols: usize| vec![0.125f32; rows * cols];
    match case {
        Case::Embed { table, ids, out_row } => {
            let rows = out_row + ids.len() + SPARE;
            let mut out = tensor(ops, table.cols(), &marked(rows, table.cols())).await?;
            let table = ops.matrix(table)?;
            ops.embed(&table, ids, &mut out, *out_row)?;
            ops.read(&out, 0, rows).await
        }
        Case::RmsNorm { cols, x_row, rows, x } => {
            let x = tensor(ops, *cols, x).await?;
            let weight: Vec<f32> = Random(5).vec(*cols).iter().map(|v| 1.0 + 0.3 * v).collect();
            let weight = tensor(ops, *cols, &weight).await?;
            let mut out = tensor(ops, *cols, &marked(rows + SPARE, *cols)).await?;
            ops.rms_norm(&x, *x_row, &weight, 1e-5, &mut out, *rows)?;
            ops.read(&out, 0, rows + SPARE).await
        }
        Case::Matmul { weight, out_row, rows, x } => {
            let x = tensor(ops, weight.cols(), x).await?;
            let (n, all) = (weight.rows(), out_row + rows + SPARE);
            let mut out = tensor(ops, n, &marked(all, n)).await?;
            let weight = ops.matrix(weight)?;
            ops.matmul(&x, &weight, &mut out, *out_row, *rows)?;
            ops.read(&out, 0, all).await
        }
        Case::Rope { cols, head_dim, x_row, rows, position, x } => {
            let angles: Vec<f32> = (0..(position + rows))
                .flat_map(|p| {
                    let angle = move |i: usize| p as f32 * 0.3f32.powi(i as i32);
                    let half = 0..head_dim / 2;
                    half.clone()
                        .map(move |i| angle(i).cos())
                        .chain(half.map(move |i| angle(i).sin()))
                })
                .collect();
            let angles = tensor(ops, *head_dim, &angles).await?;
            let mut out = tensor(ops, *cols, x).await?;
            ops.rope(&mut out, *x_row, *rows, *position, &angles)?;
            ops.read(&out, 0, x.len() / cols).await
        }
        Case::Attention { heads, kv_heads, head_dim, visible, rows, x } => {
            let (cols, cache_cols) = (heads * head_dim, kv_heads * head_dim);
            let q = tensor(ops, cols, &x[..rows * cols]).await?;
            let cache = visible.of(rows - 1) + SPARE;
            // Beyond what is visible lies poison: reading it shows.
            let mut keys = Random(6).vec(cache * cache_cols);
            let mut values = Random(7).vec(cache * cache_cols);
            for poisoned in [&mut keys, &mut values] {
                poisoned[(cache - SPARE) * cache_cols..].fill(f32::NAN);
            }
            let keys = tensor(ops, cache_cols, &keys).await?;
            let values = tensor(ops, cache_cols, &values).await?;
            let mut out = tensor(ops, cols, &marked(rows + SPARE, cols)).await?;
            ops.attention(&q, &keys, &values, *head_dim, *visible, &mut out, *rows)?;
            ops.read(&out, 0, rows + SPARE).await
        }
        Case::SiluMul { cols, rows, x } => {
            let mut gate = tensor(ops, *cols, x).await?;
            let up: Vec<f32> = Random(8).vec(x.len());
            let up = tensor(ops, *cols, &up).await?;
            ops.silu_mul(&mut gate, &up, *rows)?;
            ops.read(&gate, 0, x.len() / cols).await
        }
        Case::AddBias { cols, x_row, rows, x } => {
            let mut sum = tensor(ops, *cols, x).await?;
            let bias = tensor(ops, *cols, &Random(10).vec(*cols)).await?;
            ops.add_bias(&mut sum, *x_row, &bias, *rows)?;
            ops.read(&sum, 0, x.len() / cols).await
        }
        Case::Add { cols, x_row, rows, x } => {
            let mut sum = tensor(ops, *cols, x).await?;
            let y = tensor(ops, *cols, &Random(9).vec(rows * cols)).await?;
            ops.add(&mut sum, *x_row, &y, *rows)?;
            ops.read(&sum, 0, x.len() / cols).await
        }
    }
}

/// Every operation in usual and in awkward shapes: one row, odd rows, an odd number of blocks,
/// outputs that fill no workgroup, blocks in the middle of a tensor, each head width.
pub(crate) fn cases() -> Vec<Case> {
    let mut random = Random(1);
    let mut cases = Vec::new();
    for (vocab, cols) in [(1, 32), (70, 96), (130, 256)] {
        let ids = vec![0, vocab as u32 - 1, vocab as u32 / 2];
        cases.push(Case::Embed { table: q8(vocab, cols, 2), ids, out_row: 1 });
    }
    for (rows, cols) in [(1, 256), (3, 96), (5, 7), (1, 1)] {
        let x = random.vec((rows + SPARE) * cols);
        cases.push(Case::RmsNorm { cols, x_row: 2, rows, x });
    }
    for rows in [1, 2, 3, 4, 7, 8, 9, 33] {
        for (n, cols) in [(1, 32), (65, 96), (256, 256), (31, 768)] {
            for weight in [q4(n, cols, 3), q4_with_mins(n, cols, 3), q8(n, cols, 4)] {
                let x = random.vec(rows * cols);
                cases.push(Case::Matmul { weight, out_row: rows % 3, rows, x });
            }
        }
    }
    // Enough to be shared among threads, by outputs.
    cases.push(Case::Matmul {
        weight: q4_with_mins(1030, 768, 5),
        out_row: 1,
        rows: 1,
        x: random.vec(768),
    });
    // Enough outputs that no slices are made.
    cases.push(Case::Matmul { weight: q8(8200, 32, 5), out_row: 0, rows: 1, x: random.vec(32) });
    for (cols, head_dim, rows) in [(256, 32, 1), (96, 16, 5), (128, 64, 2)] {
        let x = random.vec((rows + SPARE + 1) * cols);
        cases.push(Case::Rope { cols, head_dim, x_row: 1, rows, position: 40, x });
    }
    for (heads, kv_heads, head_dim) in [(8, 4, 32), (4, 4, 16), (6, 2, 64), (2, 1, 128)] {
        for (rows, first) in [(1, 1), (1, 63), (1, 200), (5, 1), (5, 130)] {
            for visible in [Visible::all(first), Visible::causal(first)] {
                let x: Vec<f32> =
                    random.vec(rows * heads * head_dim).iter().map(|v| v * 4.0).collect();
                cases.push(Case::Attention { heads, kv_heads, head_dim, visible, rows, x });
            }
        }
    }
    for (rows, cols) in [(1, 768), (3, 65)] {
        let x: Vec<f32> = random.vec((rows + SPARE) * cols).iter().map(|v| v * 9.0).collect();
        cases.push(Case::SiluMul { cols, rows, x });
        let x = random.vec((rows + SPARE) * cols);
        cases.push(Case::Add { cols, x_row: 1, rows, x: x.clone() });
        cases.push(Case::AddBias { cols, x_row: 2, rows, x });
    }
    cases
}

/// The same operations on numbers that break careless code.
pub(crate) fn poisoned_cases() -> Vec<Case> {
    let poisons =
        [f32::NAN, f32::INFINITY, f32::NEG_INFINITY, 1e-40, 1e38, -1e38, 700_000.0, -0.0, 1e-20];
    let mut cases = Vec::new();
    for poison in poisons {
        let mut x = Random(11).vec(96 * 3);
        x[100] = poison;
        cases.push(Case::RmsNorm { cols: 96, x_row: 0, rows: 3, x: x.clone() });
        for weight in [q4(40, 96, 12), q4_with_mins(40, 96, 12), q8(40, 96, 13)] {
            for rows in [1, 3] {
                let x = x[96..].iter().chain(&x[..96]).copied().take(rows * 96).collect();
                cases.push(Case::Matmul { weight: weight.clone(), out_row: 0, rows, x });
            }
        }
        cases.push(Case::SiluMul { cols: 96, rows: 3, x: x.clone() });
        cases.push(Case::Add { cols: 96, x_row: 0, rows: 3, x: x.clone() });
        for rows in [1, 3] {
            let (heads, kv_heads, visible) = (3, 1, Visible::all(9));
            let x = x[96..].iter().chain(&x[..96]).copied().take(rows * 96).collect();
            cases.push(Case::Attention { heads, kv_heads, head_dim: 32, visible, rows, x });
        }
    }
    cases
}

/// Compares value by value: not-finite must meet not-finite, all else be within `tolerance` of the
/// largest value of its row of 32 (or of ½, where sums cancel). Near f32's end, the order of
/// factors decides what overflows; there either is right.
pub(crate) fn assert_alike(case: &Case, oracle: &[f32], other: &[f32], tolerance: f32) {
    assert_eq!(oracle.len(), other.len(), "{}", brief(case));
    for (index, (a, b)) in oracle.chunks(32).zip(other.chunks(32)).enumerate() {
        let peak = a.iter().filter(|v| v.is_finite()).fold(0.5f32, |peak, v| peak.max(v.abs()));
        for (column, (a, b)) in a.iter().zip(b).enumerate() {
            let alike = match b.is_finite() {
                true => (a - b).abs() <= tolerance * peak,
                false => !a.is_finite() || a.abs() > 1e33,
            };
            assert!(alike, "{a} against {b} at {} of {}", 32 * index + column, brief(case));
        }
    }
}

pub(crate) fn brief(case: &Case) -> String {
    let text = format!("{case:?}");
    text.chars().take(60).collect::<String>() + &text[text.len().saturating_sub(200)..]
}
