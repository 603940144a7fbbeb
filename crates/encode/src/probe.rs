use crate::Error;
use crate::nets::{Features, Nets};
use crate::surface::Surface;
use scene::{Aabb, InstanceId, Locations, pairwise_relations};
use views::{CROP_LEVELS, InstanceInput, SHELL_FEATURES, VIEWS};

/// How far the GPU's numbers may be from the CPU's, relative to the largest of them.
const TOLERANCE: f32 = 1e-3;

/// Whether both give the same rows for three made-up instances.
pub(crate) async fn same_answer(cpu: &Nets, gpu: &Nets) -> bool {
    match (answer(cpu).await, answer(gpu).await) {
        (Ok(expected), Ok(found)) => {
            let largest = expected.iter().fold(1e-3f32, |most, v| most.max(v.abs()));
            expected.len() == found.len()
                && expected.iter().zip(&found).all(|(a, b)| (a - b).abs() <= TOLERANCE * largest)
        }
        _ => false,
    }
}

async fn answer(nets: &Nets) -> Result<Vec<f32>, Error> {
    let inputs: Vec<InstanceInput> = (0..3).map(made_up).collect();
    let features: Features = nets.features(&inputs).await?;
    let boxes: Vec<Aabb> = inputs.iter().map(|input| crate::bounds(&input.box_m)).collect();
    let asked = nets.ask(&features).await?;
    let rows = nets.fuse(&features, &asked, 0..features.count()).await?;
    let relation = nets.relate(&features, &boxes, &pairwise_relations(&boxes)).await?;
    let (class, colour) = nets.logits(&features).await?;
    let locations = Locations::within(&views::padded_box(boxes.iter().copied()));
    let mut surface = Surface::new(vec![[0.5; SHELL_FEATURES]]);
    while !surface.step(nets, &features, &boxes, &locations).await? {}
    let aware = surface.aware(nets, &features, &boxes, &locations).await?.unwrap_or_default();
    Ok([rows.coarse, rows.fused, relation.rows, class, colour, surface.queries, aware].concat())
}

/// An instance of no meaning, the same on every machine.
pub(crate) fn made_up(seed: u32) -> InstanceInput {
    let mut state = seed.wrapping_mul(2_654_435_761).wrapping_add(1);
    let mut next = move || {
        // A linear congruential generator; its high bits are good enough here.
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        state >> 8
    };
    let mut number = move || next() as f32 / 8_388_608.0 - 1.0;
    let mut numbers = |count: usize| (0..count).map(|_| number()).collect::<Vec<f32>>();
    let place = numbers(3);
    let mut view_valid = [1; VIEWS];
    view_valid[VIEWS - 1 - seed as usize % VIEWS] = 0;
    InstanceInput {
        id: InstanceId(seed + 1),
        patches: numbers(InstanceInput::PATCHES_LEN),
        centres: numbers(InstanceInput::CENTRES_LEN),
        extent: [0.5, 0.6, 0.9, 0.0, 0.9, 0.6, 0.65, 1.0],
        crops: numbers(VIEWS * CROP_LEVELS * InstanceInput::CROP_LEN)
            .into_iter()
            .map(|v| (v * 127.5 + 127.5) as u8)
            .collect(),
        view_valid,
        trust: vec![255; InstanceInput::TRUST_LEN],
        box_m: [place[0], place[1], 0.45, 0.5, 0.6, 0.9],
        photographed: false,
    }
}
