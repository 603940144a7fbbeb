use crate::{Clock, RUNS, Result, middle};
use gpu::{Gpu, wgpu};
use lm::Processor;

/// What a processor's memory can do at best, measured: the limit that products with one row run against.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Machine {
    /// Bytes read and bytes written a second, together, while copying.
    pub copied: f64,
}

/// More than caches hold.
const COPIED_BYTES: usize = 96 << 20;
/// Copies in one measurement on a GPU, so that sending them does not count.
const COPIES: usize = 8;

impl Machine {
    /// Copies memory to see how fast that is.
    ///
    /// # Errors
    /// Where the GPU fails.
    pub async fn measure(processor: Processor<'_>, now: Clock<'_>) -> Result<Self> {
        let mut rates = Vec::with_capacity(RUNS);
        match processor {
            Processor::Gpu(gpu, _) => {
                let (from, to) = (buffer(gpu, false), buffer(gpu, false));
                let told = buffer(gpu, true);
                // The first time, memory is made.
                copy(gpu, &from, &to, &told, 1).await?;
                for _ in 0..RUNS {
                    let start = now();
                    copy(gpu, &from, &to, &told, COPIES).await?;
                    rates.push(2.0 * (COPIES * COPIED_BYTES) as f64 / (now() - start));
                }
            }
            Processor::Cpu | Processor::CpuPlain => {
                let from = vec![1u8; COPIED_BYTES];
                let mut to = vec![0u8; COPIED_BYTES];
                for _ in 0..RUNS {
                    let start = now();
                    to.copy_from_slice(std::hint::black_box(&from));
                    std::hint::black_box(&mut to);
                    rates.push(2.0 * COPIED_BYTES as f64 / (now() - start));
                }
            }
        }
        Ok(Self { copied: middle(rates) })
    }
}

fn buffer(gpu: &Gpu, is_read: bool) -> wgpu::Buffer {
    let (size, read) = match is_read {
        true => (4, wgpu::BufferUsages::MAP_READ),
        false => (COPIED_BYTES as u64, wgpu::BufferUsages::COPY_SRC),
    };
    gpu.device.create_buffer(&wgpu::BufferDescriptor {
        label: Some("copied"),
        size,
        usage: read | wgpu::BufferUsages::COPY_DST,
        mapped_at_creation: false,
    })
}

async fn copy(
    gpu: &Gpu,
    from: &wgpu::Buffer,
    to: &wgpu::Buffer,
    told: &wgpu::Buffer,
    times: usize,
) -> Result<()> {
    let mut encoder = gpu.device.create_command_encoder(&Default::default());
    for _ in 0..times {
        encoder.copy_buffer_to_buffer(from, 0, to, 0, COPIED_BYTES as u64);
    }
    encoder.copy_buffer_to_buffer(to, 0, told, 0, 4);
    gpu.queue.submit([encoder.finish()]);
    gpu::read_buffer(gpu, told, 4).await?;
    Ok(())
}
