//! What came out, for people and machines: documents built from plans and ledgers. Nothing here prints.

pub mod history;
pub mod plan;
pub mod summary;
pub mod table;
