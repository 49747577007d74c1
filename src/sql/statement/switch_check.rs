//! A CHECK constraint that is enforced, or no more.

use super::StatementType;
use crate::sql::action::{RenderError, Rendered, one};
use crate::sql::{Capabilities, ObjectName, Target};

/// Turns a CHECK constraint on or off.
#[derive(Debug, Clone, PartialEq)]
pub struct SwitchCheck {
    /// The table.
    pub table: ObjectName,
    /// Name of the constraint.
    pub name: String,
    /// Whether it is enforced from now on.
    pub enabled: bool,
}

impl StatementType for SwitchCheck {
    fn is_known(&self, caps: &Capabilities) -> bool {
        caps.objects.check.is_some_and(|form| form.switch.is_some())
    }

    fn render(&self, target: &Target) -> Rendered {
        let form = target.caps.objects.check.and_then(|form| form.switch);
        let form = form.ok_or_else(|| RenderError::unknown("CHECK constraints that can be disabled", target))?;
        one(form.statement(self.enabled, &target.name(&self.name), Some(&target.qualified(&self.table))))
    }
}
