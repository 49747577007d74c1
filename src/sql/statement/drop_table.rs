//! DROP TABLE.

use super::StatementType;
use crate::sql::action::{Rendered, one};
use crate::sql::{ObjectName, Target};

/// Drops a table.
#[derive(Debug, Clone, PartialEq)]
pub struct DropTable {
    /// The table.
    pub table: ObjectName,
    /// Whether constraints that refer to it go with it.
    pub cascade: bool,
}

impl StatementType for DropTable {
    fn render(&self, target: &Target) -> Rendered {
        let table = target.qualified(&self.table);
        match target.caps.drop_cascade {
            Some(cascade) if self.cascade => one(format!("DROP TABLE {table} {cascade}")),
            _ => one(format!("DROP TABLE {table}")),
        }
    }
}
