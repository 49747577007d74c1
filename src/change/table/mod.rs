//! Changes by subject: table.

pub mod add_lookup_table;
pub mod attach_partition;
pub mod create_table;
pub mod detach_partition;
pub mod drop_table;
pub mod rename_table;
pub mod set_table_remarks;
