//! Changes by subject: constraint.
