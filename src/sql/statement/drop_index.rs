//! DROP INDEX.

use super::StatementType;
use crate::sql::action::{Rendered, one};
use crate::sql::{ObjectName, Target};

/// Drops an index.
#[derive(Debug, Clone, PartialEq)]
pub struct DropIndex {
    /// The table; its schema is that of the index.
    pub table: ObjectName,
    /// The index.
    pub name: String,
    /// Whether it is dropped while its table is in use.
    pub concurrently: bool,
}

impl StatementType for DropIndex {
    fn render(&self, target: &Target) -> Rendered {
        if target.caps.index_belongs_to_table {
            return one(format!("DROP INDEX {} ON {}", target.name(&self.name), target.qualified(&self.table)));
        }
        let concurrently = if self.concurrently && target.caps.concurrent_indexes { "CONCURRENTLY " } else { "" };
        one(format!("DROP INDEX {concurrently}{}", target.qualified(&self.table.renamed(&self.name))))
    }
}
