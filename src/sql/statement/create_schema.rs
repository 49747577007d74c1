//! CREATE SCHEMA.

use super::StatementType;
use crate::sql::action::{Rendered, one};
use crate::sql::{Capabilities, Target, Validation};

/// Makes a schema.
#[derive(Debug, Clone, PartialEq)]
pub struct CreateSchema {
    /// Its name.
    pub schema: String,
    /// Whether an existing one is left alone.
    pub if_not_exists: bool,
}

impl StatementType for CreateSchema {
    fn is_known(&self, caps: &Capabilities) -> bool {
        caps.objects.schema.is_some()
    }

    fn render(&self, target: &Target) -> Rendered {
        let words = if self.if_not_exists { "IF NOT EXISTS " } else { "" };
        one(format!("CREATE SCHEMA {words}{}", target.space_name(&self.schema)))
    }

    fn check(&self, target: &Target, validation: &mut Validation) {
        let can = target.caps.objects.schema.is_none_or(|form| form.if_not_exists);
        validation.disallow("ifNotExists", self.if_not_exists && !can, target);
    }
}
