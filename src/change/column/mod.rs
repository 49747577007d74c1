//! Changes by subject: column.
