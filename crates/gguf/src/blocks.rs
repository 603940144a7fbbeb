//! How weights are packed, and what they are in f32. Layouts as ggml's `ggml-common.h` describes them.

use half::f16;

/// A packing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Plain.
    F32,
    /// Plain, 16 bits.
    F16,
    /// 32 weights of 4 bits, `(q − 8) d`.
    Q4_0,
    /// 32 weights of 4 bits, `q d + m`.
    Q4_1,
    /// 32 weights of 8 bits, `q d`.
    Q8_0,
    /// 256 weights of 4 bits in groups of 32, `q (s d) − (t e)` with 6-bit `s`, `t`.
    Q4K,
    /// 256 weights of 6 bits in groups of 16, `(q − 32) (s d)` with 8-bit `s`.
    Q6K,
}

/// Names of those that are not read, by their numbers, for messages.
const OTHERS: [(u32, &str); 20] = [
    (6, "Q5_0"),
    (7, "Q5_1"),
    (9, "Q8_1"),
    (10, "Q2_K"),
    (11, "Q3_K"),
    (13, "Q5_K"),
    (15, "Q8_K"),
    (16, "IQ2_XXS"),
    (17, "IQ2_XS"),
    (18, "IQ3_XXS"),
    (19, "IQ1_S"),
    (20, "IQ4_NL"),
    (21, "IQ3_S"),
    (22, "IQ2_S"),
    (23, "IQ4_XS"),
    (24, "I8"),
    (26, "I32"),
    (28, "F64"),
    (29, "IQ1_M"),
    (30, "BF16"),
];

/// A block of [`Kind::Q4_0`].
#[derive(Clone, Copy, Debug)]
pub struct Q4_0Block {
    /// `d`.
    pub scale: f16,
    /// `q` of each weight, 0 to 15.
    pub q: [u8; 32],
}

/// A block of [`Kind::Q4_1`].
#[derive(Clone, Copy, Debug)]
pub struct Q4_1Block {
    /// `d`.
    pub scale: f16,
    /// `m`.
    pub min: f16,
    /// `q` of each weight, 0 to 15.
    pub q: [u8; 32],
}

/// A block of [`Kind::Q8_0`].
#[derive(Clone, Copy, Debug)]
pub struct Q8_0Block {
    /// `d`.
    pub scale: f16,
    /// `q` of each weight.
    pub q: [i8; 32],
}

/// Weight `i` lies in the lower half of byte `i`, weight `16 + i` in its upper half.
fn nibbles(bytes: &[u8; 16]) -> [u8; 32] {
    std::array::from_fn(|i| if i < 16 { bytes[i] & 15 } else { bytes[i - 16] >> 4 })
}

fn half(bytes: [u8; 2]) -> f16 {
    f16::from_le_bytes(bytes)
}

impl Q4_0Block {
    /// Each block of a tensor's bytes.
    pub fn each(bytes: &[u8]) -> impl Iterator<Item = Self> {
        bytes
            .as_chunks::<18>()
            .0
            .iter()
            .map(|[a, b, q @ ..]| Self { scale: half([*a, *b]), q: nibbles(q) })
    }
}

impl Q4_1Block {
    /// Each block of a tensor's bytes.
    pub fn each(bytes: &[u8]) -> impl Iterator<Item = Self> {
        bytes.as_chunks::<20>().0.iter().map(|[a, b, c, d, q @ ..]| Self {
            scale: half([*a, *b]),
            min: half([*c, *d]),
            q: nibbles(q),
        })
    }
}

impl Q8_0Block {
    /// Each block of a tensor's bytes.
    pub fn each(bytes: &[u8]) -> impl Iterator<Item = Self> {
        bytes
            .as_chunks::<34>()
            .0
            .iter()
            .map(|[a, b, q @ ..]| Self { scale: half([*a, *b]), q: q.map(u8::cast_signed) })
    }
}

impl Kind {
    /// By its number in the file; the name of one that is not read.
    pub(crate) fn from_number(number: u32) -> Result<Self, String> {
        Ok(match number {
            0 => Self::F32,
            1 => Self::F16,
            2 => Self::Q4_0,
            3 => Self::Q4_1,
            8 => Self::Q8_0,
            12 => Self::Q4K,
            14 => Self::Q6K,
            other => {
                let known = OTHERS.iter().find(|(number, _)| *number == other);
                return Err(
                    known.map_or_else(|| format!("kind {other}"), |(_, name)| (*name).to_owned())
                );
            }
        })
    }

    /// Weights that are packed together.
    pub fn block(self) -> usize {
        match self {
            Self::F32 | Self::F16 => 1,
            Self::Q4_0 | Self::Q4_1 | Self::Q8_0 => 32,
            Self::Q4K | Self::Q6K => 256,
        }
    }

    /// Their bytes.
    pub fn block_bytes(self) -> usize {
        match self {
            Self::F32 => 4,
            Self::F16 => 2,
            Self::Q4_0 => 18,
            Self::Q4_1 => 20,
            Self::Q8_0 => 34,
            Self::Q4K => 144,
            Self::Q6K => 210,
        }
    }

    /// What so many bytes hold, in f32; a rest that is no whole block is left out.
    pub fn dequantise(self, bytes: &[u8]) -> Vec<f32> {
        match self {
            Self::F32 => bytes.as_chunks().0.iter().map(|word| f32::from_le_bytes(*word)).collect(),
            Self::F16 => bytes.as_chunks().0.iter().map(|word| half(*word).to_f32()).collect(),
            Self::Q4_0 => Q4_0Block::each(bytes)
                .flat_map(|block| block.q.map(|q| (f32::from(q) - 8.0) * block.scale.to_f32()))
                .collect(),
            Self::Q4_1 => Q4_1Block::each(bytes)
                .flat_map(|block| {
                    block.q.map(|q| f32::from(q) * block.scale.to_f32() + block.min.to_f32())
                })
                .collect(),
            Self::Q8_0 => Q8_0Block::each(bytes)
                .flat_map(|block| block.q.map(|q| f32::from(q) * block.scale.to_f32()))
                .collect(),
            Self::Q4K => bytes.as_chunks().0.iter().flat_map(q4_k).collect(),
            Self::Q6K => bytes.as_chunks().0.iter().flat_map(q6_k).collect(),
        }
    }
}

/// Two halves, eight pairs of 6-bit scales in twelve bytes, then four runs of 32 bytes, each the lower halves
/// of one group and the upper halves of the next.
fn q4_k(block: &[u8; 144]) -> [f32; 256] {
    let (d, e) = (half([block[0], block[1]]).to_f32(), half([block[2], block[3]]).to_f32());
    let packed = &block[4..16];
    // The first four pairs lie in the lower six bits; of the others four bits lie apart, two above those.
    let scale_and_min = |group: usize| match group {
        0..4 => (packed[group] & 63, packed[group + 4] & 63),
        _ => (
            packed[group + 4] & 15 | packed[group - 4] >> 6 << 4,
            packed[group + 4] >> 4 | packed[group] >> 6 << 4,
        ),
    };
    std::array::from_fn(|i| {
        let group = i / 32;
        let byte = block[16 + 32 * (group / 2) + i % 32];
        let q = if group.is_multiple_of(2) { byte & 15 } else { byte >> 4 };
        let (scale, min) = scale_and_min(group);
        d * f32::from(scale) * f32::from(q) - e * f32::from(min)
    })
}

/// The lower four bits, the upper two, sixteen scales, and the half that they are scaled by; each half of the block
/// holds four runs of 32.
fn q6_k(block: &[u8; 210]) -> [f32; 256] {
    let d = half([block[208], block[209]]).to_f32();
    std::array::from_fn(|i| {
        let (side, run, l) = (i / 128, i % 128 / 32, i % 32);
        let low = block[64 * side + 32 * (run % 2) + l] >> (4 * (run / 2)) & 15;
        let high = block[128 + 32 * side + l] >> (2 * run) & 3;
        let scale = block[192 + i / 16].cast_signed();
        let q = f32::from(low | high << 4) - 32.0;
        d * f32::from(scale) * q
    })
}
