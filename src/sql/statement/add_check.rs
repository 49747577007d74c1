//! ALTER TABLE … ADD CHECK.

use super::StatementType;
use crate::sql::action::{RenderError, Rendered, sql};
use crate::sql::{Capabilities, ObjectName, Target, Validation};

/// Adds a condition that all rows of a table must meet.
#[derive(Debug, Clone, PartialEq)]
pub struct AddCheck {
    /// The table.
    pub table: ObjectName,
    /// Name of the constraint.
    pub name: String,
    /// The condition, as it is written.
    pub condition: String,
    /// Whether it is not enforced.
    pub disabled: bool,
    /// Whether existing rows are checked.
    pub validate: bool,
}

impl AddCheck {
    /// `CONSTRAINT n CHECK (c)`.
    pub fn definition(&self, target: &Target) -> String {
        let (head, tail) = target.constraint(Some(&self.name));
        format!("{head}CHECK ({}){tail}", self.condition.trim())
    }
}

impl StatementType for AddCheck {
    fn is_known(&self, caps: &Capabilities) -> bool {
        caps.objects.check.is_some()
    }

    fn render(&self, target: &Target) -> Rendered {
        let form = target.caps.objects.check.ok_or_else(|| RenderError::unknown("CHECK constraints", target))?;
        let table = target.qualified(&self.table);
        let (before, behind) = form.unchecked.filter(|_| !self.validate && !self.disabled).unwrap_or_default();
        let disabled = form.disabled.filter(|_| self.disabled).unwrap_or_default();
        let mut texts = vec![format!("ALTER TABLE {table}{before} ADD {}{disabled}{behind}", self.definition(target))];
        if let (true, None, Some(switch)) = (self.disabled, form.disabled, form.switch) {
            texts.push(switch.statement(false, &target.name(&self.name), Some(&table)));
        }
        sql(texts)
    }

    fn check(&self, target: &Target, validation: &mut Validation) {
        let Some(form) = target.caps.objects.check else { return };
        validation.disallow("disabled", self.disabled && form.disabled.is_none() && form.switch.is_none(), target);
        if !self.validate && !self.disabled && form.unchecked.is_none() {
            validation.warn(format!("{} checks existing rows; validate = false does nothing there", target.dialect.id));
        }
    }
}
