//! RGB-D frames beside a scan.

#![allow(clippy::unwrap_used, reason = "tests may stop at the first surprise")]

use glam::{DMat4, DVec3, Vec3};
use roomgen::assets::Assets;
use roomgen::compare::Neighbours;
use roomgen::scan::Preset;
use roomgen::suite::{Order, room_name, write_room, write_room_and_frames};
use tasks::suite::Split;

#[test]
fn frames_lie_on_the_cloud() {
    let assets = Assets::shapes_only();
    let folder = std::env::temp_dir().join(format!("roomgen-frames-{}", std::process::id()));
    let order = Order { seed: 4, split: Split::Val, worded: None, preset: Preset::named("laser") };
    assert!(write_room_and_frames(&assets, &order, 0, &folder, 3).unwrap());
    let room = folder.join(room_name(&order, 0));
    let scan = std::fs::read(room.join("scan.ply")).unwrap();
    let points: Vec<Vec3> =
        ply::read(&scan).unwrap().positions.into_iter().map(Vec3::from).collect();
    let cloud = Neighbours::new(&points);
    let frames = room.join("frames");
    let text = std::fs::read_to_string(frames.join("transforms.json")).unwrap();
    let transforms: serde_json::Value = serde_json::from_str(&text).unwrap();
    let number = |key: &str| transforms[key].as_f64().unwrap();
    assert_eq!(transforms["frames"].as_array().unwrap().len(), 3);
    let (mut near, mut all) = (0, 0);
    for frame in transforms["frames"].as_array().unwrap() {
        let open = |key: &str| image::open(frames.join(frame[key].as_str().unwrap())).unwrap();
        let colour = open("file_path").into_rgb8();
        let depth = open("depth_file_path");
        assert_eq!(depth.color(), image::ColorType::L16);
        let depth = depth.into_luma16();
        assert_eq!(
            (f64::from(colour.width()), f64::from(depth.height())),
            (number("w"), number("h"))
        );
        let rows: [[f64; 4]; 4] =
            serde_json::from_value(frame["transform_matrix"].clone()).unwrap();
        let file_from_camera = DMat4::from_cols_array_2d(&rows).transpose();
        for (x, y, millimetres) in depth.enumerate_pixels().step_by(613) {
            if millimetres.0[0] == 0 {
                continue;
            }
            let z = f64::from(millimetres.0[0]) * number("depth_unit_scale_factor");
            let right = (f64::from(x) + 0.5 - number("cx")) / number("fl_x") * z;
            let down = (f64::from(y) + 0.5 - number("cy")) / number("fl_y") * z;
            let at = file_from_camera.transform_point3(DVec3::new(right, -down, -z)).as_vec3();
            all += 1;
            near += usize::from(cloud.count_within(at, 0.04, 1) == 1);
        }
    }
    assert!(all > 1000 && near as f64 > 0.97 * f64::from(all), "{near} of {all} on the cloud");

    // The scan is the same without them.
    std::fs::remove_dir_all(&folder).unwrap();
    assert!(write_room(&assets, &order, 0, &folder).unwrap());
    assert!(std::fs::read(room.join("scan.ply")).unwrap() == scan);
    assert!(!room.join("frames").exists());
    std::fs::remove_dir_all(&folder).unwrap();
}
