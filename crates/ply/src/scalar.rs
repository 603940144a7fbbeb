use std::fmt;

/// A scalar type of the PLY format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scalar {
    /// `char`, `int8`.
    I8,
    /// `uchar`, `uint8`.
    U8,
    /// `short`, `int16`.
    I16,
    /// `ushort`, `uint16`.
    U16,
    /// `int`, `int32`.
    I32,
    /// `uint`, `uint32`.
    U32,
    /// `float`, `float32`.
    F32,
    /// `double`, `float64`.
    F64,
}

/// How the numbers after the header are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Format {
    /// `ascii`: words, a row a line.
    Ascii,
    /// `binary_little_endian`.
    #[default]
    BinaryLittleEndian,
    /// `binary_big_endian`.
    BinaryBigEndian,
}

impl Scalar {
    /// Every type, narrowest first within its kind.
    pub const ALL: [Self; 8] =
        [Self::I8, Self::U8, Self::I16, Self::U16, Self::I32, Self::U32, Self::F32, Self::F64];

    /// The type of this name or alias.
    pub fn from_name(name: &str) -> Option<Self> {
        Some(match name {
            "char" | "int8" => Self::I8,
            "uchar" | "uint8" => Self::U8,
            "short" | "int16" => Self::I16,
            "ushort" | "uint16" => Self::U16,
            "int" | "int32" => Self::I32,
            "uint" | "uint32" => Self::U32,
            "float" | "float32" => Self::F32,
            "double" | "float64" => Self::F64,
            _ => return None,
        })
    }

    /// The classic name, as written to files.
    pub fn name(self) -> &'static str {
        match self {
            Self::I8 => "char",
            Self::U8 => "uchar",
            Self::I16 => "short",
            Self::U16 => "ushort",
            Self::I32 => "int",
            Self::U32 => "uint",
            Self::F32 => "float",
            Self::F64 => "double",
        }
    }

    /// Bytes of one value in the binary formats.
    pub fn size(self) -> usize {
        match self {
            Self::I8 | Self::U8 => 1,
            Self::I16 | Self::U16 => 2,
            Self::I32 | Self::U32 | Self::F32 => 4,
            Self::F64 => 8,
        }
    }

    /// Whether values are whole numbers.
    pub fn is_integer(self) -> bool {
        !matches!(self, Self::F32 | Self::F64)
    }

    /// The least and greatest whole number of an integer type; `None` for floating types.
    pub fn range(self) -> Option<(f64, f64)> {
        Some(match self {
            Self::I8 => (i8::MIN.into(), i8::MAX.into()),
            Self::U8 => (0.0, u8::MAX.into()),
            Self::I16 => (i16::MIN.into(), i16::MAX.into()),
            Self::U16 => (0.0, u16::MAX.into()),
            Self::I32 => (i32::MIN.into(), i32::MAX.into()),
            Self::U32 => (0.0, u32::MAX.into()),
            Self::F32 | Self::F64 => return None,
        })
    }

    /// Whether the value can be stored without rounding to another whole number or overflowing.
    pub fn holds(self, value: f64) -> bool {
        match self.range() {
            Some((least, most)) => value.fract() == 0.0 && (least..=most).contains(&value),
            None => true,
        }
    }

    /// The value at the start of `bytes`, or `None` where they are fewer than [`Scalar::size`].
    pub fn decode(self, bytes: &[u8], big_endian: bool) -> Option<f64> {
        fn take<const N: usize>(bytes: &[u8], big_endian: bool) -> Option<[u8; N]> {
            let mut out = *bytes.first_chunk::<N>()?;
            if big_endian {
                out.reverse();
            }
            Some(out)
        }
        Some(match self {
            Self::I8 => i8::from_le_bytes(take(bytes, false)?).into(),
            Self::U8 => u8::from_le_bytes(take(bytes, false)?).into(),
            Self::I16 => i16::from_le_bytes(take(bytes, big_endian)?).into(),
            Self::U16 => u16::from_le_bytes(take(bytes, big_endian)?).into(),
            Self::I32 => i32::from_le_bytes(take(bytes, big_endian)?).into(),
            Self::U32 => u32::from_le_bytes(take(bytes, big_endian)?).into(),
            Self::F32 => f32::from_le_bytes(take(bytes, big_endian)?).into(),
            Self::F64 => f64::from_le_bytes(take(bytes, big_endian)?),
        })
    }

    /// Appends the value in the given format; in ascii without a space. Values that the type does
    /// not hold saturate: check [`Scalar::holds`] first.
    pub(crate) fn encode(self, value: f64, format: Format, out: &mut Vec<u8>) {
        if format == Format::Ascii {
            let text = match self {
                Self::F32 => (value as f32).to_string(),
                Self::F64 => value.to_string(),
                _ => (value as i64).to_string(),
            };
            out.extend_from_slice(text.as_bytes());
            return;
        }
        let start = out.len();
        match self {
            Self::I8 => out.extend_from_slice(&(value as i8).to_le_bytes()),
            Self::U8 => out.extend_from_slice(&(value as u8).to_le_bytes()),
            Self::I16 => out.extend_from_slice(&(value as i16).to_le_bytes()),
            Self::U16 => out.extend_from_slice(&(value as u16).to_le_bytes()),
            Self::I32 => out.extend_from_slice(&(value as i32).to_le_bytes()),
            Self::U32 => out.extend_from_slice(&(value as u32).to_le_bytes()),
            Self::F32 => out.extend_from_slice(&(value as f32).to_le_bytes()),
            Self::F64 => out.extend_from_slice(&value.to_le_bytes()),
        }
        if format == Format::BinaryBigEndian {
            out[start..].reverse();
        }
    }
}

impl fmt::Display for Scalar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Format {
    /// The three formats.
    pub const ALL: [Self; 3] = [Self::Ascii, Self::BinaryLittleEndian, Self::BinaryBigEndian];

    /// The word in the header.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ascii => "ascii",
            Self::BinaryLittleEndian => "binary_little_endian",
            Self::BinaryBigEndian => "binary_big_endian",
        }
    }

    /// The format of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.name() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_type_keeps_its_extremes_in_every_format() {
        for scalar in Scalar::ALL {
            let (least, most) = scalar.range().unwrap_or((-1.5, 3.25));
            assert!(scalar.holds(least) && scalar.holds(most));
            assert_eq!(scalar.range().is_some(), !scalar.holds(most + 0.5));
            for value in [least, 0.0, 1.0, most] {
                for format in [Format::BinaryLittleEndian, Format::BinaryBigEndian] {
                    let mut bytes = Vec::new();
                    scalar.encode(value, format, &mut bytes);
                    assert_eq!(bytes.len(), scalar.size());
                    let big = format == Format::BinaryBigEndian;
                    assert_eq!(scalar.decode(&bytes, big), Some(value), "{scalar} {format:?}");
                    assert_eq!(scalar.decode(&bytes[1..], big), None);
                }
                let mut text = Vec::new();
                scalar.encode(value, Format::Ascii, &mut text);
                assert_eq!(std::str::from_utf8(&text).unwrap().parse::<f64>().unwrap(), value);
            }
        }
    }
}
