//! `rollback` and its kin, and `future-rollback-sql` (executor §6).

use super::event::{Event, Outcome};
use super::outbox::{Origin, Outbox};
use super::run::{ChangesetError, Run, RunError};
use crate::change::{Change, NoTables};
use crate::changelog::{ChangeSet, Identity};
use crate::history::LedgerRow;
use crate::history::journal::Work;
use crate::history::row::key_of;
use crate::plan::filter::{Limit, RanRows, resources};
use crate::plan::render::{self, Undo};
use crate::plan::rollback::{self, Back};
use crate::plan::transaction;
use crate::sql::action::Sql;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Instant;

/// What a rollback did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RolledBack {
    /// How many changesets were undone.
    pub changesets: usize,
}

impl Run<'_> {
    /// Undoes what `back` chooses, newest first. `script` is the text of a file that is run once instead of the
    /// changesets' own rollbacks. Changesets that the filters refuse, or that the changelog no longer has, stay.
    ///
    /// # Errors
    /// When the lock is not to be had, a changeset cannot be undone (nothing of it is then done), or undoing fails.
    pub async fn rollback(&mut self, back: &Back, title: &str, script: Option<&str>) -> (RolledBack, Result<(), RunError>) {
        let mut done = RolledBack::default();
        let result = self.rollback_inner(back, title, script, &mut done).await;
        self.close_journal().await;
        let released = self.release_lock().await;
        (done, result.and(released))
    }

    async fn rollback_inner(&mut self, back: &Back, title: &str, script: Option<&str>, done: &mut RolledBack) -> Result<(), RunError> {
        self.prepare().await?;
        let report = self.validate(false).await?;
        if !report.is_ok() {
            return Err(RunError::Validation(Box::new(report)));
        }
        if !self.session.is_writing() {
            self.take_lock().await?;
            self.read_rows().await?;
        }
        self.header(title);
        let undone = self.to_be_undone(back)?;
        if !self.session.is_writing() {
            if script.is_none() {
                undone.iter().for_each(|(_, changeset)| self.note_alone(changeset));
            }
            let is_needed = undone.iter().any(|(_, changeset)| self.needs_journal(changeset));
            self.open_journal(is_needed).await?;
        }
        if let Some(text) = script {
            let options =
                crate::sql::splitter::SplitOptions { split_statements: true, lexis: self.session.target.lexis, ..Default::default() };
            for piece in crate::sql::splitter::split(text, &options) {
                self.session.text(&piece.text).await?;
            }
        }
        let of = undone.len();
        for (number, (stored, changeset)) in undone.into_iter().enumerate() {
            if self.stop.is_asked() {
                return Err(RunError::Stopped);
            }
            let is_executed = !self.session.is_writing();
            if is_executed {
                self.observer.on(&Event::Started { identity: &changeset.identity, number: number + 1, of, rollback: true });
            }
            let started = Instant::now();
            self.undo(&changeset, Some(&stored), script.is_none()).await?;
            done.changesets += 1;
            if is_executed {
                let elapsed = started.elapsed();
                self.observer.on(&Event::Finished { identity: &changeset.identity, outcome: &Outcome::RolledBack, elapsed });
            }
        }
        self.keep_offline()
    }

    /// The changesets that `back` chooses and that can be undone, newest first, each with the identity that its row has.
    fn to_be_undone(&self, back: &Back) -> Result<Vec<(Identity, Arc<ChangeSet>)>, RunError> {
        let mut known: HashMap<String, &Arc<ChangeSet>> = HashMap::with_capacity(self.changelog.changesets.len());
        for changeset in &self.changelog.changesets {
            known.entry(key_of(&changeset.identity)).or_insert(changeset);
        }
        let keeps_tag = |row: &LedgerRow| known.get(&row.key()).is_some_and(|changeset| changeset.keeps_tag_on_rollback());
        // A count counts what is undone: rows that the filters refuse, or that the changelog no longer has, do not count.
        let (wanted, most) = match back {
            Back::Count(count) => (Back::Count(usize::MAX), *count),
            other => (other.clone(), usize::MAX),
        };
        let mut undone = Vec::new();
        for index in rollback::select(&self.ran.rows, &wanted, &keeps_tag).map_err(|e| RunError::Other(e.to_string()))? {
            if undone.len() >= most {
                break;
            }
            let Some(row) = self.ran.rows.get(index) else { continue };
            let Some(changeset) = known.get(&row.key()) else { continue };
            if self.selection.refuses(changeset).map_err(RunError::Other)?.is_empty() {
                undone.push((row.identity(), Arc::clone(changeset)));
            }
        }
        Ok(undone)
    }

    /// Notes whether what undoes a changeset cannot run in a transaction.
    fn note_alone(&mut self, changeset: &ChangeSet) {
        let target = self.session.target.with_quoting(changeset.quoting);
        let files = resources(self.changelog, changeset);
        if transaction::is_undone_alone(changeset, &self.context(&target, &files, &NoTables), self.selection) {
            self.alone.insert(changeset.identity.clone());
        } else {
            self.alone.remove(&changeset.identity);
        }
    }

    /// Undoes one changeset and takes it out of the ledger, in one transaction wherever the database can.
    async fn undo(&mut self, changeset: &Arc<ChangeSet>, stored: Option<&Identity>, generate: bool) -> Result<(), RunError> {
        self.session.comment(&format!("Rolling Back ChangeSet: {}", changeset.identity));
        let error = |reason: String| ChangesetError { rollback: true, ..ChangesetError::new(changeset, reason) };
        // Whether it can be undone is known before its first statement runs, but for what the rows of a file say.
        let parts = if generate {
            let target = self.session.target.with_quoting(changeset.quoting);
            let files = resources(self.changelog, changeset);
            let cx = self.context(&target, &files, &NoTables);
            render::backward_changes(changeset, &cx).map_err(|e| error(e.to_string()))?
        } else {
            Vec::new()
        };
        let in_transaction = self.in_transaction(changeset) && !self.session.is_writing();
        let mut out = Outbox::new(changeset, in_transaction, true);
        out.entry = stored.and_then(|stored| self.entry(Work::Rollback, changeset, stored));
        out.is_journaled = out.entry.is_some();
        let mut result = self.undo_parts(changeset, &parts, stored, &mut out).await;
        if result.is_ok() {
            result = self.finish(&mut out).await;
        }
        match result {
            Ok(()) => Ok(()),
            Err(error) => Err(self.after_failure(&mut out, error, false).await),
        }
    }

    async fn undo_parts(
        &mut self,
        changeset: &Arc<ChangeSet>,
        parts: &[Undo],
        stored: Option<&Identity>,
        out: &mut Outbox,
    ) -> Result<(), RunError> {
        self.fence_work(out).await?;
        for part in parts {
            match part {
                Undo::Stream(change) => self.undo_stream(changeset, change, out).await?,
                Undo::Change(_) | Undo::Statement(_) => self.undo_part(changeset, part, out).await?,
            }
        }
        if let (Some(stored), true) = (stored, self.keeps_ledger()) {
            let sql = Sql::new(self.ledger.remove(stored));
            self.end_entry(Work::Rollback, stored, out).await?;
            self.fence(out).await?;
            self.put(out, &sql, Origin::Ledger).await?;
        }
        if let (Some(stored), true) = (stored, self.session.is_offline()) {
            let key = key_of(stored);
            self.ran = RanRows::new(std::mem::take(&mut self.ran.rows).into_iter().filter(|r| r.key() != key).collect());
        }
        Ok(())
    }

    /// Undoes a change whose inverse is as long as a file.
    async fn undo_stream(&mut self, changeset: &ChangeSet, change: &Change, out: &mut Outbox) -> Result<(), RunError> {
        let failed = |reason: String| RunError::from(ChangesetError { rollback: true, ..ChangesetError::new(changeset, reason) });
        let target = self.session.target.with_quoting(changeset.quoting);
        let files = resources(self.changelog, changeset);
        let cx = self.context(&target, &files, &NoTables);
        for statement in change.as_type().undo_stream(&cx).map_err(failed)? {
            self.undo_part(changeset, &Undo::Statement(statement.map_err(failed)?), out).await?;
        }
        Ok(())
    }

    async fn undo_part(&mut self, changeset: &ChangeSet, part: &Undo, out: &mut Outbox) -> Result<(), RunError> {
        let actions = self.render_undo(changeset, part, out).await.map_err(|error| match error {
            RunError::Changeset(e) => ChangesetError { rollback: true, ..*e }.into(),
            other => other,
        })?;
        for action in &actions {
            if self.gives_up(changeset) {
                return Err(RunError::Stopped);
            }
            self.act(action, changeset, changeset.span, out).await?;
        }
        Ok(())
    }

    /// Writes what would undo the changesets that have not run yet, last first.
    ///
    /// # Errors
    /// When one of them cannot be undone.
    pub async fn future_rollback(&mut self, limit: &Limit, title: &str) -> Result<RolledBack, RunError> {
        let mut done = RolledBack::default();
        let result = self.future_rollback_inner(limit, title, &mut done).await;
        let released = self.release_lock().await;
        result.and(released).map(|()| done)
    }

    async fn future_rollback_inner(&mut self, limit: &Limit, title: &str, done: &mut RolledBack) -> Result<(), RunError> {
        self.prepare_under(title).await?;
        let report = self.validate(false).await?;
        if !report.is_ok() {
            return Err(RunError::Validation(Box::new(report)));
        }
        // A count is one of changesets that have not run; those that run again are not undone.
        let (limit, most) = match limit {
            Limit::Count(count) => (&Limit::None, *count),
            other => (other, usize::MAX),
        };
        let plan = self.plan(limit)?;
        if let Limit::Tag(tag) = limit
            && !plan.tag_found
        {
            return Err(RunError::Other(format!("No tag matching '{tag}' found")));
        }
        let pending: Vec<_> = plan.pending().filter(|s| s.row.is_none()).take(most).map(|s| Arc::clone(&s.changeset)).collect();
        for changeset in pending.iter().rev() {
            self.undo(changeset, Some(&changeset.identity), true).await?;
            done.changesets += 1;
        }
        Ok(())
    }
}
