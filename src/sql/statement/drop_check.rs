//! ALTER TABLE … DROP CONSTRAINT, or DROP CHECK.

use super::StatementType;
use crate::sql::action::{RenderError, Rendered, one};
use crate::sql::{Capabilities, ObjectName, Target};

/// Drops a CHECK constraint.
#[derive(Debug, Clone, PartialEq)]
pub struct DropCheck {
    /// The table.
    pub table: ObjectName,
    /// Name of the constraint.
    pub name: String,
}

impl StatementType for DropCheck {
    fn is_known(&self, caps: &Capabilities) -> bool {
        caps.objects.check.is_some()
    }

    fn render(&self, target: &Target) -> Rendered {
        let form = target.caps.objects.check.ok_or_else(|| RenderError::unknown("CHECK constraints", target))?;
        let (table, name) = (target.qualified(&self.table), target.name(&self.name));
        one(format!("ALTER TABLE {table} DROP {} {name}{}", form.drop, form.drop_suffix))
    }
}
