//! Every shader with its bindings, and every variant of it that is ever built.

/// A shader as it lies in `shaders/`.
#[derive(Debug)]
pub(super) struct Shader {
    pub(super) name: &'static str,
    source: &'static str,
    /// Storage bindings from 1 on; all but the last are read only. Binding 0 is the parameters.
    pub(super) storage: u32,
}

/// A shader with its constants.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Variant {
    pub(super) name: &'static str,
    /// Put before the source as `const NAME: u32 = VALUEu;`.
    pub(super) constants: &'static [(&'static str, u32)],
}

macro_rules! shaders {
    ($($name:literal: $storage:literal),* $(,)?) => {
        /// By name.
        pub(super) const SHADERS: &[Shader] = &[$(Shader {
            name: $name,
            source: include_str!(concat!("../../../../shaders/", $name, ".wgsl")),
            storage: $storage,
        }),*];
    };
}

shaders! {
    "add": 2,
    "add_bias": 2,
    "attention_decode": 4,
    "attention_prefill": 4,
    "embed_q8": 4,
    "matmul_mat_q4": 4,
    "matmul_vec_q4": 4,
    "matmul_vec_q8": 4,
    "rms_norm": 3,
    "rope": 2,
    "silu_mul": 2,
}

/// How work is cut: what suits a GPU, and what suits a CPU that plays one.
#[derive(Debug)]
pub(super) struct Tuning {
    /// Threads that share a row of `rms_norm`.
    pub(super) norm_lanes: u32,
    /// Slices of `matmul_vec_*` where there are few outputs.
    pub(super) slices: u32,
    /// Rows of a block.
    pub(super) block_rows: usize,
}

pub(super) const HARDWARE: Tuning = Tuning { norm_lanes: 64, slices: 8, block_rows: 128 };
pub(super) const SOFTWARE: Tuning = Tuning { norm_lanes: 1, slices: 1, block_rows: 16 };

const NONE: &[(&str, u32)] = &[];
/// Outputs of a workgroup of `matmul_vec_*`, without and with slices, and of `matmul_mat_q4`.
pub(super) const WHOLE_COLUMNS: u32 = 64;
pub(super) const SLICED_COLUMNS: u32 = 32;
const WHOLE: &[(&str, u32)] = &[("COLUMNS", WHOLE_COLUMNS), ("SLICES", 1)];
const SLICED: &[(&str, u32)] = &[("COLUMNS", SLICED_COLUMNS), ("SLICES", 8)];
const WHOLE_Q4: &[(&str, u32)] = &[("COLUMNS", WHOLE_COLUMNS), ("SLICES", 1), ("MINS", 0)];
const WHOLE_MINS: &[(&str, u32)] = &[("COLUMNS", WHOLE_COLUMNS), ("SLICES", 1), ("MINS", 1)];
const SLICED_Q4: &[(&str, u32)] = &[("COLUMNS", SLICED_COLUMNS), ("SLICES", 8), ("MINS", 0)];
const SLICED_MINS: &[(&str, u32)] = &[("COLUMNS", SLICED_COLUMNS), ("SLICES", 8), ("MINS", 1)];

/// All there are: a pipeline is built from one of these or not at all.
pub(super) const VARIANTS: &[Variant] = &[
    Variant { name: "add", constants: NONE },
    Variant { name: "add_bias", constants: NONE },
    Variant { name: "attention_decode", constants: &[("FOURS", 4), ("LANES", 64)] },
    Variant { name: "attention_decode", constants: &[("FOURS", 8), ("LANES", 64)] },
    Variant { name: "attention_decode", constants: &[("FOURS", 16), ("LANES", 32)] },
    Variant { name: "attention_decode", constants: &[("FOURS", 32), ("LANES", 16)] },
    Variant { name: "attention_prefill", constants: &[("FOURS", 4)] },
    Variant { name: "attention_prefill", constants: &[("FOURS", 8)] },
    Variant { name: "attention_prefill", constants: &[("FOURS", 16)] },
    Variant { name: "attention_prefill", constants: &[("FOURS", 32)] },
    Variant { name: "embed_q8", constants: NONE },
    Variant { name: "matmul_mat_q4", constants: &[("COLUMNS", WHOLE_COLUMNS), ("MINS", 0)] },
    Variant { name: "matmul_mat_q4", constants: &[("COLUMNS", WHOLE_COLUMNS), ("MINS", 1)] },
    Variant { name: "matmul_vec_q4", constants: WHOLE_Q4 },
    Variant { name: "matmul_vec_q4", constants: WHOLE_MINS },
    Variant { name: "matmul_vec_q4", constants: SLICED_Q4 },
    Variant { name: "matmul_vec_q4", constants: SLICED_MINS },
    Variant { name: "matmul_vec_q8", constants: WHOLE },
    Variant { name: "matmul_vec_q8", constants: SLICED },
    Variant { name: "rms_norm", constants: &[("LANES", 1)] },
    Variant { name: "rms_norm", constants: &[("LANES", 64)] },
    Variant { name: "rope", constants: NONE },
    Variant { name: "silu_mul", constants: NONE },
];

/// The variant of this name in which these constants have these values.
pub(super) fn find(name: &str, constants: &[(&str, u32)]) -> Option<Variant> {
    let fits = |variant: &&Variant| {
        variant.name == name && constants.iter().all(|wanted| variant.constants.contains(wanted))
    };
    VARIANTS.iter().find(fits).copied()
}

impl Variant {
    pub(super) fn shader(&self) -> Option<&'static Shader> {
        SHADERS.iter().find(|shader| shader.name == self.name)
    }

    /// The text to compile.
    pub(super) fn source(&self) -> String {
        let constants = self.constants.iter();
        let mut source: String =
            constants.map(|(name, value)| format!("const {name}: u32 = {value}u;\n")).collect();
        source.push_str(self.shader().map_or("", |shader| shader.source));
        source
    }

    /// Such as `matmul_vec_q4 COLUMNS=32 SLICES=8`.
    pub(super) fn label(&self) -> String {
        let constants = self.constants.iter().map(|(name, value)| format!(" {name}={value}"));
        constants.fold(self.name.to_owned(), |label, constant| label + &constant)
    }
}

/// Label and full WGSL text of every variant, for tests that compile them elsewhere.
pub fn shader_variants() -> Vec<(String, String)> {
    VARIANTS.iter().map(|variant| (variant.label(), variant.source())).collect()
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
        for variant in VARIANTS {
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
            let (mut shared, mut storage) = (0, Vec::new());
            for (_, variable) in module.global_variables.iter() {
                match variable.space {
                    AddressSpace::WorkGroup => shared += layouter[variable.ty].size,
                    AddressSpace::Storage { access } => {
                        let binding = variable.binding.as_ref().unwrap().binding;
                        storage.push((binding, access.contains(StorageAccess::STORE)));
                    }
                    _ => {}
                }
            }
            assert!(shared <= 16_352, "{label}: {shared} bytes of workgroup memory");
            storage.sort();
            let last = variant.shader().unwrap().storage;
            let table: Vec<(u32, bool)> = (1..=last).map(|b| (b, b == last)).collect();
            assert_eq!(storage, table, "{label}");
            assert!(storage.len() <= 8);
        }
    }

    #[test]
    fn every_file_has_a_variant_and_a_twin() {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
        let files = std::fs::read_dir(root.join("../../shaders")).unwrap();
        let mut names: Vec<String> = files
            .map(|file| file.unwrap().path())
            .filter(|path| path.extension().is_some_and(|kind| kind == "wgsl"))
            .map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned())
            .collect();
        names.sort();
        assert_eq!(names, SHADERS.iter().map(|shader| shader.name).collect::<Vec<_>>());
        for name in names {
            assert!(VARIANTS.iter().any(|variant| variant.name == name), "{name} has no variant");
            assert!(root.join(format!("src/cpu/{name}.rs")).exists(), "{name} has no CPU twin");
        }
    }
}
