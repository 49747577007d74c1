//! Changes by subject: sequence.

pub mod alter_sequence;
pub mod create_sequence;
pub mod drop_sequence;
pub mod rename_sequence;
