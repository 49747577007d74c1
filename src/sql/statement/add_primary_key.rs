//! ALTER TABLE … ADD PRIMARY KEY.

use super::StatementType;
use crate::sql::action::{Rendered, sql};
use crate::sql::forms::{Clustering, ConstraintNames, ExistingIndex};
use crate::sql::{ObjectName, Target, Validation};

/// Makes columns the primary key of a table.
#[derive(Debug, Clone, PartialEq)]
pub struct AddPrimaryKey {
    /// The table.
    pub table: ObjectName,
    /// Comma list of its columns.
    pub columns: String,
    /// Name of the constraint.
    pub name: Option<String>,
    /// Tablespace of its index.
    pub tablespace: Option<String>,
    /// Whether rows are kept in its order.
    pub clustered: Option<bool>,
    /// The existing index that it uses.
    pub for_index: Option<ObjectName>,
    /// Whether existing rows are checked, where that can be chosen.
    pub validate: bool,
}

impl StatementType for AddPrimaryKey {
    fn render(&self, target: &Target) -> Rendered {
        let table = target.qualified(&self.table);
        let name = self.name.as_deref().filter(|_| target.caps.named_primary_keys);
        let (head, tail) = target.constraint(name);
        let mut text = format!("ALTER TABLE {table} ADD {head}PRIMARY KEY ({}){tail}", target.names(&self.columns));
        text.push_str(&target.index_tablespace(self.tablespace.as_deref()));
        if let (Some(index), ExistingIndex::BehindColumns) = (&self.for_index, target.caps.primary_key_index) {
            text.push_str(&format!(" USING INDEX {}", target.qualified(index)));
        }
        if !self.validate && target.caps.novalidate {
            text.push_str(" ENABLE NOVALIDATE");
        }
        let cluster = (self.clustered == Some(true) && target.caps.clustering == Clustering::Statement).then(|| {
            let chosen = || target.primary_key_name(&target.stored_name(&self.table.name));
            format!("CLUSTER {table} USING {}", name.map_or_else(|| target.exact_name(&chosen()), |n| target.name(n)))
        });
        sql(std::iter::once(text).chain(cluster))
    }

    fn check(&self, target: &Target, validation: &mut Validation) {
        let known = matches!(target.caps.clustering, Clustering::Statement | Clustering::Words);
        if self.clustered == Some(true) && !known {
            validation.error(format!("Cannot specify clustered=true on {}", target.dialect.id));
        }
        validation.disallow("forIndexName", self.for_index.is_some() && target.caps.primary_key_index == ExistingIndex::Refused, target);
    }
}

impl Target {
    /// What stands before and behind a constraint that ALTER TABLE adds: `CONSTRAINT name ` and nothing where the name
    /// stands in front, which is nothing at all for a constraint without a name.
    pub fn constraint(&self, name: Option<&str>) -> (String, String) {
        let name = name.map(str::trim).filter(|n| !n.is_empty()).map(|n| self.name(n));
        match (name, self.caps.constraint_names) {
            (Some(name), ConstraintNames::Before) => (format!("CONSTRAINT {name} "), String::new()),
            (None, ConstraintNames::Before) => (String::new(), String::new()),
            (Some(name), ConstraintNames::Behind) => ("CONSTRAINT ".to_owned(), format!(" CONSTRAINT {name}")),
            (None, ConstraintNames::Behind) => ("CONSTRAINT ".to_owned(), String::new()),
        }
    }

    /// The clause for the tablespace of a constraint's index, where there are tablespaces.
    pub fn index_tablespace(&self, tablespace: Option<&str>) -> String {
        match tablespace.filter(|t| !t.is_empty() && self.caps.tablespaces && self.caps.added_key_tablespace) {
            Some(tablespace) => format!(" USING INDEX TABLESPACE {tablespace}"),
            None => String::new(),
        }
    }
}
