//! Vertices that stand elsewhere than in the file that is written again.

use crate::rewrite::Moved;
use crate::rows::words;
use crate::{Format, Header, Kind, PlyError, Scalar};

/// Puts new coordinates where the old ones stood.
pub(crate) struct Mover {
    /// By rising row.
    moved: Vec<Moved>,
    /// How many of them are done.
    done: usize,
    axes: [Axis; 3],
}

#[derive(Clone, Copy)]
struct Axis {
    scalar: Scalar,
    /// Its place among the properties of `vertex`.
    property: usize,
    /// Bytes in front of it in a binary row.
    offset: usize,
}

impl Mover {
    /// # Errors
    /// Where `vertex` lacks a coordinate, or holds a list: then a coordinate stands at another
    /// place in every row.
    pub(crate) fn new(header: &Header, moved: Vec<Moved>) -> Result<Self, PlyError> {
        let (_, vertex) = header.vertex().ok_or(PlyError::NoVertexElement)?;
        let axis = |missing: &'static str| {
            let mut offset = 0;
            for (property, found) in vertex.properties.iter().enumerate() {
                let Kind::Scalar(scalar) = found.kind else { return Err(PlyError::MovedInLists) };
                if found.name == missing {
                    return Ok(Axis { scalar, property, offset });
                }
                offset += scalar.size();
            }
            Err(PlyError::MissingCoordinate { missing })
        };
        Ok(Self { moved, done: 0, axes: [axis("x")?, axis("y")?, axis("z")?] })
    }

    /// Changes the row that stands in `out` from `start` on, if it is one of those that moved.
    pub(crate) fn put(&mut self, row: usize, start: usize, format: Format, out: &mut Vec<u8>) {
        let Some(moved) = self.moved.get(self.done).filter(|moved| moved.row as usize == row)
        else {
            return;
        };
        self.done += 1;
        let written = |axis: &Axis, value: f64| {
            let mut bytes = Vec::new();
            axis.scalar.encode(value, format, &mut bytes);
            bytes
        };
        if format == Format::Ascii {
            let line = out.split_off(start);
            for (property, word) in words(&line).enumerate() {
                if property > 0 {
                    out.push(b' ');
                }
                let axis = self.axes.iter().zip(moved.to).find(|(a, _)| a.property == property);
                match axis {
                    Some((axis, value)) => out.extend(written(axis, value)),
                    None => out.extend_from_slice(word),
                }
            }
            return;
        }
        for (axis, value) in self.axes.iter().zip(moved.to) {
            let bytes = written(axis, value);
            let at = start + axis.offset;
            if let Some(old) = out.get_mut(at..at + bytes.len()) {
                old.copy_from_slice(&bytes);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::{Appended, Moved, Rewriter, Scalar};

    fn rewritten(file: &[u8], moved: Vec<Moved>) -> Vec<u8> {
        let values = [1.0, 2.0];
        let column = Appended { name: "instance", scalar: Scalar::U16, values: &values };
        let mut rewriter = Rewriter::new(&[column], &[]).unwrap().with_moved(moved);
        let mut out = Vec::new();
        // A few bytes at a time, so that rows come in pieces.
        file.chunks(7).for_each(|bytes| rewriter.push(bytes, &mut out).unwrap());
        rewriter.finish(&mut out).unwrap();
        out
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
}
