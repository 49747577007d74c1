//! Changes by subject: raw SQL, and what is not SQL.

pub mod custom_change;
pub mod empty;
pub mod execute_command;
pub mod output;
pub mod sql;
pub mod sql_file;
pub mod stop;
pub mod tag_database;
