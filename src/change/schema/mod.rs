//! Changes by subject: schema.

pub mod create_extension;
pub mod create_schema;
pub mod drop_extension;
pub mod drop_schema;
