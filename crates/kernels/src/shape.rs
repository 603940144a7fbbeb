//! What operands must be, checked before either processor touches them.

use crate::{Error, Result, Visible};

/// Rows and columns of a tensor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Shape {
    pub(crate) rows: usize,
    pub(crate) cols: usize,
}

fn fail<T>(op: &'static str, what: String) -> Result<T> {
    Err(Error::Shape { op, what })
}

/// `rows` rows from `first` on lie within `shape`.
pub(crate) fn block(op: &'static str, shape: Shape, first: usize, rows: usize) -> Result<()> {
    match first.checked_add(rows) {
        Some(end) if end <= shape.rows => Ok(()),
        _ => fail(op, format!("rows {first} + {rows} of a tensor of {} rows", shape.rows)),
    }
}

pub(crate) fn same_cols(op: &'static str, a: usize, b: usize) -> Result<()> {
    if a == b { Ok(()) } else { fail(op, format!("{a} columns against {b}")) }
}

pub(crate) fn write(shape: Shape, first: usize, values: usize) -> Result<()> {
    if shape.cols == 0 || !values.is_multiple_of(shape.cols) {
        return fail("write", format!("{values} values are no rows of {} columns", shape.cols));
    }
    block("write", shape, first, values / shape.cols)
}

pub(crate) fn embed(table: Shape, ids: &[u32], (out, row): (Shape, usize)) -> Result<()> {
    same_cols("embed", table.cols, out.cols)?;
    block("embed", out, row, ids.len())?;
    match ids.iter().find(|&&id| id as usize >= table.rows) {
        Some(id) => fail("embed", format!("token {id} of a vocabulary of {}", table.rows)),
        None => Ok(()),
    }
}

pub(crate) fn rms_norm(
    (x, x_row): (Shape, usize),
    weight: Shape,
    out: Shape,
    rows: usize,
) -> Result<()> {
    same_cols("rms_norm", x.cols, out.cols)?;
    same_cols("rms_norm", x.cols, weight.cols)?;
    block("rms_norm", weight, 0, 1)?;
    block("rms_norm", x, x_row, rows)?;
    block("rms_norm", out, 0, rows)
}

/// `weight` is `(out, in)`.
pub(crate) fn matmul(
    x: Shape,
    weight: Shape,
    (out, out_row): (Shape, usize),
    rows: usize,
) -> Result<()> {
    same_cols("matmul", x.cols, weight.cols)?;
    same_cols("matmul", weight.rows, out.cols)?;
    block("matmul", x, 0, rows)?;
    block("matmul", out, out_row, rows)
}

pub(crate) fn rope(
    (x, x_row): (Shape, usize),
    rows: usize,
    position: usize,
    table: Shape,
) -> Result<()> {
    block("rope", x, x_row, rows)?;
    block("rope", table, position, rows)?;
    if table.cols == 0 || !table.cols.is_multiple_of(2) || !x.cols.is_multiple_of(table.cols) {
        return fail("rope", format!("{} columns in heads of {}", x.cols, table.cols));
    }
    Ok(())
}

pub(crate) fn attention(
    (q, out): (Shape, Shape),
    (keys, values): (Shape, Shape),
    head_dim: usize,
    visible: Visible,
    rows: usize,
) -> Result<()> {
    const OP: &str = "attention";
    same_cols(OP, q.cols, out.cols)?;
    same_cols(OP, keys.cols, values.cols)?;
    block(OP, q, 0, rows)?;
    block(OP, out, 0, rows)?;
    let heads_fit = head_dim > 0
        && head_dim.is_multiple_of(4)
        && head_dim <= 128
        && q.cols.is_multiple_of(head_dim)
        && keys.cols > 0
        && keys.cols.is_multiple_of(head_dim)
        && q.cols.is_multiple_of(keys.cols);
    if !heads_fit {
        let what = format!("queries {} and keys {} in heads of {head_dim}", q.cols, keys.cols);
        return fail(OP, what);
    }
    if visible.first == 0 || visible.step > 1 {
        return fail(OP, format!("no such visibility: {visible:?}"));
    }
    let last = visible.first.saturating_add(visible.step * rows.saturating_sub(1));
    block(OP, keys, 0, last)?;
    block(OP, values, 0, last)
}

pub(crate) fn silu_mul(gate: Shape, up: Shape, rows: usize) -> Result<()> {
    same_cols("silu_mul", gate.cols, up.cols)?;
    block("silu_mul", gate, 0, rows)?;
    block("silu_mul", up, 0, rows)
}

pub(crate) fn add((x, x_row): (Shape, usize), y: Shape, rows: usize) -> Result<()> {
    same_cols("add", x.cols, y.cols)?;
    block("add", x, x_row, rows)?;
    block("add", y, 0, rows)
}

pub(crate) fn add_bias((x, x_row): (Shape, usize), bias: Shape, rows: usize) -> Result<()> {
    same_cols("add_bias", x.cols, bias.cols)?;
    block("add_bias", bias, 0, 1)?;
    block("add_bias", x, x_row, rows)
}
