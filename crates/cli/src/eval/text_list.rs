//! A scene told in tokens, as `training/scanwise/telling.py` tells it to the text twin: what a
//! detector's list is worth to the same language model, without a feature of points or views.

use lm::{ByteLevelBpe, Loader, Manifest, Tokenizer, Weights};
use scene::{Instance, InstanceId, ObjectRows, PAIR_FEATURES, ScenePrefix};
use std::collections::BTreeMap;
use std::error::Error;
use std::path::Path;

/// Metres between location tokens, for centres and for sizes.
const PLACE_STEP_M: f32 = 0.05;
const SIZE_STEP_M: f32 = 0.02;
/// Location tokens.
const BINS: usize = 256;
/// Rows that a model of features has for each object.
const FEATURE_ROWS: usize = 4;

/// The rows of a model that stand for words.
pub(super) struct TextList {
    width: usize,
    words: BTreeMap<String, Vec<f32>>,
    /// `(BINS, width)`
    locations: Vec<f32>,
    /// `(slots, width)`
    identities: Vec<f32>,
}

impl TextList {
    /// Of the model in `folder`.
    pub(super) fn of(folder: &Path) -> Result<Self, Box<dyn Error>> {
        let weights = weights_of(folder)?;
        let manifest = weights.manifest();
        let width = manifest.lm.width;
        let tokenizer = ByteLevelBpe::parse(weights.tokenizer_json())?;
        let (_, embedding) = weights.tensor_f32("lm.embed.weight")?;
        let row = |token: u32| &embedding[token as usize * width..][..width];
        let mut words = BTreeMap::new();
        for name in manifest.classes.iter().chain(&manifest.colours) {
            // As questions and as answers write it; of all these tokens the mean stands in one row.
            let mut tokens = tokenizer.encode(&format!(" {name}"))?;
            tokens.extend(tokenizer.encode(&capitalised(name))?);
            words.insert(name.clone(), mean(tokens.into_iter().map(row), width));
        }
        let first = manifest.special("<loc0>").ok_or("the model knows no location tokens")?;
        let locations = (0..BINS as u32).flat_map(|bin| row(first + bin).to_vec()).collect();
        let (_, identities) = weights.tensor_f32("encode.id_embed")?;
        Ok(Self { width, words, locations, identities })
    }

    /// In place of `own`, which gives the order of objects and the rows of the layout.
    pub(super) fn tell(&self, instances: &[Instance], own: &ScenePrefix) -> ScenePrefix {
        let width = self.width;
        let nothing = vec![0.0; width];
        let of = |id: InstanceId| instances.iter().find(|instance| instance.id == id);
        let shown = || own.objects.iter().filter_map(|object| Some((object, of(object.id)?)));
        let corner = views::padded_box(shown().map(|(_, instance)| instance.bounds)).min;
        let (mut rows, mut objects) = (Vec::new(), Vec::new());
        for (object, instance) in shown() {
            let label = instance.label.as_ref();
            let word = |text: Option<&String>| {
                text.and_then(|text| self.words.get(text)).unwrap_or(&nothing).as_slice()
            };
            let identity = &self.identities[object.slot as usize * width..][..width];
            let said = [
                identity,
                word(label.map(|label| &label.class)),
                word(label.and_then(|label| label.colour.as_ref())),
            ];
            let place = (instance.bounds.centre() - corner) / PLACE_STEP_M;
            let size = instance.bounds.size() / SIZE_STEP_M;
            rows.extend(said.concat());
            for step in place.to_array().into_iter().chain(size.to_array()) {
                let bin = (step.max(0.0) as usize).min(BINS - 1);
                rows.extend(&self.locations[bin * width..][..width]);
            }
            let mention = (0..width).map(|k| said.iter().map(|row| row[k]).sum()).collect();
            objects.push(ObjectRows { id: object.id, slot: object.slot, mention });
        }
        rows.extend(&own.rows[own.objects.len() * FEATURE_ROWS * width..]);
        let pairs = vec![0.0; objects.len() * objects.len() * PAIR_FEATURES];
        ScenePrefix { width, rows, objects, pairs, ..ScenePrefix::default() }
    }
}

fn weights_of(folder: &Path) -> Result<Weights, Box<dyn Error>> {
    let read = |name: &str| {
        let path = folder.join(name);
        std::fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))
    };
    let mut loader = Loader::new(Manifest::parse(&read("model.json")?)?);
    let files: Vec<String> = loader.missing().map(|file| file.file.clone()).collect();
    for file in files {
        loader.add(&file, &read(&file)?)?;
    }
    Ok(loader.finish()?)
}

fn capitalised(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn mean<'a>(rows: impl ExactSizeIterator<Item = &'a [f32]>, width: usize) -> Vec<f32> {
    let share = 1.0 / rows.len().max(1) as f32;
    let mut mean = vec![0.0; width];
    for row in rows {
        mean.iter_mut().zip(row).for_each(|(mean, value)| *mean += share * value);
    }
    mean
}

#[cfg(test)]
mod tests {
    use super::*;
    use scene::{Aabb, LabelGuess};

    #[test]
    fn an_object_is_told_in_nine_rows() {
        let list = TextList {
            width: 1,
            words: [("red", 2.0), ("chair", 3.0)]
                .map(|(word, row)| (word.to_owned(), vec![row]))
                .into(),
            locations: (0..BINS).map(|bin| bin as f32).collect(),
            identities: vec![0.0, 100.0],
        };
        let label = LabelGuess {
            class: "chair".into(),
            colour: Some("red".into()),
            score: 1.0,
            others: vec![],
        };
        let instance = Instance {
            id: InstanceId(7),
            points: Vec::new(),
            bounds: Aabb::from_centre_size([0.0; 3].into(), [1.0, 0.5, 9.0].into()),
            score: 1.0,
            label: Some(label),
            told: None,
        };
        let object = ObjectRows { id: InstanceId(7), slot: 1, mention: vec![0.0] };
        let own = ScenePrefix {
            width: 1,
            rows: vec![1.0, 1.0, 1.0, 1.0, -5.0],
            objects: vec![object],
            pairs: vec![1.0; PAIR_FEATURES],
            ..ScenePrefix::default()
        };
        let told = list.tell(&[instance], &own);
        // The corner lies 0.1 m, or 5 % of nine metres, before the box: 0.6, 0.35 and 4.95 m.
        let place = [12.0, 7.0, 99.0];
        assert_eq!(told.rows[..3], [100.0, 3.0, 2.0]);
        assert!(told.rows[3..6].iter().zip(place).all(|(a, b)| (a - b).abs() <= 1.0), "{told:?}");
        assert_eq!(told.rows[6..], [50.0, 25.0, 255.0, -5.0]);
        assert_eq!(told.objects[0].mention, [105.0]);
        assert!(told.pairs.iter().all(|value| *value == 0.0));
    }
}
