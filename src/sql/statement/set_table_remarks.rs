//! Remarks of a table.

use super::StatementType;
use crate::sql::action::{Rendered, one};
use crate::sql::forms::Remarks;
use crate::sql::{ObjectName, Target};

/// Sets the remarks of a table.
#[derive(Debug, Clone, PartialEq)]
pub struct SetTableRemarks {
    /// The table.
    pub table: ObjectName,
    /// The remarks; none at all when empty.
    pub remarks: String,
}

impl StatementType for SetTableRemarks {
    fn render(&self, target: &Target) -> Rendered {
        let (table, remarks) = (target.qualified(&self.table), target.string(&self.remarks));
        match target.caps.remarks {
            Remarks::Inline => one(format!("ALTER TABLE {table} COMMENT = {remarks}")),
            Remarks::CommentOn | Remarks::Statements | Remarks::None => one(format!("COMMENT ON TABLE {table} IS {remarks}")),
        }
    }
}
