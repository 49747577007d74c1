//! ALTER SEQUENCE … RENAME.

use super::StatementType;
use crate::sql::action::{Rendered, one};
use crate::sql::{ObjectName, Target};

/// Renames a sequence.
#[derive(Debug, Clone, PartialEq)]
pub struct RenameSequence {
    /// The sequence.
    pub sequence: ObjectName,
    /// Its new name.
    pub new_name: String,
}

impl StatementType for RenameSequence {
    fn render(&self, target: &Target) -> Rendered {
        one(format!("ALTER SEQUENCE {} RENAME TO {}", target.qualified(&self.sequence), target.name(&self.new_name)))
    }
}
