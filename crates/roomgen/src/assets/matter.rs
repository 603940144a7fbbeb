//! What pieces are made of, in a word: from the names of their surfaces, of their files, and
//! from their class, by the reviewed rules of `data/materials.csv`.
//!
//! The rules of that file, in the order in which they are asked: `always` for a class whatever
//! its surfaces are called; `class … -` for classes of many materials, which get none; `surface`
//! where a name holds the word, the first that fits; `else` for a class whose surfaces say
//! nothing; `if brown` likewise, where the piece looks like bare wood.

use super::mesh::Mesh;
use glam::Vec3;
use std::sync::OnceLock;
use tasks::colour;

const RULES: &str = include_str!("../../data/materials.csv");

/// This share of a piece's surface must be of the material.
const CLEAR_SHARE: f32 = 0.55;

/// Surfaces of other materials on more than this share forbid a guess from the class.
const DOUBT_SHARE: f32 = 0.3;

struct Rule {
    kind: &'static str,
    word: &'static str,
    /// `None` for “-”.
    material: Option<&'static str>,
}

fn rules() -> &'static [Rule] {
    static PARSED: OnceLock<Vec<Rule>> = OnceLock::new();
    PARSED.get_or_init(|| {
        let lines = RULES.lines().skip(1);
        lines
            .filter_map(|line| {
                let [kind, word, material] = line.split(',').collect::<Vec<_>>().try_into().ok()?;
                Some(Rule { kind, word, material: (material != "-").then_some(material) })
            })
            .collect()
    })
}

fn for_class(kind: &str, class: &str) -> Option<&'static Rule> {
    rules().iter().find(|rule| rule.kind == kind && rule.word == class)
}

/// What a name says; the inner value is `None` for words that mean no material.
fn in_name(name: &str) -> Option<&'static str> {
    let name = name.to_lowercase();
    rules()
        .iter()
        .find(|rule| rule.kind == "surface" && name.contains(rule.word))
        .and_then(|rule| rule.material)
}

/// The material of a piece of this class; `None` where it is unclear or there are several.
pub(super) fn of(mesh: &Mesh, class: &str) -> Option<&'static str> {
    if let Some(rule) = for_class("always", class).or_else(|| for_class("class", class)) {
        return rule.material;
    }
    let areas = mesh.material_areas();
    let total: f32 = areas.iter().sum();
    let mut shares: Vec<(&'static str, f32)> = Vec::new();
    for (material, area) in mesh.materials.iter().zip(&areas) {
        let Some(word) = in_name(&material.name) else { continue };
        match shares.iter_mut().find(|(known, _)| *known == word) {
            Some((_, share)) => *share += area / total,
            None => shares.push((word, area / total)),
        }
    }
    if let Some((word, _)) = shares.iter().find(|(_, share)| *share > CLEAR_SHARE) {
        return Some(word);
    }
    let guess = || {
        let file = mesh.name.rsplit('/').next().unwrap_or_default();
        let in_file = mesh.name.ends_with(".obj").then(|| in_name(file)).flatten();
        // A cabinet with a glass door is not of glass.
        let in_file = in_file.filter(|word| *word != "glass");
        let by_class = || for_class("else", class).and_then(|rule| rule.material);
        let if_brown = || {
            let rule = for_class("if brown", class).filter(|_| is_brown(mesh, &areas))?;
            rule.material
        };
        in_file.or_else(by_class).or_else(if_brown)
    };
    guess().filter(|word| shares.iter().all(|(known, share)| known == word || *share < DOUBT_SHARE))
}

/// Whether the largest surface has the colour of bare wood.
fn is_brown(mesh: &Mesh, areas: &[f32]) -> bool {
    let Some(main) = (0..areas.len()).max_by(|&a, &b| areas[a].total_cmp(&areas[b])) else {
        return false;
    };
    let mut sum = Vec3::ZERO;
    for triangle in mesh.triangles.iter().filter(|t| t.material as usize == main) {
        sum += mesh.colour(triangle) * mesh.area(triangle);
    }
    let mean = (sum / areas[main].max(1e-9)).to_array().map(|c| c as u8);
    matches!(colour::name(mean), Some("brown" | "beige" | "orange"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assets::{Assets, families};
    use std::collections::BTreeSet;
    use tasks::suite::Split;

    #[test]
    fn rules_name_classes_that_exist() {
        let mut known: BTreeSet<String> =
            families::FAMILIES.into_iter().map(|(class, _)| class.to_owned()).collect();
        known.extend(crate::assets::entries().unwrap().into_iter().map(|entry| entry.class));
        assert_eq!(rules().len(), RULES.lines().count() - 1, "a line does not parse");
        for rule in rules().iter().filter(|rule| rule.kind != "surface") {
            assert!(known.contains(rule.word), "{} {}", rule.kind, rule.word);
        }
    }

    #[test]
    fn names_of_surfaces() {
        assert_eq!(in_name("madera_puerta_tilewood.jpg"), Some("wood"));
        assert_eq!(in_name("Couch_Chrome"), Some("metal"));
        assert_eq!(in_name("sand_stone"), None);
        assert_eq!(in_name("Material.003"), None);
    }

    #[test]
    fn shapes_are_what_they_are_made_of() {
        for (class, material) in [
            ("desk", Some("wood")),
            ("bucket", Some("plastic")),
            ("book", Some("paper")),
            ("cooking pot", Some("metal")),
            ("sofa", Some("fabric")),
            ("bed", None),
        ] {
            let mesh = families::member(class, 0).unwrap();
            assert_eq!(of(&mesh, class), material, "{class}");
        }
    }

    #[test]
    fn most_pieces_are_of_something() {
        let assets = Assets::shapes_only();
        let classes: Vec<&str> = assets.classes().collect();
        let (mut clear, mut all) = (0, 0);
        for class in classes {
            for (number, _) in assets.of(class, Split::Train) {
                clear += usize::from(assets.mesh(number).unwrap().made_of.is_some());
                all += 1;
            }
        }
        assert!(2 * clear > all, "{clear} of {all}");
    }
}
