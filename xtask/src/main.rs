//! Set-up, serve, test.
fn main() {}
