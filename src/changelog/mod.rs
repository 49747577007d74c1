//! The changelog.

pub mod checksum;
pub mod dbms;
pub mod expression;
mod modify_sql;
pub mod path;
pub mod properties;
pub mod search_path;
