//! A recorded step against the same layer out of plain operations on the CPU, step after step, each fed what the one before
//! chose.

use crate::common::{Random, q4, q4_with_mins, q8};
use crate::gpu_twins::{both, gpu};
use kernels::{
    Choosing, CpuOps, GpuOps, LayerOps, Level, Ops, Packed, Plan, Precision, Read, Result, STEPS,
    Toy, ToySize, likeliest,
};
use pollster::block_on;

const VOCAB: usize = 300;
const TEXT: usize = 290;

fn recorded(ops: &mut GpuOps, toy: &mut Toy<GpuOps>, ends: [Option<u32>; 2]) -> Plan {
    toy.plan(ops, Choosing { text: TEXT, ends }).unwrap()
}

fn toy<O: LayerOps>(ops: &mut O, size: ToySize) -> Toy<O> {
    Toy::new(ops, size).unwrap()
}

fn packed_q4(rows: usize, cols: usize, seed: u64) -> Result<Packed> {
    Ok(q4(rows, cols, seed).as_ref().clone())
}

fn packed_q8(rows: usize, cols: usize, seed: u64) -> Result<Packed> {
    Ok(q8(rows, cols, seed).as_ref().clone())
}

fn packed_q4_with_mins(rows: usize, cols: usize, seed: u64) -> Result<Packed> {
    Ok(q4_with_mins(rows, cols, seed).as_ref().clone())
}

fn sizes() -> Vec<ToySize> {
    let first = ToySize {
        width: 96,
        heads: 6,
        kv_heads: 3,
        head_dim: 32,
        ff: 160,
        vocab: VOCAB,
        context: 80,
        pack: packed_q4,
        pack_values: packed_q4,
        pack_table: packed_q8,
        biases: [false; 3],
    };
    vec![
        first,
        ToySize { pack: packed_q8, pack_values: packed_q8, biases: [true; 3], ..first },
        ToySize {
            pack: packed_q4_with_mins,
            pack_values: packed_q4_with_mins,
            heads: 2,
            kv_heads: 2,
            ..first
        },
        // Nothing can be done in one.
        ToySize { pack_values: packed_q8, biases: [true, false, true], ..first },
        ToySize { heads: 4, kv_heads: 1, head_dim: 16, ff: 32, ..first },
        ToySize { heads: 2, kv_heads: 1, head_dim: 64, ..first },
        ToySize { width: 64, heads: 1, kv_heads: 1, head_dim: 128, ..first },
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
                        let [hidden, logits] =
                            block_on(oracle.read(&mut cpu, &[what], step)).unwrap();
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
    let mut ops = GpuOps::at(&gpu, Level::for_hardware());
    let mut model = toy(&mut ops, sizes()[0]);
    // And one before all layers, two after.
    assert_eq!(recorded(&mut ops, &mut model, [None; 2]).dispatches(), 5 + 3);
    let mut ops = GpuOps::at(&gpu, Level::for_hardware().without_tails());
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
    let mut plan = recorded(&mut ops, &mut model, [None; 2]);
    assert!(block_on(ops.start(&mut plan, Read::Token(VOCAB as u32), 0)).is_err());
    assert!(block_on(ops.start(&mut plan, Read::Row(&[0.0; 5]), 0)).is_err());
    assert!(block_on(ops.receive(&mut plan)).is_err());
}

/// Where all logits are equal, the first token of each kind is meant, as on the CPU.
#[test]
fn of_equals_the_first_is_chosen() {
    let Some(gpu) = gpu() else { return };
    fn same_rows(rows: usize, cols: usize, seed: u64) -> Result<Packed> {
        let row = Random(seed).vec(cols);
        kernels::pack_q8(rows, cols, &row.repeat(rows)).map(Packed::Q8)
    }
    for mut ops in both(&gpu) {
        let mut model = toy(&mut ops, ToySize { pack_table: same_rows, ..sizes()[0] });
        let mut plan = recorded(&mut ops, &mut model, [None; 2]);
        block_on(ops.start(&mut plan, Read::Token(7), 0)).unwrap();
        ops.send(&mut plan, 1);
        block_on(ops.receive(&mut plan)).unwrap();
        let record = plan.record(0);
        assert!(record.others.iter().all(|logit| *logit == record.text_logit));
        assert_eq!((record.text, record.next), (0, 0));
    }
}
