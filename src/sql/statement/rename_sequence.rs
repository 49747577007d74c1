//! ALTER SEQUENCE … RENAME, or RENAME TABLE.

use super::StatementType;
use crate::sql::action::{Rendered, one};
use crate::sql::forms::RenameForm;
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
        let sequence = target.qualified(&self.sequence);
        one(match target.caps.sequence.rename {
            RenameForm::Alter => format!("ALTER SEQUENCE {sequence} RENAME TO {}", target.name(&self.new_name)),
            // A new name without its database would move the sequence to the current one.
            RenameForm::RenameTable => format!("RENAME TABLE {sequence} TO {}", target.qualified(&self.sequence.renamed(&self.new_name))),
        })
    }
}
