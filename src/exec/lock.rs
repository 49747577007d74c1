//! The lock row: taken by one UPDATE, given back only by its owner (executor §3).

use super::event::Event;
use super::run::{Run, RunError};
use crate::db::Connection;
use std::time::Instant;

impl Run<'_> {
    /// Waits for the lock and takes it. In a script the UPDATE is written.
    ///
    /// # Errors
    /// When another runner holds it for longer than the configured time.
    pub async fn take_lock(&mut self) -> Result<(), RunError> {
        if self.session.is_offline() {
            return Ok(());
        }
        let sql = self.ledger.take_lock(&self.options.lock_owner);
        if self.session.is_writing() {
            self.session.comment("Lock Database");
            self.session.text(&sql).await?;
            return Ok(());
        }
        let deadline = Instant::now() + self.options.lock_wait;
        loop {
            if self.session.text(&sql).await? == 1 {
                return self.lock_taken().await;
            }
            let (holder, since) = self.lock_holder().await?.unwrap_or_default();
            // Some drivers count only rows that really changed: our own row means that the UPDATE worked.
            if holder == self.options.lock_owner {
                return self.lock_taken().await;
            }
            if Instant::now() >= deadline {
                return Err(RunError::Locked { holder, since });
            }
            self.observer.on(&Event::LockWaiting { holder: &holder });
            tokio::time::sleep(self.options.lock_poll.min(deadline.saturating_duration_since(Instant::now()))).await;
        }
    }

    async fn lock_taken(&mut self) -> Result<(), RunError> {
        self.locked = true;
        self.observer.on(&Event::LockTaken);
        if let Some(sessions) = self.session.target.dialect.sessions {
            let rows = self.session.query(sessions.own).await?;
            let number = rows.first().and_then(|row| row.values.first()).and_then(crate::db::Value::to_text);
            self.session_number = number.and_then(|n| n.parse().ok());
        }
        Ok(())
    }

    /// Gives up a run whose connection was left in the middle of a statement: over a new connection our session is
    /// ended on the server, which rolls back what it had not committed, and then the lock is given back.
    ///
    /// # Errors
    /// When the server refuses; the lock is still held then.
    pub async fn give_up(&mut self, fresh: Box<dyn Connection>) -> Result<(), RunError> {
        let old = self.session.connection.replace(fresh);
        if !self.locked {
            return Ok(());
        }
        if let (Some(sessions), Some(number)) = (self.session.target.dialect.sessions, self.session_number) {
            // The session may have come to its end by itself.
            let _ = self.session.query(&(sessions.end)(&number.to_string())).await;
        }
        drop(old);
        self.release_lock().await
    }

    /// Who holds the lock and since when, if anybody does.
    ///
    /// # Errors
    /// When the row cannot be read.
    pub async fn lock_holder(&mut self) -> Result<Option<(String, String)>, RunError> {
        let rows = self.session.query(&self.ledger.select_lock()).await?;
        Ok(rows.first().and_then(|row| {
            let locked = row.get("LOCKED").and_then(crate::db::Value::as_bool).unwrap_or(false);
            locked.then(|| (row.text("LOCKEDBY").unwrap_or_default(), row.text("LOCKGRANTED").unwrap_or_default()))
        }))
    }

    /// Gives the lock back, if it is ours.
    ///
    /// # Errors
    /// When the row cannot be written.
    pub async fn release_lock(&mut self) -> Result<(), RunError> {
        if self.session.is_offline() {
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
        if rows == 0 {
            return Err(RunError::LockLost);
        }
        self.observer.on(&Event::LockReleased);
        Ok(())
    }
}
