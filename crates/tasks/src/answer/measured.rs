use glam::Vec3;
use scene::{InstanceId, Measured, Scene, Source, Span};

/// A count: the number of objects that the model listed.
pub(super) fn count(objects: Vec<InstanceId>) -> Span {
    let value = objects.len();
    Span {
        text: value.to_string(),
        source: Source::Measured,
        objects,
        measured: Some(Measured {
            value: value as f64,
            unit: "count".to_owned(),
            band: 0.0,
            line_in_scene: None,
            line_in_file: None,
            lm_estimate: None,
        }),
    }
}

/// The length of a way between two objects.
pub(super) fn length_of_way(ends: [InstanceId; 2], metres: f32) -> Span {
    Span {
        text: format!("{:.1} m", metres.max(0.0)),
        source: Source::Measured,
        objects: ends.to_vec(),
        measured: Some(Measured {
            value: f64::from(metres),
            unit: "m".to_owned(),
            // Ways go over cells of 5 cm.
            band: 0.05,
            line_in_scene: None,
            line_in_file: None,
            lm_estimate: None,
        }),
    }
}

/// The distance of two objects, measured on the scan; `None` where it cannot be.
pub(super) fn distance(
    scene: &Scene,
    a: InstanceId,
    b: InstanceId,
    lm_estimate: Option<f64>,
) -> Option<Span> {
    let found = geometry::distance(scene, a, b).ok()?;
    Some(Span {
        text: length(found.value_m, found.band_m),
        source: Source::Measured,
        objects: vec![a, b],
        measured: Some(Measured {
            value: f64::from(found.value_m),
            unit: "m".to_owned(),
            band: f64::from(found.band_m),
            line_in_scene: Some(found.line),
            line_in_file: Some(found.line.map(|end| in_file(scene, end))),
            lm_estimate,
        }),
    })
}

pub(super) fn in_file(scene: &Scene, point: [f32; 3]) -> [f64; 3] {
    scene.scene_from_file.inverse().apply(Vec3::from(point).as_dvec3()).to_array()
}

/// With no more digits than the band bears out.
fn length(value_m: f32, band_m: f32) -> String {
    if band_m < 0.05 {
        format!("{value_m:.2} m ± {band_m:.2} m")
    } else {
        format!("{value_m:.1} m ± {band_m:.1} m")
    }
}

#[cfg(test)]
mod tests {
    use super::length;

    #[test]
    fn digits_follow_the_band() {
        assert_eq!(length(1.8342, 0.021), "1.83 m ± 0.02 m");
        assert_eq!(length(1.8342, 0.12), "1.8 m ± 0.1 m");
    }
}
