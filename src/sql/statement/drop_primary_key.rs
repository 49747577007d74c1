//! ALTER TABLE … DROP PRIMARY KEY, or DROP CONSTRAINT.

use super::StatementType;
use crate::sql::action::{RenderError, Rendered, one};
use crate::sql::forms::DropKeyForm;
use crate::sql::{ObjectName, Target};

/// Takes the primary key from a table.
#[derive(Debug, Clone, PartialEq)]
pub struct DropPrimaryKey {
    /// The table.
    pub table: ObjectName,
    /// Name of the constraint, if known.
    pub name: Option<String>,
    /// Whether its index goes too, where it can stay.
    pub drop_index: bool,
}

impl StatementType for DropPrimaryKey {
    fn render(&self, target: &Target) -> Rendered {
        let table = target.qualified(&self.table);
        match (target.caps.drop_primary_key, self.name.as_deref()) {
            (DropKeyForm::Kind, _) => one(format!("ALTER TABLE {table} DROP PRIMARY KEY")),
            (DropKeyForm::Constraint, Some(name)) => one(format!("ALTER TABLE {table} DROP CONSTRAINT {}", target.name(name))),
            (DropKeyForm::Constraint, None) => {
                Err(RenderError::Invalid(format!("constraintName is required for dropPrimaryKey on {}", target.dialect.id)))
            }
        }
    }
}
