//! Whether the database has already what a changeset makes.
//!
//! Liquibase commits a changeset before it records it. A run of it that was killed in between leaves an effect without a record, and the
//! next run, of whichever tool, meets "already exists". Then each object that the changeset makes is looked up by one targeted query.

use super::run::{ChangesetError, Run};
use crate::change::NoTables;
use crate::changelog::ChangeSet;
use crate::plan::filter::resources;
use crate::plan::render;
use crate::snapshot::exists::{self, Question};
use crate::sql::Statement;
use std::sync::Arc;

/// What was found of a changeset's objects.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Presence {
    /// The objects that are there, in words.
    pub there: Vec<String>,
    /// Those that are not.
    pub missing: Vec<String>,
    /// How many of its statements make nothing that can be looked up: rows, texts of SQL, changes to what is there.
    pub unknown: usize,
}

impl Run<'_> {
    /// Looks for what a changeset makes, after one of its statements was refused because the database has it already; `None` when that
    /// was not why. What this run itself has made by then and cannot take back is there, too.
    pub(super) async fn presence(&mut self, changeset: &Arc<ChangeSet>, error: &ChangesetError) -> Option<Presence> {
        let refusal = error.database.as_ref().zip(error.sql.as_ref());
        if error.rollback || !refusal.is_some_and(|(refusal, sql)| refusal.says_already_done(sql)) {
            return None;
        }
        let mut found = Presence::default();
        let target = self.session.target.with_quoting(changeset.quoting);
        for change in &changeset.changes {
            let statements = {
                let files = resources(self.changelog, changeset);
                let context = self.context(&target, &files, &NoTables);
                if !render::applies(&change.value, &context) {
                    continue;
                }
                if change.value.as_type().is_volatile() {
                    // Rows of a file: they cannot be looked up, and may be more than fit into memory.
                    found.unknown += 1;
                    continue;
                }
                change.value.as_type().statements(&context).ok()?
            };
            for statement in &statements {
                let made = made(statement);
                found.unknown += usize::from(made.is_empty());
                for (words, question) in made {
                    // It is only for a hint: a question that cannot be asked or answered counts for nothing.
                    match self.holds(&question).await {
                        Some(true) => found.there.push(words),
                        Some(false) => found.missing.push(words),
                        None => found.unknown += 1,
                    }
                }
            }
        }
        Some(found)
    }

    async fn holds(&mut self, question: &Question<'_>) -> Option<bool> {
        let sql = exists::sql(&self.session.target, question).ok()?;
        let rows = self.session.query(&sql).await.ok()?;
        Some(exists::holds(&self.session.target, question, &rows))
    }
}

/// The objects that a statement makes, in words and as questions.
fn made(statement: &Statement) -> Vec<(String, Question<'_>)> {
    let column = |table, name| (format!("column {name}"), Question::Column(table, name));
    match statement {
        Statement::CreateTable(s) => {
            let columns = s.columns.iter().map(|c| column(&s.table, &c.name));
            std::iter::once((format!("table {}", s.table.name), Question::Table(&s.table))).chain(columns).collect()
        }
        Statement::AddColumn(s) => s.columns.iter().map(|c| column(&s.table, &c.name)).collect(),
        Statement::CreateView(s) => vec![(format!("view {}", s.view.name), Question::View(&s.view))],
        Statement::CreateSequence(s) => vec![(format!("sequence {}", s.sequence.name), Question::Sequence(&s.sequence))],
        Statement::CreateIndex(s) => s.name.iter().map(|name| (format!("index {name}"), index(s, name))).collect(),
        Statement::AddForeignKey(s) => {
            let question = Question::ForeignKey { space: &s.table, table: Some(&s.table.name), name: Some(&s.name) };
            vec![(format!("foreign key {}", s.name), question)]
        }
        Statement::AddUnique(s) => {
            let columns = Some(s.columns.as_str()).filter(|columns| !columns.is_empty());
            let question = Question::Unique { table: &s.table, columns, name: s.name.as_deref() };
            vec![(format!("unique constraint {}", s.name.as_deref().unwrap_or(&s.columns)), question)]
        }
        Statement::AddPrimaryKey(s) => {
            let question = Question::PrimaryKey { space: &s.table, table: Some(&s.table.name), name: None };
            vec![(format!("primary key of {}", s.table.name), question)]
        }
        _ => Vec::new(),
    }
}

fn index<'s>(statement: &'s crate::sql::statement::CreateIndex, name: &'s str) -> Question<'s> {
    Question::Index { space: &statement.table, table: Some(&statement.table.name), columns: None, name: Some(name) }
}
