//! What is particular to a Gaussian-splat file.

use scene::{Column, Warning};

/// The logit of an opacity of 10 %: files store opacity so.
const FAINT: f64 = -2.197;

/// Makes splats that can hardly be seen points of three NaNs: they are no surface but the haze
/// round one. Where a file holds nothing else it is left as it is.
pub(crate) fn drop_faint(positions: &mut [[f32; 3]], columns: &[Column]) -> Option<Warning> {
    let opacity = &columns.iter().find(|column| column.name == "opacity")?.values;
    let is_faint =
        |(position, logit): &(&mut [f32; 3], &f64)| !position[0].is_nan() && **logit < FAINT;
    let usable = positions.iter().filter(|position| !position[0].is_nan()).count();
    let faint: Vec<_> = positions.iter_mut().zip(opacity).filter(is_faint).collect();
    let count = faint.len();
    if count == 0 || count == usable {
        return None;
    }
    faint.into_iter().for_each(|(position, _)| *position = [f32::NAN; 3]);
    Some(Warning::new(
        "faint-splats",
        format!("{count} of {usable} splats can hardly be seen; they are left out of everything."),
    ))
}
