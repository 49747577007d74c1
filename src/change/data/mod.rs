//! Changes by subject: rows.

pub mod delete;
pub mod insert;
pub mod update;
mod values;
pub mod where_params;
