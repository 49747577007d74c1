//! One run: what it works on, what it depends on, how it fails.

use super::blockers::Blocker;
use super::event::{Event, Observer};
use super::facts::LiveFacts;
use super::journal::Journal;
use super::lock::Lock;
use super::presence::Presence;
use super::script::LedgerSql;
use super::session::Session;
use super::shadow::Shadow;
use super::stop::Stop;
use crate::changelog::{ChangeSet, Changelog, Identity};
use crate::db::DbError;
use crate::history::ledger::{Ledger, TableNames};
use crate::history::room::Room;
use crate::plan::filter::{RanRows, Selection};
use crate::plan::programs::CustomClasses;
use crate::plan::validate::Report;
use crate::precondition::{self, Outcome as PreconditionOutcome, Preconditions, Reaction};
use crate::span::Span;
use std::borrow::Cow;
use std::collections::HashSet;
use std::time::Duration;

/// Settings of a run.
#[derive(Debug, Clone)]
pub struct RunOptions {
    /// Names of the ledger and lock tables.
    pub tables: TableNames,
    /// How long to wait for the lock.
    pub lock_wait: Duration,
    /// How often to look at the lock while waiting.
    pub lock_poll: Duration,
    /// Who we are, for the lock row: `host#changelog-… (address)`, unique to the process.
    pub lock_owner: String,
    /// Whether a lock that dies with the session is taken beside the row.
    pub session_lock: bool,
    /// After how long a lock that proves nothing counts as left behind; `None` means never.
    pub stale_lock: Option<Duration>,
    /// Last ten digits of the start time in milliseconds.
    pub deployment_id: String,
    /// When the run started, local time, in seconds since 1970.
    pub now: i64,
    /// When the run started, as a script's head says it.
    pub ran_at: String,
    /// Whether one identity may be used twice.
    pub allow_duplicates: bool,
    /// Whether `executeCommand` may start processes.
    pub allow_commands: bool,
    /// Whether the `sqlCheck` precondition is forbidden.
    pub forbids_sql_checks: bool,
    /// What stands for Java classes.
    pub custom_classes: CustomClasses,
    /// What those programs get in their environment.
    pub custom_environment: Vec<(String, String)>,
    /// How much of the ledger's SQL a script has.
    pub ledger_sql: LedgerSql,
    /// The history file of an offline run.
    pub offline_history: Option<std::path::PathBuf>,
    /// When the run started, as an offline history says it: ISO local date and time.
    pub started: String,
    /// Whether doubtful things stop the run.
    pub strict: bool,
}

/// Why a run ended early.
#[derive(Debug, Clone, PartialEq)]
pub enum RunError {
    /// The changelog is not valid for this database.
    Validation(Box<Report>),
    /// A changeset failed; what it did in its transaction is undone.
    Changeset(Box<ChangesetError>),
    /// The lock was not to be had.
    Locked {
        /// Who holds it.
        holder: String,
        /// Since when.
        since: String,
    },
    /// The lock that was held is no longer ours.
    LockLost,
    /// The run was asked to stop; what it did of the changeset under way is undone.
    Stopped,
    /// The database failed outside of a changeset.
    Database(DbError),
    /// Anything else, with its text.
    Other(String),
}

/// A changeset that failed.
#[derive(Debug, Clone, PartialEq)]
pub struct ChangesetError {
    /// Which.
    pub identity: Identity,
    /// Why.
    pub reason: String,
    /// The statement that failed.
    pub sql: Option<String>,
    /// What the database said.
    pub database: Option<DbError>,
    /// Where the changeset stands.
    pub span: Option<Span>,
    /// Whether it was being undone.
    pub rollback: bool,
    /// Whether statements before the failing one have already taken effect and cannot be undone.
    pub partial: bool,
    /// How many statements took effect for good, and are skipped by the next run; `None` when it starts at the first.
    pub done: Option<usize>,
    /// Whom the statement waited for, if that was why it failed.
    pub blockers: Vec<Blocker>,
    /// What the database has of it, if that was why a statement failed.
    pub presence: Option<Presence>,
}

impl ChangesetError {
    /// An error that has a reason alone, at the changeset.
    pub(super) fn new(changeset: &ChangeSet, reason: impl Into<String>) -> Self {
        ChangesetError {
            identity: changeset.identity.clone(),
            reason: reason.into(),
            sql: None,
            database: None,
            span: Some(changeset.span),
            rollback: false,
            partial: false,
            done: None,
            blockers: Vec::new(),
            presence: None,
        }
    }

    /// What the database refused.
    pub(super) fn refused(changeset: &ChangeSet, error: DbError) -> Self {
        ChangesetError { database: Some(error.clone()), ..ChangesetError::new(changeset, error.to_string()) }
    }

    /// The same at another place.
    pub(super) fn at(self, span: Span) -> Self {
        ChangesetError { span: Some(span), ..self }
    }
}

impl RunError {
    /// The same at the place of the change under way. A refused statement has its own place: it may have waited.
    pub(super) fn at(self, span: Span) -> Self {
        match self {
            RunError::Changeset(e) if e.sql.is_none() => e.at(span).into(),
            other => other,
        }
    }
}

impl From<ChangesetError> for RunError {
    fn from(error: ChangesetError) -> Self {
        RunError::Changeset(Box::new(error))
    }
}

impl From<DbError> for RunError {
    fn from(error: DbError) -> Self {
        RunError::Database(error)
    }
}

impl std::fmt::Display for RunError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            RunError::Validation(report) => f.write_str(&report.text()),
            RunError::Changeset(e) => {
                let what = if e.rollback { "Rollback" } else { "Migration" };
                write!(f, "{what} failed for changeset {}:\n     Reason: ", e.identity)?;
                match &e.database {
                    Some(refusal) => {
                        f.write_str(&refusal.message)?;
                        if let Some(detail) = &refusal.detail {
                            write!(f, "\n  {}", detail.replace('\n', "\n  "))?;
                        }
                        if let Some(position) = refusal.position {
                            write!(f, "\n  Position: {position}")?;
                        }
                    }
                    None => f.write_str(&e.reason)?,
                }
                if let Some(sql) = &e.sql {
                    let code = e.database.as_ref().and_then(|d| d.code.as_deref()).map(|c| format!("({c}) ")).unwrap_or_default();
                    write!(f, " [Failed SQL: {code}{}]", readable(sql))?;
                }
                for blocker in &e.blockers {
                    write!(f, "\n     It waited {blocker}")?;
                    if let Some(end) = &blocker.end {
                        write!(f, "; `{end}` ends it")?;
                    }
                }
                match e.done {
                    Some(done) if e.partial => {
                        f.write_str("\n     ")?;
                        match done {
                            1 => f.write_str("The first statement of the changeset has taken effect")?,
                            _ => write!(f, "The first {done} statements of the changeset have taken effect")?,
                        }
                        f.write_str(": this database commits statement by statement. The next run goes on behind that. If you undo it by hand, run `changelog diagnose --forget-journal`, and the changeset starts at its first statement again.")?;
                    }
                    None if e.partial => f.write_str("\n     Statements before the failing one have taken effect: this database commits them one by one. Bring the schema to the state before or after the changeset by hand, then run again (or mark it with mark-next-changeset-ran).")?,
                    _ => {}
                }
                Ok(())
            }
            RunError::Locked { holder, since } => {
                write!(f, "Could not acquire change log lock.  Currently locked by {holder} since {since}")?;
                f.write_str(
                    "\n     `list-locks` shows who holds it. If that process is gone, `release-locks` frees it; if it runs, wait for it.",
                )
            }
            RunError::LockLost => f.write_str("The change log lock was taken over by another runner; nothing more is written"),
            RunError::Stopped => f.write_str("Stopped as asked, between two changesets; the lock is free"),
            RunError::Database(e) => e.fmt(f),
            RunError::Other(text) => f.write_str(text),
        }
    }
}

impl std::error::Error for RunError {}

/// How much of a statement an error shows, in characters: more than a person takes in, less than the rows of a data file.
const SHOWN: usize = 2_000;

/// A statement as an error shows it: all of it, or its beginning where it is too long to be read.
fn readable(sql: &str) -> Cow<'_, str> {
    match sql.char_indices().nth(SHOWN) {
        Some((end, _)) => Cow::Owned(format!("{} … ({} characters in all)", sql.get(..end).unwrap_or_default(), sql.chars().count())),
        None => Cow::Borrowed(sql),
    }
}

/// A run over a changelog.
pub struct Run<'a> {
    // What the caller gives.
    /// What runs.
    pub changelog: &'a Changelog,
    /// What it selects.
    pub selection: &'a Selection,
    /// Where statements go.
    pub session: &'a mut Session,
    /// Who watches.
    pub observer: &'a mut dyn Observer,
    /// Settings.
    pub options: &'a RunOptions,
    /// Asks this run to stop.
    pub stop: Stop,

    // What is known of the ledger.
    /// Its SQL.
    pub ledger: Ledger,
    /// Its rows as they were last read, with those written since.
    pub ran: RanRows,
    /// How much its columns hold.
    pub(super) room: Room,

    // How far the run has come.
    /// The lock.
    pub(super) lock: Lock,
    /// The journal, while the lock is held.
    pub(super) journal: Journal,
    /// Changesets whose statements run outside of a transaction, because they cannot run in one.
    pub(super) alone: HashSet<Identity>,
    /// What the database will be behind the script, once that was asked for.
    pub(super) shadow: Option<Shadow>,
    /// Whether validation had nothing to say.
    pub(super) is_silent: bool,
}

impl std::fmt::Debug for Run<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Run").field("changelog", &self.changelog.path).field("session", &self.session).finish_non_exhaustive()
    }
}

impl<'a> Run<'a> {
    /// How much the columns of the ledger hold, as far as it was looked at.
    pub fn room(&self) -> &Room {
        &self.room
    }

    /// A run that has not looked at the database yet.
    pub fn new(
        changelog: &'a Changelog,
        selection: &'a Selection,
        session: &'a mut Session,
        observer: &'a mut dyn Observer,
        options: &'a RunOptions,
    ) -> Self {
        let ledger = Ledger::new(&session.target, &options.tables);
        let room = ledger.room(&[]);
        Run {
            changelog,
            selection,
            session,
            observer,
            options,
            stop: Stop::new(),
            ledger,
            ran: RanRows::default(),
            room,
            lock: Lock::new(options),
            journal: Journal::default(),
            alone: HashSet::new(),
            shadow: None,
            is_silent: false,
        }
    }

    /// Whether the statements of a changeset run in one transaction, as far as the database has them.
    pub(super) fn in_transaction(&self, changeset: &ChangeSet) -> bool {
        changeset.run_in_transaction && !self.alone.contains(&changeset.identity)
    }

    /// Whether a changeset that is under way is to be given up now: only where a rollback leaves nothing of it.
    pub(super) fn gives_up(&self, changeset: &ChangeSet) -> bool {
        self.stop.is_asked() && self.in_transaction(changeset) && !self.session.is_writing() && self.session.target.caps.transactional_ddl
    }

    /// Whether the ledger's own statements are run (always) or written (as configured).
    pub(super) fn keeps_ledger(&self) -> bool {
        !self.session.is_writing() || self.options.ledger_sql != LedgerSql::None
    }

    /// The number of the next record.
    pub(super) fn order(&mut self) -> i64 {
        // Liquibase counts twice for each changeset where there is no connection: once for the script, once for the
        // history file.
        self.ran.take_order(if self.session.is_offline() { 2 } else { 1 })
    }

    /// Asks the preconditions of a changeset.
    pub(super) async fn ask(&mut self, container: &Preconditions, changeset: Option<&ChangeSet>) -> PreconditionOutcome {
        let writing = self.session.is_writing();
        // Asking changes nothing: what a query of the changelog does is rolled back.
        let in_transaction = container.asks_sql() && !writing;
        let refused = |e: DbError| PreconditionOutcome::Error(format!("{} : {e}", container.file));
        if in_transaction && let Err(error) = self.session.begin().await {
            return refused(error);
        }
        let mut facts = LiveFacts::new(self.session, self.changelog, changeset, &self.ran, self.options);
        let outcome = precondition::check::check(container, &mut facts, writing).await;
        if in_transaction && let Err(error) = self.session.rollback().await {
            return refused(error);
        }
        outcome
    }

    /// Asks the changelog's own preconditions.
    ///
    /// # Errors
    /// When one of them halts the run; the report says why.
    pub(super) async fn changelog_preconditions(&mut self, report: &mut Report) {
        for container in &self.changelog.preconditions {
            match self.ask(container, None).await {
                PreconditionOutcome::Passed => {}
                PreconditionOutcome::Failed(reasons) => {
                    let reasons = container.on_fail_message.clone().map_or(reasons, |m| vec![format!("{} : {m}", container.file)]);
                    if container.on_fail == Reaction::Warn {
                        self.observer.on(&Event::Warning(&reasons.join("\n")));
                    } else {
                        report.failed_preconditions.extend(reasons);
                    }
                }
                PreconditionOutcome::Error(reason) => {
                    let reason = container.on_error_message.clone().unwrap_or(reason);
                    if container.on_error == Reaction::Warn {
                        self.observer.on(&Event::Warning(&reason));
                    } else {
                        report.broken_preconditions.push(reason);
                    }
                }
            }
        }
    }
}
