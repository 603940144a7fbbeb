use super::shaders::Variant;
use crate::{Error, Result};
use gpu::Gpu;
use gpu::wgpu;
use std::collections::HashMap;

/// Bytes of a parameter slot: the default alignment of dynamic offsets.
const SLOT_BYTES: usize = 256;
/// Bytes of parameters that a shader may read.
const PARAM_BYTES: u64 = 32;
/// Dispatches in one submission.
const SLOTS: usize = 512;

/// A buffer with a name that is never used twice, so that bind groups can be remembered.
#[derive(Debug)]
pub(super) struct Buffer {
    pub(super) raw: wgpu::Buffer,
    id: u64,
}

/// Collects dispatches and sends them in one command buffer with one pass. Pipelines and bind
/// groups are made once: a decoder asks for the same few hundred at every token.
pub(super) struct Recorder {
    gpu: Gpu,
    pipelines: HashMap<Variant, Pipeline>,
    bind_groups: HashMap<(Variant, Vec<u64>), wgpu::BindGroup>,
    params: wgpu::Buffer,
    param_bytes: Vec<u8>,
    dispatches: Vec<Dispatch>,
    staging: Option<(u64, wgpu::Buffer)>,
    next_id: u64,
}

struct Pipeline {
    raw: wgpu::ComputePipeline,
    layout: wgpu::BindGroupLayout,
}

struct Dispatch {
    pipeline: wgpu::ComputePipeline,
    bind_group: wgpu::BindGroup,
    offset: u32,
    groups: [u32; 2],
}

impl Recorder {
    pub(super) fn new(gpu: &Gpu) -> Self {
        let params = gpu.device.create_buffer(&wgpu::BufferDescriptor {
            label: Some("parameters"),
            size: (SLOTS * SLOT_BYTES) as u64,
            usage: wgpu::BufferUsages::UNIFORM | wgpu::BufferUsages::COPY_DST,
            mapped_at_creation: false,
        });
        Self {
            gpu: gpu.clone(),
            pipelines: HashMap::new(),
            bind_groups: HashMap::new(),
            params,
            param_bytes: Vec::new(),
            dispatches: Vec::new(),
            staging: None,
            next_id: 0,
        }
    }

    pub(super) fn gpu(&self) -> &Gpu {
        &self.gpu
    }

    /// A storage buffer of zeros.
    pub(super) fn buffer(&mut self, op: &'static str, bytes: usize) -> Result<Buffer> {
        let limit = self.gpu.device.limits().max_storage_buffer_binding_size;
        let bytes = (bytes.max(16) as u64).next_multiple_of(16);
        if bytes > limit {
            let what = format!("{bytes} bytes in one buffer, this GPU binds {limit}");
            return Err(Error::TooLarge { op, what });
        }
        self.gpu.check()?;
        self.next_id += 1;
        let raw = self.gpu.device.create_buffer(&wgpu::BufferDescriptor {
            label: Some(op),
            size: bytes,
            usage: wgpu::BufferUsages::STORAGE
                | wgpu::BufferUsages::COPY_DST
                | wgpu::BufferUsages::COPY_SRC,
            mapped_at_creation: false,
        });
        Ok(Buffer { raw, id: self.next_id })
    }

    /// Writes into a buffer, after all that was recorded before.
    pub(super) fn write(&mut self, buffer: &Buffer, offset_bytes: usize, bytes: &[u8]) {
        self.flush();
        self.gpu.queue.write_buffer(&buffer.raw, offset_bytes as u64, bytes);
    }

    /// Records one dispatch of `groups` workgroups. `params` are up to eight words; the last buffer
    /// is the one written.
    pub(super) fn dispatch(
        &mut self,
        variant: Variant,
        params: &[u32],
        buffers: &[&Buffer],
        groups: [u32; 2],
    ) -> Result<()> {
        let limit = self.gpu.device.limits().max_compute_workgroups_per_dimension;
        if groups.iter().any(|&count| count > limit) {
            let what = format!("{groups:?} workgroups, this GPU takes {limit} a side");
            return Err(Error::TooLarge { op: variant.name, what });
        }
        if groups.contains(&0) {
            return Ok(());
        }
        if self.dispatches.len() == SLOTS {
            self.flush();
        }
        let offset = self.dispatches.len() * SLOT_BYTES;
        self.param_bytes.resize(offset, 0);
        self.param_bytes.extend_from_slice(bytemuck::cast_slice(params));
        self.param_bytes.resize(offset + PARAM_BYTES as usize, 0);

        let device = &self.gpu.device;
        let pipeline =
            self.pipelines.entry(variant).or_insert_with(|| Pipeline::new(device, variant));
        let key = (variant, buffers.iter().map(|buffer| buffer.id).collect());
        let param_buffer = &self.params;
        let bind_group = self.bind_groups.entry(key).or_insert_with(|| {
            let params = wgpu::BindingResource::Buffer(wgpu::BufferBinding {
                buffer: param_buffer,
                offset: 0,
                size: wgpu::BufferSize::new(PARAM_BYTES),
            });
            let storage = buffers.iter().map(|buffer| buffer.raw.as_entire_binding());
            let entries: Vec<wgpu::BindGroupEntry<'_>> = std::iter::once(params)
                .chain(storage)
                .zip(0..)
                .map(|(resource, binding)| wgpu::BindGroupEntry { binding, resource })
                .collect();
            device.create_bind_group(&wgpu::BindGroupDescriptor {
                label: Some(variant.name),
                layout: &pipeline.layout,
                entries: &entries,
            })
        });
        self.dispatches.push(Dispatch {
            pipeline: pipeline.raw.clone(),
            bind_group: bind_group.clone(),
            offset: offset as u32,
            groups,
        });
        Ok(())
    }

    /// Sends what was recorded, if anything was.
    fn flush(&mut self) {
        if !self.dispatches.is_empty() {
            self.submit(|_| ());
        }
    }

    /// Sends what was recorded, with what `also` adds behind it.
    fn submit(&mut self, also: impl FnOnce(&mut wgpu::CommandEncoder)) {
        let mut encoder = self.gpu.device.create_command_encoder(&Default::default());
        if !self.dispatches.is_empty() {
            self.gpu.queue.write_buffer(&self.params, 0, &self.param_bytes);
            let mut pass = encoder.begin_compute_pass(&Default::default());
            for Dispatch { pipeline, bind_group, offset, groups: [x, y] } in
                self.dispatches.drain(..)
            {
                pass.set_pipeline(&pipeline);
                pass.set_bind_group(0, &bind_group, &[offset]);
                pass.dispatch_workgroups(x, y, 1);
            }
            self.param_bytes.clear();
        }
        also(&mut encoder);
        self.gpu.queue.submit([encoder.finish()]);
    }

    /// Sends what was recorded and reads a part of a buffer once it is done.
    pub(super) async fn read(&mut self, from: &Buffer, offset: u64, bytes: u64) -> Result<Vec<u8>> {
        let staging = match self.staging.take() {
            Some((size, staging)) if size >= bytes => (size, staging),
            _ => (bytes, self.staging_buffer(bytes)),
        };
        self.submit(|encoder| {
            encoder.copy_buffer_to_buffer(&from.raw, offset, &staging.1, 0, bytes)
        });
        // Kept for the next time only if it was read and unmapped.
        let read = gpu::read_buffer(&self.gpu, &staging.1, bytes).await?;
        self.staging = Some(staging);
        Ok(read)
    }

    fn staging_buffer(&self, bytes: u64) -> wgpu::Buffer {
        self.gpu.device.create_buffer(&wgpu::BufferDescriptor {
            label: Some("staging"),
            size: bytes,
            usage: wgpu::BufferUsages::MAP_READ | wgpu::BufferUsages::COPY_DST,
            mapped_at_creation: false,
        })
    }
}

impl Pipeline {
    fn new(device: &wgpu::Device, variant: Variant) -> Self {
        let storage = variant.shader().map_or(0, |shader| shader.storage);
        let entry = |binding: u32, ty, has_dynamic_offset| wgpu::BindGroupLayoutEntry {
            binding,
            visibility: wgpu::ShaderStages::COMPUTE,
            ty: wgpu::BindingType::Buffer { ty, has_dynamic_offset, min_binding_size: None },
            count: None,
        };
        let params = entry(0, wgpu::BufferBindingType::Uniform, true);
        let storage = (1..=storage).map(|binding| {
            let read_only = binding < storage;
            entry(binding, wgpu::BufferBindingType::Storage { read_only }, false)
        });
        let entries: Vec<_> = std::iter::once(params).chain(storage).collect();
        let layout = device.create_bind_group_layout(&wgpu::BindGroupLayoutDescriptor {
            label: Some(variant.name),
            entries: &entries,
        });
        let pipeline_layout = device.create_pipeline_layout(&wgpu::PipelineLayoutDescriptor {
            label: Some(variant.name),
            bind_group_layouts: &[Some(&layout)],
            immediate_size: 0,
        });
        let module = device.create_shader_module(wgpu::ShaderModuleDescriptor {
            label: Some(variant.name),
            source: wgpu::ShaderSource::Wgsl(variant.source().into()),
        });
        let raw = device.create_compute_pipeline(&wgpu::ComputePipelineDescriptor {
            label: Some(variant.name),
            layout: Some(&pipeline_layout),
            module: &module,
            entry_point: Some("main"),
            compilation_options: Default::default(),
            cache: None,
        });
        Self { raw, layout }
    }
}
