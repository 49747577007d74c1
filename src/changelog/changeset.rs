//! The changeset: the unit that runs once, and everything the changelog says of it.

use super::checksum::Checksum;
use super::expression::{ContextExpression, Labels};
use crate::change::Change;
use crate::change::modify_sql::ModifySql;
use crate::precondition::Preconditions;
use crate::source::Format;
use crate::span::Span;
use crate::sql::Quoting;
use std::fmt;
use std::sync::Arc;

/// Identity of a changeset: path, id, author.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Identity {
    /// The path as it is recorded.
    pub path: String,
    /// The id; `None` prints as `null`.
    pub id: Option<String>,
    /// The author; `None` prints as `null`.
    pub author: Option<String>,
}

impl Identity {
    /// The id as it is recorded.
    pub fn id(&self) -> &str {
        self.id.as_deref().unwrap_or("null")
    }

    /// The author as it is recorded.
    pub fn author(&self) -> &str {
        self.author.as_deref().unwrap_or("null")
    }
}

impl fmt::Display for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}::{}::{}", self.path, self.id(), self.author())
    }
}

/// A value with its place.
#[derive(Debug, Clone, PartialEq)]
pub struct Located<T> {
    /// The value.
    pub value: T,
    /// Where it stands.
    pub span: Span,
}

/// Where a changeset is moved to (`runOrder`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RunOrder {
    /// Before all that do not say so.
    First,
    /// Behind all that do not say so.
    Last,
}

/// What happens to a changeset whose changes are not valid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum OnValidationFail {
    /// The run stops.
    #[default]
    Halt,
    /// The changeset is recorded without running.
    MarkRan,
}

/// What undoes a changeset.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Rollback {
    /// The inverses of its changes, last first.
    #[default]
    Automatic,
    /// These changes; none of them when nothing needs to be done.
    Written(Vec<Located<Change>>),
}

/// The contexts and labels that a file and its includes impose on a changeset, nearest first.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Inherited {
    /// For each level: the file's context, then that of the include that pulled it in.
    pub contexts: Vec<ContextExpression>,
    /// For each level: the labels of the include.
    pub labels: Vec<Labels>,
}

/// A changeset.
#[derive(Debug, Clone)]
pub struct ChangeSet {
    /// Who it is.
    pub identity: Identity,
    /// The file it stands in, as it was reached; files beside it are found from here.
    pub file: Arc<FileScope>,
    /// Where it stands.
    pub span: Span,
    /// The format of its file.
    pub format: Format,
    /// Its own contexts.
    pub contexts: ContextExpression,
    /// Its own labels.
    pub labels: Labels,
    /// What its file and includes impose.
    pub inherited: Arc<Inherited>,
    /// Databases it is for, in lower case; empty means all.
    pub dbms: Vec<String>,
    /// Runs every time.
    pub run_always: bool,
    /// Runs again when it was edited.
    pub run_on_change: bool,
    /// Runs in one transaction.
    pub run_in_transaction: bool,
    /// Whether an error stops the run; `None` counts as true.
    pub fail_on_error: Option<bool>,
    /// What happens when it is not valid.
    pub on_validation_fail: OnValidationFail,
    /// When names are quoted.
    pub quoting: Quoting,
    /// Left out entirely, by itself or by its own include.
    pub ignore: bool,
    /// Where it is moved to.
    pub run_order: Option<RunOrder>,
    /// The program that runs it, instead of the connection.
    pub run_with: Option<String>,
    /// When it was written, as its author says.
    pub created: Option<String>,
    /// What its author says of it.
    pub comment: Option<String>,
    /// Checksums that it may have in the ledger beside its own.
    pub valid_checksums: Vec<Checksum>,
    /// What must hold before it runs.
    pub preconditions: Option<Preconditions>,
    /// What it does.
    pub changes: Vec<Located<Change>>,
    /// What undoes it.
    pub rollback: Rollback,
    /// Edits of the generated SQL.
    pub modify_sql: Vec<ModifySql>,
}

/// A changelog file in its place: what properties and paths are seen from it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FileScope {
    /// The path as it was reached, normalised.
    pub path: String,
    /// Keys of local properties: this file's, then those of the files that include it, nearest first.
    pub properties: Vec<String>,
}

impl ChangeSet {
    /// The text of DESCRIPTION before it is cut for the ledger (changes §2).
    pub fn description(&self) -> String {
        if self.changes.is_empty() {
            return "empty".to_owned();
        }
        let parts: Vec<String> = self.changes.iter().map(|c| c.value.description()).collect();
        cut(&parts.join("; "), 255)
    }

    /// The comment as it is recorded: trimmed, cut to 250 characters, empty when there is none.
    pub fn recorded_comment(&self) -> String {
        cut(self.comment.as_deref().unwrap_or("").trim(), 250)
    }

    /// The CONTEXTS text: what is inherited and its own, joined with AND (changelog-formats §9).
    pub fn recorded_contexts(&self) -> Option<String> {
        ContextExpression::join(&self.inherited.contexts, &self.contexts)
    }

    /// The LABELS text: include labels from inner to outer, then its own, joined with commas.
    pub fn recorded_labels(&self) -> Option<String> {
        let parts: Vec<String> = self.inherited.labels.iter().chain([&self.labels]).flat_map(|l| l.iter().map(str::to_owned)).collect();
        (!parts.is_empty()).then(|| parts.join(","))
    }

    /// Whether a rollback to the tag that the changeset sets leaves the changeset in place.
    pub fn keeps_tag_on_rollback(&self) -> bool {
        self.changes.iter().any(|c| matches!(&c.value, Change::TagDatabase(tag) if tag.keep_tag_on_rollback == Some(true)))
    }

    /// The tag that the changeset sets: that of its first tagDatabase change.
    pub fn tag(&self) -> Option<&str> {
        self.changes.iter().find_map(|c| match &c.value {
            Change::TagDatabase(tag) => tag.tag.as_deref(),
            _ => None,
        })
    }
}

/// Cuts a text to `limit` characters; the last three become dots.
pub fn cut(text: &str, limit: usize) -> String {
    if text.chars().count() <= limit {
        return text.to_owned();
    }
    let mut out: String = text.chars().take(limit - 3).collect();
    out.push_str("...");
    out
}
