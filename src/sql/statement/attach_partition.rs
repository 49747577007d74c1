//! ALTER TABLE … ATTACH PARTITION.

use super::StatementType;
use crate::sql::action::{Rendered, one};
use crate::sql::{Capabilities, ObjectName, Target};

/// Makes a table a part of another one.
#[derive(Debug, Clone, PartialEq)]
pub struct AttachPartition {
    /// The whole.
    pub table: ObjectName,
    /// The part.
    pub partition: ObjectName,
    /// Its rows, as `FROM (…) TO (…)`, `IN (…)`; none for those of no other part.
    pub values: Option<String>,
}

impl StatementType for AttachPartition {
    fn is_known(&self, caps: &Capabilities) -> bool {
        caps.objects.partitions
    }

    fn render(&self, target: &Target) -> Rendered {
        let (table, partition) = (target.qualified(&self.table), target.qualified(&self.partition));
        let values = self.values.as_ref().map_or_else(|| "DEFAULT".to_owned(), |values| format!("FOR VALUES {}", values.trim()));
        one(format!("ALTER TABLE {table} ATTACH PARTITION {partition} {values}"))
    }
}
