//! What came out, for people and machines: documents built from plans and ledgers. Nothing here prints.

pub mod date;
pub mod history;
pub mod plan;
pub mod status;
pub mod summary;
pub mod table;
pub mod validation;
