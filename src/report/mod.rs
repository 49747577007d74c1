//! What came out, for people and machines: documents built from plans and ledgers. Nothing here prints.

pub mod date;
pub mod history;
pub mod lock;
pub mod log;
pub mod place;
pub mod plan;
pub mod schema;
pub mod settings;
pub mod status;
pub mod summary;
pub mod table;
pub mod template;
pub mod validation;
