//! ALTER TABLE … DETACH PARTITION.

use super::StatementType;
use crate::sql::action::{Rendered, one};
use crate::sql::{Capabilities, ObjectName, Target};

/// Makes a part of a table a table of its own.
#[derive(Debug, Clone, PartialEq)]
pub struct DetachPartition {
    /// The whole.
    pub table: ObjectName,
    /// The part.
    pub partition: ObjectName,
    /// Whether the whole stays in use.
    pub concurrently: bool,
}

impl StatementType for DetachPartition {
    fn is_known(&self, caps: &Capabilities) -> bool {
        caps.objects.partitions
    }

    fn render(&self, target: &Target) -> Rendered {
        let (table, partition) = (target.qualified(&self.table), target.qualified(&self.partition));
        let words = if self.concurrently { " CONCURRENTLY" } else { "" };
        one(format!("ALTER TABLE {table} DETACH PARTITION {partition}{words}"))
    }
}
