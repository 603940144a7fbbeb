//! The SIMD path against the oracle, and both against bad input.

use crate::common::{assert_alike, cases, poisoned_cases, q4, q8, run};
use kernels::{CpuOps, Error, Ops, Precision, Visible};

#[test]
fn simd_does_what_the_oracle_does() {
    for case in cases() {
        let oracle = pollster::block_on(run(&mut CpuOps::new(Precision::Plain), &case)).unwrap();
        let fast = pollster::block_on(run(&mut CpuOps::new(Precision::Fast), &case)).unwrap();
        // A 16-bit activation is off by at most a sixty-thousandth of its group's peak.
        assert_alike(&case, &oracle, &fast, 2e-4);
    }
}

#[test]
fn numbers_that_break_careless_code() {
    for case in poisoned_cases() {
        let oracle = pollster::block_on(run(&mut CpuOps::new(Precision::Plain), &case)).unwrap();
        let fast = pollster::block_on(run(&mut CpuOps::new(Precision::Fast), &case)).unwrap();
        assert_alike(&case, &oracle, &fast, 2e-4);
    }
}

/// Each operation says no to operands that do not fit, and touches nothing.
#[test]
fn shapes_are_checked() {
    let mut ops = CpuOps::default();
    let mut small = ops.tensor(2, 32).unwrap();
    let mut wide = ops.tensor(2, 64).unwrap();
    let x = ops.tensor(2, 32).unwrap();
    let weight = ops.matrix(&q4(64, 32, 1)).unwrap();
    let table = ops.matrix(&q8(3, 32, 1)).unwrap();
    let refused = [
        ops.write(&mut small, 2, &[0.0; 32]),
        ops.write(&mut small, 0, &[0.0; 31]),
        ops.write(&mut small, usize::MAX, &[0.0; 32]),
        ops.embed(&table, &[3], &mut small, 0),
        ops.embed(&table, &[0, 1, 2], &mut small, 0),
        ops.embed(&table, &[0], &mut wide, 0),
        ops.rms_norm(&x, 1, &x, 1e-5, &mut small, 2),
        ops.rms_norm(&x, 0, &x, 1e-5, &mut wide, 1),
        ops.matmul(&x, &weight, &mut small, 0, 1),
        ops.matmul(&x, &weight, &mut wide, 1, 2),
        ops.rope(&mut small, 0, 2, 1, &x),
        ops.attention(&x, &x, &x, 24, Visible::all(1), &mut small, 1),
        ops.attention(&x, &x, &x, 32, Visible::all(3), &mut small, 1),
        ops.attention(&x, &x, &x, 32, Visible::all(0), &mut small, 1),
        ops.attention(&x, &x, &x, 32, Visible::causal(1), &mut small, 2),
        ops.silu_mul(&mut wide, &x, 1),
        ops.add(&mut small, 2, &x, 1),
    ];
    for (index, result) in refused.into_iter().enumerate() {
        assert!(matches!(result, Err(Error::Shape { .. })), "{index}: {result:?}");
    }
    assert!(matches!(ops.tensor(usize::MAX, 2), Err(Error::TooLarge { .. })));
}
