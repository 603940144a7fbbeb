use super::shaders::{Binding, Variant};
use crate::{Error, Result};
use gpu::Gpu;
use gpu::wgpu;
use std::collections::HashMap;

/// Bytes of a parameter slot: the default alignment of dynamic offsets.
const SLOT_BYTES: usize = 256;
/// Bytes of parameters that a shader may read.
const PARAM_BYTES: u64 = 32;
/// Dispatches in one submission, and in a plan.
const SLOTS: usize = 512;
const PLAN_SLOTS: usize = 2048;

/// A buffer with a name that is never used twice, so that bind groups can be remembered.
#[derive(Clone, Debug)]
pub(super) struct Buffer {
    pub(super) raw: wgpu::Buffer,
    pub(super) id: u64,
}

/// Collects dispatches and sends them in one command buffer with one pass. Pipelines and bind
/// groups are made once.
pub(super) struct Recorder {
    gpu: Gpu,
    pipelines: HashMap<Variant, Pipeline>,
    bind_groups: HashMap<(Variant, Vec<u64>), wgpu::BindGroup>,
    /// What will be sent next.
    live: Batch,
    /// What is kept instead, while a plan is recorded.
    plan: Option<Batch>,
    staging: Option<(u64, wgpu::Buffer)>,
    next_id: u64,
    counts: Counts,
}

/// What was done since the recorder was made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Buffers, pipelines and bind groups made.
    pub made: u64,
    /// Command buffers sent.
    pub submissions: u64,
    /// Dispatches in them.
    pub dispatches: u64,
}

/// Dispatches with their parameters.
pub(super) struct Batch {
    params: Buffer,
    bytes: Vec<u8>,
    dispatches: Vec<Dispatch>,
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

impl Batch {
    fn new(gpu: &Gpu, id: u64, slots: usize) -> Self {
        let raw = gpu.device.create_buffer(&wgpu::BufferDescriptor {
            label: Some("parameters"),
            size: (slots * SLOT_BYTES) as u64,
            usage: wgpu::BufferUsages::UNIFORM | wgpu::BufferUsages::COPY_DST,
            mapped_at_creation: false,
        });
        Self { params: Buffer { raw, id }, bytes: Vec::new(), dispatches: Vec::new() }
    }

    fn is_full(&self) -> bool {
        (self.dispatches.len() * SLOT_BYTES) as u64 >= self.params.raw.size()
    }

    pub(super) fn len(&self) -> usize {
        self.dispatches.len()
    }

    fn send_params(&self, queue: &wgpu::Queue) {
        queue.write_buffer(&self.params.raw, 0, &self.bytes);
    }

    fn encode(&self, pass: &mut wgpu::ComputePass<'_>) {
        for Dispatch { pipeline, bind_group, offset, groups: [x, y] } in &self.dispatches {
            pass.set_pipeline(pipeline);
            pass.set_bind_group(0, bind_group, &[*offset]);
            pass.dispatch_workgroups(*x, *y, 1);
        }
    }
}

impl Recorder {
    pub(super) fn new(gpu: &Gpu) -> Self {
        Self {
            gpu: gpu.clone(),
            pipelines: HashMap::new(),
            bind_groups: HashMap::new(),
            live: Batch::new(gpu, 0, SLOTS),
            plan: None,
            staging: None,
            next_id: 0,
            counts: Counts::default(),
        }
    }

    pub(super) fn gpu(&self) -> &Gpu {
        &self.gpu
    }

    pub(super) fn counts(&self) -> Counts {
        self.counts
    }

    /// From now on dispatches are kept for a plan.
    pub(super) fn begin_plan(&mut self) {
        self.next_id += 1;
        self.plan = Some(Batch::new(&self.gpu, self.next_id, PLAN_SLOTS));
    }

    /// What was kept since, ready to be sent any number of times.
    pub(super) fn end_plan(&mut self) -> Option<Batch> {
        let batch = self.plan.take()?;
        batch.send_params(&self.gpu.queue);
        Some(batch)
    }

    /// Sends a plan's dispatches so many times over, with what `also` adds behind them, after all that was recorded before.
    pub(super) fn send_plan(
        &mut self,
        plan: &Batch,
        times: usize,
        also: impl FnOnce(&mut wgpu::CommandEncoder),
    ) {
        self.flush();
        let mut encoder = self.gpu.device.create_command_encoder(&Default::default());
        {
            let mut pass = encoder.begin_compute_pass(&Default::default());
            (0..times).for_each(|_| plan.encode(&mut pass));
        }
        also(&mut encoder);
        self.counts.dispatches += (times * plan.len()) as u64;
        self.counts.submissions += 1;
        self.gpu.queue.submit([encoder.finish()]);
    }

    /// One buffer after the other, in a new one.
    pub(super) fn concatenated(
        &mut self,
        op: &'static str,
        parts: &[(&Buffer, usize)],
    ) -> Result<Buffer> {
        let whole = self.buffer(op, parts.iter().map(|(_, bytes)| bytes).sum())?;
        self.flush();
        let mut encoder = self.gpu.device.create_command_encoder(&Default::default());
        let mut at = 0;
        for (part, bytes) in parts {
            let bytes = *bytes as u64;
            encoder.copy_buffer_to_buffer(&part.raw, 0, &whole.raw, at, bytes);
            at += bytes;
        }
        self.gpu.queue.submit([encoder.finish()]);
        Ok(whole)
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
        self.counts.made += 1;
        let raw = self.gpu.device.create_buffer(&wgpu::BufferDescriptor {
            label: Some(op),
            size: bytes,
            usage: wgpu::BufferUsages::STORAGE
                | wgpu::BufferUsages::UNIFORM
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

    /// Records one dispatch of `groups` workgroups. `params` are up to eight words; the buffers are those of the shader's
    /// bindings from 1 on.
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
        if self.plan.is_none() && self.live.is_full() {
            self.flush();
        }
        let (device, counts) = (&self.gpu.device, &mut self.counts);
        let batch = self.plan.as_mut().unwrap_or(&mut self.live);
        if batch.is_full() {
            let what = format!("more than {PLAN_SLOTS} dispatches in one plan");
            return Err(Error::TooLarge { op: variant.name, what });
        }
        let offset = batch.dispatches.len() * SLOT_BYTES;
        batch.bytes.resize(offset, 0);
        batch.bytes.extend_from_slice(bytemuck::cast_slice(params));
        batch.bytes.resize(offset + PARAM_BYTES as usize, 0);

        let pipeline = self.pipelines.entry(variant).or_insert_with(|| {
            counts.made += 1;
            Pipeline::new(device, variant)
        });
        let ids = std::iter::once(&batch.params).chain(buffers.iter().copied());
        let key = (variant, ids.map(|buffer| buffer.id).collect());
        let bind_group = self.bind_groups.entry(key).or_insert_with(|| {
            counts.made += 1;
            let params = wgpu::BindingResource::Buffer(wgpu::BufferBinding {
                buffer: &batch.params.raw,
                offset: 0,
                size: wgpu::BufferSize::new(PARAM_BYTES),
            });
            let others = buffers.iter().map(|buffer| buffer.raw.as_entire_binding());
            let entries: Vec<wgpu::BindGroupEntry<'_>> = std::iter::once(params)
                .chain(others)
                .zip(0..)
                .map(|(resource, binding)| wgpu::BindGroupEntry { binding, resource })
                .collect();
            device.create_bind_group(&wgpu::BindGroupDescriptor {
                label: Some(variant.name),
                layout: &pipeline.layout,
                entries: &entries,
            })
        });
        batch.dispatches.push(Dispatch {
            pipeline: pipeline.raw.clone(),
            bind_group: bind_group.clone(),
            offset: offset as u32,
            groups,
        });
        Ok(())
    }

    /// Sends what was recorded, if anything was.
    pub(super) fn flush(&mut self) {
        if !self.live.dispatches.is_empty() {
            self.submit(|_| ());
        }
    }

    /// Sends what was recorded, with what `also` adds behind it.
    fn submit(&mut self, also: impl FnOnce(&mut wgpu::CommandEncoder)) {
        let mut encoder = self.gpu.device.create_command_encoder(&Default::default());
        if !self.live.dispatches.is_empty() {
            self.live.send_params(&self.gpu.queue);
            let mut pass = encoder.begin_compute_pass(&Default::default());
            self.live.encode(&mut pass);
        }
        self.counts.dispatches += self.live.dispatches.len() as u64;
        self.counts.submissions += 1;
        self.live.dispatches.clear();
        self.live.bytes.clear();
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

    pub(super) fn staging_buffer(&mut self, bytes: u64) -> wgpu::Buffer {
        self.counts.made += 1;
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
        let bindings = variant.shader().map_or(&[][..], |shader| shader.bindings);
        let entry = |binding: u32, ty, has_dynamic_offset| wgpu::BindGroupLayoutEntry {
            binding,
            visibility: wgpu::ShaderStages::COMPUTE,
            ty: wgpu::BindingType::Buffer { ty, has_dynamic_offset, min_binding_size: None },
            count: None,
        };
        let params = entry(0, wgpu::BufferBindingType::Uniform, true);
        let others = (1..).zip(bindings).map(|(binding, what)| {
            let ty = match what {
                Binding::Step => wgpu::BufferBindingType::Uniform,
                Binding::Read => wgpu::BufferBindingType::Storage { read_only: true },
                Binding::Write => wgpu::BufferBindingType::Storage { read_only: false },
            };
            entry(binding, ty, false)
        });
        let entries: Vec<_> = std::iter::once(params).chain(others).collect();
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
