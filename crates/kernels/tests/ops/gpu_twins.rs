//! Each shader against its CPU twin, on the software adapter (lavapipe in CI). Without an adapter
//! these tests say so and prove nothing; with `SCANWISE_REQUIRE_GPU=1` they then fail.

use crate::common::{Case, assert_alike, cases, poisoned_cases, q4, run};
use gpu::{Gpu, Prefer};
use kernels::{CpuOps, Error, GpuOps, Level, Ops, Precision};
use std::sync::OnceLock;

pub(crate) fn gpu() -> Option<Gpu> {
    static GPU: OnceLock<Option<Gpu>> = OnceLock::new();
    let found = GPU.get_or_init(|| match pollster::block_on(Gpu::request(Prefer::Software)) {
        Ok(gpu) => Some(gpu),
        Err(error) if std::env::var("SCANWISE_REQUIRE_GPU").as_deref() == Ok("1") => {
            panic!("{error}")
        }
        Err(error) => {
            println!("SKIPPED, nothing was compared: {error}");
            None
        }
    });
    found.clone()
}

/// Both ways of cutting the work.
pub(crate) fn both(gpu: &Gpu) -> [GpuOps; 2] {
    [GpuOps::new(gpu), GpuOps::at(gpu, Level::for_hardware())]
}

fn on_cpu(case: &Case) -> Vec<f32> {
    pollster::block_on(run(&mut CpuOps::new(Precision::Plain), case)).unwrap()
}

#[test]
fn shaders_do_what_their_twins_do() {
    let Some(gpu) = gpu() else { return };
    for mut ops in both(&gpu) {
        for case in cases() {
            let found = pollster::block_on(run(&mut ops, &case)).unwrap();
            assert_alike(&case, &on_cpu(&case), &found, 2e-5);
        }
    }
}

#[test]
fn numbers_that_break_careless_code() {
    let Some(gpu) = gpu() else { return };
    for mut ops in both(&gpu) {
        for case in poisoned_cases() {
            let found = pollster::block_on(run(&mut ops, &case)).unwrap();
            assert_alike(&case, &on_cpu(&case), &found, 2e-5);
        }
    }
}

/// Buffers, bind groups and parameter slots are used again and again: the second time must give
/// bit for bit what the first gave, also across the end of a submission.
#[test]
fn replayed_work_gives_the_same_bits() {
    let Some(gpu) = gpu() else { return };
    let mut ops = GpuOps::new(&gpu);
    let packed = q4(64, 64, 1);
    let round = |ops: &mut GpuOps, steps: usize| -> Vec<f32> {
        let weight = ops.matrix(&packed).unwrap();
        let mut norm = ops.tensor(1, 64).unwrap();
        ops.write(&mut norm, 0, &[0.5; 64]).unwrap();
        let mut x = ops.tensor(1, 64).unwrap();
        let mut h = ops.tensor(1, 64).unwrap();
        let mut y = ops.tensor(1, 64).unwrap();
        ops.write(&mut x, 0, &crate::common::Random(3).vec(64)).unwrap();
        for _ in 0..steps {
            ops.rms_norm(&x, 0, &norm, 1e-5, &mut h, 1).unwrap();
            ops.matmul(&h, &weight, &mut y, 0, 1).unwrap();
            ops.add(&mut x, 0, &y, 1).unwrap();
        }
        pollster::block_on(ops.read(&x, 0, 1)).unwrap()
    };
    let first = round(&mut ops, 300);
    assert!(first.iter().all(|value| value.is_finite()) && first.iter().any(|value| *value != 0.0));
    assert_eq!(first, round(&mut ops, 300));
    assert_ne!(first, round(&mut ops, 299));
}

/// F9: with how much it is and how much there may be.
#[test]
fn what_does_not_fit_is_refused_before_it_is_tried() {
    let Some(gpu) = gpu() else { return };
    let mut ops = GpuOps::new(&gpu);
    let Err(Error::TooLarge { what, .. }) = ops.tensor(1 << 20, 1 << 10) else {
        panic!("4 GiB in one buffer")
    };
    assert!(what.contains("4294967296") && what.contains("134217728"), "{what}");
    assert!(matches!(ops.tensor(usize::MAX, 2), Err(Error::TooLarge { .. })));
    let x = ops.tensor(2, 64).unwrap();
    let mut out = ops.tensor(2, 64).unwrap();
    let weight = ops.matrix(&q4(64, 32, 1)).unwrap();
    assert!(matches!(ops.matmul(&x, &weight, &mut out, 0, 1), Err(Error::Shape { .. })));
    assert!(gpu.check().is_ok());
}
