//! The command line: see `docs/reference`.

fn main() {}
