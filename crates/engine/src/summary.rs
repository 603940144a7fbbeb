//! What the front end is told and shown of a scan.

use protocol::{Event, JobId, ObjectSummary, SceneSummary};
use scene::{Aabb, Instance, PointCloud, Scene};

/// The event that shows the points as they lie in the file.
pub(crate) fn points(job: JobId, cloud: &PointCloud) -> Event {
    Event::Points {
        job,
        count: cloud.len() as u32,
        bounds: Aabb::of_points(cloud.positions.iter().copied().map(Into::into)),
        coloured: cloud.colours.is_some(),
    }
}

/// [`protocol::Columns::POINTS`].
pub(crate) fn point_columns(cloud: &PointCloud) -> Vec<Vec<u8>> {
    let colours = cloud.colours.as_deref().unwrap_or_default();
    vec![bytemuck::cast_slice(&cloud.positions).to_vec(), bytemuck::cast_slice(colours).to_vec()]
}

/// [`protocol::Columns::SCENE`].
pub(crate) fn scene_columns(scene: &Scene) -> Vec<Vec<u8>> {
    let mut ids = vec![0u32; scene.cloud.len()];
    for instance in &scene.instances {
        for &point in &instance.points {
            ids[point as usize] = instance.id.0;
        }
    }
    vec![bytemuck::cast_slice(&scene.cloud.positions).to_vec(), bytemuck::cast_slice(&ids).to_vec()]
}

/// What was found.
pub(crate) fn scene(name: &str, scene: &Scene) -> SceneSummary {
    SceneSummary {
        name: name.to_owned(),
        points: scene.cloud.len() as u32,
        up: scene.up.name().to_owned(),
        unit: unit_name(scene).to_owned(),
        scene_from_file: scene.scene_from_file.rows(),
        bounds: scene.bounds,
        objects: scene.instances.iter().map(|instance| object(scene, instance)).collect(),
        warnings: scene.warnings.clone(),
    }
}

/// One object.
pub(crate) fn object(scene: &Scene, instance: &Instance) -> ObjectSummary {
    let label = instance.label.as_ref();
    ObjectSummary {
        id: instance.id,
        label: instance.name().to_owned(),
        colour: label.and_then(|label| label.colour.clone()),
        score: label.map_or(instance.score, |label| label.score),
        points: instance.points.len() as u32,
        box_in_scene: instance.bounds,
        box_in_file: scene.scene_from_file.box_in_file(&instance.bounds),
    }
}

fn unit_name(scene: &Scene) -> &'static str {
    match scene.unit {
        scene::Unit::Metre => "m",
        scene::Unit::Centimetre => "cm",
        scene::Unit::Millimetre => "mm",
    }
}
