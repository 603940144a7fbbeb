//! How a long job shows its progress and hears Stop.

use crate::{Canceller, EngineError, Host};
use protocol::{Event, JobId, Phase};

/// Progress is shown, and the host given its turn, at most this often.
const BREATH_S: f64 = 0.04;

/// One job's pulse: called between steps, it reports, yields and listens for Stop.
pub struct Pace<'a, H> {
    host: &'a H,
    canceller: &'a Canceller,
    job: JobId,
    last_s: f64,
}

impl<'a, H: Host> Pace<'a, H> {
    /// The pulse of this job.
    pub fn new(host: &'a H, canceller: &'a Canceller, job: JobId) -> Self {
        Self { host, canceller, job, last_s: f64::NEG_INFINITY }
    }

    /// Reports how far `phase` is and lets the host breathe, unless it just did.
    ///
    /// # Errors
    /// [`EngineError::Stopped`] once the person has asked for it.
    pub async fn step(
        &mut self,
        phase: Phase,
        done: u64,
        total: Option<u64>,
    ) -> Result<(), EngineError> {
        let now_s = self.host.now_s();
        if now_s - self.last_s >= BREATH_S {
            self.host.emit(Event::Progress { job: self.job, phase, done, total }, Vec::new());
            self.host.yield_now().await;
            self.last_s = self.host.now_s();
        }
        if self.canceller.is_stopped(self.job) { Err(EngineError::Stopped) } else { Ok(()) }
    }

    /// Shows something of what is being done.
    pub(crate) fn show(&self, of_job: impl FnOnce(JobId) -> (Event, Vec<Vec<u8>>)) {
        let (event, columns) = of_job(self.job);
        self.host.emit(event, columns);
    }

    /// Says that `phase` is over.
    pub(crate) async fn finish(&mut self, phase: Phase, total: u64) -> Result<(), EngineError> {
        self.last_s = f64::NEG_INFINITY;
        self.step(phase, total, Some(total)).await
    }
}
