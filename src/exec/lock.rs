//! The lock row: taken by one UPDATE, given back only by its owner (executor §3).

use super::event::Event;
use super::run::{Run, RunError};
use super::stop::Held;
use crate::db::Value;
use std::time::Instant;

impl Run<'_> {
    /// Waits for the lock and takes it. In a script the UPDATE is written.
    ///
    /// # Errors
    /// When another runner holds it for longer than the configured time.
    pub async fn take_lock(&mut self) -> Result<(), RunError> {
        if self.session.is_offline() || !self.keeps_ledger() {
            return Ok(());
        }
        let sql = self.ledger.take_lock(&self.options.lock_owner);
        if self.session.is_writing() {
            self.session.comment("Lock Database");
            self.session.text(&sql).await?;
            return Ok(());
        }
        let held = self.held().await?;
        let deadline = Instant::now() + self.options.lock_wait;
        loop {
            // From here on the lock may be ours, even if the answer is never read.
            self.stop.hold(Some(held.clone()));
            if self.session.text(&sql).await? == 1 {
                return self.lock_taken();
            }
            let (holder, since) = self.lock_holder().await?.unwrap_or_default();
            // Some drivers count only rows that really changed: our own row means that the UPDATE worked.
            if holder == self.options.lock_owner {
                return self.lock_taken();
            }
            self.stop.hold(None);
            if Instant::now() >= deadline {
                return Err(RunError::Locked { holder, since });
            }
            self.observer.on(&Event::LockWaiting { holder: &holder });
            tokio::time::sleep(self.options.lock_poll.min(deadline.saturating_duration_since(Instant::now()))).await;
        }
    }

    fn lock_taken(&mut self) -> Result<(), RunError> {
        self.locked = true;
        self.observer.on(&Event::LockTaken);
        Ok(())
    }

    /// What somebody else must do for us when this run is dropped while it holds the lock.
    async fn held(&mut self) -> Result<Held, RunError> {
        let mut end_session = None;
        if let Some(sessions) = self.session.target.dialect.sessions {
            let rows = self.session.query(sessions.own).await?;
            let number = rows.first().and_then(|row| row.values.first()).and_then(Value::as_int);
            end_session = number.map(|number| (sessions.end)(&number.to_string()));
        }
        Ok(Held { end_session, release: self.ledger.release_own_lock(&self.options.lock_owner) })
    }

    /// Who holds the lock and since when, if anybody does.
    ///
    /// # Errors
    /// When the row cannot be read.
    pub async fn lock_holder(&mut self) -> Result<Option<(String, String)>, RunError> {
        let rows = self.session.query(&self.ledger.select_lock()).await?;
        Ok(rows.first().and_then(|row| {
            let locked = row.get("LOCKED").and_then(Value::as_bool).unwrap_or(false);
            locked.then(|| (row.text("LOCKEDBY").unwrap_or_default(), row.text("LOCKGRANTED").unwrap_or_default()))
        }))
    }

    /// Gives the lock back, if it is ours.
    ///
    /// # Errors
    /// When the row cannot be written.
    pub async fn release_lock(&mut self) -> Result<(), RunError> {
        if self.session.is_offline() || !self.keeps_ledger() {
            return Ok(());
        }
        if self.session.is_writing() {
            self.session.comment("Release Database Lock");
            let sql = self.ledger.release_lock();
            self.session.text(&sql).await?;
            return Ok(());
        }
        if !self.locked {
            return Ok(());
        }
        self.session.rollback().await?;
        let sql = self.ledger.release_own_lock(&self.options.lock_owner);
        let rows = self.session.text(&sql).await?;
        self.locked = false;
        self.stop.hold(None);
        if rows == 0 {
            return Err(RunError::LockLost);
        }
        self.observer.on(&Event::LockReleased);
        Ok(())
    }
}
