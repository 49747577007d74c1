//! Changes by subject: synonym.

pub mod create_synonym;
pub mod drop_synonym;
