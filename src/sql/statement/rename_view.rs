//! Renames a view.

use super::StatementType;
use crate::sql::action::{Rendered, one};
use crate::sql::forms::RenameForm;
use crate::sql::{ObjectName, Target};

/// Renames a view.
#[derive(Debug, Clone, PartialEq)]
pub struct RenameView {
    /// The view.
    pub view: ObjectName,
    /// Its new name.
    pub new_name: String,
}

impl StatementType for RenameView {
    fn render(&self, target: &Target) -> Rendered {
        let view = target.qualified(&self.view);
        one(match target.caps.rename_view {
            RenameForm::Alter => format!("ALTER TABLE {view} RENAME TO {}", target.name(&self.new_name)),
            RenameForm::RenameTable => format!("RENAME TABLE {view} TO {}", target.qualified(&self.view.renamed(&self.new_name))),
        })
    }
}
