//! Every shader with its bindings, and every variant of it that is ever built.

/// A shader as it lies in `shaders/`.
#[derive(Debug)]
pub(super) struct Shader {
    pub(super) name: &'static str,
    source: &'static str,
    /// Its bindings from 1 on; binding 0 is the parameters.
    pub(super) bindings: &'static [Binding],
    /// Texts of `shaders/parts/` that go before it.
    parts: &'static [&'static str],
    /// What it may be built with: one choice of each of these.
    choices: &'static [Choices],
    /// The files of `cpu/` that together are its oracle. Empty where it has one of its own name.
    #[cfg_attr(not(test), allow(dead_code, reason = "says what tests compare it with"))]
    twins: &'static [&'static str],
}

/// Constants that go together, one line of which is taken.
type Choices = &'static [&'static [Constant]];

/// Put before the source as `const NAME: u32 = VALUEu;`.
type Constant = (&'static str, u32);

/// What is bound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Binding {
    /// What changes from step to step of a plan: uniform.
    Step,
    /// Storage that is read only.
    Read,
    /// Storage.
    Write,
}

/// A shader with its constants.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Variant {
    pub(super) name: &'static str,
    /// Without a name where there are fewer.
    constants: [Constant; MOST_CONSTANTS],
}

const MOST_CONSTANTS: usize = 5;

macro_rules! shaders {
    ($($name:literal: $bindings:expr, $parts:expr, $choices:expr, $twins:expr;)*) => {
        /// By name.
        pub(super) const SHADERS: &[Shader] = &[$(Shader {
            name: $name,
            source: include_str!(concat!("../../../../shaders/", $name, ".wgsl")),
            bindings: &$bindings,
            parts: &$parts,
            choices: &$choices,
            twins: &$twins,
        }),*];
    };
}

use Binding::{Read as R, Step as S, Write as W};

const STEP: &str = include_str!("../../../../shaders/parts/step.wgsl");
const SOFTMAX: &str = include_str!("../../../../shaders/parts/softmax.wgsl");
const LANES_MERGED: &str = include_str!("../../../../shaders/parts/lanes.wgsl");
const WEIGHTS: &str = include_str!("../../../../shaders/parts/weights.wgsl");

/// Outputs of a workgroup of `matmul_vec` and `decode_*`, without and with slices, and of `matmul_mat_q4`.
pub(super) const WHOLE_COLUMNS: u32 = 64;
pub(super) const SLICED_COLUMNS: u32 = 32;

const CUTS: Choices =
    &[&[("COLUMNS", WHOLE_COLUMNS), ("SLICES", 1)], &[("COLUMNS", SLICED_COLUMNS), ("SLICES", 8)]];
const WHOLE: Choices = &[&[("COLUMNS", WHOLE_COLUMNS)]];
const PACKINGS: Choices =
    &[&[("BITS", 4), ("MINS", 0)], &[("BITS", 4), ("MINS", 1)], &[("BITS", 8), ("MINS", 0)]];
const MINS: Choices = &[&[("MINS", 0)], &[("MINS", 1)]];
const BIAS: Choices = &[&[("BIAS", 0)], &[("BIAS", 1)]];
const TAIL: Choices = &[&[("TAIL", 0)], &[("TAIL", 1)]];
/// A head's width in fours, and the threads that attend to one.
const HEADS: Choices = &[
    &[("FOURS", 4), ("LANES", 64)],
    &[("FOURS", 8), ("LANES", 64)],
    &[("FOURS", 16), ("LANES", 32)],
    &[("FOURS", 32), ("LANES", 16)],
];
const FOURS: Choices = &[&[("FOURS", 4)], &[("FOURS", 8)], &[("FOURS", 16)], &[("FOURS", 32)]];
const SPLITS: Choices = &[&[("SPLITS", 1)], &[("SPLITS", 8)]];
const LANES: Choices = &[&[("LANES", 1)], &[("LANES", 64)]];
const CHOOSERS: Choices = &[&[("LANES", 256)]];

shaders! {
    "add": [R, W], [], [], [];
    "add_bias": [R, W], [], [], [];
    "attention_decode": [R, R, R, W], [SOFTMAX, LANES_MERGED], [HEADS], [];
    "attention_prefill": [R, R, R, W], [SOFTMAX], [FOURS], [];
    "attention_tile": [R, R, R, W], [SOFTMAX], [FOURS], ["attention_prefill"];
    "decode_attention": [S, R, R, W, W, W, W, W], [STEP, SOFTMAX, LANES_MERGED], [HEADS, SPLITS], ["rope", "attention_decode"];
    "decode_choose": [R, R, W, W], [], [CHOOSERS], ["likeliest"];
    "decode_embed": [S, R, R, R, R, W, W], [STEP], [LANES], ["embed_q8", "rms_norm"];
    "decode_gate_up": [S, R, R, R, W], [STEP, WEIGHTS], [CUTS, PACKINGS], ["matmul_vec", "silu_mul"];
    "decode_product": [S, R, R, R, R, W], [STEP, WEIGHTS], [CUTS, PACKINGS, BIAS], ["matmul_vec", "add_bias"];
    "decode_project": [S, R, R, R, R, W, W, W], [STEP, WEIGHTS], [CUTS, PACKINGS, TAIL], ["matmul_vec", "add", "rms_norm"];
    "embed_q8": [R, R, R, W], [], [], [];
    "matmul_mat_q4": [R, R, R, W], [], [WHOLE, MINS], ["matmul_vec"];
    "matmul_tile": [R, R, R, W], [WEIGHTS], [PACKINGS], ["matmul_vec"];
    "matmul_vec": [R, R, R, W], [WEIGHTS], [CUTS, PACKINGS], [];
    "rms_norm": [R, R, W], [], [LANES], [];
    "rope": [R, W], [], [], [];
    "silu_mul": [R, W], [], [], [];
}

/// How work is cut: what suits a GPU, and what suits a CPU that plays one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Tuning {
    /// Threads that share a row of `rms_norm`.
    pub(super) norm_lanes: u32,
    /// Slices of `matmul_vec_*` where there are few outputs.
    pub(super) slices: u32,
    /// Rows of a block.
    pub(super) block_rows: usize,
    /// Whether products and attention of many rows go tile by tile through shared memory.
    pub(super) tiles: bool,
    /// Parts of the keys that `decode_attention` gives to workgroups of their own.
    pub(super) splits: u32,
    /// Whether the last workgroup of `decode_project` norms the sum, or a dispatch of its own does.
    pub(super) tails: bool,
    /// Submissions of a plan that are on their way at once.
    pub(super) queued: usize,
}

pub(super) const HARDWARE: Tuning = Tuning {
    norm_lanes: 64,
    slices: 8,
    block_rows: 128,
    tiles: true,
    splits: 8,
    tails: true,
    queued: 2,
};
pub(super) const SOFTWARE: Tuning = Tuning {
    norm_lanes: 1,
    slices: 1,
    block_rows: 16,
    tiles: false,
    splits: 1,
    tails: true,
    queued: 1,
};

/// The variant of this name in which these constants have these values.
pub(super) fn find(name: &str, constants: &[Constant]) -> Option<Variant> {
    let fits = |variant: &Variant| constants.iter().all(|one| variant.constants.contains(one));
    SHADERS.iter().find(|shader| shader.name == name)?.variants().find(fits)
}

/// All there are: a pipeline is built from one of these or not at all.
pub(super) fn variants() -> impl Iterator<Item = Variant> {
    SHADERS.iter().flat_map(Shader::variants)
}

impl Shader {
    /// One for each way to choose.
    fn variants(&self) -> impl Iterator<Item = Variant> {
        let ways = self.choices.iter().map(|choices| choices.len()).product();
        (0..ways).map(|mut way: usize| {
            let chosen = self.choices.iter().flat_map(move |choices| {
                let one = choices[way % choices.len()];
                way /= choices.len();
                one.iter()
            });
            let mut constants = [("", 0); MOST_CONSTANTS];
            constants.iter_mut().zip(chosen).for_each(|(constant, one)| *constant = *one);
            Variant { name: self.name, constants }
        })
    }
}

impl Variant {
    pub(super) fn shader(&self) -> Option<&'static Shader> {
        SHADERS.iter().find(|shader| shader.name == self.name)
    }

    fn constants(&self) -> impl Iterator<Item = &Constant> {
        self.constants.iter().filter(|(name, _)| !name.is_empty())
    }

    /// The text to compile.
    pub(super) fn source(&self) -> String {
        let constants = self.constants();
        let mut source: String =
            constants.map(|(name, value)| format!("const {name}: u32 = {value}u;\n")).collect();
        if let Some(shader) = self.shader() {
            shader.parts.iter().chain([&shader.source]).for_each(|text| source.push_str(text));
        }
        source
    }

    /// Such as `matmul_vec_q4 COLUMNS=32 SLICES=8`.
    pub(super) fn label(&self) -> String {
        let constants = self.constants().map(|(name, value)| format!(" {name}={value}"));
        constants.fold(self.name.to_owned(), |label, constant| label + &constant)
    }
}

/// Label and full WGSL text of every variant, for tests that compile them elsewhere.
pub fn shader_variants() -> Vec<(String, String)> {
    variants().map(|variant| (variant.label(), variant.source())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use naga::valid::{Capabilities, ValidationFlags, Validator};
    use naga::{AddressSpace, StorageAccess};

    /// Each variant compiles, with no capability beyond WebGPU's base, within its default limits,
    /// and binds what the table says.
    #[test]
    fn every_variant_is_valid_wgsl_within_default_limits() {
        for variant in variants() {
            let label = variant.label();
            let source = variant.source();
            let module = naga::front::wgsl::parse_str(&source)
                .unwrap_or_else(|error| panic!("{label}: {}", error.emit_to_string(&source)));
            // Reading halves out of words needs no feature in WebGPU.
            Validator::new(ValidationFlags::all(), Capabilities::SHADER_FLOAT16_IN_FLOAT32)
                .validate(&module)
                .unwrap_or_else(|error| panic!("{label}: {}", error.emit_to_string(&source)));

            let [entry] = module.entry_points.as_slice() else { panic!("{label}: one entry") };
            assert!(entry.workgroup_size.iter().product::<u32>() <= 256, "{label}");
            let mut layouter = naga::proc::Layouter::default();
            layouter.update(module.to_ctx()).unwrap();
            let (mut shared, mut bound) = (0, Vec::new());
            for (_, variable) in module.global_variables.iter() {
                let binding = variable.binding.as_ref().map_or(0, |binding| binding.binding);
                match variable.space {
                    AddressSpace::WorkGroup => shared += layouter[variable.ty].size,
                    AddressSpace::Storage { access } => {
                        let writes = access.contains(StorageAccess::STORE);
                        bound.push((binding, if writes { W } else { R }));
                    }
                    AddressSpace::Uniform if binding > 0 => bound.push((binding, S)),
                    _ => {}
                }
            }
            assert!(shared <= 16_352, "{label}: {shared} bytes of workgroup memory");
            bound.sort_by_key(|(binding, _)| *binding);
            let table: Vec<(u32, Binding)> =
                (1..).zip(variant.shader().unwrap().bindings.iter().copied()).collect();
            assert_eq!(bound, table, "{label}");
            assert!(bound.iter().filter(|(_, binding)| *binding != S).count() <= 8, "{label}");
        }
    }

    #[test]
    fn every_file_is_in_the_table_and_has_a_twin() {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
        let files = std::fs::read_dir(root.join("../../shaders")).unwrap();
        let mut names: Vec<String> = files
            .map(|file| file.unwrap().path())
            .filter(|path| path.extension().is_some_and(|kind| kind == "wgsl"))
            .map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned())
            .collect();
        names.sort();
        assert_eq!(names, SHADERS.iter().map(|shader| shader.name).collect::<Vec<_>>());
        for shader in SHADERS {
            let own = [shader.name];
            let twins = if shader.twins.is_empty() { &own } else { shader.twins };
            for twin in twins {
                assert!(root.join(format!("src/cpu/{twin}.rs")).exists(), "{twin}, no CPU twin");
            }
        }
    }
}
