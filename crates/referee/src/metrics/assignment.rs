//! The best pairing of two sets.

/// For each row of `gains` the column it is paired with, such that the sum of gains is largest and
/// no column is used twice; `None` for rows left over. All rows must be equally long. The
/// Hungarian method with potentials (Kuhn 1955, Munkres 1957), O(n³).
pub fn best_assignment(gains: &[Vec<f64>]) -> Vec<Option<usize>> {
    let rows = gains.len();
    let columns = gains.first().map_or(0, Vec::len);
    let n = rows.max(columns);
    let cost = |row: usize, column: usize| {
        gains.get(row).and_then(|row| row.get(column)).map_or(0.0, |gain| -gain)
    };
    // Row and column 0 are the method's own; the others count from 1.
    let mut row_potential = vec![0.0; n + 1];
    let mut column_potential = vec![0.0; n + 1];
    let mut row_of = vec![0; n + 1];
    let mut way = vec![0; n + 1];
    for row in 1..=n {
        row_of[0] = row;
        let mut column = 0;
        let mut least = vec![f64::INFINITY; n + 1];
        let mut used = vec![false; n + 1];
        loop {
            used[column] = true;
            let current = row_of[column];
            let mut delta = f64::INFINITY;
            let mut next = 0;
            for candidate in 1..=n {
                if used[candidate] {
                    continue;
                }
                let reduced = cost(current - 1, candidate - 1)
                    - row_potential[current]
                    - column_potential[candidate];
                if reduced < least[candidate] {
                    least[candidate] = reduced;
                    way[candidate] = column;
                }
                if least[candidate] < delta {
                    delta = least[candidate];
                    next = candidate;
                }
            }
            for candidate in 0..=n {
                if used[candidate] {
                    row_potential[row_of[candidate]] += delta;
                    column_potential[candidate] -= delta;
                } else {
                    least[candidate] -= delta;
                }
            }
            column = next;
            if row_of[column] == 0 {
                break;
            }
        }
        while column != 0 {
            row_of[column] = row_of[way[column]];
            column = way[column];
        }
    }
    let mut pairs = vec![None; rows];
    for (column, row) in row_of.iter().skip(1).take(columns).enumerate() {
        if let Some(pair) = pairs.get_mut(row - 1) {
            *pair = Some(column);
        }
    }
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_greedy_pairing_is_not_the_best() {
        // Greedy takes 0.9 and is left with 0.0; the best takes 0.8 + 0.7.
        let pairs = best_assignment(&[vec![0.9, 0.8], vec![0.7, 0.0]]);
        assert_eq!(pairs, [Some(1), Some(0)]);
    }

    #[test]
    fn more_rows_than_columns_and_the_other_way_round() {
        assert_eq!(best_assignment(&[vec![0.1], vec![0.5], vec![0.3]]), [None, Some(0), None]);
        assert_eq!(best_assignment(&[vec![0.1, 0.5, 0.3]]), [Some(1)]);
        assert!(best_assignment(&[]).is_empty());
        assert_eq!(best_assignment(&[vec![], vec![]]), [None, None]);
    }

    #[test]
    fn agrees_with_trying_every_pairing() {
        let mut state = 1u32;
        let mut gain = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            f64::from(state >> 16) / 65536.0
        };
        for _ in 0..50 {
            let gains: Vec<Vec<f64>> = (0..4).map(|_| (0..4).map(|_| gain()).collect()).collect();
            let mut best = 0.0_f64;
            for code in 0..256usize {
                let columns = [code & 3, code >> 2 & 3, code >> 4 & 3, code >> 6];
                let distinct = (0..4).all(|c| columns.contains(&c));
                if distinct {
                    best = best.max((0..4).map(|row| gains[row][columns[row]]).sum());
                }
            }
            let found: f64 = best_assignment(&gains)
                .iter()
                .enumerate()
                .filter_map(|(row, column)| column.map(|column| gains[row][column]))
                .sum();
            assert!((found - best).abs() < 1e-9);
        }
    }
}
