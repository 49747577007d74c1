//! COMMENT ON COLUMN.

use super::StatementType;
use crate::sql::action::{Rendered, one};
use crate::sql::{ObjectName, Target};

/// Sets the remarks of a column.
#[derive(Debug, Clone, PartialEq)]
pub struct SetColumnRemarks {
    /// The table or view.
    pub table: ObjectName,
    /// The column.
    pub column: String,
    /// The remarks; none at all when empty.
    pub remarks: String,
    /// The type of the column as written, where the database restates it.
    pub type_text: Option<String>,
    /// Whether the column is that of a view.
    pub of_view: bool,
}

impl StatementType for SetColumnRemarks {
    fn render(&self, target: &Target) -> Rendered {
        let (table, column) = (target.qualified(&self.table), target.name(&self.column));
        one(format!("COMMENT ON COLUMN {table}.{column} IS {}", target.string(&self.remarks)))
    }
}
