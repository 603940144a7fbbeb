//! A scan's way from its bytes to a scene.

use crate::pace::Pace;
use crate::{EngineError, Host, Instances, ScanSource};
use protocol::Phase;
use scene::{PointCloud, Scene};
use segment::{Options, Segmentation, Step};

/// Reads the whole source.
pub(crate) async fn read<H: Host>(
    source: &mut impl ScanSource,
    pace: &mut Pace<'_, H>,
) -> Result<PointCloud, EngineError> {
    let total = source.size();
    let mut reader = ply::Reader::new(ply::Limits::default());
    let mut done = 0;
    while let Some(piece) = source.next().await? {
        // Small bites, so that a stop is heard even where a piece is large.
        for bite in piece.chunks(1 << 18) {
            reader.push(bite)?;
            done += bite.len() as u64;
            pace.step(Phase::Parse, done, total).await?;
        }
    }
    pace.finish(Phase::Parse, done).await?;
    Ok(reader.finish()?)
}

/// Finds the objects, or takes them as given.
pub(crate) async fn segment<H: Host>(
    cloud: PointCloud,
    instances: Instances,
    pace: &mut Pace<'_, H>,
) -> Result<Scene, EngineError> {
    let options = Options::default();
    let mut work = match instances {
        Instances::Found => Segmentation::new(cloud, &options)?,
        Instances::Given(ids) => Segmentation::with_instances(cloud, &ids, &options)?,
    };
    loop {
        match work.step()? {
            Step::Working { done, total, .. } => {
                pace.step(Phase::Segment, done, Some(total)).await?;
            }
            Step::Done(scene) => {
                pace.finish(Phase::Segment, scene.instances.len() as u64).await?;
                return Ok(*scene);
            }
        }
    }
}
