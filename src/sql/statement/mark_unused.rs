//! ALTER TABLE … SET UNUSED.

use super::StatementType;
use crate::sql::action::{Rendered, one};
use crate::sql::{Capabilities, ObjectName, Target};

/// Marks a column as unused: it is gone for everybody at once, its values are removed later.
#[derive(Debug, Clone, PartialEq)]
pub struct MarkUnused {
    /// The table.
    pub table: ObjectName,
    /// The column.
    pub column: String,
}

impl StatementType for MarkUnused {
    fn is_known(&self, caps: &Capabilities) -> bool {
        caps.objects.unused_columns
    }

    fn render(&self, target: &Target) -> Rendered {
        one(format!("ALTER TABLE {} SET UNUSED ({})", target.qualified(&self.table), target.name(&self.column)))
    }
}
