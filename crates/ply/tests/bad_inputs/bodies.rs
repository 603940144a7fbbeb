//! The numbers themselves.

use super::Expect::{Cloud, Error};
use super::{Case, LE, ascii, case, floats, one_two_three};
use scene::PointCloud;

pub(super) fn bodies() -> Vec<Case> {
    fn last_is_one_two_three(cloud: &PointCloud) -> bool {
        let (last, others) = cloud.positions.split_last().unwrap();
        *last == [1.0, 2.0, 3.0] && others.iter().all(|point| point.iter().all(|v| v.is_nan()))
    }
    let poison = [f32::NAN, f32::INFINITY, f32::NEG_INFINITY, f32::MAX, f32::MIN, 1e38, -1e38];
    let mut poison: Vec<[f32; 3]> = poison.iter().map(|v| [0.0, *v, 0.0]).collect();
    poison.push([1.0, 2.0, 3.0]);
    let denormal = f32::from_bits(1);
    let mut swapped = floats("binary_big_endian", &vec![[0.5, -1.25, 2.0]; 40]);
    swapped.truncate(swapped.len() - 12 * 8);
    let mut behind = floats(LE, &[[1.0, 2.0, 3.0]]);
    behind.extend_from_slice(b"12345");
    let utm = ascii(2, "", "458123.125 5427001.25 120.5\n458124.127 5427001.25 119.5\n")
        .replace("property float", "property double");
    let mut outlier: String = "1 2 3\n".repeat(2000);
    outlier += "1e9 2 3\n";
    let token = format!("1 2 {}\n", "9".repeat(10 << 20));
    const NON_FINITE: &[&str] = &["non-finite-points"];
    vec![
        case(
            "B22 cut in a row",
            floats(LE, &[[1.0, 2.0, 3.0]; 2])[..].split_last_chunk::<5>().unwrap().0,
            Cloud(&["file-truncated"], one_two_three),
        ),
        case("B22 no last line end", ascii(1, "", "1 2 3"), Cloud(&[], one_two_three)),
        case("B23 bytes behind", behind, Cloud(&["bytes-behind"], one_two_three)),
        case(
            "B23 rows behind",
            ascii(1, "", "1 2 3\n4 5 6\n"),
            Cloud(&["bytes-behind"], one_two_three),
        ),
        case("B23 blanks behind", ascii(1, "", "1 2 3\n \r\n\n"), Cloud(&[], one_two_three)),
        case(
            "B24 nan inf",
            ascii(5, "", "nan 1 1\n1 inf 1\n1 1 -inf\n1e400 1 1\n1 2 3\n"),
            Cloud(NON_FINITE, last_is_one_two_three),
        ),
        case(
            "B24 1e-400",
            ascii(1, "", "1e-400 2 3\n"),
            Cloud(&[], |c| c.positions == [[0.0, 2.0, 3.0]]),
        ),
        case(
            "B24 0x1p3 and words",
            ascii(3, "", "0x1p3 1 1\n1 one 1\n1 2 3\n"),
            Cloud(&["bad-numbers", "non-finite-points"], last_is_one_two_three),
        ),
        case("B24 decimal commas", ascii(1, "", "1,5 2,5 3,5\n"), Error("ply-no-points")),
        case(
            "B24 short rows",
            ascii(2, "", "1 2\n1 2 3\n"),
            Cloud(&["short-rows", "non-finite-points"], last_is_one_two_three),
        ),
        case("B24 long rows", ascii(1, "", "1 2 3 4 5\n"), Cloud(&["long-rows"], one_two_three)),
        case("B24 10 MB token", ascii(1, "", &token), Error("ply-row-too-long")),
        case(
            "B24 binary as ascii",
            ascii(9, "", &"\u{1}\u{7f}".repeat(1 << 20)),
            Error("ply-row-too-long"),
        ),
        case("B25 poison", floats(LE, &poison), Cloud(NON_FINITE, last_is_one_two_three)),
        case("B25 all NaN", floats(LE, &[[f32::NAN; 3]; 50]), Error("ply-no-points")),
        case(
            "B25 denormals",
            floats(LE, &[[denormal, -denormal, 0.0]]),
            Cloud(&[], |c| c.positions[0][0] == f32::from_bits(1)),
        ),
        case("B26 one point", ascii(1, "", "1 2 3\n"), Cloud(&[], one_two_three)),
        case("B26 no points", floats(LE, &[]), Error("ply-no-points")),
        case(
            "B26 all equal",
            floats(LE, &[[1.0, 2.0, 3.0]; 3000]),
            Cloud(&[], |c| c.len() == 3000 && c.positions[2999] == [1.0, 2.0, 3.0]),
        ),
        case(
            "B27 map coordinates",
            utm,
            Cloud(&[], |c| {
                let x = |i: usize| f64::from(c.positions[i][0]) + c.origin[0];
                (x(1) - x(0) - 1.002).abs() < 1e-4 && c.origin[2] == 0.0 && c.origin[0] > 458_000.0
            }),
        ),
        case(
            "B28 one outlier",
            ascii(2001, "", &outlier),
            Cloud(&[], |c| c.origin == [0.0; 3] && c.positions[2000][0] == 1e9),
        ),
        case("B29 too many points", ascii(50_000_001, "", ""), Error("ply-too-many-points")),
        case(
            "B29 too much memory",
            ascii(
                49_000_000,
                &(0..9).map(|i| format!("property double d{i}\n")).collect::<String>(),
                "",
            ),
            Error("ply-too-large"),
        ),
        case(
            "B30 other byte order",
            swapped,
            Cloud(&["file-truncated", "byte-order"], |c| c.len() == 32),
        ),
    ]
}
