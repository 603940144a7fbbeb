//! Headers, and files that are not PLY at all.

use super::Expect::{Cloud, Error};
use super::{Case, XYZ, ascii, case, one_two_three};

pub(super) fn headers() -> Vec<Case> {
    let good = ascii(1, "", "1 2 3\n");
    let header_of = |line: &str| format!("ply\n{line}\nelement vertex 1\n{XYZ}end_header\n1 2 3\n");
    let count_error = || Error("ply-header-line");
    let mut long = b"ply\nformat ascii 1.0\ncomment ".to_vec();
    long.resize(4 << 20, b'x');
    let latin = [
        b"ply\nformat ascii 1.0\ncomment caf\xe9 \xff\xfe\nelement vertex 1\n".as_slice(),
        XYZ.as_bytes(),
        b"end_header\n1 2 3\n",
    ]
    .concat();
    let many: String = (0..10_000).map(|i| format!("property float p{i}\n")).collect();
    vec![
        case("B1 empty", "", Error("ply-empty")),
        case("B2 ply only", "ply", Error("ply-header-truncated")),
        case("B2 ply and a line end", "ply\n", Error("ply-header-truncated")),
        case(
            "B3 no end_header",
            "ply\nformat ascii 1.0\nelement vertex 1\n",
            Error("ply-header-truncated"),
        ),
        case("B3 data for end_header", good.replace("end_header\n", ""), Error("ply-header-line")),
        case("B4 header without end", long, Error("ply-header-too-long")),
        case("B5 CR-LF", good.replace('\n', "\r\n"), Cloud(&[], one_two_three)),
        case("B5 CR", good.replace('\n', "\r"), Cloud(&[], one_two_three)),
        case("B5 CR-LF, then LF", good.replacen('\n', "\r\n", 3), Cloud(&[], one_two_three)),
        case("B5 LF, then CR-LF", good.replace("x\n", "x\r\n"), Cloud(&[], one_two_three)),
        case("B5 LF, then CR", good.replace("x\n", "x\r"), Cloud(&[], one_two_three)),
        case(
            "B5 CR, then CR-LF",
            good.replace('\n', "\r").replace("1.0\r", "1.0\r\n"),
            Cloud(&[], one_two_three),
        ),
        case("B5 trailing spaces", good.replace('\n', "  \t\n"), Cloud(&[], one_two_three)),
        case("B5 tabs", good.replace(' ', "\t"), Cloud(&[], one_two_three)),
        case("B5 byte-order mark", format!("\u{feff}{good}"), Cloud(&[], one_two_three)),
        case("B5 PLY in capitals", good.replacen("ply", "PLY", 1), Cloud(&[], one_two_three)),
        case("B5 blank lines", good.replace('\n', "\n\n"), Cloud(&[], one_two_three)),
        case("B6 empty format", header_of("format"), Error("ply-unsupported-format")),
        case("B6 no version", header_of("format ascii"), Error("ply-unsupported-format")),
        case("B6 no format", header_of("comment none"), Error("ply-unsupported-format")),
        case(
            "B7 unknown format",
            header_of("format binary_middle_endian 1.0"),
            Error("ply-unsupported-format"),
        ),
        case("B7 version 2.0", header_of("format ascii 2.0"), Error("ply-unsupported-format")),
        case(
            "B7 two formats",
            header_of("format ascii 1.0\nformat ascii 1.0"),
            Error("ply-unsupported-format"),
        ),
        case("B8 Latin-1 comment", latin, Cloud(&[], one_two_three)),
        case("B9 count -1", ascii("-1", "", "1 2 3\n"), count_error()),
        case("B9 count abc", ascii("abc", "", "1 2 3\n"), count_error()),
        case("B9 count 0x03", ascii("0x03", "", "1 2 3\n"), count_error()),
        case("B9 count 1_0", ascii("1_0", "", "1 2 3\n"), count_error()),
        case("B9 count 1.0", ascii("1.0", "", "1 2 3\n"), count_error()),
        case("B9 count +1", ascii("+1", "", "1 2 3\n"), count_error()),
        case("B9 no count", ascii("", "", "1 2 3\n"), count_error()),
        case("B9 count 0", ascii(0, "", ""), Error("ply-no-points")),
        case("B9 count 2^32", ascii(1_u64 << 32, "", "1 2 3\n"), Error("ply-too-many-points")),
        case("B9 count 2^64", ascii("18446744073709551616", "", "1 2 3\n"), count_error()),
        case(
            "B10 huge count, one row",
            ascii(40_000_000, "", "1 2 3\n"),
            Cloud(&["file-truncated"], one_two_three),
        ),
        case(
            "B11 two vertex elements",
            good.replace("end_header", &format!("element vertex 1\n{XYZ}end_header")),
            Error("ply-duplicate-element"),
        ),
        case(
            "B12 two x",
            ascii(1, "property float x\n", "1 2 3 4\n"),
            Cloud(&["duplicate-property"], one_two_three),
        ),
        case("B13 no z", good.replace("property float z\n", ""), Error("ply-missing-coordinate")),
        case(
            "B13 x is a list",
            good.replace("float x", "list uchar float x"),
            Error("ply-missing-coordinate"),
        ),
        case(
            "B13 property before element",
            "ply\nformat ascii 1.0\nproperty float x\nend_header\n",
            Error("ply-header-line"),
        ),
        case("B13 unknown type", good.replace("float x", "quad x"), Error("ply-header-line")),
        case(
            "B14 rows of nothing",
            good.replace("element vertex", "element junk 4000000000\nelement vertex"),
            Cloud(&[], one_two_three),
        ),
        case("B16 10,000 properties", ascii(1, &many, ""), Error("ply-header-too-long")),
        case(
            "B17 only faces",
            "ply\nformat ascii 1.0\nelement face 1\nproperty list uchar int i\nend_header\n1 0\n",
            Error("ply-no-vertex-element"),
        ),
    ]
}

pub(super) fn other_files() -> Vec<Case> {
    [
        ("B21 gzip", b"\x1f\x8b\x08\0\0\0\0\0\0\x03abcdefgh".as_slice()),
        ("B21 zip", b"PK\x03\x04abcdefghijklmnop"),
        ("B21 HTML", b"<!doctype html><html><body>404</body></html>"),
        ("B21 PNG", b"\x89PNG\r\n\x1a\n12345678901234567890"),
        ("B21 plywood", b"plywood is no point cloud"),
        ("B21 zeros", &[0; 4096]),
        ("B21 short", b"PK"),
    ]
    .into_iter()
    .map(|(name, bytes)| case(name, bytes, Error("ply-not-ply")))
    .collect()
}
