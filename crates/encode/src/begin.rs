//! Where the Q-Former's queries begin: groups of points that lie together and look alike, as queries of
//! other detectors begin at points (3DETR, Misra et al. 2021).

use crate::llm3d::QUERIES;

/// Points whose features differ by as much as they are long are as different as such that lie so far
/// apart, metres.
const LOOK_M: f32 = 0.5;
/// By which the standard deviation of points strewn evenly is multiplied to come to the edge they
/// fill: √12.
const SPREAD: f32 = 3.464_101_6;

/// What a group of points comes to.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Begin {
    /// Metres.
    pub(crate) middle: [f32; 3],
    /// The edges that its points fill, were they strewn evenly: √12 standard deviations, metres.
    pub(crate) spread: [f32; 3],
    /// (d_e)
    pub(crate) lifted: Vec<f32>,
    /// How many points it has; of none the rest is zero.
    pub(crate) points: usize,
}

impl Begin {
    /// The groups of some points: places (p), metres, and what is lifted to them (p, d_e), at least one.
    pub(crate) fn of_points(places: &[[f32; 3]], lifted: &[f32]) -> Vec<Self> {
        let width = lifted.len() / places.len().max(1);
        let empty =
            Self { middle: [0.0; 3], spread: [0.0; 3], lifted: vec![0.0; width], points: 0 };
        let mut begins = vec![empty; QUERIES];
        let of = groups(places, lifted);
        for ((place, known), group) in places.iter().zip(lifted.chunks_exact(width)).zip(of) {
            let Some(begin) = begins.get_mut(group) else { continue };
            begin.points += 1;
            begin.middle.iter_mut().zip(place).for_each(|(sum, x)| *sum += x);
            begin.spread.iter_mut().zip(place).for_each(|(sum, x)| *sum += x * x);
            begin.lifted.iter_mut().zip(known).for_each(|(sum, x)| *sum += x);
        }
        for begin in &mut begins {
            let count = begin.points.max(1) as f32;
            let sums = begin.middle.iter_mut().chain(&mut begin.spread).chain(&mut begin.lifted);
            sums.for_each(|sum| *sum /= count);
            for (spread, middle) in begin.spread.iter_mut().zip(begin.middle) {
                *spread = SPREAD * (*spread - middle * middle).max(0.0).sqrt();
            }
        }
        begins
    }
}

/// Which of 32 groups each point belongs to: their middles are farthest points among those that a view
/// sees, of place and look together (as in 3DSSD, Yang et al. 2020); every point goes to the nearest.
/// It begins with the first and takes of equals the first.
fn groups(places: &[[f32; 3]], lifted: &[f32]) -> Vec<usize> {
    let width = lifted.len() / places.len().max(1);
    let squares: Vec<f32> =
        lifted.chunks_exact(width).map(|row| row.iter().map(|x| x * x).sum()).collect();
    // Where no view sees anything, place alone counts.
    let is_blind = squares.iter().all(|square| *square <= 0.0);
    let seen: Vec<bool> = squares.iter().map(|square| is_blind || *square > 0.0).collect();
    let count = seen.iter().filter(|seen| **seen).count().max(1) as f32;
    let norm = (squares.iter().sum::<f32>() / count).sqrt().max(1e-6);
    let look = LOOK_M / norm;
    let apart = |a: usize, b: usize| {
        let place = places[a].iter().zip(&places[b]).map(|(a, b)| (a - b) * (a - b)).sum::<f32>();
        let (a, b) = (&lifted[a * width..][..width], &lifted[b * width..][..width]);
        let other = a.iter().zip(b).map(|(a, b)| (a - b) * (a - b)).sum::<f32>();
        place + look * look * other
    };
    let mut away: Vec<f32> =
        seen.iter().map(|seen| if *seen { f32::INFINITY } else { -1.0 }).collect();
    let (mut nearest, mut group) = (vec![f32::INFINITY; places.len()], vec![0; places.len()]);
    let mut middle = seen.iter().position(|seen| *seen).unwrap_or(0);
    for index in 0..QUERIES {
        let mut next = 0;
        for point in 0..places.len() {
            let apart = apart(point, middle);
            if apart < nearest[point] {
                (nearest[point], group[point]) = (apart, index);
            }
            away[point] = away[point].min(apart);
            if away[point] > away[next] {
                next = point;
            }
        }
        middle = next;
    }
    group
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As many things as there are groups, in a row, half a metre apart, of three points each; they look by turns one way and
    /// the other.
    fn row() -> (Vec<[f32; 3]>, Vec<f32>) {
        let points = (0..3 * QUERIES).map(|i| (i / 3, i % 3));
        let places = points.clone().map(|(thing, i)| [0.5 * thing as f32, 0.02 * i as f32, 0.0]);
        let lifted =
            points.flat_map(|(thing, _)| if thing % 2 == 0 { [1.0, 0.0] } else { [0.0, 1.0] });
        (places.collect(), lifted.collect())
    }

    #[test]
    fn what_lies_together_and_looks_alike_is_of_one_group() {
        let (places, lifted) = row();
        let of = groups(&places, &lifted);
        assert!(of.chunks(3).all(|thing| thing.iter().all(|group| *group == thing[0])), "{of:?}");
        let begins = Begin::of_points(&places, &lifted);
        assert_eq!(begins.iter().map(|begin| begin.points).sum::<usize>(), places.len());
        assert!(begins.iter().all(|begin| begin.points == 3));
        assert_eq!(begins[0].lifted, [1.0, 0.0]);
        assert!((begins[0].middle[1] - 0.02).abs() < 1e-6);
        // At 0, 2 and 4 cm: a standard deviation of 1.63 cm.
        assert!((begins[0].spread[1] - 0.0566).abs() < 1e-4, "{:?}", begins[0].spread);
    }

    #[test]
    fn what_no_view_sees_is_no_middle_but_belongs_to_one() {
        let (mut places, mut lifted) = row();
        places.push([100.0, 0.0, 0.0]);
        lifted.extend([0.0; 2]);
        let begins = Begin::of_points(&places, &lifted);
        assert!(begins.iter().all(|begin| begin.middle[0] < 50.0), "{begins:?}");
        // Where nothing is seen at all, groups are of place alone.
        let blind = vec![0.0; lifted.len()];
        assert!(Begin::of_points(&places, &blind).iter().any(|begin| begin.middle[0] == 100.0));
    }

    #[test]
    fn of_one_point_all_groups_but_one_are_empty() {
        let begins = Begin::of_points(&[[1.0, 2.0, 3.0]], &[0.5, 0.0]);
        assert_eq!(begins.iter().filter(|begin| begin.points > 0).count(), 1);
        assert_eq!(begins[0].middle, [1.0, 2.0, 3.0]);
        assert_eq!(begins[1].lifted, [0.0, 0.0]);
    }
}
