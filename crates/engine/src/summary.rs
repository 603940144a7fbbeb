//! What the front end is told and shown of a scan.

use protocol::{Attention, Event, JobId, ObjectShare, ObjectSummary, ReadingSummary, SceneSummary};
use scene::{Aabb, Instance, Reading, Scene, ScenePrefix};

/// The event that shows the points as they lie in the file.
pub(crate) fn points(job: JobId, positions: &[[f32; 3]], coloured: bool) -> Event {
    let bounds = Aabb::of_points(positions.iter().copied().map(Into::into));
    Event::Points { job, count: positions.len() as u32, bounds, coloured }
}

/// [`protocol::Columns::POINTS`].
pub(crate) fn columns(positions: &[[f32; 3]], colours: &[[u8; 3]]) -> Vec<Vec<u8>> {
    vec![bytemuck::cast_slice(positions).to_vec(), bytemuck::cast_slice(colours).to_vec()]
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

/// Objects shown of those that the model looked at.
const LOOKED_AT: usize = 8;

/// What shares of attention to each row of a prefix come to, part by part.
pub(crate) fn attention(rows: &[f32], prefix: &ScenePrefix) -> Attention {
    let (queries, others) = rows.split_at(prefix.queries.min(rows.len()));
    let count = prefix.objects.len();
    let (of_objects, layout) = others.split_at((prefix.object_rows() * count).min(others.len()));
    let shares = of_objects.chunks_exact(prefix.object_rows().max(1));
    let mut objects: Vec<ObjectShare> = prefix
        .objects
        .iter()
        .zip(shares)
        .map(|(object, rows)| ObjectShare { id: object.id, share: rows.iter().sum() })
        .collect();
    objects.sort_by(|a, b| b.share.total_cmp(&a.share).then(a.id.cmp(&b.id)));
    objects.truncate(LOOKED_AT);
    let words = if rows.is_empty() { 0.0 } else { 1.0 - rows.iter().sum::<f32>() };
    Attention { objects, queries: queries.iter().sum(), layout: layout.iter().sum(), words }
}

#[cfg(test)]
mod tests {
    use super::*;
    use scene::{InstanceId, ObjectRows, System};

    #[test]
    fn shares_go_to_the_parts_of_a_prefix() {
        let object = |id| ObjectRows { id: InstanceId(id), slot: 0, mention: Vec::new() };
        let mut prefix = ScenePrefix {
            width: 1,
            queries: 2,
            rows: vec![0.0; 2 + 4 * 2 + 1],
            objects: vec![object(5), object(9)],
            ..ScenePrefix::default()
        };
        let rows = [0.5, 0.25, 1.0, 0.0, 0.0, 1.0, 2.0, 2.0, 0.0, 0.0, 0.125];
        let found = attention(&rows, &prefix);
        assert_eq!((found.queries, found.layout), (0.75, 0.125));
        let shares: Vec<_> = found.objects.iter().map(|one| (one.id.0, one.share)).collect();
        assert_eq!(shares, [(9, 4.0), (5, 2.0)]);
        // 3D-LLM has no rows of objects, Spatial 3D-LLM one each.
        prefix.system = System::Llm3d;
        assert!(attention(&rows[..2], &prefix).objects.is_empty());
        (prefix.system, prefix.queries) = (System::Spatial, 0);
        let found = attention(&[0.25, 0.5, 0.125], &prefix);
        assert_eq!((found.objects[0].id.0, found.layout, found.words), (9, 0.125, 0.125));
        assert_eq!(attention(&[], &prefix), Attention::default());
    }
}
