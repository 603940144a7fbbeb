use crate::words;
use scene::{Instance, Scene};

/// A label below this probability is not put into a question.
const SURE: f32 = 0.4;

/// Up to six questions that this scan can answer, made from what was found in it; none where
/// nothing has been named.
pub fn chips(scene: &Scene) -> Vec<String> {
    let named: Vec<&Instance> = scene
        .instances
        .iter()
        .filter(|i| i.label.as_ref().is_some_and(|label| label.score >= SURE))
        .collect();
    // A class counts as the only one only if no unsure object bears its name either.
    let total = |name: &str| scene.instances.iter().filter(|i| i.name() == name).count();
    let mut single: Vec<&Instance> =
        named.iter().copied().filter(|instance| total(instance.name()) == 1).collect();
    single.sort_by(|a, b| b.bounds.volume().total_cmp(&a.bounds.volume()));
    let mut several: Vec<&str> =
        named.iter().map(|instance| instance.name()).filter(|name| total(name) > 1).collect();
    several.sort_unstable();
    several.dedup();
    several.sort_by_key(|name| std::cmp::Reverse(total(name)));

    let mut chips = Vec::new();
    if let Some(name) = several.first() {
        chips.push(format!("How many {} are there?", words::plural(name)));
        if let Some(anchor) = single.first() {
            chips.push(format!("Which {name} is nearest to the {}?", anchor.name()));
        }
    }
    if let [first, second, ..] = single[..] {
        chips.push(format!("How far is the {} from the {}?", first.name(), second.name()));
    }
    let carries = |below: &Instance| named.iter().any(|i| geometry::on(&i.bounds, &below.bounds));
    if let Some(carrier) = single.iter().find(|instance| carries(instance)) {
        chips.push(format!("What is on the {}?", carrier.name()));
    }
    let coloured = |i: &&Instance| i.label.as_ref().is_some_and(|label| label.colour.is_some());
    if let Some(instance) = single.iter().copied().find(coloured) {
        chips.push(format!("What colour is the {}?", instance.name()));
    }
    if let Some(instance) = single.last() {
        chips.push(format!("Where is the {}?", instance.name()));
    }
    if let Some(name) = several.get(1) {
        chips.push(format!("Show me all {}.", words::plural(name)));
    }
    chips.truncate(6);
    chips
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::scene_of;

    #[test]
    fn questions_name_what_is_there() {
        let scene = scene_of(&["desk", "chair", "chair", "bed"]);
        let chips = chips(&scene);
        assert_eq!(chips[0], "How many chairs are there?");
        assert!(chips[1].starts_with("Which chair is nearest to the "));
        assert!(chips.contains(&"How far is the desk from the bed?".to_owned()));
        assert!(chips.len() <= 6 && !chips.iter().any(|chip| chip.contains("What is on")));
    }

    #[test]
    fn what_has_no_name_gives_no_question() {
        let mut scene = scene_of(&["desk", "chair", "chair"]);
        for instance in &mut scene.instances {
            instance.label = None;
        }
        assert!(chips(&scene).is_empty());
    }

    #[test]
    fn a_doubtful_twin_makes_a_name_ambiguous() {
        let mut scene = scene_of(&["desk", "desk"]);
        if let Some(label) = &mut scene.instances[1].label {
            label.score = 0.1;
        }
        let chips = chips(&scene);
        assert!(!chips.iter().any(|chip| chip.contains("the desk")), "{chips:?}");
    }
}
