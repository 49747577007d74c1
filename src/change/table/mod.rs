//! Changes by subject: table.

pub mod create_table;
pub mod drop_table;
