use crate::{Error, Gpu};
use std::future::poll_fn;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Poll, Waker};

type Mapped = Result<(), wgpu::BufferAsyncError>;

#[derive(Default)]
struct Answer {
    result: Option<Mapped>,
    waker: Option<Waker>,
}

/// Reads the first `bytes` of a `MAP_READ` buffer, once everything submitted before is done.
/// Natively this blocks; in the browser it waits for the event loop.
///
/// # Errors
/// [`Error::Lost`], [`Error::Device`] where the device reported an error on the way, or
/// [`Error::Read`].
pub async fn read_buffer(gpu: &Gpu, buffer: &wgpu::Buffer, bytes: u64) -> Result<Vec<u8>, Error> {
    let mut copy = vec![0; bytes as usize];
    read_into(gpu, buffer, &mut copy).await?;
    Ok(copy)
}

/// As [`read_buffer`], into memory that is there: as many bytes as it holds.
///
/// # Errors
/// As [`read_buffer`].
pub async fn read_into(gpu: &Gpu, buffer: &wgpu::Buffer, out: &mut [u8]) -> Result<(), Error> {
    gpu.check()?;
    let answer = Arc::new(Mutex::new(Answer::default()));
    let told = Arc::clone(&answer);
    let slice = buffer.slice(..out.len() as u64);
    slice.map_async(wgpu::MapMode::Read, move |result| {
        let mut answer = told.lock().unwrap_or_else(PoisonError::into_inner);
        answer.result = Some(result);
        if let Some(waker) = answer.waker.take() {
            waker.wake();
        }
    });
    gpu.device
        .poll(wgpu::PollType::wait_indefinitely())
        .map_err(|error| Error::Read(error.to_string()))?;
    let result = poll_fn(|context| {
        let mut answer = answer.lock().unwrap_or_else(PoisonError::into_inner);
        match answer.result.take() {
            Some(result) => Poll::Ready(result),
            None => {
                answer.waker = Some(context.waker().clone());
                Poll::Pending
            }
        }
    })
    .await;
    gpu.check()?;
    result.map_err(|error| Error::Read(error.to_string()))?;
    let view = slice.get_mapped_range().map_err(|error| Error::Read(error.to_string()))?;
    out.copy_from_slice(&view);
    drop(view);
    buffer.unmap();
    Ok(())
}
