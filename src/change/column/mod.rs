//! Changes by subject: column.

pub mod add_auto_increment;
pub mod add_column;
pub mod add_default_value;
pub mod drop_column;
pub mod drop_default_value;
pub mod mark_unused;
pub mod merge_columns;
pub mod modify_data_type;
pub mod rename_column;
pub mod set_column_remarks;
