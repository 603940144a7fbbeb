//! The same files through two other readers: every number must agree.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests may stop at the first surprise")]

mod common;

use common::busy_file;
use ply::Format;
use ply_rs_bw::parser::Parser;
use ply_rs_bw::ply::{DefaultElement, Property};
use scene::PointCloud;
use serde::Deserialize;
use std::collections::HashMap;

/// What the other readers find, as f64: x, y, z, colour, and one extra column.
type Row = ([f64; 3], Option<[f64; 3]>, Option<f64>);

fn our_rows(cloud: &PointCloud, extra: &str) -> Vec<Row> {
    let column = cloud.column(extra);
    (0..cloud.len())
        .map(|i| {
            let position = std::array::from_fn(|axis| {
                f64::from(cloud.positions[i][axis]) + cloud.origin[axis]
            });
            let colour = cloud.colours.as_ref().map(|colours| colours[i].map(f64::from));
            (position, colour, column.map(|values| values[i]))
        })
        .collect()
}

fn ply_rs_rows(bytes: &[u8], extra: &str) -> Vec<Row> {
    let file = Parser::<DefaultElement>::new().read_ply(&mut std::io::Cursor::new(bytes)).unwrap();
    let value = |row: &DefaultElement, name: &str| -> Option<f64> {
        Some(match row.get(name)? {
            Property::Char(v) => (*v).into(),
            Property::UChar(v) => (*v).into(),
            Property::Short(v) => (*v).into(),
            Property::UShort(v) => (*v).into(),
            Property::Int(v) => (*v).into(),
            Property::UInt(v) => (*v).into(),
            Property::Float(v) => (*v).into(),
            Property::Double(v) => *v,
            other => panic!("{name} is {other:?}"),
        })
    };
    let three = |row: &DefaultElement, names: [&str; 3]| -> Option<[f64; 3]> {
        let [a, b, c] = names.map(|name| value(row, name));
        Some([a?, b?, c?])
    };
    file.payload["vertex"]
        .iter()
        .map(|row| {
            let position = three(row, ["x", "y", "z"]).unwrap();
            (position, three(row, ["red", "green", "blue"]), value(row, extra))
        })
        .collect()
}

#[derive(Deserialize)]
#[serde(untagged)]
enum SerdeValue {
    Number(f64),
    List(Vec<f64>),
}

fn serde_rows(bytes: &[u8], extra: &str) -> Vec<Row> {
    type File = HashMap<String, Vec<HashMap<String, SerdeValue>>>;
    let file: File = serde_ply::from_bytes(bytes).unwrap();
    let value = |row: &HashMap<String, SerdeValue>, name: &str| match row.get(name)? {
        SerdeValue::Number(value) => Some(*value),
        SerdeValue::List(values) => panic!("{name} is a list of {}", values.len()),
    };
    let rows = file["vertex"].iter().map(|row| {
        let [x, y, z] = ["x", "y", "z"].map(|name| value(row, name).unwrap());
        let [red, green, blue] = ["red", "green", "blue"].map(|name| value(row, name));
        let colour = red.zip(green).zip(blue).map(|((red, green), blue)| [red, green, blue]);
        ([x, y, z], colour, value(row, extra))
    });
    rows.collect()
}

#[test]
fn generated_files_agree() {
    for format in Format::ALL {
        for lists in [false, true] {
            let (bytes, ..) = busy_file(format, lists, 3000);
            let ours = our_rows(&ply::read(&bytes).unwrap(), "number");
            assert!(ours == ply_rs_rows(&bytes, "number"), "ply-rs-bw: {format:?}, lists {lists}");
            assert!(ours == serde_rows(&bytes, "number"), "serde-ply: {format:?}, lists {lists}");
        }
    }
}

#[test]
fn what_we_write_others_read() {
    let (bytes, ..) = busy_file(Format::BinaryLittleEndian, false, 500);
    let cloud = ply::read(&bytes).unwrap();
    for format in Format::ALL {
        let options = ply::WriteOptions {
            format,
            column_types: &[("number", ply::Scalar::U32)],
            ..Default::default()
        };
        let mut written = Vec::new();
        ply::write(&mut written, &cloud, &options).unwrap();
        let ours = our_rows(&cloud, "number");
        assert!(ours == ply_rs_rows(&written, "number"), "ply-rs-bw: {format:?}");
        assert!(ours == serde_rows(&written, "number"), "serde-ply: {format:?}");

        let mut rewritten = Vec::new();
        let values: Vec<f64> = (0..500).map(f64::from).collect();
        let column = ply::Appended { name: "instance", scalar: ply::Scalar::U16, values: &values };
        ply::rewrite(&written, &mut rewritten, &[column], &["label 1 sofa".into()]).unwrap();
        let rows = ply_rs_rows(&rewritten, "instance");
        assert!(rows.iter().zip(&values).all(|(row, value)| row.2 == Some(*value)), "{format:?}");
        assert!(rows.iter().zip(&ours).all(|(a, b)| (a.0, a.1) == (b.0, b.1)), "{format:?}");
    }
}

#[test]
fn real_scans_agree() {
    let Some(folder) = common::scans() else { return };
    let files = common::ply_files(&folder);
    assert!(!files.is_empty(), "{} holds no .ply file", folder.display());
    for file in files {
        let bytes = std::fs::read(&file).unwrap();
        let cloud = ply::read(&bytes).unwrap();
        let ours = our_rows(&cloud, "instance");
        // At a few megabytes a second it is only asked about the smaller ones.
        if bytes.len() < 2_000_000 {
            assert!(ours == ply_rs_rows(&bytes, "instance"), "ply-rs-bw: {}", file.display());
        }
        assert!(ours == serde_rows(&bytes, "instance"), "serde-ply: {}", file.display());
        let uneven = common::read_in_pieces(&bytes, 100_003).unwrap();
        assert_eq!(uneven.positions, cloud.positions, "{}", file.display());
        println!("{}: {} points, {:?}", file.display(), cloud.len(), cloud.warnings);
    }
}
