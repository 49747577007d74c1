//! ALTER COLUMN … DROP DEFAULT.

use super::StatementType;
use crate::sql::action::{Rendered, one};
use crate::sql::{ObjectName, Target};

/// Takes the default from a column.
#[derive(Debug, Clone, PartialEq)]
pub struct DropDefaultValue {
    /// The table.
    pub table: ObjectName,
    /// The column.
    pub column: String,
    /// Its type as written, where the database restates it.
    pub type_text: Option<String>,
}

impl StatementType for DropDefaultValue {
    fn render(&self, target: &Target) -> Rendered {
        one(format!("ALTER TABLE {} ALTER COLUMN {} DROP DEFAULT", target.qualified(&self.table), target.name(&self.column)))
    }
}
