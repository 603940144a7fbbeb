//! Which rows each system gives to the language model.

use scene::{InstanceId, ObjectRows, ScenePrefix, System};

/// Everything that was made of a scene's `n` objects, width `d`; parts that the model lacks are
/// empty.
#[derive(Clone, Debug, Default)]
pub(crate) struct Rows {
    /// (32, d) of 3D-LLM's Q-Former.
    pub(crate) queries: Vec<f32>,
    /// n of (d): each object's identifier.
    pub(crate) ids: Vec<Vec<f32>>,
    /// (n, d) of MCMF.
    pub(crate) coarse: Vec<f32>,
    /// (n, d) of MCMF.
    pub(crate) fused: Vec<f32>,
    /// (n, d) of 3D-ISR.
    pub(crate) relation: Vec<f32>,
    /// (n, d) of Spatial 3D-LLM.
    pub(crate) aware: Vec<f32>,
    /// (n, d): what each object is likely to be.
    pub(crate) named: Vec<f32>,
    /// (n, d): where each object is, in the code of location tokens.
    pub(crate) placed: Vec<f32>,
    /// (m, d)
    pub(crate) layout: Vec<f32>,
}

impl Rows {
    /// `empty`, with what `system` reads. The same choice as `Encode.forward` of the training.
    pub(crate) fn prefix(
        &self,
        system: System,
        objects: &[(InstanceId, u32)],
        empty: ScenePrefix,
    ) -> ScenePrefix {
        let width = empty.width;
        let mut prefix = ScenePrefix { system, ..empty };
        if matches!(system, System::Unified | System::Llm3d) {
            prefix.queries = self.queries.len() / width;
            prefix.rows.extend(&self.queries);
        }
        let of = |rows: &[f32], i: usize| -> Vec<f32> {
            rows.get(i * width..(i + 1) * width).map_or_else(|| vec![0.0; width], <[f32]>::to_vec)
        };
        for (i, &(id, slot)) in objects.iter().enumerate() {
            let (fused, relation) = (of(&self.fused, i), of(&self.relation, i));
            let referent = sum(&of(&self.aware, i), &of(&self.placed, i));
            let mention = match system {
                System::Unified | System::Inst3d => {
                    let relation = match system {
                        System::Unified => sum(&sum(&relation, &referent), &of(&self.named, i)),
                        _ => relation,
                    };
                    prefix.rows.extend(&self.ids[i]);
                    prefix.rows.extend(of(&self.coarse, i));
                    prefix.rows.extend(&fused);
                    prefix.rows.extend(&relation);
                    sum(&fused, &relation)
                }
                System::Spatial => {
                    prefix.rows.extend(&referent);
                    referent
                }
                System::Llm3d => of(&self.placed, i),
            };
            prefix.objects.push(ObjectRows { id, slot, mention });
        }
        if system != System::Llm3d {
            prefix.rows.extend(&self.layout);
        }
        prefix
    }
}

fn sum(a: &[f32], b: &[f32]) -> Vec<f32> {
    a.iter().zip(b).map(|(a, b)| a + b).collect()
}
