//! The journal: how far a changeset got whose statements the database commits one by one. The table is ours, and is there only
//! while a run needs it or left something open in it.

use super::Ledger;
use super::ledger::column;
use crate::changelog::Identity;
use crate::db::{Row, Value};
use crate::sql::RenderError;

/// What was being done with the changeset.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Work {
    /// It was run.
    Update,
    /// It was undone.
    Rollback,
}

impl Work {
    /// The word of the table.
    pub fn word(self) -> &'static str {
        match self {
            Work::Update => "UPDATE",
            Work::Rollback => "ROLLBACK",
        }
    }
}

/// What is known of a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// It was about to be sent; whether it took effect is not known.
    Started,
    /// It took effect, and all before it.
    Done,
}

impl State {
    /// The word of the table.
    pub fn word(self) -> &'static str {
        match self {
            State::Started => "STARTED",
            State::Done => "DONE",
        }
    }
}

/// How far a changeset got.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JournalRow {
    /// What was being done.
    pub work: Work,
    /// The changeset, by the identity that its record has or would have.
    pub identity: Identity,
    /// The statement, counted from 1.
    pub statement: usize,
    /// What is known of it; those before it took effect, those behind it did not.
    pub state: State,
    /// A digest of the statements up to this one.
    pub digest: String,
    /// When it was written, by the server's clock and in its words.
    pub since: String,
}

impl JournalRow {
    /// Reads a row; `None` when it is not one of ours.
    pub fn from_row(row: &Row) -> Option<JournalRow> {
        let text = |name: &str| row.text(name);
        Some(JournalRow {
            work: [Work::Update, Work::Rollback].into_iter().find(|w| text("KIND").as_deref() == Some(w.word()))?,
            identity: Identity { path: text("FILENAME")?, id: text("ID"), author: text("AUTHOR") },
            statement: row.get("STATEMENT").and_then(Value::as_int).and_then(|n| usize::try_from(n).ok())?,
            state: [State::Started, State::Done].into_iter().find(|s| text("STATE").as_deref() == Some(s.word()))?,
            digest: text("DIGEST")?,
            since: text("SINCE").unwrap_or_default(),
        })
    }
}

impl Ledger {
    /// The qualified name of the journal.
    pub fn journal_name(&self) -> String {
        self.target.qualified(&self.journal_table)
    }

    /// CREATE TABLE of the journal.
    ///
    /// # Errors
    /// When the dialect cannot make it.
    pub fn create_journal_table(&self) -> Result<Vec<String>, RenderError> {
        let columns = vec![
            column("KIND", "varchar(10)", true),
            column("ID", "varchar(255)", true),
            column("AUTHOR", "varchar(255)", true),
            column("FILENAME", "varchar(255)", true),
            column("STATEMENT", "int", true),
            column("STATE", "varchar(10)", true),
            column("DIGEST", "varchar(64)", true),
            column("SINCE", "datetime", true),
        ];
        self.create(&self.journal_table, columns)
    }

    /// DROP TABLE of the journal.
    pub fn drop_journal_table(&self) -> String {
        format!("DROP TABLE {}", self.journal_name())
    }

    /// Everything in the journal.
    pub fn select_journal(&self) -> String {
        format!("SELECT * FROM {}", self.journal_name())
    }

    fn journal_key(&self, work: Work, identity: &Identity) -> String {
        format!("KIND = {} AND {}", self.target.string(work.word()), self.identity(identity))
    }

    /// Notes how far a changeset got; `is_new` says that it has no row yet.
    pub fn write_journal(&self, work: Work, identity: &Identity, at: (usize, State), digest: &str, is_new: bool) -> String {
        let s = |text: &str| self.target.string(text);
        let ((statement, state), now, table) = (at, self.target.dialect.ledger_now, self.journal_name());
        if is_new {
            return format!(
                "INSERT INTO {table} (KIND, ID, AUTHOR, FILENAME, STATEMENT, STATE, DIGEST, SINCE) VALUES ({}, {}, {}, {}, {statement}, {}, {}, {now})",
                s(work.word()),
                s(identity.id()),
                s(identity.author()),
                s(&identity.path),
                s(state.word()),
                s(digest),
            );
        }
        format!(
            "UPDATE {table} SET STATEMENT = {statement}, STATE = {}, DIGEST = {}, SINCE = {now} WHERE {}",
            s(state.word()),
            s(digest),
            self.journal_key(work, identity)
        )
    }

    /// Notes that a statement failed which was noted as begun: those before it are done.
    pub fn write_failure(&self, work: Work, identity: &Identity, statement: usize, digest_before: &str) -> String {
        let begun = format!("STATEMENT = {statement} AND STATE = {}", self.target.string(State::Started.word()));
        let done = self.write_journal(work, identity, (statement.saturating_sub(1), State::Done), digest_before, false);
        format!("{done} AND {begun}")
    }

    /// Forgets a changeset.
    pub fn remove_from_journal(&self, work: Work, identity: &Identity) -> String {
        format!("DELETE FROM {} WHERE {}", self.journal_name(), self.journal_key(work, identity))
    }
}
