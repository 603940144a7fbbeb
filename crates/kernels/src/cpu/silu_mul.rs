/// Twin of `shaders/silu_mul.wgsl`: `gate = gate / (1 + e^−gate) · up`.
pub(super) fn silu_mul(gate: &mut [f32], up: &[f32]) {
    for (gate, up) in gate.iter_mut().zip(up) {
        *gate = *gate / (1.0 + (-*gate).exp()) * up;
    }
}
