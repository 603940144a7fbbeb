use crate::rows::{LineSkipper, RowWalker};
use crate::{Format, Header, PlyError};
use std::collections::VecDeque;

/// Passes over the data of the elements that stand before `vertex`.
pub(crate) struct Skipper {
    stages: VecDeque<Stage>,
}

enum Stage {
    Bytes(u64),
    Lines { left: u64, skipper: LineSkipper },
    Rows { element: String, walker: RowWalker, left: u64, done: u64 },
}

impl Skipper {
    pub(crate) fn new(header: &Header) -> Self {
        let before = header.elements.iter().take_while(|element| element.name != "vertex");
        let big_endian = header.format == Format::BinaryBigEndian;
        let stages = before.filter_map(|element| {
            let walker = RowWalker::new(element, big_endian)?;
            Some(match (header.format, element.row_bytes()) {
                (Format::Ascii, _) => {
                    Stage::Lines { left: element.count, skipper: LineSkipper::default() }
                }
                (_, Some(bytes)) => Stage::Bytes(element.count.saturating_mul(bytes as u64)),
                _ => {
                    let element_name = element.name.clone();
                    Stage::Rows { element: element_name, walker, left: element.count, done: 0 }
                }
            })
        });
        Self { stages: stages.collect() }
    }

    /// Whether `vertex` comes next.
    pub(crate) fn is_done(&self) -> bool {
        self.stages.is_empty()
    }

    /// Passes over bytes; returns how many. What is left over must come again with more.
    pub(crate) fn skip(&mut self, bytes: &[u8]) -> Result<usize, PlyError> {
        let mut used = 0;
        while let Some(stage) = self.stages.front_mut() {
            let rest = &bytes[used..];
            let done = match stage {
                Stage::Bytes(left) => {
                    let step = usize::try_from(*left).unwrap_or(usize::MAX).min(rest.len());
                    used += step;
                    *left -= step as u64;
                    *left == 0
                }
                Stage::Lines { left, skipper } => {
                    used += skipper.skip(rest, left);
                    *left == 0
                }
                Stage::Rows { element, walker, left, done } => {
                    while *left > 0 {
                        let walked = walker.walk(&bytes[used..], |_, _| {});
                        let (step, row_done) = walked.map_err(|_| PlyError::NegativeListCount {
                            element: crate::error::shown(element.as_bytes()),
                            row: *done,
                        })?;
                        used += step;
                        if !row_done {
                            break;
                        }
                        *left -= 1;
                        *done += 1;
                    }
                    *left == 0
                }
            };
            if !done {
                break;
            }
            self.stages.pop_front();
        }
        Ok(used)
    }
}
