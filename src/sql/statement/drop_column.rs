//! DROP COLUMN.

use super::StatementType;
use crate::sql::action::{Rendered, one, sql};
use crate::sql::{ObjectName, Target, Validation};

/// Drops columns of a table.
#[derive(Debug, Clone, PartialEq)]
pub struct DropColumn {
    /// The table.
    pub table: ObjectName,
    /// The columns.
    pub columns: Vec<String>,
}

impl StatementType for DropColumn {
    fn render(&self, target: &Target) -> Rendered {
        let table = target.qualified(&self.table);
        if self.columns.len() > 1 && target.caps.joins_alterations {
            let drops: Vec<String> = self.columns.iter().map(|c| format!("DROP {}", target.name(c))).collect();
            return one(format!("ALTER TABLE {table} {}", drops.join(", ")));
        }
        sql(self.columns.iter().map(|c| format!("ALTER TABLE {table} DROP COLUMN {}", target.name(c))))
    }

    fn check(&self, _target: &Target, validation: &mut Validation) {
        let named = !self.columns.is_empty() && self.columns.iter().all(|c| !c.trim().is_empty());
        validation.require("columnName", named);
    }
}
