//! Asking preconditions (filters §5.1 to §5.4).

use super::kind::{Condition, IndexExists, Kind, PrimaryKeyExists, SqlCheck, UniqueConstraintExists};
use super::{OnSqlOutput, Preconditions};
use crate::sql::{ObjectName, dbms};
use futures_util::future::BoxFuture;

/// What came of a container or condition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It holds.
    Passed,
    /// It does not; why, one line each.
    Failed(Vec<String>),
    /// It could not be asked; why.
    Error(String),
}

/// An answer, or why there is none.
pub type Answer<T> = Result<T, String>;

/// What preconditions may ask. Each question is one targeted query, or none.
pub trait Facts: Send {
    /// Short name of the database.
    fn database(&self) -> &str;
    /// The session's user, without a host part.
    fn user(&self) -> &str;
    /// The schema that stands in messages before a table without one.
    fn default_schema(&self) -> Option<&str>;
    /// Whether a row of the ledger says that this changeset ran (`EXECUTED`, `RERAN`, `MARK_RAN`).
    fn changeset_executed(&self, id: &str, author: &str, path: Option<&str>) -> bool;
    /// The value of a changelog parameter.
    fn property(&self, name: &str) -> Option<String>;
    /// The quoting strategy of the root file, in the changelog's word, if that says one.
    fn quoting_strategy(&self) -> Option<&str>;
    /// Whether a table exists.
    fn table_exists<'a>(&'a mut self, table: &'a ObjectName) -> BoxFuture<'a, Answer<bool>>;
    /// Whether a view exists.
    fn view_exists<'a>(&'a mut self, view: &'a ObjectName) -> BoxFuture<'a, Answer<bool>>;
    /// Whether a column exists.
    fn column_exists<'a>(&'a mut self, table: &'a ObjectName, column: &'a str) -> BoxFuture<'a, Answer<bool>>;
    /// Whether a sequence exists.
    fn sequence_exists<'a>(&'a mut self, sequence: &'a ObjectName) -> BoxFuture<'a, Answer<bool>>;
    /// Whether a foreign key exists, on any table or on this one.
    fn foreign_key_exists<'a>(
        &'a mut self,
        space: &'a ObjectName,
        table: Option<&'a str>,
        name: Option<&'a str>,
    ) -> BoxFuture<'a, Answer<bool>>;
    /// Whether an index exists: by name, or by table and columns.
    fn index_exists<'a>(
        &'a mut self,
        space: &'a ObjectName,
        table: Option<&'a str>,
        columns: Option<&'a str>,
        name: Option<&'a str>,
    ) -> BoxFuture<'a, Answer<bool>>;
    /// Whether a unique constraint exists: by name or columns.
    fn unique_constraint_exists<'a>(
        &'a mut self,
        table: &'a ObjectName,
        columns: Option<&'a str>,
        name: Option<&'a str>,
    ) -> BoxFuture<'a, Answer<bool>>;
    /// Whether a primary key exists: on a table, or of that name.
    fn primary_key_exists<'a>(
        &'a mut self,
        space: &'a ObjectName,
        table: Option<&'a str>,
        name: Option<&'a str>,
    ) -> BoxFuture<'a, Answer<bool>>;
    /// How many rows a table has; `limit` says that more than that many need not be counted.
    fn row_count<'a>(&'a mut self, table: &'a ObjectName, limit: Option<u64>) -> BoxFuture<'a, Answer<u64>>;
    /// First column of the rows of a query, as the text that a client of the database shows; nothing for NULL.
    fn query<'a>(&'a mut self, sql: &'a str) -> BoxFuture<'a, Answer<Vec<Option<String>>>>;
    /// Asks the program that is mapped to a Java class.
    fn custom<'a>(&'a mut self, class: &'a str, parameters: &'a [(String, String)]) -> BoxFuture<'a, Answer<()>>;
}

/// Asks a container. `writing` says that SQL is only written, where `onSqlOutput` decides.
pub async fn check(container: &Preconditions, facts: &mut dyn Facts, writing: bool) -> Outcome {
    if writing {
        match container.on_sql_output {
            OnSqlOutput::Ignore => return Outcome::Passed,
            OnSqlOutput::Fail => {
                return Outcome::Failed(vec![format!(
                    "{} : Unexpected precondition in updateSQL mode with onUpdateSQL value: FAIL",
                    container.file
                )]);
            }
            OnSqlOutput::Test => {}
        }
    }
    all(&container.conditions, facts, writing, &container.file).await
}

async fn all(conditions: &[Condition], facts: &mut dyn Facts, writing: bool, file: &str) -> Outcome {
    for condition in conditions {
        match ask(condition, facts, writing, file).await {
            Outcome::Passed => {}
            bad => return bad,
        }
    }
    Outcome::Passed
}

fn ask<'a>(condition: &'a Condition, facts: &'a mut dyn Facts, writing: bool, file: &'a str) -> BoxFuture<'a, Outcome> {
    Box::pin(async move {
        match &condition.kind {
            Kind::And(inner) => all(inner, facts, writing, file).await,
            Kind::Nested(inner) => check(inner, facts, writing).await,
            Kind::Or(inner) => {
                let mut reasons = Vec::new();
                for c in inner {
                    match ask(c, facts, writing, file).await {
                        Outcome::Passed => return Outcome::Passed,
                        Outcome::Failed(more) => reasons.extend(more),
                        error => return error,
                    }
                }
                if inner.is_empty() { Outcome::Passed } else { Outcome::Failed(reasons) }
            }
            Kind::Not(inner) => {
                for c in inner {
                    match ask(c, facts, writing, file).await {
                        Outcome::Passed => return Outcome::Failed(vec![format!("{file} : Not precondition failed")]),
                        Outcome::Failed(_) => {}
                        error => return error,
                    }
                }
                Outcome::Passed
            }
            leaf => match answer(leaf, facts).await {
                Ok(None) => Outcome::Passed,
                Ok(Some(reason)) => Outcome::Failed(vec![format!("{file} : {reason}")]),
                Err(reason) => Outcome::Error(format!("{file} : {reason}")),
            },
        }
    })
}

/// What came of one condition: `None` when it holds, else Liquibase's failure text.
type Leaf = Answer<Option<String>>;

fn fails(holds: bool, reason: String) -> Leaf {
    Ok((!holds).then_some(reason))
}

fn text(attribute: &Option<String>) -> String {
    attribute.clone().unwrap_or_default()
}

fn object(catalog: &Option<String>, schema: &Option<String>, name: &Option<String>) -> ObjectName {
    ObjectName::new(catalog.as_deref(), schema.as_deref(), text(name))
}

/// A table as messages name it: in its schema, or that of the session.
fn shown(table: &ObjectName, facts: &dyn Facts) -> String {
    let schema = table.schema.as_deref().or_else(|| facts.default_schema());
    schema.map_or_else(|| table.name.clone(), |schema| format!("{schema}.{}", table.name))
}

/// Asks one condition.
async fn answer(kind: &Kind, facts: &mut dyn Facts) -> Leaf {
    match kind {
        // Containers are asked by `ask`.
        Kind::And(_) | Kind::Or(_) | Kind::Not(_) | Kind::Nested(_) => Ok(None),
        Kind::Dbms(c) => {
            let (want, got) = (text(&c.list).to_lowercase(), facts.database().to_owned());
            let holds = dbms::matches(&dbms::parse_list(&want), &got, false);
            fails(holds, format!("DBMS Precondition failed: expected {want}, got {got}"))
        }
        Kind::RunningAs(c) => {
            let (want, got) = (text(&c.username), facts.user().to_owned());
            // A file database has no users, and nobody runs there, not even the one without a name.
            fails(!got.is_empty() && want.eq_ignore_ascii_case(&got), format!("RunningAs Precondition failed: expected {want}, was {got}"))
        }
        Kind::ChangeSetExecuted(c) => {
            let (id, author) = (text(&c.id), text(&c.author));
            let holds = facts.changeset_executed(&id, &author, c.change_log_file.as_deref());
            fails(holds, format!("Changeset '{}::{id}::{author}' has not been run", text(&c.change_log_file)))
        }
        Kind::TableExists(c) => {
            let table = object(&c.catalog_name, &c.schema_name, &c.table_name);
            let holds = facts.table_exists(&table).await?;
            fails(holds, format!("Table {} does not exist", shown(&table, facts)))
        }
        Kind::ViewExists(c) => {
            let view = object(&c.catalog_name, &c.schema_name, &c.view_name);
            fails(facts.view_exists(&view).await?, format!("View {} does not exist", view.name))
        }
        Kind::ColumnExists(c) => {
            let table = object(&c.catalog_name, &c.schema_name, &c.table_name);
            let column = text(&c.column_name);
            let holds = facts.column_exists(&table, &column).await?;
            fails(holds, format!("Column {}.{column} does not exist", shown(&table, facts)))
        }
        Kind::SequenceExists(c) => {
            let sequence = object(&c.catalog_name, &c.schema_name, &c.sequence_name);
            fails(facts.sequence_exists(&sequence).await?, format!("Sequence {} does not exist", sequence.name))
        }
        Kind::ForeignKeyExists(c) => {
            let space = object(&c.catalog_name, &c.schema_name, &None);
            let holds = facts.foreign_key_exists(&space, c.foreign_key_table_name.as_deref(), c.foreign_key_name.as_deref()).await?;
            fails(holds, format!("Foreign Key {} does not exist", text(&c.foreign_key_name)))
        }
        Kind::IndexExists(c) => index(c, facts).await,
        Kind::UniqueConstraintExists(c) => unique_constraint(c, facts).await,
        Kind::PrimaryKeyExists(c) => primary_key(c, facts).await,
        Kind::TableIsEmpty(c) => {
            let table = object(&c.catalog_name, &c.schema_name, &c.table_name);
            fails(facts.row_count(&table, Some(1)).await? == 0, format!("Table {} is not empty.", table.name))
        }
        Kind::RowCount(c) => {
            let table = object(&c.catalog_name, &c.schema_name, &c.table_name);
            let want = c.expected_rows.as_ref().map(|i| i.0.clone()).unwrap_or_default();
            let got = facts.row_count(&table, None).await?.to_string();
            fails(want == got, format!("Table {} does not have the expected row count of {want}. It contains {got} rows", table.name))
        }
        Kind::SqlCheck(c) => sql_check(c, facts).await,
        Kind::PropertyDefined(c) => {
            let name = text(&c.property);
            match (facts.property(&name), &c.value) {
                (None, _) => fails(false, format!("Changelog property '{name}' was not set")),
                (Some(got), Some(want)) => {
                    fails(got == *want, format!("Expected changelog property '{name}' to have a value of '{want}'.  Got '{got}'"))
                }
                (Some(_), None) => Ok(None),
            }
        }
        Kind::ExpectedQuotingStrategy(c) => {
            let (want, got) = (text(&c.strategy), facts.quoting_strategy().unwrap_or("null").to_owned());
            fails(want == got, format!("Quoting strategy Precondition failed: expected {want}, got {got}"))
        }
        Kind::Custom(c, parameters) => match facts.custom(&text(&c.class_name), parameters).await {
            Ok(()) => Ok(None),
            Err(reason) => fails(false, reason),
        },
    }
}

async fn index(c: &IndexExists, facts: &mut dyn Facts) -> Leaf {
    if c.index_name.is_none() && (c.table_name.is_none() || c.column_names.is_none()) {
        return Err("indexName OR (tableName and columnNames) is required".to_owned());
    }
    let space = object(&c.catalog_name, &c.schema_name, &None);
    // Without a table Liquibase looks in the default schema, whatever `schemaName` says (seen on a real
    // project whose `schemaName` does not exist).
    let space = if c.table_name.is_some() { space } else { object(&None, &None, &None) };
    let holds = facts.index_exists(&space, c.table_name.as_deref(), c.column_names.as_deref(), c.index_name.as_deref()).await?;
    let mut reason = "Index".to_owned();
    for (word, part) in [("", &c.index_name), (" on", &c.table_name), (" columns", &c.column_names)] {
        if let Some(part) = part {
            reason.push_str(&format!("{word} {part}"));
        }
    }
    fails(holds, format!("{reason} does not exist"))
}

async fn unique_constraint(c: &UniqueConstraintExists, facts: &mut dyn Facts) -> Leaf {
    if c.constraint_name.is_none() && c.column_names.is_none() {
        return Err("constraintName OR columnNames is required for uniqueConstraintExists".to_owned());
    }
    let table = object(&c.catalog_name, &c.schema_name, &c.table_name);
    let holds = facts.unique_constraint_exists(&table, c.column_names.as_deref(), c.constraint_name.as_deref()).await?;
    let what = c.constraint_name.clone().or_else(|| c.column_names.clone().map(|c| format!("({c})"))).unwrap_or_default();
    fails(holds, format!("Unique Constraint {what} on {} does not exist", table.name))
}

async fn primary_key(c: &PrimaryKeyExists, facts: &mut dyn Facts) -> Leaf {
    if c.table_name.is_none() && c.primary_key_name.is_none() {
        return Err("Either primaryKeyName or tableName must be set".to_owned());
    }
    let space = object(&c.catalog_name, &c.schema_name, &None);
    let holds = facts.primary_key_exists(&space, c.table_name.as_deref(), c.primary_key_name.as_deref()).await?;
    let reason = match &c.primary_key_name {
        Some(name) => format!("Primary Key {name} does not exist"),
        None => format!("Primary Key does not exist on {}", text(&c.table_name)),
    };
    fails(holds, reason)
}

async fn sql_check(c: &SqlCheck, facts: &mut dyn Facts) -> Leaf {
    let sql = text(&c.sql);
    let sql = sql.trim();
    let rows = facts.query(sql.strip_suffix(';').unwrap_or(sql)).await?;
    match rows.as_slice() {
        [] => Err("Empty result set, expected one row".to_owned()),
        [None] => fails(false, "No rows returned from SQL Precondition".to_owned()),
        [Some(one)] => {
            let want = text(&c.expected_result);
            fails(*one == want, format!("SQL Precondition failed.  Expected '{want}' got '{one}'"))
        }
        more => Err(format!("SQL Precondition gives {} rows, where one is expected", more.len())),
    }
}
