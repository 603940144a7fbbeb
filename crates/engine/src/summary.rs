//! What the front end is told and shown of a scan.

use protocol::{Event, JobId, ObjectSummary, ReadingSummary, SceneSummary};
use scene::{Aabb, Instance, PointCloud, Reading, Scene};

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
    vec![bytemuck::cast_slice(&scene.cloud.positions).to_vec(), instance_column(scene)]
}

/// [`protocol::Columns::EDITED`].
pub(crate) fn edited_columns(scene: &Scene, has_moved: bool, has_grown: bool) -> Vec<Vec<u8>> {
    let positions: &[[f32; 3]] = if has_moved { &scene.cloud.positions } else { &[] };
    let colours = scene.cloud.colours.as_deref().filter(|_| has_grown).unwrap_or_default();
    vec![
        instance_column(scene),
        bytemuck::cast_slice(positions).to_vec(),
        bytemuck::cast_slice(colours).to_vec(),
    ]
}

pub(crate) fn instance_column(scene: &Scene) -> Vec<u8> {
    bytemuck::cast_slice(&instances_of_points(scene)).to_vec()
}

/// The id of each point's object, 0 for none.
pub(crate) fn instances_of_points(scene: &Scene) -> Vec<u32> {
    let mut ids = vec![0u32; scene.cloud.len()];
    for instance in &scene.instances {
        for &point in &instance.points {
            ids[point as usize] = instance.id.0;
        }
    }
    ids
}

/// What was found.
pub(crate) fn scene(name: &str, scene: &Scene) -> SceneSummary {
    SceneSummary {
        name: name.to_owned(),
        points: scene.cloud.len() as u32,
        up: scene.reading.up.name().to_owned(),
        unit: scene.reading.unit.name().to_owned(),
        reading: reading(scene),
        scene_from_file: scene.scene_from_file.rows(),
        bounds: scene.bounds,
        objects: scene.instances.iter().map(|instance| object(scene, instance)).collect(),
        warnings: scene.warnings.clone(),
    }
}

fn reading(scene: &Scene) -> ReadingSummary {
    let Reading { up_confidence, unit_confidence, yaw_confidence, .. } = scene.reading;
    ReadingSummary {
        up_confidence,
        unit_confidence,
        yaw_confidence,
        mirrored: scene.reading.mirrored,
        file_has_objects: segment::has_objects(&scene.cloud),
        objects_of_file: scene.reading.objects_of_file,
    }
}

/// One object.
pub(crate) fn object(scene: &Scene, instance: &Instance) -> ObjectSummary {
    let label = instance.label.as_ref();
    ObjectSummary {
        id: instance.id,
        label: instance.name().to_owned(),
        colour: label.and_then(|label| label.colour.clone()),
        score: match (&instance.told, label) {
            (Some(_), _) => 1.0,
            (None, Some(label)) => label.score,
            (None, None) => instance.score,
        },
        points: instance.points.len() as u32,
        box_in_scene: instance.bounds,
        box_in_file: scene.scene_from_file.box_in_file(&instance.bounds),
    }
}
