use crate::begin::Begin;
use crate::box_reading::BoxReading;
use crate::inst3d::{Isr, Mcmf, Weighed, fourier, unseen};
use crate::layers::Linear;
use crate::llm3d::{Points, QFormer};
use crate::place::Place;
use crate::points::PointEncoder;
use crate::spatial::Spatial;
use crate::view::ViewEncoder;
use crate::weights::{Tensors, Weights};
use crate::{Config, Error, SLOTS};
use burn::tensor::{Device, Tensor, TensorData};
use scene::{Aabb, Locations};
use std::ops::Range;
use views::{
    CENTRE_FEATURES, CROP_CHANNELS, CROP_LEVELS, CROP_PX, EXTENT_FEATURES, InstanceInput,
    LAYOUT_FEATURES, POINT_FEATURES, VIEWS,
};

/// Everything under `encode.` on one device.
pub(crate) struct Nets {
    pub(crate) config: Config,
    pub(crate) backend: String,
    device: Device,
    points: PointEncoder,
    view: ViewEncoder,
    class: Linear,
    colour: Linear,
    mcmf: Mcmf,
    isr: Isr,
    /// These a model may lack.
    pub(crate) named: Option<Linear>,
    pub(crate) spatial: Option<Spatial>,
    pub(crate) place: Option<Place>,
    pub(crate) reading: Option<BoxReading>,
    pub(crate) llm3d: Option<QFormer>,
    layout: Linear,
    /// (200, d); read by the row, so it stays here.
    id_embed: Vec<f32>,
}

/// What the two encoders saw of some instances.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Features {
    /// (n, d_e)
    pub(crate) o3d: Vec<f32>,
    /// (n, v, d_e); zero where there is no view.
    pub(crate) o2d: Vec<f32>,
    /// (n, v)
    pub(crate) view_valid: Vec<u8>,
    /// (n, 32, d_e): of each patch, before the encoder's blocks.
    pub(crate) tokens: Vec<f32>,
    /// (n, 32, 4), as the input has them.
    pub(crate) centres: Vec<f32>,
    /// (n) metres
    pub(crate) radius: Vec<f32>,
    /// (n, 32, v)
    pub(crate) trust: Vec<u8>,
}

/// Where `InstanceInput::extent` holds the radius.
const RADIUS: usize = 5;

/// What Spatial 3D-LLM's first stage made of n instances.
#[derive(Clone, Debug, Default)]
pub(crate) struct Gathered {
    /// (n, 8, d_e)
    pub(crate) clusters: Vec<f32>,
    /// (n, d_e)
    pub(crate) referents: Vec<f32>,
}

impl Gathered {
    pub(crate) fn extend(&mut self, more: Self) {
        self.clusters.extend(more.clusters);
        self.referents.extend(more.referents);
    }
}

/// A part of the model that is there where the tensor of this name is.
fn optional<T>(
    at: &Weights<'_>,
    name: &str,
    load: impl FnOnce(&Weights<'_>) -> Result<T, Error>,
) -> Result<Option<T>, Error> {
    if at.at(name).exists() { load(at).map(Some) } else { Ok(None) }
}

/// Rows of n instances by MCMF, each (n, d).
#[derive(Clone, Debug, Default)]
pub(crate) struct FusedRows {
    pub(crate) coarse: Vec<f32>,
    pub(crate) fused: Vec<f32>,
    /// (n, 1+v): how each weighed `[cls]` and its views.
    pub(crate) views: Vec<f32>,
}

/// What 3D-ISR made of n objects.
#[derive(Clone, Debug, Default)]
pub(crate) struct Related {
    /// (n, d)
    pub(crate) rows: Vec<f32>,
    /// (n, n)
    pub(crate) gate: Vec<f32>,
    /// (n, n)
    pub(crate) attention: Vec<f32>,
}

impl FusedRows {
    pub(crate) fn extend(&mut self, more: Self) {
        self.coarse.extend(more.coarse);
        self.fused.extend(more.fused);
        self.views.extend(more.views);
    }
}

impl Features {
    pub(crate) fn extend(&mut self, more: Self) {
        self.o3d.extend(more.o3d);
        self.o2d.extend(more.o2d);
        self.view_valid.extend(more.view_valid);
        self.tokens.extend(more.tokens);
        self.centres.extend(more.centres);
        self.radius.extend(more.radius);
        self.trust.extend(more.trust);
    }

    /// Of each instance alone.
    pub(crate) fn rows(&self) -> impl Iterator<Item = Self> {
        (0..self.count()).map(|i| self.part(i..i + 1))
    }

    /// Of some instances.
    pub(crate) fn part(&self, range: Range<usize>) -> Self {
        let count = self.count().max(1);
        fn of<T: Clone>(numbers: &[T], count: usize, range: &Range<usize>) -> Vec<T> {
            let width = numbers.len() / count;
            numbers[range.start * width..range.end * width].to_vec()
        }
        Self {
            o3d: of(&self.o3d, count, &range),
            o2d: of(&self.o2d, count, &range),
            view_valid: of(&self.view_valid, count, &range),
            tokens: of(&self.tokens, count, &range),
            centres: of(&self.centres, count, &range),
            radius: of(&self.radius, count, &range),
            trust: of(&self.trust, count, &range),
        }
    }

    pub(crate) fn count(&self) -> usize {
        self.view_valid.len() / VIEWS
    }

    /// [O3D; mean of valid O2D], (n, 2·d_e).
    fn seen(&self) -> Vec<f32> {
        let width = self.o3d.len() / self.count().max(1);
        let mut seen = Vec::with_capacity(2 * self.o3d.len());
        for (i, o3d) in self.o3d.chunks(width.max(1)).enumerate() {
            seen.extend(o3d);
            let valid = &self.view_valid[i * VIEWS..(i + 1) * VIEWS];
            let count = valid.iter().filter(|&&v| v != 0).count().max(1) as f32;
            let views = &self.o2d[i * VIEWS * width..(i + 1) * VIEWS * width];
            let mean = |k: usize| {
                let of_valid = (0..VIEWS).filter(|&v| valid[v] != 0);
                of_valid.map(|v| views[v * width + k]).sum::<f32>() / count
            };
            seen.extend((0..width).map(mean));
        }
        seen
    }
}

impl Nets {
    pub(crate) fn load(
        tensors: &dyn Tensors,
        config: &Config,
        device: Device,
        backend: String,
    ) -> Result<Self, Error> {
        config.check()?;
        let root = Weights::new(tensors, &device);
        let at = root.at("encode");
        let (d_e, d) = (config.width, config.row_width);
        let heads = at.at("heads");
        Ok(Self {
            points: PointEncoder::load(&at.at("points"), d_e)?,
            view: ViewEncoder::load(&at.at("view"), d_e)?,
            class: Linear::load(&heads.at("class"), 2 * d_e, config.classes.len())?,
            colour: Linear::load(&heads.at("colour"), 2 * d_e, config.colours.len())?,
            mcmf: Mcmf::load(&at.at("mcmf"), d_e, d, config.views)?,
            isr: Isr::load(&at.at("isr"), d_e, d)?,
            spatial: optional(&at.at("spatial"), "norm.weight", |at| Spatial::load(at, d_e, d))?,
            named: optional(&at.at("named"), "weight", |at| {
                Linear::load_without_bias(at, config.classes.len(), d)
            })?,
            place: optional(&at.at("place"), "weight", |at| Place::load(at, d))?,
            reading: optional(&at.at("reading"), "refine.weight", |at| BoxReading::load(at, d))?,
            llm3d: optional(&at.at("llm3d"), "query", |at| QFormer::load(at, d_e, d))?,
            layout: Linear::load(&at.at("layout"), LAYOUT_FEATURES, d)?,
            id_embed: at.at("id_embed").numbers([SLOTS, d])?,
            config: config.clone(),
            backend,
            device,
        })
    }

    /// The encoders on a few instances at once.
    pub(crate) async fn features(&self, inputs: &[InstanceInput]) -> Result<Features, Error> {
        let n = inputs.len();
        let d_e = self.config.width;
        let all = |f: fn(&InstanceInput) -> &[f32], width: usize| {
            let numbers: Vec<f32> = inputs.iter().flat_map(&f).copied().collect();
            self.matrix(numbers, width)
        };
        let tokens = self.points.tokens(
            all(|input| &input.patches, POINT_FEATURES),
            all(|input| &input.centres, CENTRE_FEATURES),
        );
        let o3d = self.points.forward(tokens.clone(), all(|input| &input.extent, EXTENT_FEATURES));
        // Only the crops of valid views are looked at.
        let view_valid: Vec<u8> = inputs.iter().flat_map(|input| input.view_valid).collect();
        let crops: Vec<f32> = inputs
            .iter()
            .flat_map(|input| {
                let views = input.crops.chunks(CROP_LEVELS * InstanceInput::CROP_LEN);
                views.zip(input.view_valid).filter(|(_, valid)| *valid != 0).flat_map(|v| v.0)
            })
            .map(|&value| f32::from(value) / 127.5 - 1.0)
            .collect();
        let seen = crops.len() / (CROP_LEVELS * InstanceInput::CROP_LEN);
        let seen_in_views = if seen == 0 {
            Vec::new()
        } else {
            let shape = [seen * CROP_LEVELS, CROP_CHANNELS, CROP_PX, CROP_PX];
            let crops = Tensor::from_data(TensorData::new(crops, shape), &self.device);
            // A view token is the mean of its crops.
            let views = self.view.forward(crops).reshape([seen, CROP_LEVELS, d_e]).mean_dim(1);
            self.read(views).await?
        };
        let mut o2d = vec![0.0; n * VIEWS * d_e];
        let valid = o2d.chunks_mut(d_e).zip(&view_valid).filter(|(_, valid)| **valid != 0);
        for ((view, _), token) in valid.zip(seen_in_views.chunks(d_e)) {
            view.copy_from_slice(token);
        }
        Ok(Features {
            o3d: self.read(o3d).await?,
            o2d,
            view_valid,
            tokens: self.read(tokens).await?,
            centres: inputs.iter().flat_map(|input| &input.centres).copied().collect(),
            radius: inputs.iter().map(|input| input.extent[RADIUS]).collect(),
            trust: inputs.iter().flat_map(|input| input.trust.iter().copied()).collect(),
        })
    }

    /// Logits of the classes (n, classes) and of the colours (n, colours).
    pub(crate) async fn logits(&self, features: &Features) -> Result<(Vec<f32>, Vec<f32>), Error> {
        let seen = self.matrix(features.seen(), 2 * self.config.width);
        let class = self.class.forward(seen.clone());
        let colour = self.colour.forward(seen);
        Ok((self.read(class).await?, self.read(colour).await?))
    }

    /// What objects are likely to be, (n, classes), as rows (n, d).
    pub(crate) async fn named(&self, named: &Linear, likely: Vec<f32>) -> Result<Vec<f32>, Error> {
        self.read(named.forward(self.matrix(likely, self.config.classes.len()))).await
    }

    /// MCMF's first half, over all instances: what each asks of its views, (n, d).
    pub(crate) async fn ask(&self, features: &Features) -> Result<Vec<f32>, Error> {
        let o3d = self.matrix(features.o3d.clone(), self.config.width);
        self.read(self.mcmf.ask(o3d)).await
    }

    /// MCMF's second half, for the instances of `range`. `asked` is of [`Nets::ask`].
    pub(crate) async fn fuse(
        &self,
        features: &Features,
        asked: &[f32],
        range: Range<usize>,
    ) -> Result<FusedRows, Error> {
        let (d, d_e) = (self.config.row_width, self.config.width);
        let part = |numbers: &[f32], width: usize| {
            numbers[range.start * width..range.end * width].to_vec()
        };
        let q = self.matrix(part(asked, d), d);
        let o3d = self.matrix(part(&features.o3d, d_e), d_e);
        let o2d = part(&features.o2d, VIEWS * d_e);
        let o2d = TensorData::new(o2d, [range.len(), VIEWS, d_e]);
        let o2d = Tensor::from_data(o2d, &self.device);
        let view_valid = &features.view_valid[range.start * VIEWS..range.end * VIEWS];
        let unseen = unseen(view_valid, range.len(), &self.device);
        let (coarse, fused, views) = self.mcmf.fuse(q, o3d, o2d, unseen);
        Ok(FusedRows {
            coarse: self.read(coarse).await?,
            fused: self.read(fused).await?,
            views: self.read(views).await?,
        })
    }

    /// 3D-ISR: relation rows (n, d), and its gates and attention, each (n, n). `s` is (n, n, 5) of
    /// `scene::pairwise_relations`.
    pub(crate) async fn relate(
        &self,
        features: &Features,
        boxes: &[Aabb],
        s: &[f32],
    ) -> Result<Related, Error> {
        let (n, d_e) = (features.count(), self.config.width);
        let padded = views::padded_box(boxes.iter().copied());
        let boxes = fourier(boxes, &padded);
        let s = Tensor::from_data(TensorData::new(s.to_vec(), [n, n, 5]), &self.device);
        let width = crate::inst3d::FOURIER;
        let (seen, boxes) = (self.matrix(features.seen(), 2 * d_e), self.matrix(boxes, width));
        let (rows, Weighed { gate, attention }) = self.isr.forward(seen, boxes, s);
        Ok(Related {
            rows: self.read(rows).await?,
            gate: self.read(gate).await?,
            attention: self.read(attention).await?,
        })
    }

    /// Spatial 3D-LLM's first stage, of some instances: clusters (n, 8, d_e), referents (n, d_e).
    pub(crate) async fn gather(
        &self,
        spatial: &Spatial,
        features: &Features,
    ) -> Result<Gathered, Error> {
        let tokens = self.matrix(features.tokens.clone(), self.config.width);
        let o3d = self.matrix(features.o3d.clone(), self.config.width);
        let (clusters, referents) = spatial.gather(tokens, o3d, &features.centres);
        let (clusters, referents) = (self.read(clusters).await?, self.read(referents).await?);
        Ok(Gathered { clusters, referents })
    }

    /// Spatial 3D-LLM's other stages: what they add to the relation rows (n, d).
    pub(crate) async fn aware(
        &self,
        spatial: &Spatial,
        gathered: &Gathered,
        boxes: &[Aabb],
        places: &[[f32; 3]],
        locations: &Locations,
    ) -> Result<Vec<f32>, Error> {
        let matrix = |numbers: &Vec<f32>| self.matrix(numbers.clone(), self.config.width);
        let (clusters, referents) = (matrix(&gathered.clusters), matrix(&gathered.referents));
        self.read(spatial.forward(clusters, referents, boxes, places, locations)).await
    }

    /// What tells where objects are in the relation rows (n, d).
    pub(crate) async fn placed(
        &self,
        place: &Place,
        boxes: &[Aabb],
        locations: &Locations,
    ) -> Result<Vec<f32>, Error> {
        self.read(place.forward(boxes, locations, &self.device)).await
    }

    /// Keys of some points for the Q-Former (p, 2·2·d).
    pub(crate) async fn keys(
        &self,
        llm3d: &QFormer,
        points: &Points<'_>,
        positions: &[[f32; 3]],
        locations: &Locations,
    ) -> Result<Vec<f32>, Error> {
        self.read(llm3d.keys(points, positions, locations)).await
    }

    /// Query rows (32, d) from the keys of all points, and where they begin.
    pub(crate) async fn queries(
        &self,
        llm3d: &QFormer,
        keys: &[f32],
        begins: &[Begin],
        locations: &Locations,
    ) -> Result<Vec<f32>, Error> {
        let keys = self.matrix(keys.to_vec(), 2 * crate::llm3d::BLOCKS * self.config.row_width);
        self.read(llm3d.forward(keys, begins, locations)).await
    }

    /// Layout rows (rows, d).
    pub(crate) async fn layout(&self, rows: &[[f32; LAYOUT_FEATURES]]) -> Result<Vec<f32>, Error> {
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        let rows = self.matrix(rows.concat(), LAYOUT_FEATURES);
        self.read(self.layout.forward(rows)).await
    }

    /// The row of `<OBJ slot>`.
    pub(crate) fn id_row(&self, slot: u32) -> &[f32] {
        let d = self.config.row_width;
        let start = slot as usize * d;
        self.id_embed.get(start..start + d).unwrap_or(&[])
    }

    pub(crate) fn matrix(&self, numbers: Vec<f32>, width: usize) -> Tensor<2> {
        let rows = numbers.len() / width;
        Tensor::from_data(TensorData::new(numbers, [rows, width]), &self.device)
    }

    pub(crate) async fn read<const D: usize>(&self, tensor: Tensor<D>) -> Result<Vec<f32>, Error> {
        let failed = |reason: String| Error::Backend { backend: self.backend.clone(), reason };
        let data = tensor.into_data_async().await.map_err(|error| failed(error.to_string()))?;
        data.try_into_vec::<f32>().map_err(|error| failed(format!("{error:?}")))
    }
}
