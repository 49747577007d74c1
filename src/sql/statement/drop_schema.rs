//! DROP SCHEMA.

use super::StatementType;
use crate::sql::action::{RenderError, Rendered, one};
use crate::sql::{Capabilities, Target, Validation};

/// Drops a schema.
#[derive(Debug, Clone, PartialEq)]
pub struct DropSchema {
    /// Its name.
    pub schema: String,
    /// Whether what is in it goes too.
    pub cascade: bool,
}

impl StatementType for DropSchema {
    fn is_known(&self, caps: &Capabilities) -> bool {
        caps.objects.schema.is_some()
    }

    fn render(&self, target: &Target) -> Rendered {
        let form = target.caps.objects.schema.ok_or_else(|| RenderError::unknown("schemas that can be dropped", target))?;
        let words = if self.cascade { form.cascade } else { form.restrict }.unwrap_or_default();
        one(format!("DROP SCHEMA {}{words}", target.space_name(&self.schema)))
    }

    fn check(&self, target: &Target, validation: &mut Validation) {
        let Some(form) = target.caps.objects.schema else { return };
        validation.disallow("cascade", self.cascade && form.cascade.is_none(), target);
        if !self.cascade && form.restrict.is_none() {
            validation.error(format!("{} drops everything in a schema with it; say cascade = true where that is meant", target.dialect.id));
        }
    }
}
