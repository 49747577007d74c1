//! CREATE INDEX.

use super::StatementType;
use crate::sql::action::{Rendered, sql};
use crate::sql::{ObjectName, Target, Validation};

/// A column of an index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndexColumn {
    /// Its name, or an expression.
    pub name: String,
    /// Whether the name is an expression.
    pub computed: bool,
    /// Whether it goes down.
    pub descending: bool,
}

/// Makes an index.
#[derive(Debug, Clone, PartialEq)]
pub struct CreateIndex {
    /// The table.
    pub table: ObjectName,
    /// Its name.
    pub name: Option<String>,
    /// Its columns.
    pub columns: Vec<IndexColumn>,
    /// Whether values must differ.
    pub unique: bool,
    /// Whether rows are kept in its order.
    pub clustered: bool,
    /// Its tablespace.
    pub tablespace: Option<String>,
    /// What made it: the database makes indexes of keys by itself.
    pub associated_with: Option<String>,
}

impl StatementType for CreateIndex {
    fn render(&self, target: &Target) -> Rendered {
        let belongs_to = |kind: &str| self.associated_with.as_deref().is_some_and(|a| a.split(',').any(|p| p.trim() == kind));
        if belongs_to("primaryKey") || belongs_to("uniqueConstraint") || belongs_to("foreignKey") {
            return Ok(Vec::new());
        }
        let table = target.qualified(&self.table);
        let unique = if self.unique { "UNIQUE " } else { "" };
        let name = match self.name.as_deref() {
            None => String::new(),
            Some(name) if target.caps.index_names_are_qualified => format!("{} ", target.qualified(&self.table.renamed(name))),
            Some(name) => format!("{} ", target.name(name)),
        };
        let columns: Vec<String> = self
            .columns
            .iter()
            .map(|c| {
                let expression = c.computed || c.name.contains('(');
                let column = if expression { c.name.clone() } else { target.name(&c.name) };
                if c.descending { format!("{column} DESC") } else { column }
            })
            .collect();
        let mut text = format!("CREATE {unique}INDEX {name}ON {table}({})", columns.join(", "));
        if let Some(tablespace) = self.tablespace.as_deref().filter(|_| target.caps.tablespaces) {
            text.push_str(&format!(" TABLESPACE {tablespace}"));
        }
        let cluster = (self.clustered && target.caps.cluster_statement)
            .then(|| format!("CLUSTER {table} USING {}", target.name(self.name.as_deref().unwrap_or("null"))));
        sql(std::iter::once(text).chain(cluster))
    }

    fn check(&self, target: &Target, validation: &mut Validation) {
        if self.clustered && !target.caps.cluster_statement {
            validation.warn(format!("{} has no clustered indexes; the index is made without", target.dialect.id));
        }
    }
}
