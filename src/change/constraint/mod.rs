//! Changes by subject: constraint.

pub mod add_check_constraint;
pub mod add_foreign_key_constraint;
pub mod add_not_null_constraint;
pub mod add_primary_key;
pub mod add_unique_constraint;
pub mod disable_check_constraint;
pub mod drop_all_foreign_key_constraints;
pub mod drop_check_constraint;
pub mod drop_foreign_key_constraint;
pub mod drop_not_null_constraint;
pub mod drop_primary_key;
pub mod drop_unique_constraint;
pub mod enable_check_constraint;
pub mod validate_constraint;
