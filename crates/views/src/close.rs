use crate::raster::{NONE, Shot};

/// The object's splat seen in each pixel, [`NONE`] where there is none. A sparse scan leaves
/// pinholes: what is no more than `widest_px` across both along its row and along its column, with
/// the object on all four sides, is closed. A slit between slats is long one way and stays open.
pub(crate) fn closed(shot: &Shot, widest_px: usize) -> Vec<u32> {
    let edge_px = shot.own.edge_px;
    let seen: Vec<u32> = (0..edge_px * edge_px)
        .map(|pixel| if shot.is_own(pixel) { shot.own.splat[pixel] } else { NONE })
        .collect();
    let mut narrow = vec![false; seen.len()];
    let mut closed = seen.clone();
    for row in 0..edge_px {
        gaps(&seen, row * edge_px, 1, edge_px, widest_px, |hole, _| narrow[hole] = true);
    }
    for column in 0..edge_px {
        gaps(&seen, column, edge_px, edge_px, widest_px, |hole, beside| {
            if narrow[hole] {
                let behind = shot.own.splat[hole];
                closed[hole] = if behind == NONE { seen[beside] } else { behind };
            }
        });
    }
    closed
}

/// Calls `found(hole, beside)` for the pixels of every gap of at most `widest_px` in one line of
/// the picture, with the nearer of the two covered pixels that bound the gap.
fn gaps(
    seen: &[u32],
    first: usize,
    stride: usize,
    edge_px: usize,
    widest_px: usize,
    mut found: impl FnMut(usize, usize),
) {
    let covered = (0..edge_px).filter(|at| seen[first + at * stride] != NONE);
    let mut last = None;
    for at in covered {
        if let Some(before) = last.replace(at).filter(|before| at - before <= widest_px + 1) {
            for hole in before + 1..at {
                let beside = if 2 * hole < before + at { before } else { at };
                found(first + hole * stride, first + beside * stride);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A picture with the object wherever the drawing has no dot.
    fn shot(drawing: [&str; 7]) -> Shot {
        let mut shot = Shot::new(7);
        for (pixel, mark) in drawing.concat().bytes().enumerate() {
            if mark != b'.' {
                shot.own.splat[pixel] = u32::from(mark);
                shot.own.depth_m[pixel] = 2.0;
            }
        }
        shot
    }

    fn drawn(seen: &[u32]) -> Vec<String> {
        let mark = |&index: &u32| if index == NONE { '.' } else { index as u8 as char };
        seen.chunks(7).map(|row| row.iter().map(mark).collect()).collect()
    }

    #[test]
    fn pinholes_close_and_slits_stay() {
        let holes = ["aaaaaaa", "aa.aaaa", "aaaa..b", "a...aaa", "aaaaa.a", "aaaaa.a", "aaaaa.."];
        let expected =
            ["aaaaaaa", "aaaaaaa", "aaaaaab", "a...aaa", "aaaaa.a", "aaaaa.a", "aaaaa.."];
        // Of the slit at the bottom one end is open; the gap of three is too wide for two.
        assert_eq!(drawn(&closed(&shot(holes), 2)), expected);
        assert_eq!(drawn(&closed(&shot(holes), 3))[3], "aaaaaaa");
        assert_eq!(drawn(&closed(&shot(holes), 0)), holes);
    }

    #[test]
    fn specks_in_front_close_and_things_in_front_stay() {
        let mut hidden = shot(["abcdefg"; 7]);
        for pixel in [8, 30, 31, 32, 37, 38, 39, 44, 45, 46] {
            hidden.others.splat[pixel] = 0;
            hidden.others.depth_m[pixel] = 1.0;
        }
        let seen = closed(&hidden, 2);
        assert_eq!(seen[8], u32::from(b'b'), "its own colour");
        assert_eq!(seen[38], NONE);
    }
}
