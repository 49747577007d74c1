//! Reading what a live database has: targeted questions for preconditions and rendering, and whole schemas.

pub mod bulk;
pub mod columns;
pub mod exists;
pub mod schema;
pub mod stored;
