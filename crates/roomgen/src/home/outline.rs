use glam::Vec2;
use std::collections::BTreeMap;

/// Edges nearer to each other than this are one, metres.
const SAME_M: f32 = 1e-4;

/// The outer border of a union of rectangles (least and greatest corner each) that hang together,
/// counter-clockwise, without corners on straight sides; empty for no rectangle.
pub(crate) fn outline(rects: &[[Vec2; 2]]) -> Vec<Vec2> {
    let xs = steps(rects.iter().flatten().map(|corner| corner.x));
    let ys = steps(rects.iter().flatten().map(|corner| corner.y));
    let filled = |column: usize, row: usize| {
        let at = Vec2::new((xs[column] + xs[column + 1]) / 2.0, (ys[row] + ys[row + 1]) / 2.0);
        rects.iter().any(|[low, high]| at.cmpge(*low).all() && at.cmple(*high).all())
    };
    let (columns, rows) = (xs.len().saturating_sub(1), ys.len().saturating_sub(1));
    let is_filled = |column: i64, row: i64| {
        let inside = (0..columns as i64).contains(&column) && (0..rows as i64).contains(&row);
        inside && filled(column as usize, row as usize)
    };
    // Each border edge runs with the filled cell on its left.
    let mut next: BTreeMap<(i64, i64), Vec<(i64, i64)>> = BTreeMap::new();
    for column in 0..columns as i64 {
        for row in (0..rows as i64).filter(|&row| is_filled(column, row)) {
            let corners =
                [(column, row), (column + 1, row), (column + 1, row + 1), (column, row + 1)];
            let sides =
                [(column, row - 1), (column + 1, row), (column, row + 1), (column - 1, row)];
            for (side, (beside_column, beside_row)) in sides.into_iter().enumerate() {
                if !is_filled(beside_column, beside_row) {
                    next.entry(corners[side]).or_default().push(corners[(side + 1) % 4]);
                }
            }
        }
    }
    // The least corner lies on the outer border.
    let Some((&start, _)) = next.first_key_value() else { return Vec::new() };
    let mut border = vec![start];
    let mut before = (0, 0);
    let mut at = start;
    loop {
        let ways = next.get(&at).map(Vec::as_slice).unwrap_or_default();
        // Where two cells touch at a corner alone, the way to the right stays on one border.
        let way = ways.iter().copied().min_by_key(|way| {
            let step = (way.0 - at.0, way.1 - at.1);
            before.0 * step.1 - before.1 * step.0
        });
        let Some(way) = way.filter(|way| *way != start) else { break };
        if border.len() > 4 * columns * rows {
            break;
        }
        before = ((way.0 - at.0).signum(), (way.1 - at.1).signum());
        border.push(way);
        at = way;
    }
    let points: Vec<Vec2> =
        border.iter().map(|&(x, y)| Vec2::new(xs[x as usize], ys[y as usize])).collect();
    let count = points.len();
    (0..count)
        .filter(|&index| {
            let into = points[index] - points[(index + count - 1) % count];
            let out = points[(index + 1) % count] - points[index];
            into.perp_dot(out).abs() > 1e-9
        })
        .map(|index| points[index])
        .collect()
}

fn steps(values: impl Iterator<Item = f32>) -> Vec<f32> {
    let mut steps: Vec<f32> = values.collect();
    steps.sort_by(f32::total_cmp);
    steps.dedup_by(|b, a| *b - *a < SAME_M);
    steps
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_rooms_and_a_door_have_one_border() {
        let rooms = [
            [Vec2::ZERO, Vec2::new(4.0, 3.0)],
            [Vec2::new(4.1, 0.5), Vec2::new(6.1, 2.5)],
            [Vec2::new(4.0, 1.0), Vec2::new(4.1, 1.9)],
        ];
        let border = outline(&rooms);
        let ends = border.iter().skip(1).chain(border.first());
        let area: f32 = border.iter().zip(ends).map(|(a, b)| a.perp_dot(*b)).sum::<f32>() / 2.0;
        assert!((area - (12.0 + 4.0 + 0.09)).abs() < 1e-4, "{area}");
        assert_eq!(border.len(), 12, "{border:?}");
        assert_eq!(outline(&rooms[..1]).len(), 4);
        assert!(outline(&[]).is_empty());
    }
}
