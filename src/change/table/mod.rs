//! Changes by subject: table.

pub mod add_lookup_table;
pub mod create_table;
pub mod drop_table;
pub mod rename_table;
pub mod set_table_remarks;
