//! What must hold for every file: cut at any byte, in pieces of any size, written and read again.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests may stop at the first surprise")]

mod common;

use common::{busy_file, read_in_pieces};
use ply::{Format, PlyError, Scalar, WriteOptions};
use proptest::prelude::*;
use scene::{Column, PointCloud};

/// Equal bit for bit, NaN included.
fn assert_same(a: &PointCloud, b: &PointCloud) {
    let bits = |cloud: &PointCloud| -> Vec<[u32; 3]> {
        cloud.positions.iter().map(|point| point.map(f32::to_bits)).collect()
    };
    assert_eq!(bits(a), bits(b));
    assert_eq!(a.origin, b.origin);
    assert_eq!(a.colours, b.colours);
    assert_eq!(a.normals, b.normals);
    assert_eq!(a.columns.len(), b.columns.len());
    for (a, b) in a.columns.iter().zip(&b.columns) {
        let bits = |column: &Column| -> Vec<u64> {
            column.values.iter().map(|value| value.to_bits()).collect()
        };
        assert_eq!((&a.name, bits(a)), (&b.name, bits(b)));
    }
    assert_eq!(a.warnings, b.warnings);
}

#[test]
fn a_file_cut_anywhere_gives_its_first_points() {
    for format in Format::ALL {
        for lists_in_rows in [false, true] {
            let rows = 7;
            let (file, start, end) = busy_file(format, lists_in_rows, rows);
            let whole = ply::read(&file).unwrap();
            assert_eq!(whole.len(), rows);
            let mut seen = 0;
            for cut in 0..file.len() {
                let what = format!("{format:?}, lists {lists_in_rows}, cut at {cut}");
                let piece = 1 + cut % 5;
                match read_in_pieces(&file[..cut], piece) {
                    Err(PlyError::Empty) => assert_eq!(cut, 0, "{what}"),
                    Err(PlyError::HeaderTruncated) => assert!(cut < start, "{what}"),
                    Err(PlyError::NoPoints { read, .. }) => assert_eq!(read, 0, "{what}"),
                    Err(error) => panic!("{what}: {error}"),
                    Ok(cloud) => {
                        assert!(cut > start && cloud.len() >= seen, "{what}");
                        seen = cloud.len();
                        // In ascii the last row of all may end without a line break, and so may
                        // be cut in its last number unnoticed.
                        let sure = if cut < end && seen == rows { seen - 1 } else { seen };
                        assert_eq!(cloud.positions[..sure], whole.positions[..sure], "{what}");
                        let numbers = whole.column("number").unwrap();
                        assert_eq!(cloud.column("number").unwrap()[..sure], numbers[..sure]);
                        let told = cloud.warnings.iter().any(|w| w.code == "file-truncated");
                        assert_eq!(told, seen < rows, "{what}");
                    }
                }
            }
            assert_eq!(seen, rows);
        }
    }
}

#[test]
fn progress_tells_points_while_they_come() {
    let rows = 3000;
    let (file, start, _) = busy_file(Format::BinaryLittleEndian, false, rows);
    let mut reader = ply::Reader::new(ply::Limits::default());
    reader.push(&file[..start]).unwrap();
    assert_eq!(reader.progress().points_claimed, Some(rows as u64));
    assert_eq!(reader.header().unwrap().comments, ["label 3 arm chair"]);
    let half = start + (file.len() - start) / 2;
    reader.push(&file[start..half]).unwrap();
    let early = reader.points_so_far().to_vec();
    assert!(early.len() >= 1024 && early.len() < rows);
    assert_eq!(reader.progress().bytes, half as u64);
    reader.push(&file[half..]).unwrap();
    let cloud = reader.finish().unwrap();
    assert_eq!(cloud.positions[..early.len()], early);
}

/// A value that the type stores exactly.
fn value_of(scalar: Scalar) -> BoxedStrategy<f64> {
    match scalar.range() {
        Some((least, most)) => prop_oneof![
            Just(least),
            Just(most),
            (least as i64..=most as i64).prop_map(|value| value as f64)
        ]
        .boxed(),
        None if scalar == Scalar::F32 => any::<f32>()
            .prop_filter("NaN has many bit patterns", |v| !v.is_nan())
            .prop_map(f64::from)
            .boxed(),
        None => any::<f64>().prop_filter("NaN has many bit patterns", |v| !v.is_nan()).boxed(),
    }
}

prop_compose! {
    fn clouds()(rows in 1..40_usize)(
        positions in prop::collection::vec(prop::array::uniform3(-9_999.0_f32..9_999.0), rows),
        colours in prop::option::of(prop::collection::vec(any::<[u8; 3]>(), rows)),
        far in prop::option::of(20_000..5_000_000_i32),
        columns in Scalar::ALL.map(|scalar| prop::collection::vec(value_of(scalar), rows)),
    ) -> PointCloud {
        let columns = Scalar::ALL.iter().zip(columns).map(|(scalar, values)| {
            Column { name: format!("column_{scalar}"), values }
        });
        let origin = [far.map_or(0.0, f64::from), 0.0, 0.0];
        PointCloud { positions, origin, colours, columns: columns.collect(), ..Default::default() }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..Default::default() })]

    #[test]
    fn what_is_written_is_read(cloud in clouds(), piece in 1..200_usize) {
        let names: Vec<String> = Scalar::ALL.iter().map(|s| format!("column_{s}")).collect();
        let types: Vec<(&str, Scalar)> = names.iter().map(String::as_str).zip(Scalar::ALL).collect();
        for format in Format::ALL {
            let mut bytes = Vec::new();
            let options = WriteOptions {
                format,
                positions: Scalar::F64,
                column_types: &types,
                comments: &["two\nlines".to_owned()],
            };
            ply::write(&mut bytes, &cloud, &options).unwrap();
            assert_eq!(ply::read_header(&bytes).unwrap().comments, ["two lines"]);
            let read = read_in_pieces(&bytes, piece).unwrap();
            for (a, b) in cloud.positions.iter().zip(&read.positions) {
                for axis in 0..3 {
                    let a = f64::from(a[axis]) + cloud.origin[axis];
                    let b = f64::from(b[axis]) + read.origin[axis];
                    // The origin is found anew, so the f32 remainders differ in their last bits.
                    assert!((a - b).abs() <= 2e-3, "{a} {b}");
                    if cloud.origin[axis] == 0.0 {
                        assert_eq!(a, b);
                    }
                }
            }
            assert_eq!(&cloud.colours, &read.colours);
            assert_eq!(&cloud.columns, &read.columns);
            assert_eq!(&read.warnings, &[]);
        }
    }

    #[test]
    fn pieces_do_not_matter(piece in 1..3000_usize, rows in 1..1200_usize, lists in any::<bool>()) {
        for format in Format::ALL {
            let (file, ..) = busy_file(format, lists, rows);
            assert_same(&read_in_pieces(&file, piece).unwrap(), &ply::read(&file).unwrap());
        }
    }

    #[test]
    fn damage_never_panics(at in 0..2000_usize, byte in any::<u8>(), piece in 1..50_usize) {
        for format in Format::ALL {
            let (mut file, ..) = busy_file(format, true, 12);
            let at = at % file.len();
            file[at] = byte;
            let read = read_in_pieces(&file, piece);
            if let Ok(cloud) = read {
                assert!(cloud.len() <= 2000);
                let values = vec![1.0; cloud.len()];
                let instance = ply::Appended { name: "instance", scalar: Scalar::U16, values: &values };
                let mut out = Vec::new();
                ply::rewrite(&file, &mut out, &[instance], &[]).unwrap();
                let again = ply::read(&out).unwrap();
                assert_eq!(again.column("instance").unwrap(), values);
            }
        }
    }
}

#[test]
fn writing_refuses_what_it_cannot_store() {
    let cloud = |name: &str, value: f64| PointCloud {
        positions: vec![[0.0; 3]],
        columns: vec![Column { name: name.to_owned(), values: vec![value] }],
        ..Default::default()
    };
    let code = |cloud: &PointCloud, options: &WriteOptions<'_>| {
        ply::write(Vec::new(), cloud, options).unwrap_err().code()
    };
    let u16s = WriteOptions { column_types: &[("label", Scalar::U16)], ..Default::default() };
    assert_eq!(code(&cloud("label", 65_536.0), &u16s), "ply-value-range");
    assert_eq!(code(&cloud("label", 0.5), &u16s), "ply-value-range");
    assert_eq!(code(&cloud("label", f64::NAN), &u16s), "ply-value-range");
    assert!(ply::write(Vec::new(), &cloud("label", 65_535.0), &u16s).is_ok());
    for name in ["", "two words", "x", "line\nbreak"] {
        assert_eq!(code(&cloud(name, 0.0), &u16s), "ply-property-name", "{name}");
    }
    let integers = WriteOptions { positions: Scalar::I32, ..Default::default() };
    assert_eq!(code(&cloud("label", 0.0), &integers), "ply-position-type");
    let mut short = cloud("label", 0.0);
    short.columns[0].values.clear();
    assert_eq!(code(&short, &u16s), "ply-column-length");
}
