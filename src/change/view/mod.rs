//! Changes by subject: view.

pub mod create_view;
pub mod drop_view;
pub mod rename_view;
