//! Changes by subject: routine.

pub mod create_procedure;
pub mod drop_procedure;
