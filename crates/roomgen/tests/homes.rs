//! Homes of several rooms: how they hang together, and what their truth says of them.

#![allow(clippy::unwrap_used, reason = "tests may stop at the first surprise")]

use glam::{DMat4, DVec3, Vec2};
use roomgen::assets::Assets;
use roomgen::home::{FloorGrid, Home, plan};
use roomgen::rng::Rng;
use roomgen::room::{Carrier, overlaps};
use roomgen::scan::{Preset, fuse};
use roomgen::suite::take_shots;
use roomgen::truth::{Provenance, scene_from_file, truth};
use scene::{Aabb, OrientedBox};
use tasks::suite::Split;

fn home(assets: &Assets, seed: u64) -> Home {
    plan(assets, Split::Train, &mut Rng::from_numbers([seed, 17, 0, 0])).unwrap()
}

/// The first home of at least so many rooms.
fn home_of(assets: &Assets, least: usize) -> Home {
    (0..).map(|seed| home(assets, seed)).find(|home| home.spaces.len() >= least).unwrap()
}

#[test]
fn homes_hang_together() {
    let assets = Assets::shapes_only();
    let mut counts = [0; 4];
    for seed in 0..60 {
        let home = home(&assets, seed);
        counts[home.spaces.len() - 1] += 1;
        assert!((5..=60).contains(&home.placed.len()), "{} pieces", home.placed.len());
        // A tree: one opening fewer than rooms, and a way through all of them.
        assert_eq!(home.openings.len() + 1, home.spaces.len());
        let floor = FloorGrid::new(&home, 0.2);
        let mut ways = home.openings.iter().map(|opening| {
            floor.part_at(opening.hole.centre().truncate(), 0.1).expect("a door is barred")
        });
        if let Some(first) = ways.next() {
            assert!(ways.all(|part| part == first), "the rooms of home {seed} are apart");
        }
        for opening in &home.openings {
            let size = opening.hole.size();
            let (width, thick) = (opening.width(), size[opening.axis]);
            assert!((0.8 - 1e-3..=2.2 + 1e-3).contains(&width), "{width}");
            assert!((1.99..=2.2).contains(&size.z), "{}", size.z);
            assert!((0.079..=0.201).contains(&thick), "{thick}");
            for (side, &space) in opening.between.iter().enumerate() {
                let mut step = opening.hole.centre();
                step[opening.axis] += (thick / 2.0 + 0.1) * if side == 0 { -1.0 } else { 1.0 };
                assert!(home.spaces[space].contains(step), "an opening leads nowhere");
            }
        }
        for (a, space) in home.spaces.iter().enumerate() {
            for other in &home.spaces[a + 1..] {
                for [low, high] in space.footprint() {
                    for [l, h] in other.footprint() {
                        let gap = (l - high).max(low - h).max_element();
                        assert!(gap > 0.078, "walls of {gap} m");
                    }
                }
            }
        }
        for (index, placed) in home.placed.iter().enumerate() {
            let middle = placed.bounds.centre();
            assert!(
                home.spaces[home.space_of[index]].bounds().contains(middle),
                "{} is not in its room",
                placed.piece.class
            );
            for opening in &home.openings {
                assert!(!overlaps(&placed.bounds, &opening.hole, 0.0), "a door is blocked");
            }
            if let Carrier::Piece(carrier) = placed.support {
                assert!(carrier < index && home.space_of[carrier] == home.space_of[index]);
                let below = &home.placed[carrier].bounds;
                assert!(
                    placed.base.z - below.max.z < 0.01 && overlaps_in_plan(placed.bounds, *below)
                );
            }
        }
    }
    println!("homes of 1, 2, 3, 4 rooms: {counts:?}");
    assert!(counts[0] > 20 && counts[1] > 5 && counts[2] > 2, "{counts:?}");
}

fn overlaps_in_plan(a: Aabb, b: Aabb) -> bool {
    let shared = a.max.min(b.max) - a.min.max(b.min);
    shared.truncate().cmpgt(Vec2::ZERO).all()
}

#[test]
fn the_truth_of_a_home_is_in_the_files_frame() {
    let assets = Assets::shapes_only();
    let home = home_of(&assets, 3);
    let preset = Preset::named("phone").unwrap();
    let mut rng = Rng::from_numbers([2, 9, 0, 0]);
    let shots = take_shots(&home, &preset, &mut rng.fork());
    assert!((30..=120).contains(&shots.len()), "{} frames", shots.len());
    for (camera, _) in &shots {
        assert!(home.place_of(camera.position).is_some(), "a frame from within a wall");
        assert!((1.0..=1.8).contains(&camera.position.z));
    }
    for space in &home.spaces {
        assert!(shots.iter().any(|(camera, _)| space.contains(camera.position)), "no visit");
    }
    let in_scene = scene_from_file(2.1, DVec3::new(4.0, -3.0, 0.7));
    let scan = fuse(&home, &shots, &preset, &in_scene.inverse(), rng);
    let provenance = Provenance { seed: 1, split: Split::Train, preset: "phone" };
    let (truth, instances) = truth(&assets, &home, &shots, &scan, &in_scene, provenance);
    assert_eq!(instances.len(), scan.positions.len());
    let matrix = DMat4::from_cols_array_2d(&truth.room.scene_from_file).transpose();
    let back = |point: [f64; 3]| matrix.transform_point3(point.into()).as_vec3();

    assert_eq!(truth.room.spaces.len(), home.spaces.len());
    let area = |corners: &[[f64; 3]]| {
        let plan: Vec<Vec2> = corners.iter().map(|corner| back(*corner).truncate()).collect();
        let ends = plan.iter().skip(1).chain(plan.first());
        plan.iter().zip(ends).map(|(a, b)| a.perp_dot(*b)).sum::<f32>() / 2.0
    };
    let mut rooms_m2 = 0.0;
    for (told, space) in truth.room.spaces.iter().zip(&home.spaces) {
        assert!((area(&told.floor) - space.floor_m2()).abs() < 1e-3);
        rooms_m2 += space.floor_m2();
    }
    let thresholds: f32 =
        home.openings.iter().map(|o| o.hole.size().truncate().element_product()).sum();
    assert!((area(&truth.room.floor) - rooms_m2 - thresholds).abs() < 1e-2);
    for (told, opening) in truth.room.openings.iter().zip(&home.openings) {
        let (a, b) = (back(told.a), back(told.b));
        assert!(((b - a).length() - opening.width()).abs() < 1e-4);
        let middle = opening.hole.centre().with_z(0.0);
        assert!(((a + b) / 2.0 - middle).length() < 1e-4);
    }
    for object in &truth.objects {
        let space = object.space.unwrap() as usize;
        let middle = back(object.amodal_box.center);
        assert!(home.spaces[space].bounds().contains(middle), "{}", object.label);
    }

    // What was not seen: pieces, then parts of rooms, which no camera stood in nor looked
    // through straight ahead.
    let missed = home.placed.len() - truth.objects.len();
    let regions = &truth.unseen[missed..];
    assert!(regions.len() <= 12);
    for (index, region) in regions.iter().enumerate() {
        let volume: f64 = region.size.iter().product();
        assert!(volume > 0.0499, "{volume}");
        let middle = back(region.center);
        assert!(home.spaces.iter().any(|space| space.bounds().contains(middle)));
        for camera in &truth.cameras {
            let half_a_metre = DVec3::from(camera.position) + DVec3::from(camera.forward) * 0.1;
            assert!(!is_in(region, DVec3::from(camera.position)), "region {index}");
            assert!(!is_in(region, half_a_metre), "region {index}");
        }
    }
    assert!(regions.is_sorted_by(|a, b| {
        a.size.iter().product::<f64>() >= b.size.iter().product::<f64>() - 1e-9
    }));
}

fn is_in(region: &OrientedBox, point: DVec3) -> bool {
    let axes = region.axes.unwrap_or([[1., 0., 0.], [0., 1., 0.], [0., 0., 1.]]);
    let offset = point - DVec3::from(region.center);
    (0..3).all(|axis| DVec3::from(axes[axis]).dot(offset).abs() < region.size[axis] / 2.0 - 1e-6)
}
