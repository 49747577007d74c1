//! ALTER TABLE … DROP CONSTRAINT, or DROP KEY.

use super::StatementType;
use crate::sql::action::{Rendered, one};
use crate::sql::forms::DropKeyForm;
use crate::sql::{ObjectName, Target};

/// Drops a unique constraint.
#[derive(Debug, Clone, PartialEq)]
pub struct DropUnique {
    /// The table.
    pub table: ObjectName,
    /// Name of the constraint.
    pub name: String,
    /// Comma list of its columns, if given, for databases that need them.
    pub columns: Option<String>,
}

impl StatementType for DropUnique {
    fn render(&self, target: &Target) -> Rendered {
        let words = match target.caps.drop_unique {
            DropKeyForm::Kind => "KEY",
            DropKeyForm::Constraint => "CONSTRAINT",
        };
        one(format!("ALTER TABLE {} DROP {words} {}", target.qualified(&self.table), target.name(&self.name)))
    }
}
