use protocol::TaskScore;
use tasks::suite::Task;

/// Right and asked, by kind of task.
#[derive(Default)]
pub(crate) struct Tally(Vec<TaskScore>);

impl Tally {
    pub(crate) fn add(&mut self, task: Task, right: bool) {
        let place = self.0.iter().position(|score| score.task == task.name());
        let place = place.unwrap_or_else(|| {
            self.0.push(TaskScore { task: task.name().to_owned(), right: 0, asked: 0 });
            self.0.len() - 1
        });
        self.0[place].asked += 1;
        self.0[place].right += u32::from(right);
    }

    /// In order of first appearance.
    pub(crate) fn scores(self) -> Vec<TaskScore> {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_counted_by_itself() {
        let mut tally = Tally::default();
        for (task, right) in [(Task::Qa, true), (Task::Plan, false), (Task::Qa, false)] {
            tally.add(task, right);
        }
        let score =
            |task: Task, right, asked| TaskScore { task: task.name().to_owned(), right, asked };
        assert_eq!(tally.scores(), [score(Task::Qa, 1, 2), score(Task::Plan, 0, 1)]);
    }
}
