//! A scan's way from its bytes to a scene.

use crate::pace::Pace;
use crate::{EngineError, Host, ScanOptions, ScanSource, summary};
use protocol::Phase;
use scene::{PointCloud, Scene};
use segment::{Segmentation, Step};

/// From so many points on a scan is shown while it is still being read, and again each time that
/// there are twice as many.
const FIRST_SHOWN: usize = 100_000;

/// Reads the whole source. What has been read is shown on the way, without colours, which are known
/// in their final form at the end.
pub(crate) async fn read<H: Host>(
    source: &mut impl ScanSource,
    pace: &mut Pace<'_, H>,
) -> Result<PointCloud, EngineError> {
    let total = source.size();
    let mut reader = ply::Reader::new(ply::Limits::default());
    let (mut done, mut next_shown) = (0, FIRST_SHOWN);
    while let Some(piece) = source.next().await? {
        // Small bites, so that a stop is heard even where a piece is large.
        for bite in piece.chunks(1 << 18) {
            reader.push(bite)?;
            done += bite.len() as u64;
            let points = reader.points_so_far();
            if points.len() >= next_shown {
                next_shown = 2 * points.len();
                pace.show(|job| {
                    (summary::points(job, points, false), summary::columns(points, &[]))
                });
            }
            pace.step(Phase::Parse, done, total).await?;
        }
    }
    pace.finish(Phase::Parse, done).await?;
    Ok(reader.finish()?)
}

/// Finds the objects, or takes them as given.
pub(crate) async fn segment<H: Host>(
    cloud: PointCloud,
    options: ScanOptions,
    pace: &mut Pace<'_, H>,
) -> Result<Scene, EngineError> {
    let mut work = Segmentation::new(cloud, options.objects, &options.frame)?;
    let mut count = Count::default();
    loop {
        match work.step()? {
            Step::Working { done, total, what } => {
                count.take(what, done, total);
                pace.step(Phase::Segment, count.done, Some(Count::TOTAL)).await?;
            }
            Step::Done(scene) => {
                pace.finish(Phase::Segment, Count::TOTAL).await?;
                return Ok(*scene);
            }
        }
    }
}

/// One count over the parts of `segment`'s work, each of which counts its own things from zero.
#[derive(Default)]
struct Count {
    part: u64,
    what: &'static str,
    done: u64,
}

impl Count {
    /// From the way up to the boxes. Were there more, the count would stand still in the last.
    const PARTS: u64 = 7;
    const PER_PART: u64 = 100;
    const TOTAL: u64 = Self::PARTS * Self::PER_PART;

    fn take(&mut self, what: &'static str, done: u64, total: u64) {
        if self.what != what {
            self.what = what;
            self.part += 1;
        }
        let share = Self::PER_PART.saturating_mul(done.min(total)) / total.max(1);
        let reached = self.part.saturating_sub(1).saturating_mul(Self::PER_PART) + share;
        // A part that starts over, with larger voxels, takes nothing back.
        self.done = self.done.max(reached).min(Self::TOTAL);
    }
}
