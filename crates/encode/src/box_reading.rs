//! What rows say of boxes, for the systems that name objects by them.

use crate::Error;
use crate::layers::Linear;
use crate::nets::Nets;
use crate::weights::Weights;
use scene::{Aabb, BINS, BOX_NUMBERS, RowBoxes, ScenePrefix, System};

/// The refining head moves a number by so many bins at most.
const REFINED_BINS: f32 = 8.0;

/// `encode.reading`: for each of a box's six numbers, which bin it may be in, and by how much it is to
/// be moved there.
pub(crate) struct BoxReading {
    numbers: Linear,
    refine: Linear,
}

impl BoxReading {
    pub(crate) fn load(at: &Weights, d: usize) -> Result<Self, Error> {
        Ok(Self {
            numbers: Linear::load(&at.at("numbers"), d, BOX_NUMBERS * BINS)?,
            refine: Linear::load(&at.at("refine"), d, BOX_NUMBERS)?,
        })
    }
}

/// Logits (…, 256) to log-probabilities. On the host: they are few, and a kernel of its own for every
/// device would cost the page more than it saves.
fn normalise(logits: &mut [f32]) {
    for of_number in logits.chunks_exact_mut(BINS) {
        let peak = of_number.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        let total = of_number.iter().map(|logit| (logit - peak).exp()).sum::<f32>().ln();
        of_number.iter_mut().for_each(|logit| *logit -= peak + total);
    }
}

impl Nets {
    /// Reads the rows of a prefix of these objects, in their order; 3D-LLM's objects are then also known
    /// by the rows that say their boxes.
    pub(crate) async fn read_boxes(
        &self,
        reading: &BoxReading,
        prefix: &mut ScenePrefix,
        boxes: &[Aabb],
    ) -> Result<(), Error> {
        let width = prefix.width;
        let count = match prefix.system {
            System::Llm3d => prefix.queries,
            System::Spatial => prefix.objects.len(),
            System::Unified | System::Inst3d => 0,
        };
        if count == 0 {
            return Ok(());
        }
        let rows = prefix.rows.get(..count * width).unwrap_or_default().to_vec();
        let rows = self.matrix(rows, width);
        let mut numbers = self.read(reading.numbers.forward(rows.clone())).await?;
        normalise(&mut numbers);
        let refined = match prefix.system {
            // 3D-LLM has no refining head.
            System::Llm3d => vec![0.0; count * BOX_NUMBERS],
            _ => self.read(reading.refine.forward(rows)).await?,
        };
        let refined = refined.into_iter().map(|by| by.clamp(-REFINED_BINS, REFINED_BINS)).collect();
        let mut said = RowBoxes { numbers, refined, objects: vec![None; count] };
        let mut best = vec![f32::NEG_INFINITY; count];
        for (object, bounds) in prefix.objects.iter_mut().zip(boxes) {
            let told = prefix.locations.of_box(bounds);
            let likely: Vec<f32> = (0..count).map(|row| said.likelihood(row, told)).collect();
            let rows = best.iter_mut().zip(&mut said.objects).zip(&likely);
            for ((best, of), &likelihood) in rows.filter(|((best, _), l)| **l > **best) {
                (*best, *of) = (likelihood, Some(object.id));
            }
            if prefix.system == System::Llm3d {
                let peak = likely.iter().copied().fold(f32::NEG_INFINITY, f32::max);
                let shares: Vec<f32> = likely.iter().map(|l| (l - peak).exp()).collect();
                let total: f32 = shares.iter().sum();
                for (share, row) in shares.iter().zip(prefix.rows.chunks_exact(width)) {
                    object.mention.iter_mut().zip(row).for_each(|(to, x)| *to += share / total * x);
                }
            }
        }
        prefix.row_boxes = said;
        Ok(())
    }
}
