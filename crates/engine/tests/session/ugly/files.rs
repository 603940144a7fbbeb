//! The sample room, written as it should not be.

use super::Expected::{self, Objects, Told};
use glam::{DMat3, DVec3};
use ply::{Format, Scalar, WriteOptions};
use protocol::ScanChoices;
use scene::{Column, PointCloud, Unit};
use std::f64::consts::FRAC_PI_2;

/// A file, how it is to be read, and what is to come of it.
pub(crate) struct Scan {
    pub(crate) name: &'static str,
    pub(crate) bytes: Vec<u8>,
    pub(crate) choices: ScanChoices,
    pub(crate) expected: Expected,
    /// Which of the plain room's points each row shows.
    pub(crate) plain_point: Vec<usize>,
}

/// As good as the plain room, but for some voxels that fall otherwise.
const ALL: f32 = 0.85;

impl Scan {
    fn of(name: &'static str, cloud: &PointCloud, options: &WriteOptions<'_>) -> Self {
        let mut bytes = Vec::new();
        ply::write(&mut bytes, cloud, options).unwrap();
        Self {
            name,
            bytes,
            choices: ScanChoices::default(),
            expected: Objects { up: "z", unit: Unit::Metre, share: ALL },
            plain_point: (0..cloud.len()).collect(),
        }
    }

    pub(crate) fn plain(cloud: PointCloud) -> Self {
        Self::of("plain", &cloud, &WriteOptions::default())
    }

    pub(crate) fn cloud(&self) -> PointCloud {
        ply::read(&self.bytes).unwrap()
    }

    pub(crate) fn mirrored(mut cloud: PointCloud) -> Self {
        cloud.positions.iter_mut().for_each(|position| position[0] = -position[0]);
        Self::of("mirrored", &cloud, &WriteOptions::default())
    }

    /// With columns that tell the objects, as `scanwise segment --out` writes them.
    pub(crate) fn labelled(cloud: &PointCloud, ids: &[u32]) -> Self {
        let label = |id: u32| if id == 0 { 0.0 } else { f64::from(1 + id % 2) };
        let columns = [
            ("instance", ids.iter().map(|id| f64::from(*id)).collect()),
            ("label", ids.iter().map(|id| label(*id)).collect()),
        ];
        let comments = ["label 1 even thing".to_owned(), "label 2 odd thing".to_owned()];
        let types = [("instance", Scalar::U16), ("label", Scalar::U8)];
        let options =
            WriteOptions { column_types: &types, comments: &comments, ..WriteOptions::default() };
        let cloud = with_columns(cloud, columns.map(|(name, values)| (name.to_owned(), values)));
        Self::of("labelled", &cloud, &options)
    }

    fn told(mut self, code: &'static str) -> Self {
        self.expected = Told(code);
        self
    }

    fn up(mut self, up: &'static str) -> Self {
        self.expected = Objects { up, unit: Unit::Metre, share: ALL };
        self
    }

    fn unit(mut self, unit: Unit) -> Self {
        self.expected = Objects { up: "z", unit, share: ALL };
        self
    }
}

fn with_columns(
    cloud: &PointCloud,
    columns: impl IntoIterator<Item = (String, Vec<f64>)>,
) -> PointCloud {
    let columns = columns.into_iter().map(|(name, values)| Column { name, values }).collect();
    PointCloud { columns, ..cloud.clone() }
}

fn turned(cloud: &PointCloud, rotation: DMat3, scale: f64) -> PointCloud {
    let turn = |position: &[f32; 3]| {
        (rotation * DVec3::from(position.map(f64::from)) * scale).as_vec3().to_array()
    };
    PointCloud { positions: cloud.positions.iter().map(turn).collect(), ..cloud.clone() }
}

/// The rows of these numbers, in this order.
fn rows(cloud: &PointCloud, chosen: &[usize]) -> PointCloud {
    PointCloud {
        positions: chosen.iter().map(|&row| cloud.positions[row]).collect(),
        colours: cloud.colours.as_ref().map(|all| chosen.iter().map(|&row| all[row]).collect()),
        ..PointCloud::default()
    }
}

/// Colours as three columns of another type, instead of bytes.
fn colours_as(cloud: &PointCloud, names: [&str; 3], value: impl Fn(u8) -> f64) -> PointCloud {
    let colours = cloud.colours.as_ref().unwrap();
    let column = |channel: usize| colours.iter().map(|colour| value(colour[channel])).collect();
    let columns = [0, 1, 2].map(|channel| (names[channel].to_owned(), column(channel)));
    PointCloud { colours: None, ..with_columns(cloud, columns) }
}

/// A column of faces behind the points.
fn with_faces(mut scan: Scan) -> Scan {
    let end = b"end_header\n";
    let at = scan.bytes.windows(end.len()).position(|bytes| bytes == end).unwrap();
    let faces = b"element face 2\nproperty list uchar int vertex_indices\n";
    scan.bytes.splice(at..at, faces.iter().copied());
    for corners in [[0_i32, 1, 2], [2, 1, 3]] {
        scan.bytes.push(3);
        corners.iter().for_each(|corner| scan.bytes.extend(corner.to_le_bytes()));
    }
    scan
}

fn splats(cloud: &PointCloud) -> Scan {
    // One splat in ten is haze, half a metre off.
    let rows_twice: Vec<usize> = (0..cloud.len()).chain((0..cloud.len()).step_by(10)).collect();
    let mut all = rows(cloud, &rows_twice);
    for position in &mut all.positions[cloud.len()..] {
        position[2] += 0.5;
    }
    let names = ["f_dc_0", "f_dc_1", "f_dc_2"];
    let mut all = colours_as(&all, names, |byte| (f64::from(byte) / 255.0 - 0.5) / 0.282_094_8);
    let opacity = (0..all.len()).map(|row| if row < cloud.len() { 3.0 } else { -4.0 }).collect();
    all.columns.push(Column { name: "opacity".to_owned(), values: opacity });
    let mut scan = Scan::of("splat fields", &all, &WriteOptions::default());
    scan.plain_point = rows_twice;
    scan
}

/// Every point many times, a hair's breadth apart.
fn many_points(cloud: &PointCloud, least: usize) -> Scan {
    let times = least.div_ceil(cloud.len());
    let chosen: Vec<usize> = (0..times).flat_map(|_| 0..cloud.len()).collect();
    let mut all = rows(cloud, &chosen);
    for (index, position) in all.positions.iter_mut().enumerate() {
        let step = |salt: usize| ((index * salt) % 1009) as f32 / 1009.0 - 0.5;
        for (axis, salt) in [389, 631, 877].into_iter().enumerate() {
            position[axis] += 0.003 * step(salt);
        }
    }
    let mut scan = Scan::of("ten million points", &all, &WriteOptions::default());
    scan.plain_point = chosen;
    scan
}

fn two_rooms(cloud: &PointCloud) -> Scan {
    let chosen: Vec<usize> = (0..cloud.len()).chain(0..cloud.len()).collect();
    let mut all = rows(cloud, &chosen);
    let xs = || cloud.positions.iter().map(|position| position[0]);
    let wide = xs().fold(f32::MIN, f32::max) - xs().fold(f32::MAX, f32::min);
    for position in &mut all.positions[cloud.len()..] {
        position[0] += wide + 0.1;
    }
    // The first room alone is compared: an object is two in the plain room's numbers.
    let mut scan = Scan::of("two rooms", &all, &WriteOptions::default());
    scan.plain_point = (0..cloud.len()).collect();
    scan
}

fn far_off(cloud: &PointCloud) -> Scan {
    let mut cloud = cloud.clone();
    cloud.origin = [431_234.567, 5_412_345.678, 312.25];
    let options = WriteOptions { positions: Scalar::F64, ..WriteOptions::default() };
    Scan::of("map coordinates", &cloud, &options)
}

/// All twenty, from the plain room.
pub(crate) fn ugly_scans(plain: PointCloud) -> Vec<Scan> {
    let usual = WriteOptions::default();
    let of = |name, cloud: &PointCloud| Scan::of(name, cloud, &WriteOptions::default());
    let in_unit = |name, unit: Unit| {
        of(name, &turned(&plain, DMat3::IDENTITY, 1.0 / unit.metres())).unit(unit)
    };
    let changed = |name, change: &dyn Fn(&mut PointCloud)| {
        let mut cloud = plain.clone();
        change(&mut cloud);
        of(name, &cloud)
    };
    let half_twice: Vec<usize> = (0..plain.len()).chain((0..plain.len()).step_by(2)).collect();
    let mut doubled = of("half duplicated", &rows(&plain, &half_twice));
    doubled.plain_point = half_twice;
    let few: Vec<usize> = (0..500).map(|row| row * (plain.len() / 500)).collect();
    let sheet = |cloud: &mut PointCloud| {
        for (index, position) in cloud.positions.iter_mut().enumerate() {
            *position = [(index % 300) as f32 * 0.01, (index / 300) as f32 * 0.01, 0.0];
        }
    };
    let sixteen = colours_as(&plain, ["red", "green", "blue"], |byte| f64::from(byte) * 257.0);
    let types = ["red", "green", "blue"].map(|name| (name, Scalar::U16));
    vec![
        of("y up", &turned(&plain, DMat3::from_rotation_x(-FRAC_PI_2), 1.0)).up("y"),
        of("y down", &turned(&plain, DMat3::from_rotation_x(FRAC_PI_2), 1.0)).up("-y"),
        in_unit("millimetres", Unit::Millimetre),
        in_unit("inches", Unit::Inch),
        Scan::mirrored(plain.clone()),
        Scan::of("text", &plain, &WriteOptions { format: Format::Ascii, ..usual.clone() }),
        Scan::of(
            "big endian",
            &plain,
            &WriteOptions { format: Format::BinaryBigEndian, ..usual.clone() },
        ),
        Scan::of("doubles", &plain, &WriteOptions { positions: Scalar::F64, ..usual.clone() }),
        // Colour tells much: without it some things run together.
        Scan {
            expected: Objects { up: "z", unit: Unit::Metre, share: 0.5 },
            ..changed("no colour", &|cloud| cloud.colours = None)
        },
        Scan::of(
            "colours of sixteen bits",
            &sixteen,
            &WriteOptions { column_types: &types, ..usual.clone() },
        ),
        changed("rows that are no numbers", &|cloud| {
            cloud.positions.iter_mut().step_by(97).for_each(|position| *position = [f32::NAN; 3]);
        }),
        doubled,
        changed("a point at 1e9", &|cloud| cloud.positions[4711] = [1e9, -3.0, 2.0]),
        with_faces(of("a mesh with faces", &plain)),
        splats(&plain),
        of("five hundred points", &rows(&plain, &few)).told("few-points"),
        changed("one plane", &sheet).told("no-objects"),
        two_rooms(&plain),
        far_off(&plain),
        many_points(&plain, 10_000_000),
    ]
}
