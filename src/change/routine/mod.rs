//! Changes by subject: routine.

pub(super) mod code;
pub mod create_function;
pub mod create_package;
pub mod create_package_body;
pub mod create_procedure;
pub mod drop_function;
pub mod drop_package;
pub mod drop_package_body;
pub mod drop_procedure;
