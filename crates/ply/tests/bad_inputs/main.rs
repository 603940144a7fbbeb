//! Every way known to us in which a PLY file can be bad, or merely unusual: each must end in a
//! stable error or in a cloud with stable warnings, the same in whatever pieces it comes, quickly,
//! and without memory that its size does not justify.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests may stop at the first surprise")]

mod bodies;
#[path = "../common/mod.rs"]
mod common;
mod headers;
mod properties;

use common::read_in_pieces;
use scene::PointCloud;

/// What must come of a file.
enum Expect {
    /// This error.
    Error(&'static str),
    /// A cloud with these warnings, in this order, for which the check holds.
    Cloud(&'static [&'static str], fn(&PointCloud) -> bool),
}
use Expect::{Cloud, Error};

struct Case {
    name: &'static str,
    bytes: Vec<u8>,
    expect: Expect,
}

fn case(name: &'static str, bytes: impl Into<Vec<u8>>, expect: Expect) -> Case {
    Case { name, bytes: bytes.into(), expect }
}

const XYZ: &str = "property float x\nproperty float y\nproperty float z\n";

/// An ascii file of `rows` with properties behind x, y, z.
fn ascii(count: impl std::fmt::Display, properties: &str, rows: &str) -> String {
    format!("ply\nformat ascii 1.0\nelement vertex {count}\n{XYZ}{properties}end_header\n{rows}")
}

/// A binary file of rows of three floats.
fn floats(format: &str, rows: &[[f32; 3]]) -> Vec<u8> {
    let count = rows.len();
    let header = format!("ply\nformat {format} 1.0\nelement vertex {count}\n{XYZ}end_header\n");
    let mut out = header.into_bytes();
    out.extend(rows.iter().flatten().flat_map(|v| v.to_le_bytes()));
    out
}

const LE: &str = "binary_little_endian";

fn one_two_three(cloud: &PointCloud) -> bool {
    cloud.positions == [[1.0, 2.0, 3.0]] && cloud.origin == [0.0; 3]
}

#[test]
fn bad_inputs_end_in_an_error_or_a_warned_cloud() {
    let cases = [
        headers::headers(),
        properties::lists(),
        properties::colours(),
        headers::other_files(),
        bodies::bodies(),
    ];
    let mut failures = Vec::new();
    for Case { name, bytes, expect } in cases.into_iter().flatten() {
        // A piece of one byte is slow on megabytes; there, uneven pieces do.
        let sizes: &[usize] =
            if bytes.len() < 50_000 { &[usize::MAX, 1, 7] } else { &[usize::MAX, 4093] };
        for size in sizes {
            let start = std::time::Instant::now();
            let result = read_in_pieces(&bytes, *size);
            let problem = match (&result, &expect) {
                (Err(error), Error(code)) if error.code() == *code => {
                    let text = error.to_string();
                    (text.len() > 500 || text.contains(char::is_control))
                        .then(|| format!("says {text}"))
                }
                (Ok(cloud), Cloud(codes, check)) => {
                    let found: Vec<&str> = cloud.warnings.iter().map(|w| w.code.as_str()).collect();
                    let shown = format!(
                        "{found:?} {:?}",
                        cloud.positions.iter().take(3).collect::<Vec<_>>()
                    );
                    (found != *codes || !check(cloud)).then_some(shown)
                }
                (Ok(cloud), Error(code)) => {
                    Some(format!("wanted {code}, got {:?}", cloud.warnings))
                }
                (Err(error), _) => Some(format!("got {} {error}", error.code())),
            };
            failures
                .extend(problem.map(|problem| format!("{name} in pieces of {size}: {problem}")));
            let seconds = start.elapsed().as_secs_f32();
            if seconds > 2.0 {
                failures.push(format!("{name} in pieces of {size}: took {seconds} s"));
            }
        }
    }
    assert!(failures.is_empty(), "\n{}", failures.join("\n"));
}

#[test]
fn an_error_stays() {
    let mut reader = ply::Reader::new(ply::Limits::default());
    let bad = ascii("-1", "", "");
    assert_eq!(reader.push(bad.as_bytes()).unwrap_err().code(), "ply-header-line");
    assert_eq!(reader.push(b"more").unwrap_err().code(), "ply-header-line");
    assert_eq!(reader.finish().unwrap_err().code(), "ply-header-line");
}

#[test]
fn limits_are_refused_with_numbers() {
    let limits = ply::Limits { max_points: 100, max_bytes: 1200, max_columns: 1 };
    let push = |bytes: String| ply::Reader::new(limits).push(bytes.as_bytes());
    let too_many = push(ascii(101, "", "")).unwrap_err().to_string();
    assert!(too_many.contains("101") && too_many.contains("100"), "{too_many}");
    let too_large = push(ascii(90, "property int a\n", "")).unwrap_err().to_string();
    assert!(too_large.contains("1800") && too_large.contains("60 points"), "{too_large}");
    assert!(push(ascii(100, "", "")).is_ok());

    let mut reader = ply::Reader::new(limits);
    reader.push(ascii(1, "property int a\nproperty int b\n", "1 2 3 4 5\n").as_bytes()).unwrap();
    let cloud = reader.finish().unwrap();
    assert_eq!((cloud.columns.len(), cloud.warnings[0].code.as_str()), (1, "columns-left-out"));
}
