//! Vertices that stand elsewhere than in the file that is written again.

use crate::axes::{Axis, axes};
use crate::rewrite::Moved;
use crate::rows::words;
use crate::{Format, Header, PlyError};

/// Puts new coordinates where the old ones stood.
pub(crate) struct Mover {
    /// By rising row.
    moved: Vec<Moved>,
    /// How many of them are done.
    done: usize,
    axes: [Axis; 3],
}

impl Mover {
    /// # Errors
    /// Where `vertex` lacks a coordinate, or holds a list before one: then it stands at another
    /// place in every row. Where a coordinate's type cannot say where a vertex stands now.
    pub(crate) fn new(header: &Header, moved: Vec<Moved>) -> Result<Self, PlyError> {
        let axes = axes(header)?;
        if axes.iter().any(|axis| axis.offset.is_none()) {
            return Err(PlyError::MovedInLists);
        }
        for one in &moved {
            for (axis, value) in axes.iter().zip(one.to) {
                axis.check(one.row as usize, value)?;
            }
        }
        Ok(Self { moved, done: 0, axes })
    }

    /// Changes what stands in `out` from `start` on, if its row is one of those that moved. A binary
    /// row may come in pieces, none of which cuts a number: this one begins `before` bytes into it.
    pub(crate) fn put(
        &mut self,
        row: usize,
        before: usize,
        start: usize,
        format: Format,
        out: &mut Vec<u8>,
    ) {
        let is_past = |moved: &&Moved| (moved.row as usize) < row;
        self.done += self.moved[self.done..].iter().take_while(is_past).count();
        let here = self.moved.get(self.done).filter(|moved| moved.row as usize == row);
        let Some(moved) = here else { return };
        if format == Format::Ascii {
            let line = out.split_off(start);
            for (property, word) in words(&line).enumerate() {
                if property > 0 {
                    out.push(b' ');
                }
                let axis = self.axes.iter().zip(moved.to).find(|(a, _)| a.property == property);
                match axis {
                    Some((axis, value)) => axis.write(value, format, out),
                    None => out.extend_from_slice(word),
                }
            }
            return;
        }
        for (axis, value) in self.axes.iter().zip(moved.to) {
            let mut bytes = Vec::new();
            axis.write(value, format, &mut bytes);
            let at = axis.offset.and_then(|offset| offset.checked_sub(before));
            let old = at.and_then(|at| out.get_mut(start + at..start + at + bytes.len()));
            if let Some(old) = old {
                old.copy_from_slice(&bytes);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::{Appended, Moved, PlyError, Rewriter, Scalar};

    fn try_rewritten(file: &[u8], size: usize, moved: Vec<Moved>) -> Result<Vec<u8>, PlyError> {
        let values = [1.0, 2.0];
        let column = Appended { name: "instance", scalar: Scalar::U16, values: &values };
        let mut rewriter = Rewriter::new(&[column], &[])?.with_moved(moved);
        let mut out = Vec::new();
        for bytes in file.chunks(size) {
            rewriter.push(bytes, &mut out)?;
        }
        rewriter.finish(&mut out)?;
        Ok(out)
    }

    /// A few bytes at a time, so that rows come in pieces.
    fn rewritten(file: &[u8], moved: Vec<Moved>) -> Vec<u8> {
        try_rewritten(file, 7, moved).unwrap()
    }

    const SECOND: Moved = Moved { row: 1, to: [7.5, -8.0, 0.25] };

    #[test]
    fn a_word_is_written_in_place_of_another() {
        let file = b"ply\nformat ascii 1.0\nelement vertex 2\nproperty uchar red\n\
            property float x\nproperty float y\nproperty float z\nend_header\n\
            9 1 2 3\n8 4 5 6\n";
        let text = String::from_utf8(rewritten(file, vec![SECOND])).unwrap();
        let rows: Vec<&str> = text.split("end_header\n").nth(1).unwrap().lines().collect();
        assert_eq!(rows, ["9 1 2 3 1", "8 7.5 -8 0.25 2"]);
    }

    #[test]
    fn bytes_are_written_in_place_of_others() {
        for big in [false, true] {
            let order = if big { "binary_big_endian" } else { "binary_little_endian" };
            let header = format!(
                "ply\nformat {order} 1.0\nelement vertex 2\nproperty uchar red\n\
                 property double x\nproperty float y\nproperty float z\nend_header\n"
            );
            let row = |red: u8, at: [f64; 3]| {
                let mut row = vec![red];
                let bytes = |v: f64| if big { v.to_be_bytes() } else { v.to_le_bytes() };
                let small = |v: f64| {
                    let v = v as f32;
                    if big { v.to_be_bytes() } else { v.to_le_bytes() }
                };
                row.extend(bytes(at[0]));
                row.extend(small(at[1]));
                row.extend(small(at[2]));
                row
            };
            let mut file = header.into_bytes();
            file.extend(row(9, [1.0, 2.0, 3.0]));
            file.extend(row(8, [4.0, 5.0, 6.0]));
            let out = rewritten(&file, vec![SECOND]);
            let two = |n: u16| if big { n.to_be_bytes() } else { n.to_le_bytes() };
            let mut expected = [row(9, [1.0, 2.0, 3.0]), two(1).to_vec()].concat();
            expected.extend([row(8, SECOND.to), two(2).to_vec()].concat());
            assert!(out.ends_with(&expected), "{order}");
        }
    }

    #[test]
    fn nothing_moved_changes_nothing() {
        let file = b"ply\nformat ascii 1.0\nelement vertex 2\nproperty float x\n\
            property float y\nproperty float z\nend_header\n1.000 2 3\n4 5 6\n";
        let text = String::from_utf8(rewritten(file, Vec::new())).unwrap();
        assert!(text.ends_with("1.000 2 3 1\n4 5 6 2\n"), "{text}");
    }

    /// Behind the coordinates a list may follow, so that a row is not of one size and may be cut
    /// anywhere.
    #[test]
    fn a_row_that_comes_in_pieces_is_moved_whole() {
        let header =
            b"ply\nformat binary_little_endian 1.0\nelement vertex 2\nproperty uchar red\n\
            property float x\nproperty float y\nproperty double z\nproperty list uchar int tags\n\
            end_header\n";
        let row = |at: [f32; 3], tags: &[i32]| {
            let mut row = vec![9];
            row.extend(at[0].to_le_bytes());
            row.extend(at[1].to_le_bytes());
            row.extend(f64::from(at[2]).to_le_bytes());
            row.push(tags.len() as u8);
            row.extend(tags.iter().flat_map(|tag| tag.to_le_bytes()));
            row
        };
        let [first, second] = [row([1.0, 2.0, 3.0], &[5, 6]), row([4.0, 5.0, 6.0], &[7])];
        let file = [header.as_slice(), &first, &second].concat();
        let moved = [Moved { row: 0, to: [-1.0, -2.0, -3.0] }, SECOND];
        let expected = [row([-1.0, -2.0, -3.0], &[5, 6]), vec![1, 0]].concat();
        let expected = [expected, row([7.5, -8.0, 0.25], &[7]), vec![2, 0]].concat();
        for size in 1..file.len() + 1 {
            let out = try_rewritten(&file, size, moved.to_vec()).unwrap();
            assert!(out.ends_with(&expected), "in pieces of {size}");
        }
    }

    #[test]
    fn whole_numbers_are_the_nearest_and_none_is_cut_off() {
        let file = |order: &str, body: &[u8]| {
            let header = format!(
                "ply\nformat {order} 1.0\nelement vertex 2\nproperty short x\nproperty short y\n\
                 property short z\nend_header\n"
            );
            [header.as_bytes(), body].concat()
        };
        let binary: Vec<u8> = [1i16, 2, 3, 4, 5, 6].iter().flat_map(|v| v.to_be_bytes()).collect();
        let binary = file("binary_big_endian", &binary);
        let text = file("ascii", b"1 2 3\n4 5 6\n");
        let near = Moved { row: 1, to: [1.6, -1.6, -0.2] };
        let out = rewritten(&binary, vec![near]);
        let expected: Vec<u8> = [2i16, -2, 0, 2].iter().flat_map(|v| v.to_be_bytes()).collect();
        assert!(out.ends_with(&expected));
        assert!(rewritten(&text, vec![near]).ends_with(b"\n2 -2 0 2\n"));
        for far in [40_000.0, f64::NAN] {
            let moved = vec![Moved { row: 1, to: [0.0, far, 0.0] }];
            for file in [&binary, &text] {
                let error = try_rewritten(file, 7, moved.clone()).unwrap_err();
                assert_eq!(error.code(), "ply-value-range", "{far}");
            }
        }
    }
}
