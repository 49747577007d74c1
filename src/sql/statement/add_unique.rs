//! ALTER TABLE … ADD UNIQUE.

use super::StatementType;
use super::add_foreign_key::deferring;
use crate::sql::action::{Rendered, one};
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
}

impl StatementType for AddUnique {
    fn render(&self, target: &Target) -> Rendered {
        let name = target.constraint(self.name.as_deref());
        let mut text = format!("ALTER TABLE {} ADD {name}UNIQUE ({})", target.qualified(&self.table), target.names(&self.columns));
        if target.caps.deferrable {
            text.push_str(deferring(self.deferrable, self.initially_deferred));
        }
        text.push_str(&target.index_tablespace(self.tablespace.as_deref()));
        if let Some(index) = &self.for_index {
            text.push_str(&format!(" USING INDEX {}", target.qualified(index)));
        }
        one(text)
    }

    fn check(&self, target: &Target, validation: &mut Validation) {
        validation.disallow("forIndexName", self.for_index.is_some() && !target.caps.constraints_use_index, target);
        validation.disallow("clustered", self.clustered && !target.caps.clustered_unique, target);
    }
}
