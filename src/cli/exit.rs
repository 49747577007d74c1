//! Exit codes, and the failure that ends a run. This file alone maps kinds of failure to codes.

use crate::diagnostic::{Diagnostic, Diagnostics, render_text};
use crate::span::SourceMap;
use std::fmt;

/// Why the process ends. Liquibase knows 0 and 1 only; scripts that test for non-zero go on working.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// The command did what it was asked to.
    Success,
    /// The command failed while it ran.
    RunFailed,
    /// The command line or the configuration is wrong.
    Usage,
    /// The changelog is wrong.
    Changelog,
    /// The database cannot be reached, or refused the user.
    Connection,
    /// Another run holds the lock.
    Lock,
    /// Interrupted from the keyboard (SIGINT).
    Interrupted,
    /// Told to stop (SIGTERM).
    Terminated,
}

impl Exit {
    /// All of them, in the order of their codes.
    pub const ALL: &'static [Exit] =
        &[Exit::Success, Exit::RunFailed, Exit::Usage, Exit::Changelog, Exit::Connection, Exit::Lock, Exit::Interrupted, Exit::Terminated];

    /// The number the process ends with.
    pub const fn code(self) -> u8 {
        match self {
            Exit::Success => 0,
            Exit::RunFailed => 1,
            Exit::Usage => 2,
            Exit::Changelog => 3,
            Exit::Connection => 4,
            Exit::Lock => 5,
            Exit::Interrupted => 130,
            Exit::Terminated => 143,
        }
    }

    /// What it means, for the reference page.
    pub const fn meaning(self) -> &'static str {
        match self {
            Exit::Success => {
                "The command did what it was asked to. Also: nothing to do, a tag that does not exist was reported, pending or unexpected changesets were listed."
            }
            Exit::RunFailed => {
                "The command failed while it ran: a statement was refused, a precondition of a changeset did not hold, a file could not be written."
            }
            Exit::Usage => {
                "The command line or the configuration is wrong: unknown option, missing or impossible value, unreadable settings file. Nothing was done."
            }
            Exit::Changelog => {
                "The changelog is wrong: a file is missing, cannot be parsed, or is invalid; a checksum differs. Nothing was run."
            }
            Exit::Connection => "The database cannot be reached, or refused user and password.",
            Exit::Lock => "Another run holds the lock, and did not give it up in time.",
            Exit::Interrupted => {
                "Interrupted from the keyboard (SIGINT). The changeset under way was rolled back where the database can do so, and the lock was released."
            }
            Exit::Terminated => "Told to stop (SIGTERM), with the same care.",
        }
    }
}

/// What ends a run: the exit and what is printed on standard error.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// The exit.
    pub exit: Exit,
    /// What is wrong, where, and what to do; may have several lines. No secrets.
    pub message: String,
}

impl Failure {
    /// A failure with its message.
    pub fn new(exit: Exit, message: impl Into<String>) -> Self {
        Failure { exit, message: message.into() }
    }

    /// A failure of the command line: the message and where to find help, in Liquibase's words.
    pub fn usage(message: impl fmt::Display) -> Self {
        Failure::new(Exit::Usage, format!("{message}\n\n{HELP_HINT}"))
    }

    /// A failure from diagnostics: each rendered as text, one after another.
    pub fn diagnostics(exit: Exit, diagnostics: &Diagnostics, sources: &SourceMap, color: bool) -> Self {
        let all: Vec<String> = diagnostics.iter().map(|d: &Diagnostic| render_text(d, sources, color)).collect();
        Failure::new(exit, all.concat().trim_end().to_owned())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Failure {}

/// Writing a result failed.
impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Failure::new(Exit::RunFailed, format!("cannot write the result: {error}"))
    }
}

/// Where to find help; the words are Liquibase's (`cli.md` §1).
pub(super) const HELP_HINT: &str = "For detailed help, try 'changelog --help' or 'changelog <command-name> --help'";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_distinct_and_ascending() {
        assert!(Exit::ALL.is_sorted_by(|a, b| a.code() < b.code()));
        assert_eq!(Exit::Success.code(), 0);
    }
}
