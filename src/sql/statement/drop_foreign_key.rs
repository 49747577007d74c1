//! ALTER TABLE … DROP FOREIGN KEY, or DROP CONSTRAINT.

use super::StatementType;
use crate::sql::action::{Rendered, one};
use crate::sql::forms::DropKeyForm;
use crate::sql::{ObjectName, Target};

/// Drops a foreign key.
#[derive(Debug, Clone, PartialEq)]
pub struct DropForeignKey {
    /// The table that refers.
    pub table: ObjectName,
    /// Name of the constraint.
    pub name: String,
    /// Whether the name was read from the server, so that its letter case must stay.
    pub is_stored: bool,
}

impl StatementType for DropForeignKey {
    fn render(&self, target: &Target) -> Rendered {
        let words = match target.caps.drop_foreign_key {
            DropKeyForm::Kind => "FOREIGN KEY",
            DropKeyForm::Constraint => "CONSTRAINT",
        };
        let name = if self.is_stored { target.exact_name(&self.name) } else { target.name(&self.name) };
        one(format!("ALTER TABLE {} DROP {words} {name}", target.qualified(&self.table)))
    }
}
