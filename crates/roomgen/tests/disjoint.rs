//! Test suites share nothing with training: no mesh and no layout here; that they share no phrasing
//! is a test beside the phrasings.

#![allow(clippy::unwrap_used, reason = "tests may stop at the first surprise")]

use rayon::prelude::*;
use roomgen::assets::Assets;
use roomgen::home::{Home, plan};
use roomgen::rng::Rng;
use std::collections::BTreeSet;
use tasks::suite::Split;

const SPLITS: [Split; 3] = [Split::Train, Split::Val, Split::Test];
const HOMES: u64 = 12;

/// The same dice for every split: only the meshes that it may show tell it apart.
fn homes(assets: &Assets, split: Split) -> Vec<Home> {
    let plan = |seed| plan(assets, split, &mut Rng::from_numbers([seed, 3, 1, 4])).unwrap();
    (0..HOMES).into_par_iter().map(plan).collect()
}

fn meshes(homes: &[Home]) -> BTreeSet<&str> {
    let placed = homes.iter().flat_map(|home| &home.placed);
    placed.map(|placed| placed.piece.mesh.name.as_str()).collect()
}

/// Where everything stands, to the decimetre, and what it is.
fn layouts(homes: &[Home]) -> BTreeSet<Vec<String>> {
    let layout = |home: &Home| {
        let places = home.placed.iter().map(|placed| {
            let at = placed.base.to_array().map(|v| (v * 10.0).round() as i32);
            format!("{} {at:?}", placed.piece.class)
        });
        let mut places: Vec<String> = places.collect();
        places.sort();
        places
    };
    homes.iter().map(layout).collect()
}

fn assert_disjoint(assets: &Assets) {
    let of = SPLITS.map(|split| homes(assets, split));
    for (one, other) in [(0, 1), (0, 2), (1, 2)] {
        let [a, b] = [meshes(&of[one]), meshes(&of[other])];
        let shared: Vec<_> = a.intersection(&b).collect();
        assert!(a.len() > 50 && shared.is_empty(), "meshes in two splits: {shared:?}");
        let [a, b] = [layouts(&of[one]), layouts(&of[other])];
        assert!(a.len() == HOMES as usize && a.is_disjoint(&b), "a layout is in two splits");
    }
}

#[test]
fn shapes_and_layouts_are_of_one_split() {
    assert_disjoint(&Assets::shapes_only());
}

#[test]
fn meshes_are_of_one_split() {
    match Assets::open() {
        Ok(assets) => assert_disjoint(&assets),
        Err(error) => println!("skipped: {error}"),
    }
}
