//! Changes by subject: view.

pub mod create_materialized_view;
pub mod create_view;
pub mod drop_materialized_view;
pub mod drop_view;
pub mod refresh_materialized_view;
pub mod rename_view;
