//! DROP PROCEDURE.

use super::StatementType;
use crate::sql::action::{Rendered, one};
use crate::sql::{ObjectName, Target};

/// Drops a procedure.
#[derive(Debug, Clone, PartialEq)]
pub struct DropProcedure {
    /// The procedure.
    pub procedure: ObjectName,
}

impl StatementType for DropProcedure {
    fn render(&self, target: &Target) -> Rendered {
        one(format!("DROP PROCEDURE {}", target.qualified(&self.procedure)))
    }
}
