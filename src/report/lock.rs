//! The lock and what is half done, for programs.

use crate::history::journal::JournalRow;
use schemars::JsonSchema;
use serde::Serialize;

/// What `list-locks` says.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Locks {
    /// Of the form of this document.
    #[schemars(extend("const" = 1))]
    pub version: u32,
    /// User and database.
    pub database: String,
    /// The lock, if somebody holds it.
    pub locks: Vec<Lock>,
}

/// A lock that is held.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Lock {
    /// Who holds it.
    pub locked_by: String,
    /// Since when, as the server prints it.
    pub granted: String,
}

/// What `diagnose` says.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Diagnosis {
    /// Of the form of this document.
    #[schemars(extend("const" = 1))]
    pub version: u32,
    /// User and database.
    pub database: String,
    /// The lock, if somebody holds it.
    pub lock: Option<HeldLock>,
    /// Changesets that are half done.
    pub journal: Vec<HalfDone>,
    /// Whether the journal was forgotten.
    pub forgotten: bool,
}

/// A lock that is held, and what is known of its holder.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct HeldLock {
    /// The lock.
    #[serde(flatten)]
    pub lock: Lock,
    /// Whether the run that took it is alive; `unknown` where the database cannot tell, and of Liquibase.
    #[schemars(extend("enum" = ["alive", "gone", "unknown"]))]
    pub session: &'static str,
}

/// How far a changeset got.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct HalfDone {
    /// What was being done with it.
    #[schemars(extend("enum" = ["update", "rollback"]))]
    pub work: String,
    /// Its id.
    pub id: String,
    /// Its author.
    pub author: String,
    /// Its path as recorded.
    pub path: String,
    /// The statement, from 1.
    pub statement: usize,
    /// What is known of it; those before it took effect, those behind it did not.
    #[schemars(extend("enum" = ["started", "done"]))]
    pub state: String,
    /// When, as the server prints it.
    pub since: String,
}

impl From<(String, String)> for Lock {
    fn from((locked_by, granted): (String, String)) -> Self {
        Lock { locked_by, granted }
    }
}

impl From<&JournalRow> for HalfDone {
    fn from(row: &JournalRow) -> Self {
        HalfDone {
            work: row.work.word().to_lowercase(),
            id: row.identity.id().to_owned(),
            author: row.identity.author().to_owned(),
            path: row.identity.path.clone(),
            statement: row.statement,
            state: row.state.word().to_lowercase(),
            since: row.since.clone(),
        }
    }
}
