//! How a command fails; `exit.rs` gives each kind its exit code.

use crate::db::{DbError, DbErrorKind};
use crate::exec::RunError;

/// Why a command did not succeed.
#[derive(Debug)]
pub enum Failure {
    /// The command line or the configuration.
    Usage(String),
    /// The changelog has errors; they have been shown.
    Changelog,
    /// The database could not be reached or refused the user.
    Connection(DbError),
    /// The run ended early.
    Run(RunError),
    /// A file could not be read or written.
    File(String),
    /// Something was found that the command is there to find; it has been shown.
    Found,
}

impl From<RunError> for Failure {
    fn from(error: RunError) -> Self {
        match error {
            RunError::Database(e) if matches!(e.kind, DbErrorKind::Connect | DbErrorKind::Authentication | DbErrorKind::NoSuchDatabase) => {
                Failure::Connection(e)
            }
            other => Failure::Run(other),
        }
    }
}

impl Failure {
    /// The text for standard error; empty when everything has been shown.
    pub fn text(&self) -> String {
        match self {
            Failure::Usage(text) | Failure::File(text) => text.clone(),
            Failure::Changelog | Failure::Found => String::new(),
            Failure::Connection(e) => e.to_string(),
            Failure::Run(e) => e.to_string(),
        }
    }
}
