//! A failed run as a failure of the command: places first, then Liquibase's text.

use super::{Exit, Failure};
use crate::changelog::Changelog;
use crate::db::{DbError, DbErrorKind};
use crate::diagnostic::{CHANGESET_FAILED, Diagnostic, NO_ROLLBACK, render_text};
use crate::exec::{ChangesetError, Presence, RunError};
use crate::report::{date, place, validation};
use crate::span::Span;

/// What helps when a changeset that is not recorded has taken effect, or seems to have. Between effect and record Liquibase has a gap, and
/// a run of it that was killed there leaves this.
fn already_there(found: &Presence) -> String {
    let there = found.there.join(", ");
    let mut text = match (found.there.is_empty(), found.missing.is_empty()) {
        (true, _) => "the database has it already".to_owned(),
        (false, true) => format!("the database has all that was looked up of this changeset already: {there}"),
        (false, false) => format!("the database has a part of this changeset already: {there}; it has not {}", found.missing.join(", ")),
    };
    if found.unknown > 0 {
        text.push_str(&format!(" ({} more of its statements cannot be looked up)", found.unknown));
    }
    text.push_str(match found.missing.is_empty() {
        true => ". If another tool was killed before it recorded it, compare the rest (types, rows), and record it with `mark-next-changeset-ran`",
        false => {
            ". If another tool was killed within it, make what is missing, or take away what is there; then record it with \
             `mark-next-changeset-ran`, or run it"
        }
    });
    text
}

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
                problem.span = e.sql.as_deref().and_then(|sql| place_of(e, sql, changelog)).or(e.span);
                problem.hint = e.presence.as_ref().map(already_there);
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

/// Where the refused statement stands: in its change, or else in its changeset.
fn place_of(error: &ChangesetError, sql: &str, changelog: &Changelog) -> Option<Span> {
    let changeset = changelog.changesets.iter().find(|c| c.identity == error.identity).map(|c| c.span);
    let spans: Vec<Span> = error.span.into_iter().chain(changeset).collect();
    place::of_statement(&changelog.sources, &spans, sql, error.database.as_ref().and_then(|d| d.position).map(|p| p as usize))
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
