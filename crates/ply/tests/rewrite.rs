//! The original file with columns appended: nothing of it may be lost or moved.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests may stop at the first surprise")]

mod common;

use common::{busy_file, put};
use ply::{Appended, Format, Rewriter, Scalar};

fn in_pieces(
    original: &[u8],
    size: usize,
    appended: &[Appended<'_>],
    comments: &[String],
) -> Vec<u8> {
    let mut rewriter = Rewriter::new(appended, comments).unwrap();
    let mut out = Vec::new();
    for piece in original.chunks(size) {
        rewriter.push(piece, &mut out).unwrap();
    }
    rewriter.finish(&mut out).unwrap();
    out
}

fn columns(rows: usize) -> (Vec<f64>, Vec<f64>) {
    ((0..rows).map(|i| (i % 5) as f64).collect(), (0..rows).map(|i| (i % 3) as f64).collect())
}

fn appended<'a>(instance: &'a [f64], label: &'a [f64]) -> [Appended<'a>; 2] {
    [
        Appended { name: "instance", scalar: Scalar::U32, values: instance },
        Appended { name: "label", scalar: Scalar::U16, values: label },
    ]
}

/// The rows' bytes of a file whose vertices have no lists, by their size.
fn body(file: &[u8]) -> &[u8] {
    let end = b"end_header\n";
    let at = file.windows(end.len()).position(|window| window == end).unwrap();
    &file[at + end.len()..]
}

#[test]
fn every_byte_of_every_row_is_kept() {
    let rows = 50;
    let (instance, label) = columns(rows);
    let comments = ["label 1 sofa".to_owned()];
    for format in Format::ALL {
        let (original, start, end) = busy_file(format, false, rows);
        let new = in_pieces(&original, 13, &appended(&instance, &label), &comments);
        let mut expected = original[start..end].to_vec();
        if format == Format::Ascii {
            let text = String::from_utf8(expected).unwrap();
            let lines = text.lines().zip(instance.iter().zip(&label));
            let lines = lines.map(|(line, (i, l))| format!("{} {i} {l}\n", line.trim_end()));
            expected = lines.collect::<String>().into_bytes();
        } else {
            let stride = (end - start) / rows;
            expected = Vec::new();
            for (i, row) in original[start..end].chunks(stride).enumerate() {
                expected.extend_from_slice(row);
                put(&mut expected, format, Scalar::U32, instance[i]);
                put(&mut expected, format, Scalar::U16, label[i]);
            }
        }
        let before = &original[original.len() - body(&original).len()..start];
        assert_eq!(body(&new), [before, &expected, &original[end..]].concat(), "{format:?}");
        let header = ply::read_header(&new).unwrap();
        assert_eq!(header.comments, ["original_label 3 arm chair", "label 1 sofa"]);
        let text = String::from_utf8_lossy(&new[..new.len() - body(&new).len()]).into_owned();
        assert!(text.contains("obj_info made for a test\n") && text.contains("element face 1\n"));
    }
}

#[test]
fn lists_pieces_and_line_ends_do_not_matter() {
    let rows = 20;
    let (instance, label) = columns(rows);
    for format in Format::ALL {
        let (original, ..) = busy_file(format, true, rows);
        let variants = match format {
            Format::Ascii => {
                let text = String::from_utf8(original.clone()).unwrap();
                vec![
                    text.replace('\n', "\r\n").into_bytes(),
                    text.replace('\n', "\r").into_bytes(),
                    original,
                ]
            }
            _ => vec![original],
        };
        for original in variants {
            let whole = in_pieces(&original, usize::MAX, &appended(&instance, &label), &[]);
            for size in [1, 2, 7, 64] {
                let new = in_pieces(&original, size, &appended(&instance, &label), &[]);
                assert!(new == whole, "{format:?} in pieces of {size}");
            }
            let (old, new) = (ply::read(&original).unwrap(), ply::read(&whole).unwrap());
            assert_eq!(old.positions, new.positions, "{format:?}");
            assert_eq!(old.colours, new.colours);
            assert_eq!(old.column("number"), new.column("number"));
            assert_eq!(new.column("instance").unwrap(), instance);
            assert_eq!(new.column("label").unwrap(), label);
            assert_eq!(old.warnings, new.warnings);
        }
    }
}

#[test]
fn a_second_time_keeps_the_first_result_beside() {
    let (original, ..) = busy_file(Format::BinaryBigEndian, false, 6);
    let (first, second) = (vec![1.0; 6], vec![2.0; 6]);
    let once = in_pieces(&original, 99, &appended(&first, &first), &[]);
    let twice = in_pieces(&once, 99, &appended(&second, &second), &[]);
    let thrice = in_pieces(&twice, 99, &appended(&second, &second), &[]);
    let cloud = ply::read(&thrice).unwrap();
    assert_eq!(cloud.column("instance").unwrap(), second);
    assert_eq!(cloud.column("original_instance_2").unwrap(), second);
    assert_eq!(cloud.column("original_instance").unwrap(), first);
    assert!(cloud.warnings.iter().all(|warning| warning.code != "duplicate-property"));
}

#[test]
fn a_cut_file_becomes_a_whole_one() {
    for format in Format::ALL {
        let (original, start, end) = busy_file(format, false, 10);
        let cut = &original[..start + (end - start) / 2];
        let old = ply::read(cut).unwrap();
        assert!(old.len() < 10 && !old.is_empty());
        let (instance, label) = columns(old.len());
        let new = in_pieces(cut, 17, &appended(&instance, &label), &[]);
        let header = ply::read_header(&new).unwrap();
        assert_eq!(header.vertex().unwrap().1.count, old.len() as u64);
        assert_eq!(header.elements.last().unwrap().count, 0);
        let new = ply::read(&new).unwrap();
        assert_eq!(new.positions, old.positions);
        assert_eq!(new.warnings.iter().filter(|w| w.code == "file-truncated").count(), 0);
    }
}

/// What was added stands behind the rows that were there, and all else stays.
#[test]
fn rows_are_added_behind_the_original_ones() {
    // The third coordinate of this file is a whole number.
    let added = vec![[1.5, -2.0, 4.0], [100.0, 0.0, -3.0]];
    let rows = 20;
    let (instance, label) = columns(rows + added.len());
    for (format, lists) in Format::ALL.iter().flat_map(|f| [(*f, false), (*f, true)]) {
        let (original, ..) = busy_file(format, lists, rows);
        let with = |file: &[u8], size: usize, instance: &[f64], label: &[f64]| {
            let columns = appended(instance, label);
            let mut rewriter = Rewriter::new(&columns, &[]).unwrap().with_added(added.clone());
            let mut out = Vec::new();
            file.chunks(size).try_for_each(|piece| rewriter.push(piece, &mut out))?;
            rewriter.finish(&mut out).map(|()| out)
        };
        let whole = with(&original, usize::MAX, &instance, &label).unwrap();
        for size in [1, 2, 7, 64] {
            assert!(
                with(&original, size, &instance, &label).unwrap() == whole,
                "{format:?} {size}"
            );
        }
        let (old, new) = (ply::read(&original).unwrap(), ply::read(&whole).unwrap());
        assert_eq!(new.len(), rows + added.len());
        let place = |row: usize| {
            let at = new.positions[row];
            [0, 1, 2].map(|axis| f64::from(at[axis]) + new.origin[axis])
        };
        for row in 0..rows {
            let at = old.positions[row];
            assert_eq!(place(row), [0, 1, 2].map(|axis| f64::from(at[axis]) + old.origin[axis]));
        }
        assert_eq!([place(rows), place(rows + 1)], [added[0], added[1]]);
        assert_eq!(new.column("instance").unwrap(), instance);
        assert_eq!(new.column("label").unwrap(), label);
        let number = new.column("number").unwrap();
        assert_eq!(&number[..rows], old.column("number").unwrap());
        assert_eq!(&number[rows..], [0.0, 0.0]);
        // The faces are still there, behind them.
        let count = |file: &[u8]| ply::read_header(file).unwrap().elements.last().unwrap().count;
        assert_eq!(count(&whole), count(&original));
        let tail = &original[original.len() - 8..];
        assert!(whole.ends_with(tail), "{format:?}");
        // A file that was cut off gets them too, unless that would tear a row apart.
        for cut in [original.len() / 2, original.len() * 3 / 5] {
            let cut = &original[..cut];
            let Ok(old) = ply::read(cut) else { continue };
            let (instance, label) = columns(old.len() + added.len());
            match with(cut, 11, &instance, &label) {
                Ok(new) => {
                    let new = ply::read(&new).unwrap();
                    assert_eq!(new.len(), old.len() + added.len());
                    assert_eq!(new.column("instance").unwrap(), instance);
                }
                Err(error) => assert!(lists && error.code() == "ply-moved-in-lists"),
            }
        }
    }
}

#[test]
fn rows_that_cannot_be_added_are_refused() {
    let original = b"ply\nformat ascii 1.0\nelement vertex 1\nproperty uchar x\n\
        property uchar y\nproperty uchar z\nend_header\n1 2 3\n";
    let added = |at: [f64; 3], values: &[f64]| {
        let column = Appended { name: "instance", scalar: Scalar::U8, values };
        let mut rewriter = Rewriter::new(&[column], &[]).unwrap().with_added(vec![at]);
        let mut out = Vec::new();
        rewriter.push(original, &mut out)?;
        rewriter.finish(&mut out).map(|()| out)
    };
    let new = added([4.4, 5.0, 6.0], &[7.0, 8.0]).unwrap();
    assert_eq!(body(&new), b"1 2 3 7\n4 5 6 8\n");
    let code = |at, values: &[f64]| added(at, values).unwrap_err().code();
    assert_eq!(code([256.0, 0.0, 0.0], &[7.0, 8.0]), "ply-value-range");
    assert_eq!(code([f64::NAN, 0.0, 0.0], &[7.0, 8.0]), "ply-value-range");
    assert_eq!(code([0.0; 3], &[7.0]), "ply-column-length");
    assert_eq!(code([0.0; 3], &[7.0, 8.0, 9.0]), "ply-column-length");
    assert_eq!(code([0.0; 3], &[]), "ply-column-length");
}

#[test]
fn uneven_text_rows_are_evened_out() {
    let original = b"ply\nformat ascii 1.0\nelement vertex 3\nproperty float x\nproperty float y\n\
        property float z\nproperty list uchar int tags\nend_header\n1 2 3 1 9\n4 5 6 2 7\n\n1 2 3 0 8 8\n";
    let values = [1.0, 2.0, 3.0];
    let instance = Appended { name: "instance", scalar: Scalar::U8, values: &values };
    let new = in_pieces(original, 5, &[instance], &[]);
    assert_eq!(body(&new), b"1 2 3 1 9 1\n4 5 6 0 2\n1 2 3 0 3\n");
}

#[test]
fn wrong_lengths_and_names_are_refused() {
    let (original, ..) = busy_file(Format::BinaryLittleEndian, false, 10);
    let code = |values: &[f64], name: &str, scalar: Scalar| {
        ply::rewrite(&original, Vec::new(), &[Appended { name, scalar, values }], &[])
            .map_err(|error| error.code())
    };
    assert_eq!(code(&[0.0; 10], "instance", Scalar::U8), Ok(()));
    assert_eq!(code(&[0.0; 9], "instance", Scalar::U8), Err("ply-column-length"));
    assert_eq!(code(&[0.0; 11], "instance", Scalar::U8), Err("ply-column-length"));
    assert_eq!(code(&[256.0; 10], "instance", Scalar::U8), Err("ply-value-range"));
    assert_eq!(code(&[0.0; 10], "x", Scalar::U8), Err("ply-property-name"));
    assert_eq!(code(&[0.0; 10], "my label", Scalar::U8), Err("ply-property-name"));
    let cut = &original[..original.len() - 60];
    let column = Appended { name: "instance", scalar: Scalar::U8, values: &[0.0; 10] };
    let error = ply::rewrite(cut, Vec::new(), &[column], &[]).unwrap_err();
    assert_eq!(error.code(), "ply-column-length");
}
