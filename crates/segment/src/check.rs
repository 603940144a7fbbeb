//! What a cloud and its options must be before any work is put into them.

use crate::{Options, SegmentError};
use scene::PointCloud;

pub(crate) fn check(cloud: &PointCloud, options: &Options) -> Result<(), SegmentError> {
    let rows = cloud.len();
    if rows >= u32::MAX as usize {
        return Err(SegmentError::TooManyPoints { rows });
    }
    if let Some(colours) = &cloud.colours {
        same_length("red green blue", rows, colours.len())?;
    }
    if let Some(normals) = &cloud.normals {
        same_length("nx ny nz", rows, normals.len())?;
    }
    for column in &cloud.columns {
        same_length(&column.name, rows, column.values.len())?;
    }
    // Up to 1e18 an origin plus a point still has room in the squares of later measures.
    if cloud.origin.iter().any(|value| !value.is_finite() || value.abs() > 1e18) {
        return Err(SegmentError::BadVector { what: "the origin of the cloud" });
    }
    match options.up {
        Some(up) if up.0.try_normalize().is_none() => {
            Err(SegmentError::BadVector { what: "the direction given as up" })
        }
        _ => Ok(()),
    }
}

pub(crate) fn same_length(column: &str, expected: usize, found: usize) -> Result<(), SegmentError> {
    if expected == found {
        return Ok(());
    }
    Err(SegmentError::ColumnLength { column: column.to_owned(), expected, found })
}
