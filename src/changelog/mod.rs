//! The changelog.

pub mod checksum;
pub mod dbms;
pub mod expression;
pub mod path;
pub mod properties;
pub mod search_path;
