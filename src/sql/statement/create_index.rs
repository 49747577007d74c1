//! CREATE INDEX.

use super::StatementType;
use crate::sql::action::{RenderError, Rendered, sql};
use crate::sql::forms::{Clustering, IndexDirection, IndexExpressions, IndexMethod, IndexSchema};
use crate::sql::{ObjectName, Target, Validation};

/// A column of an index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndexColumn {
    /// Its name, or an expression.
    pub name: String,
    /// Whether the name is an expression, if said; else its form tells.
    pub computed: Option<bool>,
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
    /// Whether rows are kept in its order, if said.
    pub clustered: Option<bool>,
    /// Its tablespace.
    pub tablespace: Option<String>,
    /// What made it: the database makes indexes of keys by itself.
    pub associated_with: Option<String>,
    /// What only some databases know.
    pub options: IndexOptions,
}

/// What only some databases know of an index.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct IndexOptions {
    /// Whether it is built while its table is in use.
    pub concurrently: bool,
    /// Whether an existing one is left alone.
    pub if_not_exists: bool,
    /// The rows that it is of, as a condition.
    pub condition: Option<String>,
    /// Comma list of the columns that it only carries.
    pub include: Option<String>,
    /// Its method.
    pub method: Option<String>,
}

impl IndexColumn {
    fn text(&self, target: &Target) -> Result<String, RenderError> {
        let column = match target.caps.index_expressions {
            _ if !self.is_expression(target) => target.name(&self.name),
            IndexExpressions::Bare | IndexExpressions::ComputedBy => self.name.clone(),
            _ if is_prefix(&self.name) || is_in_parentheses(&self.name) => self.name.clone(),
            IndexExpressions::InParentheses => format!("({})", self.name),
            IndexExpressions::None => {
                return Err(RenderError::Invalid(format!("indexes on expressions are not supported on {}", target.dialect.id)));
            }
        };
        let descending = self.descending && target.caps.index_direction == IndexDirection::OfColumn;
        Ok(if descending { format!("{column} DESC") } else { column })
    }

    /// Whether it is an expression; where that takes the place of the columns, a name with blanks is one too.
    fn is_expression(&self, target: &Target) -> bool {
        let blanks = target.caps.index_expressions == IndexExpressions::ComputedBy && self.name.trim().contains(char::is_whitespace);
        self.computed.unwrap_or_else(|| self.name.contains('(') || blanks)
    }
}

/// Whether a column stands with the length of its prefix: `name(10)`.
fn is_prefix(text: &str) -> bool {
    let parts = text.trim().strip_suffix(')').and_then(|t| t.split_once('('));
    parts.is_some_and(|(_, length)| !length.trim().is_empty() && length.trim().bytes().all(|b| b.is_ascii_digit()))
}

/// Whether one pair of parentheses encloses the whole text.
fn is_in_parentheses(text: &str) -> bool {
    let Some(inner) = text.trim().strip_prefix('(').and_then(|t| t.strip_suffix(')')) else { return false };
    let mut depth = 0_i32;
    for c in inner.chars() {
        depth += i32::from(c == '(') - i32::from(c == ')');
        if depth < 0 {
            return false;
        }
    }
    depth == 0
}

impl StatementType for CreateIndex {
    fn render(&self, target: &Target) -> Rendered {
        let belongs_to = |kind: &str| self.associated_with.as_deref().is_some_and(|a| a.split(',').any(|p| p.trim() == kind));
        let of_foreign_key = belongs_to("foreignKey") && !target.caps.indexes_foreign_keys;
        if belongs_to("primaryKey") || belongs_to("uniqueConstraint") || of_foreign_key {
            return Ok(Vec::new());
        }
        let name = self.name.as_deref().filter(|n| !n.trim().is_empty());
        if name.is_none() && !target.caps.names_indexes {
            return Err(RenderError::Invalid(format!("indexName is required for createIndex on {}", target.dialect.id)));
        }
        let unique = if self.unique { "UNIQUE " } else { "" };
        let (table, index) = match target.caps.index_schema {
            IndexSchema::OfTable => (target.qualified(&self.table), name.map(|n| target.name(n))),
            IndexSchema::OfIndex => (target.name(&self.table.name), name.map(|n| target.qualified(&self.table.renamed(n)))),
            IndexSchema::OfBoth => (target.qualified(&self.table), name.map(|n| target.qualified_by_schema(&self.table.renamed(n)))),
        };
        let columns = self.columns.iter().map(|c| c.text(target)).collect::<Result<Vec<_>, _>>()?.join(", ");
        let forms = target.caps.index_options;
        let options = &self.options;
        let concurrently = if options.concurrently && target.caps.concurrent_indexes { "CONCURRENTLY " } else { "" };
        let if_not_exists = if options.if_not_exists { "IF NOT EXISTS " } else { "" };
        let method = options.method.as_ref().map(|method| format!(" USING {method}")).unwrap_or_default();
        let (name_method, table_method) = match forms.method {
            IndexMethod::BehindName => (method.as_str(), String::new()),
            _ => ("", if method.is_empty() { method.clone() } else { format!("{method} ") }),
        };
        let before_on = index.map(|n| format!("{n}{name_method} ")).unwrap_or_default();
        let direction = target.caps.index_direction == IndexDirection::OfIndex && self.columns.iter().any(|c| c.descending);
        let direction = if direction { "DESCENDING " } else { "" };
        let computed =
            target.caps.index_expressions == IndexExpressions::ComputedBy && self.columns.iter().any(|c| c.is_expression(target));
        let computed = if computed { " COMPUTED BY " } else { "" };
        let clustering = if self.clustered == Some(true) { target.caps.clustering } else { Clustering::None };
        let cluster = if clustering == Clustering::OfCluster { "CLUSTER " } else { "" };
        let mut text = format!(
            "CREATE {unique}{direction}INDEX {concurrently}{if_not_exists}{before_on}ON {cluster}{table}{table_method}{computed}({columns})"
        );
        if let Some(include) = &options.include {
            text.push_str(&format!(" INCLUDE ({})", target.names(include)));
        }
        if let Some(tablespace) = self.tablespace.as_deref().filter(|_| target.caps.tablespaces) {
            text.push_str(&format!(" {} {tablespace}", target.caps.tablespace_word));
        }
        if let Some(condition) = &options.condition {
            text.push_str(&format!(" WHERE {}", condition.trim()));
        }
        if clustering == Clustering::BehindColumns {
            text.push_str(" CLUSTER");
        }
        let mut texts = vec![text];
        if clustering == Clustering::Statement {
            // The name that the server would choose is not known.
            let name = name.ok_or_else(|| RenderError::invalid("indexName is required if clustered = true"))?;
            texts.push(format!("CLUSTER {table} USING {}", target.name(name)));
        }
        sql(texts)
    }

    fn check(&self, target: &Target, validation: &mut Validation) {
        let down = self.columns.iter().filter(|c| c.descending).count();
        if target.caps.index_direction == IndexDirection::OfIndex && down > 0 && down < self.columns.len() {
            validation.error(format!("{} cannot create indexes with mixed ASCending / DESCending columns.", target.dialect.product));
        }
        let forms = target.caps.index_options;
        validation.disallow("ifNotExists", self.options.if_not_exists && !forms.if_not_exists, target);
        validation.disallow("where", self.options.condition.is_some() && !forms.partial, target);
        validation.disallow("include", self.options.include.is_some() && !forms.include, target);
        validation.disallow("using", self.options.method.is_some() && forms.method == IndexMethod::None, target);
        if self.options.if_not_exists && self.name.as_deref().is_none_or(|n| n.trim().is_empty()) {
            validation.error("indexName is required if ifNotExists = true");
        }
        if self.options.concurrently && !target.caps.concurrent_indexes {
            validation.warn(format!("{} builds no index beside the work on its table; concurrently does nothing there", target.dialect.id));
        }
        if self.clustered == Some(true) && target.caps.clustering == Clustering::None {
            validation.warn(format!("{} has no clustered indexes; the index is made without", target.dialect.id));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::by_name;
    use crate::sql::{Action, Version};

    fn index(columns: &[(&str, bool)]) -> CreateIndex {
        let columns = columns.iter().map(|(name, computed)| IndexColumn {
            name: (*name).into(),
            computed: computed.then_some(true),
            descending: false,
        });
        CreateIndex {
            table: ObjectName::new(None, Some("app"), "person"),
            name: Some("ix_a".into()),
            columns: columns.collect(),
            unique: false,
            clustered: None,
            tablespace: None,
            associated_with: None,
            options: IndexOptions::default(),
        }
    }

    fn render(statement: &CreateIndex, dialect: &str, version: Option<Version>) -> Result<Vec<String>, String> {
        let actions = statement.render(&Target::new(by_name(dialect).unwrap(), version)).map_err(|e| e.to_string())?;
        Ok(actions.into_iter().map(|a| if let Action::Sql(sql) = a { sql.text } else { panic!("{a:?}") }).collect())
    }

    #[test]
    fn expressions_stand_as_the_server_takes_them() {
        let statement = index(&[("lower(email)", true), ("name(10)", false), ("(a + b)", true), ("(a) + (b)", true)]);
        assert_eq!(
            render(&statement, "mysql", None).unwrap(),
            ["CREATE INDEX ix_a ON app.person((lower(email)), name(10), (a + b), ((a) + (b)))"]
        );
        assert!(render(&statement, "mysql", Some(Version(5, 7, 44))).is_err());
        assert!(render(&statement, "mariadb", None).is_err());
        assert_eq!(render(&index(&[("name(10)", false)]), "mariadb", None).unwrap(), ["CREATE INDEX ix_a ON app.person(name(10))"]);
        assert_eq!(
            render(&index(&[("lower(email)", true)]), "postgresql", None).unwrap(),
            ["CREATE INDEX ix_a ON app.person(lower(email))"]
        );
    }

    #[test]
    fn an_index_of_sqlite_is_in_the_database_that_stands_before_its_own_name() {
        assert_eq!(render(&index(&[("a", false)]), "sqlite", None).unwrap(), ["CREATE INDEX app.ix_a ON person(a)"]);
    }

    #[test]
    fn only_a_server_that_names_indexes_is_given_none() {
        let unnamed = CreateIndex { name: None, ..index(&[("a", false)]) };
        assert_eq!(render(&unnamed, "postgresql", None).unwrap(), ["CREATE INDEX ON app.person(a)"]);
        assert_eq!(render(&unnamed, "mysql", None).unwrap_err(), "indexName is required for createIndex on mysql");
        let clustered = CreateIndex { clustered: Some(true), ..unnamed };
        assert_eq!(render(&clustered, "postgresql", None).unwrap_err(), "indexName is required if clustered = true");
    }
}
