//! ALTER TABLE … ADD UNIQUE.

use super::StatementType;
use super::add_foreign_key::deferring;
use crate::sql::action::{Rendered, one};
use crate::sql::forms::{Clustering, ExistingIndex};
use crate::sql::{ObjectName, Target, Validation};

/// Makes the values of columns differ.
#[derive(Debug, Clone, PartialEq)]
pub struct AddUnique {
    /// The table.
    pub table: ObjectName,
    /// Comma list of its columns.
    pub columns: String,
    /// Name of the constraint.
    pub name: Option<String>,
    /// Tablespace of its index.
    pub tablespace: Option<String>,
    /// Whether rows are kept in its order.
    pub clustered: bool,
    /// `DEFERRABLE`.
    pub deferrable: bool,
    /// `INITIALLY DEFERRED`.
    pub initially_deferred: bool,
    /// The existing index that it uses.
    pub for_index: Option<ObjectName>,
    /// Whether it is not enforced, where that can be chosen.
    pub disabled: bool,
    /// Whether existing rows are checked, where that can be chosen.
    pub validate: bool,
}

impl StatementType for AddUnique {
    fn render(&self, target: &Target) -> Rendered {
        let (head, tail) = target.constraint(self.name.as_deref());
        let mut text = format!("ALTER TABLE {} ADD {head}UNIQUE ", target.qualified(&self.table));
        // An index that takes the place of the columns is in the schema of its table, which is not repeated.
        let instead = self.for_index.as_ref().filter(|_| target.caps.unique_index == ExistingIndex::InsteadOfColumns);
        match instead {
            Some(index) => text.push_str(&format!("USING INDEX {}", target.name(&index.name))),
            None => text.push_str(&format!("({})", target.names(&self.columns))),
        }
        text.push_str(&tail);
        if target.caps.deferrable {
            text.push_str(deferring(self.deferrable, self.initially_deferred));
        }
        if self.disabled && target.caps.disabled_constraints {
            text.push_str(" DISABLE");
        }
        if instead.is_none() {
            text.push_str(&target.index_tablespace(self.tablespace.as_deref()));
        }
        if let (Some(index), ExistingIndex::BehindColumns) = (&self.for_index, target.caps.unique_index) {
            text.push_str(&format!(" USING INDEX {}", target.qualified(index)));
        }
        if !self.validate && target.caps.novalidate {
            text.push_str(" ENABLE NOVALIDATE");
        }
        one(text)
    }

    fn check(&self, target: &Target, validation: &mut Validation) {
        validation.disallow("forIndexName", self.for_index.is_some() && target.caps.unique_index == ExistingIndex::Refused, target);
        validation.disallow("clustered", self.clustered && target.caps.clustering != Clustering::Words, target);
    }
}
