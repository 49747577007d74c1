//! Changes by subject: index.

pub mod create_index;
pub mod drop_index;
