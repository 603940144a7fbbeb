use scene::{InstanceId, Scene};
use std::collections::BTreeMap;

/// What each object of a scene is called in answers.
#[derive(Clone, Debug, Default)]
pub struct Names(BTreeMap<InstanceId, String>);

impl Names {
    /// The class where an object is the only one of it, else the class with a number: `chair 1`,
    /// `chair 2`, … by ascending id.
    pub fn of(scene: &Scene) -> Self {
        let mut totals: BTreeMap<&str, u32> = BTreeMap::new();
        for instance in &scene.instances {
            *totals.entry(instance.name()).or_insert(0) += 1;
        }
        let mut so_far: BTreeMap<&str, u32> = BTreeMap::new();
        let name = |instance: &'_ scene::Instance, number: u32, total: u32| match total {
            0 | 1 => instance.name().to_owned(),
            _ => format!("{} {number}", instance.name()),
        };
        let mut names = BTreeMap::new();
        for instance in &scene.instances {
            let number = so_far.entry(instance.name()).or_insert(0);
            *number += 1;
            let total = totals.get(instance.name()).copied().unwrap_or_default();
            names.insert(instance.id, name(instance, *number, total));
        }
        Self(names)
    }

    /// An object's name; `object` for one that is not in the scene.
    pub fn get(&self, id: InstanceId) -> &str {
        self.0.get(&id).map_or("object", String::as_str)
    }
}
