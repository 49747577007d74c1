//! ALTER TABLE … ADD CONSTRAINT … FOREIGN KEY.

use super::StatementType;
use crate::sql::action::{Rendered, one};
use crate::sql::forms::{ConstraintNames, Deferral, ForeignKeyActions};
use crate::sql::{ObjectName, Target, Validation};

/// Makes columns refer to another table.
#[derive(Debug, Clone, PartialEq)]
pub struct AddForeignKey {
    /// The table that refers.
    pub table: ObjectName,
    /// Comma list of its columns.
    pub columns: String,
    /// The table referred to.
    pub referenced_table: ObjectName,
    /// Comma list of its columns.
    pub referenced_columns: String,
    /// Name of the constraint.
    pub name: String,
    /// What a delete does.
    pub on_delete: Option<String>,
    /// What an update does.
    pub on_update: Option<String>,
    /// `DEFERRABLE`.
    pub deferrable: bool,
    /// `INITIALLY DEFERRED`.
    pub initially_deferred: bool,
    /// Whether existing rows are checked, where that can be chosen.
    pub validate: bool,
}

impl StatementType for AddForeignKey {
    fn render(&self, target: &Target) -> Rendered {
        one(format!("ALTER TABLE {} ADD {}", target.qualified(&self.table), self.definition(target)))
    }

    fn check(&self, target: &Target, validation: &mut Validation) {
        let known = target.caps.deferrable || target.caps.deferral == Deferral::OnCommit;
        let refused = (self.deferrable || self.initially_deferred) && !known;
        validation.disallow("initiallyDeferred", refused, target);
        validation.disallow("deferrable", refused, target);
    }
}

impl AddForeignKey {
    /// The constraint with its name.
    pub fn definition(&self, target: &Target) -> String {
        let behind = target.caps.constraint_names == ConstraintNames::Behind;
        let mut text = format!(
            "CONSTRAINT {} FOREIGN KEY ({}) REFERENCES {} ({})",
            // Two blanks where the name stands behind, as Liquibase writes it.
            if behind { String::new() } else { target.name(&self.name) },
            target.undirected_names(&self.columns),
            target.qualified(&self.referenced_table),
            target.undirected_names(&self.referenced_columns)
        );
        let actions = target.caps.foreign_key_actions;
        let is = |action: &str, word: &str| action.trim().eq_ignore_ascii_case(word);
        let written = |action: &&String| match actions {
            ForeignKeyActions::All => true,
            ForeignKeyActions::WithoutRestrict => !is(action, "RESTRICT"),
            ForeignKeyActions::WithoutNoAction => !is(action, "NO ACTION"),
            ForeignKeyActions::DeleteCascade => is(action, "CASCADE"),
            ForeignKeyActions::OfDeletes => !is(action, "RESTRICT") && !is(action, "NO ACTION"),
        };
        let of_deletes = matches!(actions, ForeignKeyActions::OfDeletes | ForeignKeyActions::DeleteCascade);
        let updates = self.on_update.as_ref().filter(|_| !of_deletes);
        if let Some(update) = updates.filter(written) {
            text.push_str(&format!(" ON UPDATE {update}"));
        }
        if let Some(delete) = self.on_delete.as_ref().filter(written) {
            text.push_str(&format!(" ON DELETE {delete}"));
        }
        text.push_str(match target.caps.deferral {
            Deferral::Standard => deferring(self.deferrable, self.initially_deferred),
            Deferral::OnCommit => on_commit(self.initially_deferred),
        });
        if behind {
            text.push_str(&format!(" CONSTRAINT {}", target.name(&self.name)));
        }
        if let (false, Some(words)) = (self.validate, target.caps.not_valid) {
            text.push_str(words);
        }
        text
    }
}

/// The clause of a foreign key that is checked when a transaction ends.
pub(super) fn on_commit(initially_deferred: bool) -> &'static str {
    if initially_deferred { " CHECK ON COMMIT" } else { "" }
}

/// The clauses of a constraint that may be checked later.
pub(super) fn deferring(deferrable: bool, initially_deferred: bool) -> &'static str {
    match (deferrable, initially_deferred) {
        (true, true) => " DEFERRABLE INITIALLY DEFERRED",
        (true, false) => " DEFERRABLE",
        (false, true) => " INITIALLY DEFERRED",
        (false, false) => "",
    }
}
