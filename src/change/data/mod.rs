//! Changes by subject: rows.

mod base64;
mod cell;
mod data_file;
pub mod delete;
pub mod insert;
pub mod load_data;
pub mod load_update_data;
pub mod update;
mod values;
pub mod where_params;
