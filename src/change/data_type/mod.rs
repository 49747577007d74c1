//! Changes by subject: data type.

pub mod alter_type;
pub mod create_type;
pub mod drop_type;
