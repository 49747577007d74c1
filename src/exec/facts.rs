//! Preconditions asked of a live database, and what rendering asks of it; one targeted query each.

use super::event::Event;
use super::process;
use super::run::{ChangesetError, Run, RunOptions};
use super::session::Session;
use crate::change::{Change, TableTypes};
use crate::changelog::{ChangeSet, Changelog, FileScope};
use crate::db::{DbError, Value};
use crate::history::row::identity_key;
use crate::plan::filter::RanRows;
use crate::precondition::Facts;
use crate::precondition::check::Answer;
use crate::snapshot::{columns, exists, stored};
use crate::sql::{Action, ObjectName, Quoting, RenderError, Target};
use futures_util::future::BoxFuture;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::Instant;

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
            exists::holds(&self.session.target, &question, &rows)
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
        self.ran.rows.iter().any(|r| r.key() == key && r.ran())
    }

    fn property(&self, name: &str) -> Option<String> {
        let none = FileScope::default();
        let scope = self.changeset.map_or(&none, |c| &c.file);
        self.changelog.properties.get(name, &scope.properties).map(str::to_owned)
    }

    fn quoting_strategy(&self) -> &str {
        match self.changeset.map_or(self.changelog.quoting, |c| c.quoting) {
            Quoting::Legacy => "LEGACY",
            Quoting::All => "QUOTE_ALL_OBJECTS",
            Quoting::ReservedOnly => "QUOTE_ONLY_RESERVED_WORDS",
        }
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
            let count = rows.first().and_then(|r| r.values.first()).and_then(Value::as_int).unwrap_or(0);
            Ok(u64::try_from(count).unwrap_or(0))
        })
    }

    fn query<'s>(&'s mut self, sql: &'s str) -> BoxFuture<'s, Answer<Vec<String>>> {
        Box::pin(async move {
            let rows = self.session.query(sql).await.map_err(|e| e.to_string())?;
            Ok(rows.iter().map(|r| r.values.first().and_then(Value::to_text).unwrap_or_else(|| "null".to_owned())).collect())
        })
    }

    fn custom<'s>(&'s mut self, class: &'s str, parameters: &'s [(String, String)]) -> BoxFuture<'s, Answer<()>> {
        Box::pin(async move {
            match self.options.custom_classes.get(class) {
                Some(program) => process::class(program, class, parameters, &self.options.custom_environment).await,
                None => Err(format!("Could not open custom precondition class {class}: map it to a program with custom-class-map")),
            }
        })
    }
}

/// Types of columns that were asked for before a change was rendered.
#[derive(Debug, Default)]
pub(super) struct KnownTypes(HashMap<String, String>);

impl TableTypes for KnownTypes {
    fn column_type(&self, _table: &ObjectName, column: &str) -> Option<String> {
        self.0.get(&column.to_lowercase()).cloned()
    }
}

impl Run<'_> {
    /// Types of the columns of the table that a change loads data into.
    pub(super) async fn table_types(&mut self, change: &Change) -> Result<KnownTypes, DbError> {
        let Some(table) = change.as_type().table_to_load() else { return Ok(KnownTypes::default()) };
        if self.session.is_writing() {
            return Ok(KnownTypes::default());
        }
        let target = self.session.target.clone();
        let found = columns::of_tables(self.session.connection()?, &target, &table, &[&table.name]).await?;
        Ok(KnownTypes(found.into_iter().map(|c| (c.column.to_lowercase(), c.data_type)).collect()))
    }

    /// Answers what rendering asked for, into the target; false when it asked for nothing that can be had.
    pub(super) async fn answer(&mut self, need: &RenderError, target: &mut Target) -> Result<bool, DbError> {
        if self.session.is_writing() {
            // The script has not run: the database does not have what its earlier statements would make.
            if !matches!(need, RenderError::NeedsForeignKeys { .. }) || self.session.is_offline() {
                return Ok(false);
            }
        }
        match need {
            RenderError::Invalid(_) => Ok(false),
            RenderError::NeedsTable { table, .. } => {
                let Some(found) = stored::table(self.session.connection()?, table).await? else { return Ok(false) };
                let mut tables: BTreeMap<_, _> = (*target.stored_tables).clone();
                let is_new = tables.insert(table.to_lowercase(), found).is_none();
                target.stored_tables = Arc::new(tables);
                Ok(is_new)
            }
            RenderError::NeedsForeignKeys { table, .. } => {
                let found = stored::foreign_keys(self.session.connection()?, target, table).await?;
                let mut keys: BTreeMap<_, _> = (*target.foreign_keys).clone();
                let is_new = keys.insert(target.qualified(table), found).is_none();
                target.foreign_keys = Arc::new(keys);
                Ok(is_new)
            }
        }
    }

    /// Does one action; the rows that it touched.
    pub(super) async fn act(&mut self, action: &Action, changeset: &ChangeSet) -> Result<u64, Box<ChangesetError>> {
        let error = |reason: String, sql: Option<String>, database: Option<DbError>| {
            Box::new(ChangesetError {
                identity: changeset.identity.clone(),
                reason,
                sql,
                database,
                span: None,
                rollback: false,
                partial: false,
            })
        };
        let writing = self.session.is_writing();
        match action {
            Action::Sql(sql) => {
                let started = Instant::now();
                let rows = match self.session.statement(sql).await {
                    Ok(rows) => rows,
                    Err(e) => return Err(error(e.to_string(), Some(sql.text.clone()), Some(e))),
                };
                if !writing {
                    self.observer.on(&Event::Statement { sql: &sql.text, rows, elapsed: started.elapsed() });
                }
                Ok(rows)
            }
            Action::Comment(text) => {
                self.session.comment(text);
                Ok(0)
            }
            Action::Skipped(_) | Action::OtherSystem(_) => Ok(0),
            Action::Stop(message) => Err(error(message.clone(), None, None)),
            Action::Output { message, target } => {
                if !writing {
                    self.observer.on(&Event::Output { message, target: *target });
                }
                Ok(0)
            }
            Action::Command(command) => {
                let line = std::iter::once(command.executable.as_str())
                    .chain(command.arguments.iter().map(String::as_str))
                    .collect::<Vec<_>>()
                    .join(" ");
                if writing {
                    self.session.comment(&line);
                    return Ok(0);
                }
                if !self.options.allow_commands {
                    return Err(error(
                        format!("executeCommand wants to run `{line}`; processes are started only with --allow-commands"),
                        None,
                        None,
                    ));
                }
                process::command(command).await.map(|()| 0).map_err(|reason| error(reason, None, None))
            }
            Action::Custom { class, parameters } => {
                if writing {
                    self.session.comment(&format!("customChange {class} is not SQL"));
                    return Ok(0);
                }
                match self.options.custom_classes.get(class) {
                    Some(program) => process::class(program, class, parameters, &self.options.custom_environment)
                        .await
                        .map(|()| 0)
                        .map_err(|reason| error(reason, None, None)),
                    None => {
                        Err(error(format!("customChange {class} is a Java class; map it to a program with custom-class-map"), None, None))
                    }
                }
            }
        }
    }
}
