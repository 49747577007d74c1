//! What is to be done, free of any vendor's spelling, and how a dialect spells it.
//!
//! A [`statement::Statement`] renders itself for a [`target::Target`]: it asks the target's capabilities, and the
//! dialect's own `special` function has the first word for what is truly different.

pub mod action;
pub mod capabilities;
pub mod column;
pub mod column_clauses;
pub mod copy_text;
pub mod data_type;
pub mod dbms;
pub mod default_value;
pub mod dialect;
pub mod forms;
pub mod identifier;
pub mod java_regex;
pub mod literal;
pub mod modify_sql;
pub mod number;
pub mod object_forms;
pub mod splitter;
pub mod statement;
pub mod stored_code;
pub mod target;
pub mod temporal;
pub mod validation;
pub mod words;

pub use action::{Action, RenderError, Rendered, Sql};
pub use capabilities::Capabilities;
pub use dialect::{Dialect, Version};
pub use identifier::ObjectName;
pub use statement::Statement;
pub use target::{Quoting, Target};
pub use validation::Validation;
