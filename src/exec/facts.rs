//! Preconditions asked of a live database; one targeted query each.

use super::process;
use super::run::RunOptions;
use super::session::Session;
use crate::changelog::{ChangeSet, Changelog, FileScope};
use crate::db::Value;
use crate::history::row::identity_key;
use crate::plan::filter::RanRows;
use crate::precondition::Facts;
use crate::precondition::check::Answer;
use crate::snapshot::exists;
use crate::sql::{ObjectName, Quoting};
use futures_util::future::BoxFuture;

/// Preconditions' questions answered by a session.
pub struct LiveFacts<'a> {
    session: &'a mut Session,
    changelog: &'a Changelog,
    changeset: Option<&'a ChangeSet>,
    ran: &'a RanRows,
    options: &'a RunOptions,
    user: String,
    schema: Option<String>,
}

impl std::fmt::Debug for LiveFacts<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LiveFacts").field("session", &self.session).finish_non_exhaustive()
    }
}

impl<'a> LiveFacts<'a> {
    /// Facts for a changeset, or for the changelog as a whole.
    pub fn new(
        session: &'a mut Session,
        changelog: &'a Changelog,
        changeset: Option<&'a ChangeSet>,
        ran: &'a RanRows,
        options: &'a RunOptions,
    ) -> Self {
        let user = session.connection.as_ref().map(|c| c.server().user.clone()).unwrap_or_default();
        let schema = session.target.default_schema.clone().or_else(|| session.target.default_catalog.clone());
        LiveFacts { session, changelog, changeset, ran, options, user, schema }
    }

    fn ask<'s>(&'s mut self, question: exists::Question<'s>) -> BoxFuture<'s, Answer<bool>> {
        Box::pin(async move {
            let sql = exists::sql(&self.session.target, &question)?;
            let rows = self.session.query(&sql).await.map_err(|e| e.to_string())?;
            Ok(exists::holds(&self.session.target, &question, &rows))
        })
    }
}

impl Facts for LiveFacts<'_> {
    fn database(&self) -> &str {
        self.session.target.dialect.id
    }

    fn user(&self) -> &str {
        &self.user
    }

    fn default_schema(&self) -> Option<&str> {
        self.schema.as_deref()
    }

    fn changeset_executed(&self, id: &str, author: &str, path: Option<&str>) -> bool {
        let own = || self.changeset.map_or_else(|| self.changelog.path.clone(), |c| c.identity.path.clone());
        let key = identity_key(&path.map_or_else(own, str::to_owned), id, author);
        self.ran.has_run(&key)
    }

    fn property(&self, name: &str) -> Option<String> {
        let none = FileScope::default();
        let scope = self.changeset.map_or(&none, |c| &c.file);
        self.changelog.properties.get(name, &scope.properties).map(str::to_owned)
    }

    fn quoting_strategy(&self) -> Option<&str> {
        self.changelog.quoting.map(Quoting::word)
    }

    fn table_exists<'s>(&'s mut self, table: &'s ObjectName) -> BoxFuture<'s, Answer<bool>> {
        self.ask(exists::Question::Table(table))
    }

    fn view_exists<'s>(&'s mut self, view: &'s ObjectName) -> BoxFuture<'s, Answer<bool>> {
        self.ask(exists::Question::View(view))
    }

    fn column_exists<'s>(&'s mut self, table: &'s ObjectName, column: &'s str) -> BoxFuture<'s, Answer<bool>> {
        self.ask(exists::Question::Column(table, column))
    }

    fn sequence_exists<'s>(&'s mut self, sequence: &'s ObjectName) -> BoxFuture<'s, Answer<bool>> {
        self.ask(exists::Question::Sequence(sequence))
    }

    fn foreign_key_exists<'s>(
        &'s mut self,
        space: &'s ObjectName,
        table: Option<&'s str>,
        name: Option<&'s str>,
    ) -> BoxFuture<'s, Answer<bool>> {
        self.ask(exists::Question::ForeignKey { space, table, name })
    }

    fn index_exists<'s>(
        &'s mut self,
        space: &'s ObjectName,
        table: Option<&'s str>,
        columns: Option<&'s str>,
        name: Option<&'s str>,
    ) -> BoxFuture<'s, Answer<bool>> {
        self.ask(exists::Question::Index { space, table, columns, name })
    }

    fn unique_constraint_exists<'s>(
        &'s mut self,
        table: &'s ObjectName,
        columns: Option<&'s str>,
        name: Option<&'s str>,
    ) -> BoxFuture<'s, Answer<bool>> {
        self.ask(exists::Question::Unique { table, columns, name })
    }

    fn primary_key_exists<'s>(
        &'s mut self,
        space: &'s ObjectName,
        table: Option<&'s str>,
        name: Option<&'s str>,
    ) -> BoxFuture<'s, Answer<bool>> {
        self.ask(exists::Question::PrimaryKey { space, table, name })
    }

    fn row_count<'s>(&'s mut self, table: &'s ObjectName, limit: Option<u64>) -> BoxFuture<'s, Answer<u64>> {
        Box::pin(async move {
            let name = self.session.target.qualified(table);
            let sql = match limit {
                Some(limit) => format!("SELECT COUNT(*) FROM (SELECT 1 FROM {name} LIMIT {limit}) sub"),
                None => format!("SELECT COUNT(*) FROM {name}"),
            };
            let rows = self.session.query(&sql).await.map_err(|e| e.to_string())?;
            let count = rows.first().and_then(|r| r.values.first()).and_then(Value::as_int);
            count.and_then(|n| u64::try_from(n).ok()).ok_or_else(|| format!("the rows of {name} could not be counted"))
        })
    }

    fn query<'s>(&'s mut self, sql: &'s str) -> BoxFuture<'s, Answer<Vec<Option<String>>>> {
        Box::pin(async move {
            if self.options.forbids_sql_checks {
                return Err("sqlCheck is not allowed: allow-sql-precondition is false".to_owned());
            }
            let rows = self.session.query(sql).await.map_err(|e| e.to_string())?;
            Ok(rows.iter().map(|r| r.values.first().and_then(shown)).collect())
        })
    }

    fn custom<'s>(&'s mut self, class: &'s str, parameters: &'s [(String, String)]) -> BoxFuture<'s, Answer<()>> {
        Box::pin(async move {
            match self.options.custom_classes.of_precondition(class) {
                Some(program) => process::class(program, class, parameters, &self.options.custom_environment).await,
                None => Err(format!(
                    "Could not open custom precondition class {class}: name a program for it under `programs:` in changelog.config.yaml"
                )),
            }
        })
    }
}

/// A value as PostgreSQL's own text has it, which is what Liquibase compares with.
fn shown(value: &Value) -> Option<String> {
    match value {
        Value::Bool(true) => Some("t".to_owned()),
        Value::Bool(false) => Some("f".to_owned()),
        other => other.to_text(),
    }
}
