//! CREATE TABLE … AS SELECT DISTINCT, for lookup tables.

use super::StatementType;
use crate::sql::action::{Rendered, one};
use crate::sql::{ObjectName, Target};

/// Makes a table of the values that a column has.
#[derive(Debug, Clone, PartialEq)]
pub struct CopyDistinct {
    /// The table with the column.
    pub from: ObjectName,
    /// The column.
    pub column: String,
    /// The new table.
    pub table: ObjectName,
    /// Its column.
    pub new_column: String,
    /// Type of its column as written, where the table is defined before it is filled.
    pub type_text: Option<String>,
}

impl CopyDistinct {
    /// The same as SELECT … INTO, where that makes a table.
    pub fn select_into(&self, target: &Target) -> Rendered {
        let column = target.name(&self.column);
        one(format!(
            "SELECT DISTINCT {column} AS {} INTO {} FROM {} WHERE {column} IS NOT NULL",
            target.name(&self.new_column),
            target.qualified(&self.table),
            target.qualified(&self.from)
        ))
    }
}

impl StatementType for CopyDistinct {
    fn render(&self, target: &Target) -> Rendered {
        let column = target.name(&self.column);
        one(format!(
            "CREATE TABLE {} AS SELECT DISTINCT {column} AS {} FROM {} WHERE {column} IS NOT NULL",
            target.qualified(&self.table),
            target.name(&self.new_column),
            target.qualified(&self.from)
        ))
    }
}
