//! Changes by subject: constraint.

pub mod add_not_null_constraint;
pub mod drop_not_null_constraint;
