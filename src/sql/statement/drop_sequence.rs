//! DROP SEQUENCE.

use super::StatementType;
use crate::sql::action::{Rendered, one};
use crate::sql::{ObjectName, Target};

/// Drops a sequence.
#[derive(Debug, Clone, PartialEq)]
pub struct DropSequence {
    /// The sequence.
    pub sequence: ObjectName,
}

impl StatementType for DropSequence {
    fn render(&self, target: &Target) -> Rendered {
        one(format!("DROP SEQUENCE {}{}", target.qualified(&self.sequence), target.caps.sequence.drop_suffix))
    }
}
