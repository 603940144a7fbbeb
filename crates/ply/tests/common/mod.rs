//! Files for the tests, and a pseudo-random stream.
#![allow(dead_code, reason = "each test binary uses its own part")]

use ply::{PlyError, Scalar};
use scene::PointCloud;

/// Reads in pieces of `size` bytes.
pub(crate) fn read_in_pieces(bytes: &[u8], size: usize) -> Result<PointCloud, PlyError> {
    let mut reader = ply::Reader::new(ply::Limits::default());
    for piece in bytes.chunks(size.max(1)) {
        reader.push(piece)?;
    }
    reader.finish()
}

/// A value as it stands in a file of this format, with a space behind it in ascii.
pub(crate) fn put(out: &mut Vec<u8>, format: ply::Format, scalar: Scalar, value: f64) {
    use ply::Format::{Ascii, BinaryBigEndian};
    if format == Ascii {
        let text = match scalar {
            Scalar::F32 => format!("{} ", value as f32),
            Scalar::F64 => format!("{value} "),
            _ => format!("{} ", value as i64),
        };
        out.extend_from_slice(text.as_bytes());
        return;
    }
    let mut bytes = match scalar {
        Scalar::I8 => (value as i8).to_le_bytes().to_vec(),
        Scalar::U8 => (value as u8).to_le_bytes().to_vec(),
        Scalar::I16 => (value as i16).to_le_bytes().to_vec(),
        Scalar::U16 => (value as u16).to_le_bytes().to_vec(),
        Scalar::I32 => (value as i32).to_le_bytes().to_vec(),
        Scalar::U32 => (value as u32).to_le_bytes().to_vec(),
        Scalar::F32 => (value as f32).to_le_bytes().to_vec(),
        Scalar::F64 => value.to_le_bytes().to_vec(),
    };
    if format == BinaryBigEndian {
        bytes.reverse();
    }
    out.extend(bytes);
}

/// A small file with everything before, in and behind the vertices: a list element, lists inside
/// rows where asked for, and faces. Returns the file and where its `vertex` data starts and ends.
pub(crate) fn busy_file(
    format: ply::Format,
    lists_in_rows: bool,
    rows: usize,
) -> (Vec<u8>, usize, usize) {
    let list = if lists_in_rows { "property list uchar short tags\n" } else { "" };
    let header = format!(
        "ply\nformat {} 1.0\ncomment label 3 arm chair\nobj_info made for a test\n\
         element strip 2\nproperty list ushort int ids\nproperty float length\n\
         element camera 1\nproperty double focal\n\
         element vertex {rows}\nproperty float x\nproperty double y\n{list}property short z\n\
         property uchar red\nproperty uchar green\nproperty uchar blue\nproperty uint number\n\
         element face 1\nproperty list uchar int vertex_indices\nend_header\n",
        format.name()
    );
    let mut out = header.into_bytes();
    let is_text = format == ply::Format::Ascii;
    let end_row = |out: &mut Vec<u8>| {
        if is_text {
            out.push(b'\n');
        }
    };
    for count in [2, 0] {
        put(&mut out, format, Scalar::U16, count.into());
        (0..count).for_each(|i| put(&mut out, format, Scalar::I32, (i - 7).into()));
        put(&mut out, format, Scalar::F32, 0.5);
        end_row(&mut out);
    }
    put(&mut out, format, Scalar::F64, 518.25);
    end_row(&mut out);
    let start = out.len();
    for i in 0..rows {
        let v = i as f64;
        put(&mut out, format, Scalar::F32, v + 0.5);
        put(&mut out, format, Scalar::F64, -v - 0.25);
        if lists_in_rows {
            put(&mut out, format, Scalar::U8, (i % 3) as f64);
            (0..i % 3).for_each(|k| put(&mut out, format, Scalar::I16, k as f64 - 300.0));
        }
        put(&mut out, format, Scalar::I16, 10.0 * v);
        for channel in 0..3 {
            put(&mut out, format, Scalar::U8, ((i * 40 + channel) % 256) as f64);
        }
        put(&mut out, format, Scalar::U32, 4_000_000_000.0 + v);
        end_row(&mut out);
    }
    let end = out.len();
    put(&mut out, format, Scalar::U8, 3.0);
    (0..3).for_each(|i| put(&mut out, format, Scalar::I32, i.into()));
    end_row(&mut out);
    (out, start, end)
}

/// Where the real scans are, or `None` with a printed note.
pub(crate) fn scans() -> Option<std::path::PathBuf> {
    let default = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/scans");
    let folder =
        std::env::var_os("SCANWISE_SCANS").map_or(default.into(), std::path::PathBuf::from);
    if folder.is_dir() {
        return Some(folder);
    }
    println!("skipped: no real scans; set SCANWISE_SCANS to a folder that holds some");
    None
}

/// Every `.ply` file of the folder and its folders, sorted.
pub(crate) fn ply_files(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            files.extend(ply_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "ply") {
            files.push(path);
        }
    }
    files.sort();
    files
}
