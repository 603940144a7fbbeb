//! One shard of training features: the columns of ARCHITECTURE's "Feature shard".

use half::f16;
use safetensors::tensor::{Dtype, TensorView};
use std::path::Path;
use views::{InstanceInput, SHELL_FEATURES, SHELL_POINTS};

/// Columns that grow by one instance, or one room, at a time.
#[derive(Default)]
pub(super) struct Shard {
    patches: Vec<f16>,
    centres: Vec<f16>,
    extent: Vec<f32>,
    crops: Vec<u8>,
    view_valid: Vec<u8>,
    trust: Vec<u8>,
    boxes: Vec<f32>,
    room: Vec<i32>,
    set: Vec<u8>,
    instance: Vec<i32>,
    matched: Vec<i32>,
    class: Vec<i32>,
    colour: Vec<i32>,
    guess: Vec<f16>,
    layout: Vec<f32>,
    layout_count: Vec<i32>,
    shell: Vec<f16>,
    shell_count: Vec<i32>,
}

/// Which instances a row belongs to.
#[derive(Clone, Copy)]
pub(super) enum Set {
    True = 0,
    Predicted = 1,
}

/// What the truth says of one instance; −1 where it says nothing.
pub(super) struct Truth {
    pub matched: i32,
    pub class: i32,
    pub colour: i32,
    /// What `segment` takes it for: a probability of each class, 0 where it says nothing.
    pub guess: Vec<f32>,
}

const LAYOUT_ROWS: usize = 8;

impl Shard {
    pub(super) fn rooms(&self) -> usize {
        self.layout_count.len()
    }

    /// Starts the next room with its layout rows and its shell.
    pub(super) fn begin_room(&mut self, layout: &[[f32; 9]], shell: &[[f32; SHELL_FEATURES]]) {
        let points = &shell[..shell.len().min(SHELL_POINTS)];
        let missing = SHELL_POINTS - points.len();
        self.shell_count.push(points.len() as i32);
        self.shell.extend(points.iter().flatten().map(|&x| f16::from_f32(x)));
        self.shell.extend(std::iter::repeat_n(f16::ZERO, missing * SHELL_FEATURES));
        let kept = &layout[..layout.len().min(LAYOUT_ROWS)];
        self.layout_count.push(kept.len() as i32);
        self.layout.extend(kept.iter().flatten());
        self.layout.extend(std::iter::repeat_n(0.0, (LAYOUT_ROWS - kept.len()) * 9));
    }

    /// Adds an instance to the room begun last.
    pub(super) fn push(&mut self, set: Set, id: u32, input: &InstanceInput, truth: &Truth) {
        self.patches.extend(input.patches.iter().map(|&x| f16::from_f32(x)));
        self.centres.extend(input.centres.iter().map(|&x| f16::from_f32(x)));
        self.extent.extend(&input.extent);
        self.crops.extend(&input.crops);
        self.view_valid.extend(&input.view_valid);
        self.trust.extend(&input.trust);
        self.boxes.extend(&input.box_m);
        self.room.push(self.layout_count.len() as i32 - 1);
        self.set.push(set as u8);
        self.instance.push(id as i32);
        self.matched.push(truth.matched);
        self.class.push(truth.class);
        self.colour.push(truth.colour);
        self.guess.extend(truth.guess.iter().map(|&p| f16::from_f32(p)));
    }

    /// Writes the shard beside its final name and renames it, so that a shard that exists is whole.
    pub(super) fn write(&self, path: &Path) -> Result<(), super::FeaturesError> {
        let n = self.set.len();
        let rooms = self.rooms();
        let bytes = Bytes::of(self);
        let views = [
            ("patches", Dtype::F16, vec![n, 32, 16, 6], &bytes.patches),
            ("centres", Dtype::F16, vec![n, 32, 4], &bytes.centres),
            ("extent", Dtype::F32, vec![n, 8], &bytes.extent),
            ("crops", Dtype::U8, vec![n, 5, 3, 4, 32, 32], &self.crops),
            ("view_valid", Dtype::U8, vec![n, 5], &self.view_valid),
            ("trust", Dtype::U8, vec![n, 32, 5], &self.trust),
            ("box", Dtype::F32, vec![n, 6], &bytes.boxes),
            ("room", Dtype::I32, vec![n], &bytes.room),
            ("set", Dtype::U8, vec![n], &self.set),
            ("instance", Dtype::I32, vec![n], &bytes.instance),
            ("match", Dtype::I32, vec![n], &bytes.matched),
            ("class", Dtype::I32, vec![n], &bytes.class),
            ("colour", Dtype::I32, vec![n], &bytes.colour),
            ("guess", Dtype::F16, vec![n, self.guess.len() / n.max(1)], &bytes.guess),
            ("layout", Dtype::F32, vec![rooms, LAYOUT_ROWS, 9], &bytes.layout),
            ("layout_count", Dtype::I32, vec![rooms], &bytes.layout_count),
            ("shell", Dtype::F16, vec![rooms, SHELL_POINTS, SHELL_FEATURES], &bytes.shell),
            ("shell_count", Dtype::I32, vec![rooms], &bytes.shell_count),
        ]
        .into_iter()
        .map(|(name, dtype, shape, data)| Ok((name, TensorView::new(dtype, shape, data)?)))
        .collect::<Result<Vec<_>, safetensors::SafeTensorError>>()?;
        let beside = path.with_extension("part");
        std::fs::write(&beside, safetensors::serialize(views, None)?)?;
        Ok(std::fs::rename(beside, path)?)
    }
}

/// The numeric columns as little-endian bytes.
struct Bytes {
    patches: Vec<u8>,
    centres: Vec<u8>,
    extent: Vec<u8>,
    boxes: Vec<u8>,
    room: Vec<u8>,
    instance: Vec<u8>,
    matched: Vec<u8>,
    class: Vec<u8>,
    colour: Vec<u8>,
    guess: Vec<u8>,
    layout: Vec<u8>,
    layout_count: Vec<u8>,
    shell: Vec<u8>,
    shell_count: Vec<u8>,
}

impl Bytes {
    fn of(shard: &Shard) -> Self {
        let f16s = |column: &[f16]| column.iter().flat_map(|x| x.to_le_bytes()).collect();
        let f32s = |column: &[f32]| column.iter().flat_map(|x| x.to_le_bytes()).collect();
        let i32s = |column: &[i32]| column.iter().flat_map(|x| x.to_le_bytes()).collect();
        Self {
            patches: f16s(&shard.patches),
            centres: f16s(&shard.centres),
            extent: f32s(&shard.extent),
            boxes: f32s(&shard.boxes),
            room: i32s(&shard.room),
            instance: i32s(&shard.instance),
            matched: i32s(&shard.matched),
            class: i32s(&shard.class),
            colour: i32s(&shard.colour),
            guess: f16s(&shard.guess),
            layout: f32s(&shard.layout),
            layout_count: i32s(&shard.layout_count),
            shell: f16s(&shard.shell),
            shell_count: i32s(&shard.shell_count),
        }
    }
}
