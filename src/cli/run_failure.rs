//! A failed run as a failure of the command: places first, then Liquibase's text.

use super::{Exit, Failure};
use crate::changelog::Changelog;
use crate::db::{DbError, DbErrorKind};
use crate::diagnostic::{CHANGESET_FAILED, Diagnostic, NO_ROLLBACK, render_text};
use crate::exec::RunError;
use crate::report::{date, validation};

/// What helps when a changeset that is not recorded has taken effect.
const ALREADY_THERE: &str = "the database has it already: if another tool was killed before it recorded this changeset, compare the whole \
                             changeset with the database, and record it with `mark-next-changeset-ran`";

/// What helps when a changeset has no inverse.
const NO_WAY_BACK: &str = "give the changeset a `rollback`: statements, changes, or an empty one when nothing is to be undone";

impl Failure {
    /// The failure of a run over a changelog.
    pub(super) fn of_run(error: &RunError, changelog: &Changelog, color: bool) -> Failure {
        let places = match error {
            RunError::Validation(report) => {
                validation::diagnostics(report, changelog).iter().map(|d| render_text(d, &changelog.sources, color)).collect()
            }
            RunError::Changeset(e) => {
                let code = if e.rollback && e.sql.is_none() { NO_ROLLBACK } else { CHANGESET_FAILED };
                let what = if e.rollback { "undoing" } else { "changeset" };
                let mut problem = Diagnostic::error(code, format!("{what} {} failed", e.identity));
                problem.span = e.span;
                // Between effect and record Liquibase has a gap, and a run of it that was killed there leaves this.
                if !e.rollback && matches!((&e.database, &e.sql), (Some(refusal), Some(sql)) if refusal.says_already_done(sql)) {
                    problem.hint = Some(ALREADY_THERE.to_owned());
                }
                if code == NO_ROLLBACK {
                    problem.hint = Some(NO_WAY_BACK.to_owned());
                }
                render_text(&problem, &changelog.sources, color)
            }
            _ => String::new(),
        };
        let failure = Failure::from(error);
        Failure { message: places + &failure.message, ..failure }
    }
}

impl From<&RunError> for Failure {
    fn from(error: &RunError) -> Self {
        let exit = match error {
            RunError::Validation(_) => Exit::Changelog,
            RunError::Locked { .. } | RunError::LockLost => Exit::Lock,
            // Which signal it was, the caller knows.
            RunError::Stopped => return Failure::new(Exit::Interrupted, error.to_string()),
            RunError::Database(DbError {
                kind: DbErrorKind::Connect | DbErrorKind::Authentication | DbErrorKind::NoSuchDatabase, ..
            }) => Exit::Connection,
            _ => Exit::RunFailed,
        };
        let text = match error {
            RunError::Locked { holder, since } => {
                RunError::Locked { holder: holder.clone(), since: date::styled(since, date::short) }.to_string()
            }
            other => other.to_string(),
        };
        Failure::new(exit, format!("Unexpected error running Liquibase: {text}\n\nFor more information, please use the --log-level flag"))
    }
}

impl From<RunError> for Failure {
    fn from(error: RunError) -> Self {
        Failure::from(&error)
    }
}
