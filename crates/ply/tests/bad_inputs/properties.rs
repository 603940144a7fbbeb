//! Lists and colours.

use super::Expect::{Cloud, Error};
use super::{Case, LE, XYZ, ascii, case, one_two_three};
use scene::PointCloud;

pub(super) fn lists() -> Vec<Case> {
    let before = |format: &str, count: &str, data: &[u8]| {
        let header = format!(
            "ply\nformat {format} 1.0\nelement face 1\nproperty list {count} int i\n\
             element vertex 1\n{XYZ}end_header\n"
        );
        [header.as_bytes(), data].concat()
    };
    let xyz: Vec<u8> = [1.0_f32, 2.0, 3.0].iter().flat_map(|v| v.to_le_bytes()).collect();
    let inside = |data: &[u8]| {
        let header = format!(
            "ply\nformat {LE} 1.0\nelement vertex 1\nproperty list int uchar tags\n{XYZ}end_header\n"
        );
        [header.as_bytes(), data].concat()
    };
    const FACES: &[&str] = &["elements-skipped"];
    const LIST: &[&str] = &["list-property-skipped"];
    vec![
        case(
            "B15 list before",
            before(LE, "uchar", &[&[1, 9, 9, 9, 9], &xyz[..]].concat()),
            Cloud(FACES, one_two_three),
        ),
        case(
            "B15 list before, ascii",
            before("ascii", "uchar", b"2 7 7\n1 2 3\n"),
            Cloud(FACES, one_two_three),
        ),
        case(
            "B15 list inside",
            inside(&[&[2, 0, 0, 0, 8, 8], &xyz[..]].concat()),
            Cloud(LIST, one_two_three),
        ),
        case(
            "B15 list inside, ascii",
            ascii(1, "property list uchar int tags\n", "1 2 3 2 8 8\n"),
            Cloud(LIST, one_two_three),
        ),
        case(
            "B15 count 4e9 before",
            before(LE, "uint", &[&[0xff; 4], &xyz[..]].concat()),
            Error("ply-no-points"),
        ),
        case(
            "B15 count 4e9 inside",
            inside(&[&[0xff, 0xff, 0xff, 0x7f], &xyz[..]].concat()),
            Error("ply-no-points"),
        ),
        case(
            "B15 count 4e9, ascii",
            ascii(1, "property list uint int tags\n", "1 2 3 4000000000 8\n"),
            Cloud(&["list-property-skipped", "short-rows"], one_two_three),
        ),
        case(
            "B15 negative before",
            before(LE, "char", &[&[0xff], &xyz[..]].concat()),
            Error("ply-negative-list-count"),
        ),
        case(
            "B15 negative inside",
            inside(&[&[0xff; 4], &xyz[..]].concat()),
            Error("ply-negative-list-count"),
        ),
        case("B15 count is a float", before(LE, "float", &xyz), Error("ply-header-line")),
        case(
            "B17 faces first, then points",
            before(LE, "uchar", &[&[0], &xyz[..]].concat()),
            Cloud(FACES, one_two_three),
        ),
    ]
}

pub(super) fn colours() -> Vec<Case> {
    let three = |scalar: &str, names: [&str; 3]| -> String {
        names.iter().map(|name| format!("property {scalar} {name}\n")).collect()
    };
    fn is_10_20_30(cloud: &PointCloud) -> bool {
        cloud.colours.as_deref() == Some(&[[10, 20, 30]]) && cloud.columns.is_empty()
    }
    fn is_grey(cloud: &PointCloud) -> bool {
        cloud.colours.as_deref() == Some(&[[128; 3], [255; 3]])
    }
    let names = ["red", "green", "blue"];
    let rows = "1 2 3 10 20 30\n";
    let splat: String = ["f_dc_0", "f_dc_1", "f_dc_2"]
        .iter()
        .map(|name| (*name).to_owned())
        .chain((0..45).map(|i| format!("f_rest_{i}")))
        .chain(["opacity", "scale_0", "scale_1", "scale_2"].map(str::to_owned))
        .chain((0..4).map(|i| format!("rot_{i}")))
        .map(|name| format!("property float {name}\n"))
        .collect();
    let normals = three("float", ["nx", "ny", "nz"]);
    let splat_row = format!("1 2 3 0 0 0{}\n", " 0".repeat(56));
    let splat_of = |opacity: &str| format!("1 2 3{}{opacity}{}\n", " 0".repeat(48), " 0".repeat(7));
    let packed = format!(
        "ply\nformat {LE} 1.0\nelement chunk 1\nproperty float min_x\nelement vertex 1\n\
         property uint packed_position\nend_header\n12345678"
    );
    let float_range = |a: &str, b: &str| {
        let rows = format!("1 2 3 {a} {a} {a}\n1 2 3 {b} {b} {b}\n");
        ascii(2, &three("float", names), &rows)
    };
    vec![
        case("B18 uchar", ascii(1, &three("uchar", names), rows), Cloud(&[], is_10_20_30)),
        case(
            "B18 diffuse_red",
            ascii(1, &three("uint8", ["diffuse_red", "diffuse_green", "diffuse_blue"]), rows),
            Cloud(&[], is_10_20_30),
        ),
        case(
            "B18 r g b",
            ascii(1, &three("uchar", ["r", "g", "b"]), rows),
            Cloud(&[], is_10_20_30),
        ),
        case(
            "B18 ushort",
            ascii(1, &three("ushort", names), "1 2 3 2570 5140 7710\n"),
            Cloud(&[], is_10_20_30),
        ),
        case(
            "B18 ushort up to 255",
            ascii(1, &three("ushort", names), rows),
            Cloud(&["colour-range"], is_10_20_30),
        ),
        case("B18 float 0-1", float_range("0.5", "1"), Cloud(&[], is_grey)),
        case("B18 float 0-255", float_range("127.5", "255"), Cloud(&[], is_grey)),
        case(
            "B18 double",
            ascii(1, &three("double", names), "1 2 3 10 20 30\n"),
            Cloud(&[], is_10_20_30),
        ),
        case(
            "B18 out of range",
            ascii(1, &three("uchar", names), "1 2 3 999 -5 nan\n"),
            Cloud(&[], |c| c.colours.as_deref() == Some(&[[255, 0, 0]])),
        ),
        case(
            "B18 two of three",
            ascii(1, "property uchar red\nproperty uchar green\n", "1 2 3 10 20\n"),
            Cloud(&[], |c| {
                c.colours.is_none() && c.column("red") == Some(&[10.0]) && c.columns.len() == 2
            }),
        ),
        case(
            "B18 obj_info, scalar_label",
            ascii(1, "obj_info x y\nproperty float scalar_label\n", "1 2 3 7.5\n"),
            Cloud(&[], |c| c.column("scalar_label") == Some(&[7.5])),
        ),
        case(
            "B18 a name with spaces",
            ascii(1, "property float scalar_Original cloud index\n", "1 2 3 4\n"),
            Cloud(&[], |c| c.column("scalar_Original_cloud_index") == Some(&[4.0])),
        ),
        case(
            "B18 normals",
            ascii(1, &normals, "1 2 3 0 0 2\n"),
            Cloud(&[], |c| c.normals.as_deref() == Some(&[[0.0, 0.0, 1.0]])),
        ),
        case(
            "B18 normals of zero",
            ascii(1, &normals, "1 2 3 0 0 0\n"),
            Cloud(&[], |c| c.normals.is_none()),
        ),
        case(
            "B19 Gaussian splats",
            ascii(1, &(normals + &splat), &splat_row),
            Cloud(&["gaussian-splats"], |c| {
                c.colours.as_deref() == Some(&[[128; 3]])
                    && c.normals.is_none()
                    && c.columns.len() == 8
            }),
        ),
        case(
            "B19 splats of a haze",
            ascii(3, &splat, &[" 2.2", " -2.3", " nan"].map(splat_of).concat()),
            Cloud(&["gaussian-splats", "faint-splats"], |c| {
                c.positions[0] == [1.0, 2.0, 3.0]
                    && c.positions[1][0].is_nan()
                    && c.positions[2] == [1.0, 2.0, 3.0]
            }),
        ),
        case(
            "B19 nothing but haze",
            ascii(1, &splat, &splat_of(" -9")),
            Cloud(&["gaussian-splats"], |c| c.positions[0] == [1.0, 2.0, 3.0]),
        ),
        case("B20 compressed splats", packed, Error("ply-compressed-splats")),
    ]
}
