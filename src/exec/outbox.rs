//! Statements of a changeset on their way to the database.
//!
//! A round trip costs more than most statements. So the statements of a changeset wait here and are sent together, with
//! the row of the ledger and both ends of the transaction, as soon as something needs their effect: a question to the
//! database, an action that is no statement, or the changeset's end.

use super::journal::Entry;
use super::run::{ChangesetError, Run, RunError};
use crate::changelog::ChangeSet;
use crate::db::{DbError, DbErrorKind, Frame};
use crate::history::row::LedgerRow;
use crate::span::Span;
use crate::sql::action::Sql;
use std::sync::Arc;

/// How many bytes of statements may wait; data of any size passes through in constant memory.
const LIMIT: usize = 256 * 1024;

/// Where a statement comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Origin {
    /// From the changeset, at this place.
    Change(Span),
    /// From us, for the ledger.
    Ledger,
    /// From us: it is refused when the lock is no longer ours.
    Fence,
}

/// The statements that wait, and what became of those that were sent.
#[derive(Debug, Default)]
pub(super) struct Outbox {
    /// Whose they are; none for the ledger's alone.
    changeset: Option<Arc<ChangeSet>>,
    statements: Vec<String>,
    origins: Vec<Origin>,
    bytes: usize,
    /// Whether a transaction is to be started before the next statement.
    begin: bool,
    /// Whether the statements are in a transaction.
    in_transaction: bool,
    /// Whether they undo a changeset.
    rollback: bool,
    /// Rows that the changeset's own statements touched.
    pub(super) rows: u64,
    /// Whether something was done that no rollback takes back: a program was started, a message was told.
    pub(super) reaches_out: bool,
    /// Whether the database has taken a statement of the changeset.
    pub(super) taken: bool,
    /// Whether a statement in front of the others checks the lock.
    pub(super) is_fenced: bool,
    /// The changeset's entry in the journal, where it has one.
    pub(super) entry: Option<Entry>,
    /// Whether its statements are committed before its record is.
    pub(super) is_journaled: bool,
    /// The number that the journal has for the statement that comes next.
    pub(super) number: usize,
    /// The numbers of those that wait.
    numbers: Vec<usize>,
    /// The number of the statement of the changeset that failed.
    pub(super) failed: Option<usize>,
    /// Rows of the ledger that it writes, each with the place of the one that it replaces.
    pub(super) recorded: Vec<(LedgerRow, Option<usize>)>,
}

impl Outbox {
    /// An empty one for a changeset, in a transaction or each statement alone; `rollback` says that it is being undone.
    pub(super) fn new(changeset: &Arc<ChangeSet>, in_transaction: bool, rollback: bool) -> Self {
        Outbox { changeset: Some(Arc::clone(changeset)), rollback, ..Outbox::of_ledger(in_transaction) }
    }

    /// An empty one for statements of the ledger alone.
    pub(super) fn of_ledger(in_transaction: bool) -> Self {
        Outbox { begin: in_transaction, in_transaction, ..Outbox::default() }
    }

    /// The error of a statement, as the changeset's where it is one of its own.
    fn refused(&self, sql: &str, origin: Origin, error: DbError) -> RunError {
        match (origin, &self.changeset) {
            (Origin::Change(span), Some(changeset)) => ChangesetError {
                sql: Some(sql.to_owned()),
                span: Some(span),
                rollback: self.rollback,
                ..ChangesetError::refused(changeset, error)
            }
            .into(),
            (Origin::Fence, _) if error.kind == DbErrorKind::Statement => RunError::LockLost,
            _ => error.into(),
        }
    }

    /// An error of the changeset itself.
    pub(super) fn error(&self, reason: String) -> RunError {
        match &self.changeset {
            Some(changeset) => ChangesetError { rollback: self.rollback, ..ChangesetError::new(changeset, reason) }.into(),
            None => RunError::Other(reason),
        }
    }

    /// What comes next is in a transaction of its own.
    pub(super) fn begin_transaction(&mut self) {
        (self.begin, self.in_transaction) = (true, true);
    }

    /// What comes next is in none.
    pub(super) fn end_transaction(&mut self) {
        (self.begin, self.in_transaction) = (false, false);
    }

    /// Whether the statements are in a transaction.
    pub(super) fn is_in_transaction(&self) -> bool {
        self.in_transaction
    }

    /// Whether they undo a changeset.
    pub(super) fn is_rollback(&self) -> bool {
        self.rollback
    }
}

impl Run<'_> {
    /// Puts a statement of a changeset or of the ledger to the others; writes it when statements are written.
    ///
    /// # Errors
    /// When the database refuses it, or one of those that wait.
    pub(super) async fn put(&mut self, out: &mut Outbox, sql: &Sql, origin: Origin) -> Result<(), RunError> {
        if self.session.is_writing() {
            match origin {
                Origin::Change(_) if !out.rollback => self.session.statement_of_change(sql).await?,
                _ => self.session.statement(sql).await?,
            };
            return Ok(());
        }
        match (origin, out.entry.take()) {
            (Origin::Change(_), Some(entry)) => self.put_journaled(entry, out, sql, origin).await,
            (_, entry) => {
                out.entry = entry;
                self.push(out, sql, origin).await
            }
        }
    }

    /// As [`Run::put`], past the journal.
    ///
    /// # Errors
    /// As [`Run::put`].
    pub(super) async fn push(&mut self, out: &mut Outbox, sql: &Sql, origin: Origin) -> Result<(), RunError> {
        if !sql.parameters.is_empty() {
            // Bound values travel alone.
            self.send(out).await?;
            self.begin(out).await?;
            match self.lock.watch.over(self.session.statement(sql), self.observer).await {
                Ok(rows) => out.rows += rows,
                Err(error) => {
                    out.failed = Some(out.number);
                    return Err(self.with_blockers(out.refused(&sql.text, origin, error)));
                }
            }
            out.taken = true;
            return Ok(());
        }
        out.bytes += sql.text.len();
        out.statements.push(sql.text.clone());
        out.origins.push(origin);
        out.numbers.push(out.number);
        if out.bytes > LIMIT { self.send(out).await } else { Ok(()) }
    }

    /// Streams rows into a table, behind what waits.
    ///
    /// # Errors
    /// When the database refuses them, or one of the statements that wait.
    pub(super) async fn put_rows(
        &mut self,
        out: &mut Outbox,
        sql: &str,
        lines: &mut (dyn Iterator<Item = Vec<u8>> + Send),
        span: Span,
    ) -> Result<(), RunError> {
        self.send(out).await?;
        self.begin(out).await?;
        match self.lock.watch.over(self.session.connection()?.copy_in(sql, lines), self.observer).await {
            Ok(rows) => out.rows += rows,
            Err(error) => return Err(self.with_blockers(out.refused(sql, Origin::Change(span), error))),
        }
        out.taken = true;
        Ok(())
    }

    /// Sends what waits. After it the database has the effect of everything that was put here.
    ///
    /// # Errors
    /// When the database refuses a statement; those behind it are not sent.
    pub(super) async fn send(&mut self, out: &mut Outbox) -> Result<(), RunError> {
        if out.statements.is_empty() { Ok(()) } else { self.exchange(out, false).await }
    }

    /// Sends what waits, and commits; what it records is known to the changesets that follow (`changeSetExecuted`).
    ///
    /// # Errors
    /// When the database refuses a statement, or to commit.
    pub(super) async fn finish(&mut self, out: &mut Outbox) -> Result<(), RunError> {
        let is_begun = out.in_transaction && !out.begin;
        if !out.statements.is_empty() || is_begun {
            self.exchange(out, out.in_transaction).await?;
        }
        for (row, replaces) in out.recorded.drain(..) {
            self.ran.record(row, replaces);
        }
        Ok(())
    }

    /// Starts the transaction now, where one is to be started.
    async fn begin(&mut self, out: &mut Outbox) -> Result<(), RunError> {
        if std::mem::take(&mut out.begin) {
            self.session.begin().await?;
        }
        Ok(())
    }

    async fn exchange(&mut self, out: &mut Outbox, commit: bool) -> Result<(), RunError> {
        let statements = std::mem::take(&mut out.statements);
        let origins = std::mem::take(&mut out.origins);
        let numbers = std::mem::take(&mut out.numbers);
        out.bytes = 0;
        let frame = Frame { begin: std::mem::take(&mut out.begin), commit };
        match self.lock.watch.over(self.session.batch(&statements, frame), self.observer).await {
            Ok(counts) => {
                out.rows += counts.iter().zip(&origins).filter(|(_, o)| matches!(o, Origin::Change(_))).map(|(rows, _)| rows).sum::<u64>();
                out.taken |= origins.iter().any(|o| matches!(o, Origin::Change(_)));
                Ok(())
            }
            Err((at, error)) => {
                out.taken |= origins.iter().take(at).any(|o| matches!(o, Origin::Change(_)));
                out.failed = origins.get(at).filter(|o| matches!(o, Origin::Change(_))).and(numbers.get(at)).copied();
                Err(match (statements.get(at), origins.get(at)) {
                    (Some(sql), Some(origin)) => self.with_blockers(out.refused(sql, *origin, error)),
                    _ => error.into(),
                })
            }
        }
    }

    /// The error of the statement that was just refused, with those it waited for where that is why.
    fn with_blockers(&mut self, mut error: RunError) -> RunError {
        if let RunError::Changeset(error) = &mut error
            && error.database.as_ref().is_some_and(|refusal| refusal.kind == DbErrorKind::Transient)
        {
            error.blockers = self.lock.watch.take_found();
        }
        error
    }

    /// After the failure of a changeset: takes back what can be taken back, notes how far it got, and says so in the error.
    /// `is_forgotten` says that it is to start at its first statement again.
    pub(super) async fn after_failure(&mut self, out: &mut Outbox, mut error: RunError, is_forgotten: bool) -> RunError {
        // The first error counts: a rollback on a broken connection fails too.
        let undone = out.in_transaction && self.session.rollback().await.is_ok();
        // With a journal, what commits by itself is noted before; without a note, nothing has.
        let is_unnoted = out.entry.as_ref().is_some_and(|entry| !entry.is_written);
        let done = self.note_failure(out, is_forgotten).await;
        if let RunError::Changeset(error) = &mut error {
            let is_all_undone = undone && (is_unnoted || !out.is_journaled && self.session.target.caps.transactional_ddl);
            error.partial = (out.taken || done.is_some()) && !is_all_undone && !self.session.is_writing();
            error.done = done;
        }
        error
    }
}
