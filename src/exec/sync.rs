//! Recording without running: `changelog-sync`, `mark-next-changeset-ran`; and the small ledger commands.

use super::run::{Run, RunError};
use super::update::{Mode, Summary};
use crate::history::row::key_of;
use crate::history::{ExecType, LedgerRow};
use crate::plan::filter::Limit;

impl Run<'_> {
    /// Records every changeset that would run, up to the limit, without running it.
    ///
    /// # Errors
    /// As [`Run::update`].
    pub async fn sync(&mut self, limit: &Limit, title: &str) -> (Summary, Result<(), RunError>) {
        self.deploy(limit, title, Mode::RecordOnly).await
    }

    /// Records the first changeset that would run for the first time, without running it. As in Liquibase no lock is
    /// taken: it is one statement.
    ///
    /// # Errors
    /// When the changelog is not valid, or the ledger cannot be written.
    pub async fn mark_next(&mut self) -> Result<(), RunError> {
        // Its script takes no lock; otherwise it stands alone, as any other.
        if self.session.is_writing() && self.keeps_ledger() && !self.session.is_offline() {
            self.write_tables().await?;
        } else {
            self.prepare().await?;
        }
        let report = self.validate(false).await?;
        if !report.is_ok() {
            return Err(RunError::Validation(Box::new(report)));
        }
        let plan = self.plan(&Limit::None)?;
        if let Some(step) = plan.pending().find(|s| s.row.is_none()) {
            if self.journal.was_left {
                self.open_journal(false).await?;
            }
            self.record_alone(step, ExecType::Executed).await?;
            self.close_journal().await;
        }
        self.keep_offline()
    }

    /// Tags the newest row; an empty ledger, or any with `add_row`, gets a row for the tag first. `id` is that row's id.
    ///
    /// # Errors
    /// When the ledger cannot be written.
    pub async fn tag(&mut self, tag: &str, id: &str, add_row: bool) -> Result<(), RunError> {
        self.prepare().await?;
        self.take_lock().await?;
        let result = self.tag_inner(tag, id, add_row).await;
        let released = self.release_lock().await;
        result.and(released)
    }

    async fn tag_inner(&mut self, tag: &str, id: &str, add_row: bool) -> Result<(), RunError> {
        self.read_rows().await?;
        self.session.begin().await?;
        if add_row || self.ran.rows.is_empty() {
            let order = self.order();
            let sql = self.ledger.dummy_row(id, order, &self.options.deployment_id);
            self.session.text(&sql).await?;
            self.read_rows().await?;
        }
        // Liquibase's statement takes the row with the latest date for the newest.
        let sql = match self.ran.last_with_early_date() {
            Some(row) => self.ledger.tag_row(tag, &row.identity()),
            None => self.ledger.tag(tag),
        };
        self.session.text(&sql).await?;
        Ok(self.session.commit().await?)
    }

    /// Whether a row has the tag (letter case counts, as in Liquibase).
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub async fn tag_exists(&mut self, tag: &str) -> Result<bool, RunError> {
        self.read_existing().await?;
        Ok(self.ran.rows.iter().any(|r| r.tag.as_deref() == Some(tag)))
    }

    /// Reads the ledger without making it; a missing one has no rows.
    ///
    /// # Errors
    /// When the ledger cannot be read.
    pub async fn read_existing(&mut self) -> Result<(), RunError> {
        if self.session.is_offline() {
            return self.prepare_offline();
        }
        let layout = self.layout().await?;
        if self.lacks_ledger(&layout) {
            return Ok(());
        }
        self.read_rows().await
    }

    /// Rows of changesets that the changelog does not have for this database.
    pub fn unexpected(&self) -> Vec<&LedgerRow> {
        let known: std::collections::HashSet<String> = self.changelog.changesets.iter().map(|c| key_of(&c.identity)).collect();
        self.ran.rows.iter().filter(|r| !known.contains(&r.key())).collect()
    }

    /// Forgets all checksums; the next update writes them anew.
    ///
    /// # Errors
    /// When the ledger cannot be written.
    pub async fn clear_checksums(&mut self) -> Result<(), RunError> {
        self.prepare().await?;
        self.take_lock().await?;
        let sql = self.ledger.clear_checksums();
        let result = self.session.text(&sql).await.map(|_| ()).map_err(RunError::from);
        let released = self.release_lock().await;
        result.and(released)
    }

    /// Frees the lock, whoever holds it.
    ///
    /// # Errors
    /// When the row cannot be written.
    pub async fn free_lock(&mut self) -> Result<(), RunError> {
        if !self.layout().await?.lock {
            return Ok(());
        }
        let sql = self.ledger.release_lock();
        if self.session.text(&sql).await? == 0 && self.lock_row().await?.is_none() {
            self.fill_lock_table().await?;
        }
        Ok(())
    }

    /// Who holds the lock and since when; nobody where there is no lock table.
    ///
    /// # Errors
    /// When the row cannot be read.
    pub async fn list_locks(&mut self) -> Result<Option<(String, String)>, RunError> {
        if !self.layout().await?.lock {
            return Ok(None);
        }
        self.lock_holder().await
    }
}
