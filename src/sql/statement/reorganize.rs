//! Puts a table in order again after it was altered.

use super::StatementType;
use crate::sql::action::{Rendered, one};
use crate::sql::{ObjectName, Target};

/// Reorganizes a table, where the database needs that before it is used or altered again.
#[derive(Debug, Clone, PartialEq)]
pub struct Reorganize {
    /// The table.
    pub table: ObjectName,
}

impl StatementType for Reorganize {
    fn render(&self, target: &Target) -> Rendered {
        if !target.caps.reorganizes_tables {
            return Ok(Vec::new());
        }
        let command = format!("REORG TABLE {}", target.qualified(&self.table));
        one(format!("CALL SYSPROC.ADMIN_CMD ({})", target.string(&command)))
    }
}
