use crate::Error;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// What a device has said about itself since it was made. Clones see the same record.
#[derive(Clone, Debug, Default)]
pub struct Faults {
    state: Arc<Mutex<State>>,
}

/// One error that no scope caught.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// In the words of wgpu or the browser.
    pub message: String,
    /// Whether memory ran out.
    pub out_of_memory: bool,
}

#[derive(Debug, Default)]
struct State {
    lost: Option<String>,
    errors: Vec<Fault>,
}

/// After this many errors the rest say nothing new.
const KEPT: usize = 16;

impl Faults {
    /// The reason of the loss, once the device is lost.
    pub fn lost(&self) -> Option<String> {
        self.state().lost.clone()
    }

    /// Hands out the errors collected so far and forgets them.
    pub fn take(&self) -> Vec<Fault> {
        std::mem::take(&mut self.state().errors)
    }

    /// Fails if the device is lost or has reported an error; the errors are forgotten with that.
    ///
    /// # Errors
    /// [`Error::Lost`], else [`Error::Device`] with the first message.
    pub fn check(&self) -> Result<(), Error> {
        if let Some(reason) = self.lost() {
            return Err(Error::Lost(reason));
        }
        match self.take().into_iter().next() {
            Some(fault) => Err(Error::Device(fault.message)),
            None => Ok(()),
        }
    }

    /// Listens to the device. The callbacks hold this record only, never a newer device's.
    pub(crate) fn watch(&self, device: &wgpu::Device) {
        let lost = self.clone();
        device.set_device_lost_callback(move |reason, message| {
            lost.state().lost = Some(format!("{reason:?}: {message}"));
        });
        let errors = self.clone();
        device.on_uncaptured_error(Arc::new(move |error: wgpu::Error| {
            let out_of_memory = matches!(error, wgpu::Error::OutOfMemory { .. });
            errors.record(Fault { message: error.to_string(), out_of_memory });
        }));
    }

    fn record(&self, fault: Fault) {
        let mut state = self.state();
        if state.errors.len() < KEPT {
            state.errors.push(fault);
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // A panic while holding the lock leaves nothing half written here.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_told_once_and_a_loss_for_ever() {
        let faults = Faults::default();
        assert!(faults.check().is_ok());
        faults.record(Fault { message: "bad binding".into(), out_of_memory: false });
        assert!(matches!(faults.check(), Err(Error::Device(text)) if text == "bad binding"));
        assert!(faults.check().is_ok());
        faults.clone().state().lost = Some("reset".into());
        assert!(matches!(faults.check(), Err(Error::Lost(_))));
        assert!(matches!(faults.check(), Err(Error::Lost(_))));
    }

    #[test]
    fn a_flood_of_errors_is_bounded() {
        let faults = Faults::default();
        for number in 0..1000 {
            faults.record(Fault { message: number.to_string(), out_of_memory: false });
        }
        assert_eq!(faults.take().len(), KEPT);
    }
}
