//! ALTER TABLE … VALIDATE CONSTRAINT.

use super::StatementType;
use crate::sql::action::{RenderError, Rendered, one};
use crate::sql::{Capabilities, ObjectName, Target};

/// Checks the rows that a constraint has left unchecked.
#[derive(Debug, Clone, PartialEq)]
pub struct ValidateConstraint {
    /// The table.
    pub table: ObjectName,
    /// Name of the constraint.
    pub name: String,
}

impl StatementType for ValidateConstraint {
    fn is_known(&self, caps: &Capabilities) -> bool {
        caps.validate_constraint.is_some()
    }

    fn render(&self, target: &Target) -> Rendered {
        let words = target.caps.validate_constraint.ok_or_else(|| RenderError::unknown("constraints that leave rows unchecked", target))?;
        one(format!("ALTER TABLE {} {words} {}", target.qualified(&self.table), target.name(&self.name)))
    }
}
