//! ALTER TABLE … RENAME TO.

use super::StatementType;
use crate::sql::action::{Rendered, one};
use crate::sql::{ObjectName, Target};

/// Renames a table.
#[derive(Debug, Clone, PartialEq)]
pub struct RenameTable {
    /// The table.
    pub table: ObjectName,
    /// Its new name.
    pub new_name: String,
}

impl StatementType for RenameTable {
    fn render(&self, target: &Target) -> Rendered {
        one(format!("ALTER TABLE {} RENAME TO {}", target.qualified(&self.table), target.name(&self.new_name)))
    }
}
