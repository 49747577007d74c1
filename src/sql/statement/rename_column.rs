//! ALTER TABLE … RENAME COLUMN.

use super::StatementType;
use crate::sql::action::{Rendered, one};
use crate::sql::{ObjectName, Target};

/// Renames a column.
#[derive(Debug, Clone, PartialEq)]
pub struct RenameColumn {
    /// The table.
    pub table: ObjectName,
    /// The column.
    pub column: String,
    /// Its new name.
    pub new_name: String,
    /// Its type as written, where the database restates it.
    pub type_text: Option<String>,
    /// Its remarks, where the database restates them.
    pub remarks: Option<String>,
}

impl StatementType for RenameColumn {
    fn render(&self, target: &Target) -> Rendered {
        let (old, new) = (target.name(&self.column), target.name(&self.new_name));
        one(format!("ALTER TABLE {} RENAME COLUMN {old} TO {new}", target.qualified(&self.table)))
    }
}
