//! Equality with the PyTorch model on the stored case of `training/goldens` (made by
//! `training/scanwise/goldens.py`).

use crate::labels::{self, Prior};
use crate::nets::{Features, Nets, Related};
use crate::rows::Rows;
use crate::surface::Surface;
use crate::{Config, Construction, EncodeDevice, Encoder, Error};
use burn::tensor::Device;
use half::f16;
use safetensors::{Dtype, SafeTensors};
use scene::{Aabb, InstanceId, Locations, ScenePrefix, System, pairwise_relations};
use views::{InstanceInput, LAYOUT_FEATURES, VIEWS};

const TOLERANCE: f32 = 1e-3;

/// The stored case.
pub(crate) struct Golden(Vec<u8>);

impl Golden {
    pub(crate) fn read() -> Self {
        let path =
            concat!(env!("CARGO_MANIFEST_DIR"), "/../../training/goldens/encode.safetensors");
        Self(std::fs::read(path).unwrap())
    }

    fn tensors(&self) -> SafeTensors<'_> {
        SafeTensors::deserialize(&self.0).unwrap()
    }

    /// Shape and numbers, whatever they are stored as.
    pub(crate) fn get(&self, name: &str) -> Result<(Vec<usize>, Vec<f32>), String> {
        let tensors = self.tensors();
        let view = tensors.tensor(name).map_err(|error| error.to_string())?;
        let bytes = view.data();
        let four = |f: fn([u8; 4]) -> f32| bytes.as_chunks().0.iter().map(|b| f(*b)).collect();
        let numbers = match view.dtype() {
            Dtype::F32 => four(f32::from_le_bytes),
            Dtype::I32 => four(|b| i32::from_le_bytes(b) as f32),
            Dtype::F16 => {
                bytes.as_chunks().0.iter().map(|b| f16::from_le_bytes(*b).to_f32()).collect()
            }
            Dtype::U8 => bytes.iter().map(|&b| f32::from(b)).collect(),
            other => return Err(format!("{name} is {other:?}")),
        };
        Ok((view.shape().to_vec(), numbers))
    }

    fn numbers(&self, name: &str) -> Vec<f32> {
        self.get(name).unwrap().1
    }

    pub(crate) fn config(&self) -> Config {
        let names = |head: &str, word: &str| {
            let count = self.get(&format!("encode.heads.{head}.bias")).unwrap().1.len();
            (0..count).map(|i| format!("{word} {i}")).collect()
        };
        Config::small(names("class", "class"), names("colour", "colour"))
    }

    fn inputs(&self) -> Vec<InstanceInput> {
        let bytes = |name| self.numbers(name).into_iter().map(|v| v as u8).collect::<Vec<_>>();
        let (patches, centres) = (self.numbers("input.patches"), self.numbers("input.centres"));
        let (extent, boxes) = (self.numbers("input.extent"), self.numbers("input.box"));
        let (crops, valid) = (bytes("input.crops"), bytes("input.view_valid"));
        let trust = bytes("input.trust");
        (0..extent.len() / 8)
            .map(|i| InstanceInput {
                id: InstanceId(i as u32 + 1),
                patches: part(&patches, i, InstanceInput::PATCHES_LEN),
                centres: part(&centres, i, InstanceInput::CENTRES_LEN),
                extent: part(&extent, i, 8).try_into().unwrap(),
                crops: part(&crops, i, InstanceInput::CROPS_LEN),
                view_valid: part(&valid, i, VIEWS).try_into().unwrap(),
                trust: part(&trust, i, InstanceInput::TRUST_LEN),
                box_m: part(&boxes, i, 6).try_into().unwrap(),
                photographed: false,
            })
            .collect()
    }
}

fn part<T: Clone>(numbers: &[T], i: usize, length: usize) -> Vec<T> {
    numbers[i * length..(i + 1) * length].to_vec()
}

fn assert_close(stage: &str, found: &[f32], expected: &[f32]) {
    assert_eq!(found.len(), expected.len(), "{stage}");
    let worst = found.iter().zip(expected).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
    println!("{stage}: worst difference {worst:e} of {} numbers", found.len());
    assert!(worst < TOLERANCE, "{stage} differs by {worst}");
    // A net that gave nothing would agree with nothing.
    assert!(expected.iter().any(|v| v.abs() > 0.1), "{stage} is empty");
}

/// Every stage against the stored one, each fed with our own earlier stages.
async fn check(golden: &Golden, nets: &Nets) -> Result<(), Error> {
    let inputs = golden.inputs();
    let features = nets.features(&inputs).await?;
    assert_close("o3d", &features.o3d, &golden.numbers("output.o3d"));
    let width = nets.config.width;
    let expected = golden.numbers("output.o2d");
    for (i, &valid) in features.view_valid.iter().enumerate() {
        let (found, expected) = (part(&features.o2d, i, width), part(&expected, i, width));
        if valid != 0 {
            assert_close("o2d", &found, &expected);
        }
    }
    // One at a time gives what all at once gives.
    let mut singly = Features::default();
    for input in &inputs {
        singly.extend(nets.features(std::slice::from_ref(input)).await?);
    }
    assert_close("o3d singly", &singly.o3d, &features.o3d);
    assert_close("o2d singly", &singly.o2d, &features.o2d);

    let (class, colour) = nets.logits(&features).await?;
    assert_close("class", &class, &golden.numbers("output.class_logits"));
    assert_close("colour", &colour, &golden.numbers("output.colour_logits"));

    let likely = golden.numbers("output.likely");
    let guess = golden.numbers("input.guess");
    let classes = nets.config.classes.len();
    let priors: Vec<Prior> = (guess.chunks(classes))
        .map(|row| {
            let known = row.iter().copied().enumerate().filter(|(_, p)| *p > 0.0);
            Prior::Guessed(known.collect())
        })
        .collect();
    assert_close("likely", &labels::likely(&nets.config, &class, &priors), &likely);
    let named = nets.named(nets.named.as_ref().unwrap(), likely).await?;
    assert_close("named", &named, &golden.numbers("output.named"));

    let boxes: Vec<Aabb> = inputs.iter().map(|input| crate::bounds(&input.box_m)).collect();
    let s = pairwise_relations(&boxes);
    assert_close("s_ij", &s, &golden.numbers("output.s_ij"));
    let padded = views::padded_box(boxes.iter().copied());
    let padded = [padded.min.to_array(), padded.size().to_array()].concat();
    assert_close("padded box", &padded, &golden.numbers("output.padded_box"));

    // In two parts, as a scene of many instances is.
    let asked = nets.ask(&features).await?;
    let mut rows = nets.fuse(&features, &asked, 0..2).await?;
    rows.extend(nets.fuse(&features, &asked, 2..3).await?);
    assert_close("coarse", &rows.coarse, &golden.numbers("output.coarse"));
    assert_close("fused", &rows.fused, &golden.numbers("output.fused"));
    assert_close("weights of views", &rows.views, &golden.numbers("output.views"));
    let Related { rows: relation, gate, attention } = nets.relate(&features, &boxes, &s).await?;
    assert_close("relation", &relation, &golden.numbers("output.relation"));
    assert_close("gate", &gate, &golden.numbers("output.gate"));
    assert_close("attention", &attention, &golden.numbers("output.attention"));

    let locations = Locations::within(&views::padded_box(boxes.iter().copied()));
    let shell = golden.numbers("input.shell").as_chunks().0.to_vec();
    let mut surface = Surface::new(shell.clone());
    while !surface.step(nets, &features, &boxes, &locations).await? {}
    assert_close("queries", &surface.queries, &golden.numbers("output.queries"));
    let mut fusion = Surface::new(shell).with_construction(Construction::Fusion);
    while !fusion.step(nets, &features, &boxes, &locations).await? {}
    assert_close("queries, fusion", &fusion.queries, &golden.numbers("output.queries_fusion"));
    let aware = surface.aware(nets, &features, &boxes, &locations).await?.unwrap();
    assert_close("spatial", &aware, &golden.numbers("output.spatial"));
    let place = nets.place.as_ref().unwrap();
    let placed = nets.placed(place, &boxes, &locations).await?;
    assert_close("place", &placed, &golden.numbers("output.place"));
    let slots: Vec<u32> = golden.numbers("input.slots").iter().map(|&v| v as u32).collect();
    let layout: Vec<[f32; LAYOUT_FEATURES]> = golden.numbers("input.layout").as_chunks().0.to_vec();
    let ids = inputs.iter().map(|input| input.id).collect::<Vec<_>>();
    let layout = nets.layout(&layout).await?;
    let slots: Vec<_> = ids.iter().copied().zip(slots).collect();
    let rows = Rows {
        queries: surface.queries.clone(),
        ids: slots.iter().map(|(_, slot)| nets.id_row(*slot).to_vec()).collect(),
        coarse: rows.coarse,
        fused: rows.fused,
        relation,
        aware,
        named,
        placed,
        layout,
    };
    for system in System::ALL {
        let empty = ScenePrefix { width: nets.config.row_width, ..Default::default() };
        let mut prefix = rows.prefix(system, &slots, ScenePrefix { locations, ..empty });
        if system.writes_boxes() {
            nets.read_boxes(nets.reading.as_ref().unwrap(), &mut prefix, &boxes).await?;
        }
        let stored = |what: &str| match system {
            System::Unified => golden.numbers(&format!("output.{what}")),
            _ => golden.numbers(&format!("output.{}.{what}", system.key())),
        };
        assert_close(&format!("rows of {}", system.name()), &prefix.rows, &stored("rows"));
        if system.writes_boxes() {
            let said = &prefix.row_boxes;
            assert_close("what rows say of boxes", &said.numbers, &stored("said"));
            let refines = system == System::Spatial;
            assert_eq!(said.refined.iter().any(|by| *by != 0.0), refines);
            if refines {
                assert_close("refined", &said.refined, &stored("refined"));
            }
        }
        let mention: Vec<f32> = prefix.objects.iter().flat_map(|o| o.mention.clone()).collect();
        assert_close(&format!("mention of {}", system.name()), &mention, &stored("mention"));
        assert_eq!(prefix.objects.iter().map(|o| (o.id, o.slot)).collect::<Vec<_>>(), slots);
    }
    Ok(())
}

#[test]
fn equal_to_pytorch_on_flex() {
    let golden = Golden::read();
    let tensors = |name: &str| golden.get(name);
    let nets = Nets::load(&tensors, &golden.config(), Device::flex(), "flex".into()).unwrap();
    pollster::block_on(check(&golden, &nets)).unwrap();
}

/// Any adapter will do, software ones too.
#[test]
fn equal_to_pytorch_on_wgpu() {
    let gpu = match pollster::block_on(gpu::Gpu::request(gpu::Prefer::Fast)) {
        Ok(gpu) => gpu,
        Err(error) => {
            assert!(std::env::var_os("SCANWISE_REQUIRE_GPU").is_none(), "{error}");
            println!("skipped: {error}");
            return;
        }
    };
    let golden = Golden::read();
    let tensors = |name: &str| golden.get(name);
    let device = crate::device::register(&gpu).unwrap();
    let nets = Nets::load(&tensors, &golden.config(), device, gpu.name()).unwrap();
    pollster::block_on(check(&golden, &nets)).unwrap();
    println!("ran on {}", nets.backend);
    // The whole encoder takes this device too, after its own probe.
    let load = Encoder::load(&tensors, &nets.config, EncodeDevice::WgpuAlways(&gpu));
    assert_eq!(pollster::block_on(load).unwrap().backend_name(), gpu.name());
    let load = Encoder::load(&tensors, &nets.config, EncodeDevice::Wgpu(&gpu));
    let chosen = pollster::block_on(load).unwrap();
    assert_eq!(chosen.backend_name().starts_with("flex"), gpu.is_software());
}

#[test]
fn tensors_that_are_missing_or_misshapen_are_named() {
    let golden = Golden::read();
    let load = |tensors: &dyn crate::Tensors| {
        Nets::load(tensors, &golden.config(), Device::flex(), "flex".into()).map(|_| ())
    };
    let missing = |name: &str| match name {
        "encode.isr.out.bias" => Err("not in model.json".to_owned()),
        _ => golden.get(name),
    };
    let error = load(&missing).unwrap_err().to_string();
    assert_eq!(error, "the model has no tensor encode.isr.out.bias: not in model.json");
    let misshapen = |name: &str| match name {
        "encode.view.out.bias" => Ok((vec![3], vec![0.0; 3])),
        _ => golden.get(name),
    };
    let error = load(&misshapen).unwrap_err();
    assert!(matches!(error, Error::Shape { name, .. } if name == "encode.view.out.bias"));
    let mut config = golden.config();
    config.crop_px = 64;
    let tensors = |name: &str| golden.get(name);
    let error =
        Nets::load(&tensors, &config, Device::flex(), "flex".into()).map(|_| ()).unwrap_err();
    assert!(matches!(error, Error::Config { what: "encode.crop_px", found: 64, expected: 32 }));
}
