//! ALTER COLUMN … SET NOT NULL and DROP NOT NULL.

use super::StatementType;
use crate::sql::action::{Rendered, one};
use crate::sql::{ObjectName, Target};

/// Says whether a column may be NULL.
#[derive(Debug, Clone, PartialEq)]
pub struct SetNullable {
    /// The table.
    pub table: ObjectName,
    /// The column.
    pub column: String,
    /// Whether it may be NULL.
    pub nullable: bool,
    /// Its type as written, where the database restates it.
    pub type_text: Option<String>,
    /// Name of the constraint, where the database has such names.
    pub constraint: Option<String>,
    /// Whether existing rows are checked, where that can be chosen.
    pub validate: bool,
}

impl StatementType for SetNullable {
    fn render(&self, target: &Target) -> Rendered {
        let action = if self.nullable { "DROP NOT NULL" } else { "SET NOT NULL" };
        // Two blanks, as Liquibase writes it.
        one(format!("ALTER TABLE {} ALTER COLUMN  {} {action}", target.qualified(&self.table), target.name(&self.column)))
    }
}
