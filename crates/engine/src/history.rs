//! What a person has set right in the open scan, to be undone and done again.

use crate::EngineError;
use protocol::HistorySummary;
use scene::{Edit, InstanceId, Scene};
use segment::Change;

/// The changes made, oldest first, and those undone, the last undone last.
#[derive(Debug, Default)]
pub(crate) struct History {
    made: Vec<Change>,
    undone: Vec<Change>,
}

impl History {
    /// Makes an edit; the objects that were reshaped by it.
    pub(crate) fn make(
        &mut self,
        scene: &mut Scene,
        edit: &Edit,
    ) -> Result<Vec<InstanceId>, EngineError> {
        let change = Change::make(scene, edit)?;
        let reshaped = change.reshaped();
        self.made.push(change);
        self.undone.clear();
        Ok(reshaped)
    }

    /// Takes the last change back.
    pub(crate) fn undo(&mut self, scene: &mut Scene) -> Result<Vec<InstanceId>, EngineError> {
        let change = self.made.pop().ok_or(EngineError::NothingToUndo)?;
        change.undo(scene);
        let reshaped = change.reshaped();
        self.undone.push(change);
        Ok(reshaped)
    }

    /// Makes the last change that was undone again.
    pub(crate) fn redo(&mut self, scene: &mut Scene) -> Result<Vec<InstanceId>, EngineError> {
        let change = self.undone.pop().ok_or(EngineError::NothingToRedo)?;
        change.redo(scene);
        let reshaped = change.reshaped();
        self.made.push(change);
        Ok(reshaped)
    }

    /// The points of the cloud that lie elsewhere than in the file, ascending; those that the file
    /// does not have may be among them.
    pub(crate) fn moved(&self) -> Vec<u32> {
        let mut points: Vec<u32> = self.made.iter().flat_map(Change::moved).collect();
        points.sort_unstable();
        points.dedup();
        points
    }

    /// How many points at the end of the cloud the file does not have.
    pub(crate) fn placed(&self) -> usize {
        self.made.iter().map(Change::placed).sum()
    }

    pub(crate) fn summary(&self) -> HistorySummary {
        HistorySummary { undo: !self.made.is_empty(), redo: !self.undone.is_empty() }
    }
}
