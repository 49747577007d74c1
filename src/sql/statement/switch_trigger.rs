//! A trigger that fires, or no more.

use super::StatementType;
use crate::sql::action::{RenderError, Rendered, one};
use crate::sql::object_forms::SwitchForm;
use crate::sql::{Capabilities, ObjectName, Target, Validation};

/// Enables or disables a trigger.
#[derive(Debug, Clone, PartialEq)]
pub struct SwitchTrigger {
    /// Its name.
    pub trigger: ObjectName,
    /// Its table, if given.
    pub table: Option<ObjectName>,
    /// What it is on, when that is no table: `DATABASE`, `ALL SERVER`.
    pub scope: Option<String>,
    /// Whether it fires from now on.
    pub enabled: bool,
}

impl StatementType for SwitchTrigger {
    fn is_known(&self, caps: &Capabilities) -> bool {
        caps.objects.trigger.is_some_and(|form| form.switch.is_some())
    }

    fn render(&self, target: &Target) -> Rendered {
        let form = target.caps.objects.trigger.and_then(|form| Some((form, form.switch?)));
        let (form, switch) = form.ok_or_else(|| RenderError::unknown("triggers that can be disabled", target))?;
        let of_table = form.of_table || matches!(switch, SwitchForm::OfTable { .. });
        let name = if of_table { target.name(&self.trigger.name) } else { target.qualified(&self.trigger) };
        let table = self.scope.clone().or_else(|| self.table.as_ref().map(|table| target.qualified(table)));
        one(switch.statement(self.enabled, &name, table.as_deref()))
    }

    fn check(&self, target: &Target, validation: &mut Validation) {
        let Some(form) = target.caps.objects.trigger else { return };
        validation.disallow("scope", self.scope.is_some() && !form.scopes, target);
        if form.switch.is_some_and(|switch| switch.names_table()) && self.table.is_none() && self.scope.is_none() {
            validation.error(format!("tableName is required on {} to enable or disable a trigger", target.dialect.id));
        }
    }
}
