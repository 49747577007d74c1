//! ALTER TABLE … DROP FOREIGN KEY, or DROP CONSTRAINT.

use super::StatementType;
use crate::sql::action::{Rendered, one};
use crate::sql::dialect::DropKeyForm;
use crate::sql::{ObjectName, Target};

/// Drops a foreign key.
#[derive(Debug, Clone, PartialEq)]
pub struct DropForeignKey {
    /// The table that refers.
    pub table: ObjectName,
    /// Name of the constraint.
    pub name: String,
}

impl StatementType for DropForeignKey {
    fn render(&self, target: &Target) -> Rendered {
        let words = match target.caps.drop_foreign_key {
            DropKeyForm::Kind => "FOREIGN KEY",
            DropKeyForm::Constraint => "CONSTRAINT",
        };
        one(format!("ALTER TABLE {} DROP {words} {}", target.qualified(&self.table), target.name(&self.name)))
    }
}
