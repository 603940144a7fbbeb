use crate::{Aabb, InstanceId, OrientedBox};
use serde::{Deserialize, Serialize};

/// A finished (or so far streamed) answer.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Answer {
    /// In reading order; their texts joined are the whole answer.
    pub spans: Vec<Span>,
    /// The way that was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub way: Option<Way>,
    /// The place that was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub placement: Option<Placement>,
}

/// A way over the floor from one object to another.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Way {
    /// Where it begins and ends.
    pub ends: [InstanceId; 2],
    /// Its corners as `geometry` found them in the scan's free space, on the floor, scene frame,
    /// metres; empty where there is no way.
    pub corners_in_scene: Vec<[f32; 3]>,
    /// The same in the file's coordinates.
    #[serde(rename = "corners")]
    pub corners_in_file: Vec<[f64; 3]>,
    /// The corners that the language model wrote, the file's coordinates; kept for scoring.
    #[serde(rename = "lm_corners")]
    pub lm_corners_in_file: Vec<[f64; 3]>,
}

/// Where an object shall go, or a new thing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Placement {
    /// The object that is moved; `None` for a new thing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub object: Option<InstanceId>,
    /// What a new thing is called.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// The objects by which the place is told.
    pub anchors: Vec<InstanceId>,
    /// The box after the move as `geometry` found it, scene frame, metres: carried, bumping into
    /// nothing. `None` where there is no such place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bounds_in_scene: Option<Aabb>,
    /// The same in the file's coordinates.
    #[serde(default, rename = "box", skip_serializing_if = "Option::is_none")]
    pub box_in_file: Option<OrientedBox>,
    /// The box that the language model wrote, the file's coordinates; kept for scoring.
    #[serde(default, rename = "lm_box", skip_serializing_if = "Option::is_none")]
    pub lm_box_in_file: Option<OrientedBox>,
}

/// A piece of an answer from one source.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Span {
    /// As shown.
    pub text: String,
    /// Who says so.
    pub source: Source,
    /// The instances it speaks of.
    pub objects: Vec<InstanceId>,
    /// The value, where the span is a measurement.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub measured: Option<Measured>,
}

/// Where the words of a span come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// The language model's decode loop.
    Lm,
    /// `geometry`, on the scan.
    Measured,
}

/// A number read off the scan.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Measured {
    /// In `unit`.
    pub value: f64,
    /// `m` for lengths, `count` for counts.
    pub unit: String,
    /// Half the width of the 95 % band, in `unit`; zero for counts.
    pub band: f64,
    /// For a length: where it was measured, two points in the scene frame, metres.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line_in_scene: Option<[[f32; 3]; 2]>,
    /// The same two points in the file's coordinates.
    #[serde(default, rename = "line", skip_serializing_if = "Option::is_none")]
    pub line_in_file: Option<[[f64; 3]; 2]>,
    /// What the language model itself guessed, if it did; kept for scoring.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lm_estimate: Option<f64>,
}

impl Answer {
    /// The whole text.
    pub fn text(&self) -> String {
        self.spans.iter().map(|span| span.text.as_str()).collect()
    }

    /// Every instance spoken of, each once, in the order of first mention.
    pub fn objects(&self) -> Vec<InstanceId> {
        let mut seen = Vec::new();
        for id in self.spans.iter().flat_map(|span| &span.objects) {
            if !seen.contains(id) {
                seen.push(*id);
            }
        }
        seen
    }
}
