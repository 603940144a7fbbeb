//! The `scanwise` command.
fn main() {}
