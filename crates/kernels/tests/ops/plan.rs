//! A recorded step against the same layer out of plain operations on the CPU, step after step, each fed what the one before
//! chose.

use crate::common::{Random, q4, q4_with_mins, q8};
use crate::gpu_twins::{both, gpu};
use kernels::{
    Block, Choosing, CpuOps, GpuOps, LayerOps, Norm, Ops, Packed, Plan, Precision, Read, STEPS,
    SelfAttention, likeliest,
};
use pollster::block_on;
use std::sync::Arc;

type Pack = fn(usize, usize, u64) -> Arc<Packed>;

/// A model of one layer.
#[derive(Clone, Copy)]
struct Size {
    width: usize,
    heads: usize,
    kv_heads: usize,
    head_dim: usize,
    ff: usize,
    pack: Pack,
    /// Values are packed so.
    pack_values: Pack,
    biases: [bool; 3],
}

const VOCAB: usize = 300;
const TEXT: usize = 290;
const CONTEXT: usize = 80;
const EPS: f32 = 1e-5;

struct Toy<O: Ops> {
    width: usize,
    table: O::Matrix,
    norms: [O::Tensor; 3],
    own: SelfAttention<O>,
    angles: O::Tensor,
    projection: O::Matrix,
    gate_up: Vec<O::Matrix>,
    down: O::Matrix,
    x: O::Tensor,
    h: O::Tensor,
    mixed: O::Tensor,
    delta: O::Tensor,
    gate: O::Tensor,
    up: O::Tensor,
    logits: O::Tensor,
}

fn tensor<O: Ops>(ops: &mut O, values: &[f32], cols: usize) -> O::Tensor {
    let mut tensor = ops.tensor(values.len() / cols, cols).unwrap();
    ops.write(&mut tensor, 0, values).unwrap();
    tensor
}

fn toy<O: LayerOps>(ops: &mut O, size: Size) -> Toy<O> {
    let Size { width: d, heads, kv_heads, head_dim: e, ff, pack, pack_values, biases } = size;
    let (queries, keys) = (heads * e, kv_heads * e);
    let mut norm = |seed| {
        let weight: Vec<f32> = Random(seed).vec(d).iter().map(|v| 1.0 + 0.3 * v).collect();
        tensor(ops, &weight, d)
    };
    let norms = [norm(1), norm(2), norm(3)];
    let mut bias = |k: usize, cols| biases[k].then(|| tensor(ops, &Random(4 + k as u64).vec(cols), cols));
    let [q_bias, k_bias, v_bias] = [bias(0, queries), bias(1, keys), bias(2, keys)];
    let qkv = [pack(queries, d, 11), pack(keys, d, 12), pack_values(keys, d, 13)];
    let [q, k, v] = ops.joined(&qkv).unwrap().try_into().ok().unwrap();
    let angles: Vec<f32> = (0..CONTEXT)
        .flat_map(|p| {
            let angle = move |i: usize| p as f32 * 0.3f32.powi(i as i32);
            (0..e / 2).map(move |i| angle(i).cos()).chain((0..e / 2).map(move |i| angle(i).sin()))
        })
        .collect();
    Toy {
        width: d,
        table: ops.matrix(&q8(VOCAB, d, 10)).unwrap(),
        norms,
        angles: tensor(ops, &angles, e),
        own: SelfAttention {
            q,
            k,
            v,
            q_bias,
            k_bias,
            v_bias,
            asked: ops.tensor(2, queries).unwrap(),
            keys: ops.tensor(CONTEXT, keys).unwrap(),
            values: ops.tensor(CONTEXT, keys).unwrap(),
            head_dim: e,
        },
        projection: ops.matrix(&pack(d, queries, 14)).unwrap(),
        gate_up: ops.joined(&[pack(ff, d, 15), pack_values(ff, d, 16)]).unwrap(),
        down: ops.matrix(&pack(d, ff, 17)).unwrap(),
        x: ops.tensor(3, d).unwrap(),
        h: ops.tensor(2, d).unwrap(),
        mixed: ops.tensor(2, queries).unwrap(),
        delta: ops.tensor(2, d).unwrap(),
        gate: ops.tensor(1, ff).unwrap(),
        up: ops.tensor(1, ff).unwrap(),
        logits: ops.tensor(1, VOCAB).unwrap(),
    }
}

impl<O: LayerOps> Toy<O> {
    /// From the normed row to the normed row, at this position.
    fn layer(&mut self, ops: &mut O, position: usize) {
        let block = Block { x_row: 0, rows: 1, position };
        let [_, ffn, last] = &self.norms;
        ops.attend(&self.h, &mut self.own, &self.angles, block, &mut self.mixed).unwrap();
        let norm = Norm { weight: ffn, eps: EPS, out: &mut self.h };
        ops.project(&self.mixed, &self.projection, &mut self.delta, &mut self.x, block, Some(norm))
            .unwrap();
        let gate_up = [&self.gate_up[0], &self.gate_up[1]];
        ops.gate_up(&self.h, gate_up, &mut self.gate, &mut self.up, 1).unwrap();
        let norm = Norm { weight: last, eps: EPS, out: &mut self.h };
        ops.project(&self.gate, &self.down, &mut self.delta, &mut self.x, block, Some(norm)).unwrap();
    }
}

/// The hidden state and the logits after reading this.
fn on_cpu(ops: &mut CpuOps, toy: &mut Toy<CpuOps>, read: Read<'_>, at: usize) -> [Vec<f32>; 2] {
    match read {
        Read::Token(id) => ops.embed(&toy.table, &[id], &mut toy.x, 0).unwrap(),
        Read::Row(row) => ops.write(&mut toy.x, 0, row).unwrap(),
    }
    ops.rms_norm(&toy.x, 0, &toy.norms[0], EPS, &mut toy.h, 1).unwrap();
    toy.layer(ops, at);
    ops.matmul(&toy.h, &toy.table, &mut toy.logits, 0, 1).unwrap();
    block_on(async { [ops.read(&toy.h, 0, 1).await.unwrap(), ops.read(&toy.logits, 0, 1).await.unwrap()] })
}

fn recorded(ops: &mut GpuOps, toy: &mut Toy<GpuOps>, ends: [Option<u32>; 2]) -> Plan {
    ops.begin_plan(toy.width, Choosing { text: TEXT, ends }).unwrap();
    let norm = Norm { weight: &toy.norms[0], eps: EPS, out: &mut toy.h };
    ops.embed_step(&toy.table, &mut toy.x, norm).unwrap();
    toy.layer(ops, 0);
    ops.choose_step(&toy.h, &toy.table, &mut toy.logits).unwrap();
    ops.end_plan().unwrap()
}

fn sizes() -> Vec<Size> {
    let first = Size {
        width: 96,
        heads: 6,
        kv_heads: 3,
        head_dim: 32,
        ff: 160,
        pack: q4,
        pack_values: q4,
        biases: [false; 3],
    };
    vec![
        first,
        Size { pack: q8, pack_values: q8, biases: [true; 3], ..first },
        Size { pack: q4_with_mins, pack_values: q4_with_mins, heads: 2, kv_heads: 2, ..first },
        // Nothing can be done in one.
        Size { pack_values: q8, biases: [true, false, true], ..first },
        Size { heads: 4, kv_heads: 1, head_dim: 16, ff: 32, ..first },
        Size { heads: 2, kv_heads: 1, head_dim: 64, ..first },
        Size { width: 64, heads: 1, kv_heads: 1, head_dim: 128, ..first },
    ]
}

fn assert_near(a: &[f32], b: &[f32], what: &str) {
    let peak = a.iter().fold(0.5f32, |peak, v| peak.max(v.abs()));
    let worst = a.iter().zip(b).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
    assert!(a.len() == b.len() && worst <= 1e-4 * peak, "{what}: {worst} of {peak}");
}

#[test]
fn steps_are_what_plain_operations_make() {
    let Some(gpu) = gpu() else { return };
    for (index, size) in sizes().into_iter().enumerate() {
        for mut ops in both(&gpu) {
            let (mut cpu, mut on_gpu) = (CpuOps::new(Precision::Plain), toy(&mut ops, size));
            let mut oracle = toy(&mut cpu, size);
            let mut plan = recorded(&mut ops, &mut on_gpu, [None; 2]);
            let made = ops.counts().made;
            // A row, then what was chosen, more often than a ring holds; twice, so that what a step leaves behind shows.
            let row = Random(20).vec(size.width);
            for _ in 0..2 {
                block_on(ops.start(&mut plan, Read::Row(&row), 0)).unwrap();
                let (mut read, mut done) = (None, 0);
                while done < 6 * STEPS {
                    while ops.send(&mut plan, STEPS) {}
                    let now = block_on(ops.receive(&mut plan)).unwrap();
                    assert_eq!(now, done + STEPS);
                    for step in done..now {
                        let what = read.map_or(Read::Row(&row), Read::Token);
                        let [hidden, logits] = on_cpu(&mut cpu, &mut oracle, what, step);
                        let record = plan.record(step);
                        let name = format!("size {index}, step {step}");
                        assert!(record.is_finite);
                        assert_near(&hidden, record.hidden, &name);
                        assert_near(&logits[TEXT..], record.others, &name);
                        assert_eq!(Some(record.text), likeliest(&logits[..TEXT]), "{name}");
                        assert_eq!(Some(record.next), likeliest(&logits), "{name}");
                        assert!((record.text_logit - logits[record.text as usize]).abs() < 1e-3);
                        read = Some(record.next);
                    }
                    done = now;
                }
            }
            assert_eq!(ops.counts().made, made, "something was made on the way");
            let keys = block_on(ops.read(&on_gpu.own.keys, 0, 6 * STEPS)).unwrap();
            let expected = block_on(cpu.read(&oracle.own.keys, 0, 6 * STEPS)).unwrap();
            assert_near(&expected, &keys, "keys");
            let asked = block_on(ops.read(&on_gpu.own.asked, 0, 1)).unwrap();
            assert_eq!(asked.len(), size.heads * size.head_dim);
        }
    }
    assert!(gpu.check().is_ok());
}

/// A layer takes five dispatches where its matrices lie together.
#[test]
fn a_layer_takes_five_dispatches() {
    let Some(gpu) = gpu() else { return };
    let mut ops = GpuOps::cut_for_hardware(&gpu);
    let mut model = toy(&mut ops, sizes()[0]);
    // And one before all layers, two after.
    assert_eq!(recorded(&mut ops, &mut model, [None; 2]).dispatches(), 5 + 3);
    let mut ops = ops.without_tails();
    let mut model = toy(&mut ops, sizes()[0]);
    assert_eq!(recorded(&mut ops, &mut model, [None; 2]).dispatches(), 7 + 3);
}

/// What ends a run ends it on the GPU: no step after it, however many were sent.
#[test]
fn a_run_ends_where_it_is_told() {
    let Some(gpu) = gpu() else { return };
    for mut ops in both(&gpu) {
        let mut model = toy(&mut ops, sizes()[0]);
        let mut plan = recorded(&mut ops, &mut model, [None; 2]);
        block_on(ops.start(&mut plan, Read::Token(7), 0)).unwrap();
        ops.send(&mut plan, STEPS);
        assert_eq!(block_on(ops.receive(&mut plan)).unwrap(), STEPS);
        let said: Vec<u32> = (0..STEPS).map(|step| plan.record(step).next).collect();
        let last = said[2];
        let expected = said.iter().position(|id| *id == last).unwrap() + 1;
        for ends in [[Some(last), None], [None, Some(last)]] {
            let mut plan = recorded(&mut ops, &mut model, ends);
            block_on(ops.start(&mut plan, Read::Token(7), 0)).unwrap();
            while ops.send(&mut plan, STEPS) {}
            while plan.is_sent() {
                assert_eq!(block_on(ops.receive(&mut plan)).unwrap(), expected);
            }
            assert_eq!(plan.record(expected - 1).next, last);
        }
    }
}

#[test]
fn what_is_not_finite_is_told_and_ends_the_run() {
    let Some(gpu) = gpu() else { return };
    for (poison, mut ops) in [f32::NAN, f32::INFINITY].into_iter().zip(both(&gpu)) {
        let mut model = toy(&mut ops, sizes()[0]);
        let mut plan = recorded(&mut ops, &mut model, [None; 2]);
        let mut row = Random(20).vec(96);
        row[40] = poison;
        block_on(ops.start(&mut plan, Read::Row(&row), 0)).unwrap();
        ops.send(&mut plan, STEPS);
        assert_eq!(block_on(ops.receive(&mut plan)).unwrap(), 1);
        assert!(!plan.record(0).is_finite);
        // What it left in the caches is written over; the next run is as good as new.
        block_on(ops.start(&mut plan, Read::Token(7), 0)).unwrap();
        ops.send(&mut plan, STEPS);
        assert_eq!(block_on(ops.receive(&mut plan)).unwrap(), STEPS);
        assert!((0..STEPS).all(|step| plan.record(step).is_finite));
    }
}

#[test]
fn plans_of_nothing_are_refused() {
    let Some(gpu) = gpu() else { return };
    let mut ops = GpuOps::new(&gpu);
    assert!(ops.end_plan().is_err());
    let mut model = toy(&mut ops, sizes()[0]);
    let norm = Norm { weight: &model.norms[0], eps: EPS, out: &mut model.h };
    assert!(ops.embed_step(&model.table, &mut model.x, norm).is_err());
    let mut plan = recorded(&mut ops, &mut model, [None; 2]);
    assert!(block_on(ops.start(&mut plan, Read::Token(VOCAB as u32), 0)).is_err());
    assert!(block_on(ops.start(&mut plan, Read::Row(&[0.0; 5]), 0)).is_err());
    assert!(block_on(ops.receive(&mut plan)).is_err());
}
