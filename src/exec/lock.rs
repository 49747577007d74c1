//! The lock: the row that Liquibase knows (executor §3), and beside it a lock that dies with its session.
//!
//! The row is taken by one UPDATE and given back only by its owner. It stays when its owner is killed; the session lock does
//! not. So a row whose holder had a session lock, found by somebody who has that session lock, is stale by proof, and is
//! taken over at once. A row of Liquibase's proves nothing and is waited for. docs/design/lock.md has the whole story.

use super::blockers::Watch;
use super::event::Event;
use super::outbox::{Origin, Outbox};
use super::run::{Run, RunError, RunOptions};
use super::stop::Held;
use crate::db::{Row, SessionLock, Value};
use crate::sql::action::Sql;
use std::time::Duration;
use tokio::time::Instant;

/// How often a lock is looked at in the beginning; then less and less often.
const FIRST_PAUSE: Duration = Duration::from_millis(100);

/// The longest pause, whatever the configuration allows: a runner that was killed is replaced within seconds.
const LONGEST_PAUSE: Duration = Duration::from_secs(2);

/// How long a session lock may be held by somebody who does not hold the row. A runner holds it that long only for a
/// moment; a pooler that keeps a dead runner's session alive does so for hours.
const BETWEEN_SESSION_AND_ROW: Duration = Duration::from_secs(10);

/// How long a look at the lock row is good while the session lock is ours.
const FENCE_INTERVAL: Duration = Duration::from_millis(100);

/// How long a runner whose work another one has done looks whether that one gives the lock back.
const LEAVING: Duration = Duration::from_secs(2);

/// In the name of a lock's holder: the lock is held beside a session lock. Whoever gets that session lock knows that the
/// holder's session is gone.
const WITH_SESSION: &str = "#changelog+";
/// In the name of a lock's holder: there was no session lock.
const WITHOUT_SESSION: &str = "#changelog-";

/// Whether a holder of this name had a session lock beside its row, so that the one says whether the other is alive. Liquibase has none.
pub fn has_session_lock(holder: &str) -> bool {
    holder.contains(WITH_SESSION)
}

/// Who holds a lock that is not to be had now.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Holder {
    /// The text in the row; empty when the row is free and only the session lock is held.
    name: String,
    since: String,
}

/// What a run has of the lock.
pub(super) struct Lock {
    /// Whether we hold it.
    is_held: bool,
    /// Who we are in its row.
    owner: String,
    /// When it was last known to be ours.
    fenced_at: Option<Instant>,
    /// What is known of the lock that dies with the session.
    session: SessionLock,
    /// Looks whom statements wait for, while it is held.
    pub(super) watch: Watch,
}

impl Lock {
    /// None yet.
    pub(super) fn new(options: &RunOptions) -> Lock {
        Lock { is_held: false, owner: options.lock_owner.clone(), fenced_at: None, session: SessionLock::None, watch: Watch::default() }
    }
}

/// The wait for the lock.
#[derive(Debug)]
pub(super) struct Wait {
    deadline: Instant,
    pause: Duration,
    longest: Duration,
    /// Since when the session lock is held by somebody who does not hold the row.
    odd_since: Option<Instant>,
    /// Whose lock the row was when it was last looked at, and when it was first seen so.
    seen: Option<(Holder, Instant)>,
}

impl Wait {
    /// A wait that begins now.
    pub(super) fn new(run: &Run<'_>) -> Wait {
        let longest = run.options.lock_poll.min(LONGEST_PAUSE);
        // Who waits for a lock to be stale waits for that, and a moment longer.
        let patience = run.options.stale_lock.map_or(run.options.lock_wait, |stale| run.options.lock_wait.max(stale + LONGEST_PAUSE * 2));
        Wait { deadline: Instant::now() + patience, pause: FIRST_PAUSE.min(longest), longest, odd_since: None, seen: None }
    }

    /// Notes whose lock the row is; for how long it has been that one's.
    fn seen_for(&mut self, holder: &Holder) -> Duration {
        match &self.seen {
            Some((same, since)) if same == holder => since.elapsed(),
            _ => {
                self.seen = Some((holder.clone(), Instant::now()));
                Duration::ZERO
            }
        }
    }

    /// Notes who is in the way; whether the session lock is to be done without.
    fn is_odd_for_long(&mut self, holder: &Holder) -> bool {
        if !holder.name.is_empty() {
            self.odd_since = None;
            return false;
        }
        self.odd_since.get_or_insert_with(Instant::now).elapsed() >= BETWEEN_SESSION_AND_ROW
    }
}

impl Run<'_> {
    /// Waits for the lock and takes it. In a script the UPDATE is written.
    ///
    /// # Errors
    /// When another runner holds it for longer than the configured time.
    pub async fn take_lock(&mut self) -> Result<(), RunError> {
        let mut wait = Wait::new(self);
        while let Some(holder) = self.attempt_lock(&mut wait).await? {
            self.wait_for_lock(&mut wait, holder).await?;
        }
        Ok(())
    }

    /// Takes the lock if it is to be had now; else says who has it.
    ///
    /// # Errors
    /// When the lock cannot be read or written.
    pub(super) async fn attempt_lock(&mut self, wait: &mut Wait) -> Result<Option<Holder>, RunError> {
        if self.session.is_offline() || !self.keeps_ledger() {
            return Ok(None);
        }
        if self.session.is_writing() {
            let sql = self.ledger.take_lock(&self.options.lock_owner);
            self.session.comment("Lock Database");
            self.session.text(&sql).await?;
            return Ok(None);
        }
        if let Some(holder) = self.try_session_lock(wait).await? {
            return Ok(Some(holder));
        }
        let mark = if self.lock.session == SessionLock::Taken { WITH_SESSION } else { WITHOUT_SESSION };
        self.lock.owner = self.options.lock_owner.replacen(WITHOUT_SESSION, mark, 1);
        let held = self.held().await?;
        // From here on the lock may be ours, even if the answer is never read.
        self.stop.hold(Some(held));
        let Some(holder) = self.take_row().await? else { return self.lock_taken() };
        let seen_for = wait.seen_for(&holder);
        if let Some(proof) = self.proof_that_it_is_stale(&holder, seen_for) {
            let sql = self.ledger.take_over_lock(&holder.name, &self.lock.owner);
            if self.session.text(&sql).await? == 1 {
                self.observer.on(&Event::LockTakenOver { holder: &holder.name, since: &holder.since, proof: &proof });
                return self.lock_taken();
            }
        }
        self.stop.hold(None);
        Ok(Some(holder))
    }

    /// Takes the lock that dies with the session, where the database has one; says who is in the way of that.
    async fn try_session_lock(&mut self, wait: &mut Wait) -> Result<Option<Holder>, RunError> {
        if !matches!(self.lock.session, SessionLock::Taken | SessionLock::Shared) && self.options.session_lock {
            let name = self.ledger.lock_name();
            self.lock.session = self.session.connection()?.lock_session(&name).await?;
            if self.lock.session == SessionLock::Shared {
                self.observer.on(&Event::Warning(
                    "The database is reached through a pooler in transaction mode: the change log lock is its row alone, which stays when this run is killed. Connect past the pooler where you can",
                ));
            }
        }
        if self.lock.session == SessionLock::Busy {
            let holder = self.lock_holder().await?.map(|(name, since)| Holder { name, since }).unwrap_or_default();
            if !wait.is_odd_for_long(&holder) {
                return Ok(Some(holder));
            }
            self.observer.on(&Event::Warning(
                "Another session holds the session lock, but not the change log lock: is there a pooler in between? Going on without; connect past the pooler, or set --session-lock=off",
            ));
            self.lock.session = SessionLock::None;
        }
        Ok(None)
    }

    /// Why the lock of a holder may be taken over, if it may.
    fn proof_that_it_is_stale(&self, holder: &Holder, seen_for: Duration) -> Option<String> {
        let had_session = has_session_lock(&holder.name);
        if self.lock.session == SessionLock::Taken && had_session {
            // Its holder had the session lock that is ours now: what it had not committed is gone with its session.
            return Some("its session is gone".to_owned());
        }
        // By policy. Who had a session lock that we know nothing of may be at work for as long as it takes.
        let limit = self.options.stale_lock.filter(|limit| seen_for >= *limit && !had_session)?;
        Some(format!("it was the same for {} seconds, and stale-lock-seconds allows it", limit.as_secs()))
    }

    /// Takes the row if it is free, and puts it into the table before where somebody took it away; else says whose it is.
    async fn take_row(&mut self) -> Result<Option<Holder>, RunError> {
        let take = self.ledger.take_lock(&self.lock.owner);
        if self.session.text(&take).await? == 1 {
            return Ok(None);
        }
        let mut row = self.lock_row().await?;
        if row.is_none() {
            self.fill_lock_table().await?;
            if self.session.text(&take).await? == 1 {
                return Ok(None);
            }
            row = self.lock_row().await?;
        }
        let (name, since) = row.as_ref().and_then(holder_of).unwrap_or_default();
        // Some drivers count only rows that really changed: our own row means that the UPDATE worked.
        Ok(if name == self.lock.owner { None } else { Some(Holder { name, since }) })
    }

    /// Lets some time pass while another runner holds the lock.
    ///
    /// # Errors
    /// When it has held it for longer than the configured time.
    pub(super) async fn wait_for_lock(&mut self, wait: &mut Wait, holder: Holder) -> Result<(), RunError> {
        let now = Instant::now();
        if now >= wait.deadline {
            self.unlock_session().await?;
            let Holder { name, since } = holder;
            return Err(RunError::Locked { holder: name, since });
        }
        if self.stop.is_asked() {
            self.unlock_session().await?;
            return Err(RunError::Stopped);
        }
        self.observer.on(&Event::LockWaiting { holder: &holder.name });
        // Many runners that wait together must not ask together.
        let spread = f64::from(std::process::id() % 64) / 128.0;
        let pause = wait.pause.mul_f64(1.0 + spread).min(wait.deadline - now);
        wait.pause = (wait.pause * 2).min(wait.longest);
        tokio::time::sleep(pause).await;
        Ok(())
    }

    fn lock_taken(&mut self) -> Result<Option<Holder>, RunError> {
        self.lock.is_held = true;
        self.lock.fenced_at = Some(Instant::now());
        self.observer.on(&Event::LockTaken);
        Ok(None)
    }

    /// Lets go of the session lock.
    pub(super) async fn unlock_session(&mut self) -> Result<(), RunError> {
        if std::mem::replace(&mut self.lock.session, SessionLock::None) == SessionLock::Taken {
            let name = self.ledger.lock_name();
            self.session.connection()?.unlock_session(&name).await?;
        }
        Ok(())
    }

    /// Makes sure that what comes next is refused when the lock is no longer ours: somebody else may be working by now. Called
    /// before each write to the ledger; the statement travels with it.
    ///
    /// # Errors
    /// As [`Run::put`].
    pub(super) async fn fence(&mut self, out: &mut Outbox) -> Result<(), RunError> {
        if !self.lock.is_held || std::mem::replace(&mut out.is_fenced, true) {
            return Ok(());
        }
        // While the session lock is ours no other runner can be at work: then only a person or another tool can have forced the
        // row, and looking now and then is enough. Whoever was paused looks.
        let is_fresh = self.lock.fenced_at.is_some_and(|at| at.elapsed() < FENCE_INTERVAL);
        if is_fresh && self.lock.session == SessionLock::Taken {
            return Ok(());
        }
        self.lock.fenced_at = Some(Instant::now());
        let sql = Sql::new(self.ledger.fence(&self.lock.owner));
        self.put(out, &sql, Origin::Fence).await
    }

    /// As [`Run::fence`], before the statements of a changeset whose effect a rollback would leave. The row that records them
    /// then needs no fence: what has happened is to be recorded.
    ///
    /// # Errors
    /// As [`Run::put`].
    pub(super) async fn fence_work(&mut self, out: &mut Outbox) -> Result<(), RunError> {
        let can_roll_back = out.is_in_transaction() && self.session.target.caps.transactional_ddl;
        if can_roll_back { Ok(()) } else { self.fence(out).await }
    }

    /// What somebody else must do for us when this run is dropped while it holds the lock.
    async fn held(&mut self) -> Result<Held, RunError> {
        let mut end_session = None;
        if let Some(sessions) = self.session.target.dialect.sessions {
            let rows = self.session.query(sessions.own).await?;
            let number = rows.first().and_then(|row| row.values.first()).and_then(Value::as_int).map(|number| number.to_string());
            end_session = number.as_deref().map(sessions.end);
            // A pooler gives the next transaction to another session.
            if self.lock.session != SessionLock::Shared
                && let (Some(number), Some(address)) = (number, &self.session.address)
            {
                self.lock.watch = Watch::of(&number, address.clone(), sessions);
            }
        }
        Ok(Held { end_session, release: self.ledger.release_own_lock(&self.lock.owner) })
    }

    /// Who holds the lock and since when, if anybody does.
    ///
    /// # Errors
    /// When the row cannot be read.
    pub async fn lock_holder(&mut self) -> Result<Option<(String, String)>, RunError> {
        Ok(self.lock_row().await?.as_ref().and_then(holder_of))
    }

    /// The row of the lock, if it is there.
    pub(super) async fn lock_row(&mut self) -> Result<Option<Row>, RunError> {
        Ok(self.session.query(&self.ledger.select_lock()).await?.into_iter().next())
    }

    /// Takes the lock although there is nothing to do, when its holder is gone or a journal was left: it is cleared away when
    /// the lock is given back, and Liquibase would wait for the row in vain.
    ///
    /// # Errors
    /// When the lock or the journal cannot be read or written.
    pub(super) async fn clear_away(&mut self) -> Result<(), RunError> {
        if self.is_held_beside_session().await? || self.journal.was_left {
            self.try_to_clear_away().await?;
        }
        Ok(())
    }

    /// Whether somebody holds the lock, or left it, who had a session lock beside it.
    async fn is_held_beside_session(&mut self) -> Result<bool, RunError> {
        Ok(self.lock_holder().await?.is_some_and(|(name, _)| has_session_lock(&name)))
    }

    /// Takes the lock if its holder is gone; what else was left goes when the lock is given back.
    async fn try_to_clear_away(&mut self) -> Result<(), RunError> {
        let mut wait = Wait::new(self);
        match self.attempt_lock(&mut wait).await? {
            None => self.open_journal(false).await,
            Some(_) => self.unlock_session().await,
        }
    }

    /// Leaves, because another runner has done the work in the meantime. Usually that one is about to give the lock back; if it
    /// was killed right behind its last statement, what it leaves is cleared away. Nobody else's end is waited for.
    ///
    /// # Errors
    /// When the lock or the journal cannot be read or written.
    pub(super) async fn leave(&mut self) -> Result<(), RunError> {
        if self.lock.is_held {
            return self.open_journal(false).await;
        }
        let deadline = Instant::now() + LEAVING;
        while self.is_held_beside_session().await? && Instant::now() < deadline {
            self.try_to_clear_away().await?;
            if self.lock.is_held {
                break;
            }
            tokio::time::sleep(FIRST_PAUSE).await;
        }
        Ok(())
    }

    /// Whether a run is alive that holds the session lock; `None` when this database cannot tell.
    ///
    /// # Errors
    /// When the database cannot be asked.
    pub async fn is_runner_alive(&mut self) -> Result<Option<bool>, RunError> {
        let name = self.ledger.lock_name();
        let connection = self.session.connection()?;
        Ok(match connection.lock_session(&name).await? {
            SessionLock::Taken => {
                connection.unlock_session(&name).await?;
                Some(false)
            }
            SessionLock::Busy => Some(true),
            SessionLock::None | SessionLock::Shared => None,
        })
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
        if !self.lock.is_held {
            return Ok(());
        }
        self.lock.watch.close().await;
        self.session.rollback().await?;
        let sql = self.ledger.release_own_lock(&self.lock.owner);
        let rows = self.session.text(&sql).await?;
        self.lock.is_held = false;
        self.stop.hold(None);
        self.unlock_session().await?;
        if rows == 0 {
            return Err(RunError::LockLost);
        }
        self.observer.on(&Event::LockReleased);
        Ok(())
    }
}

/// Who holds the lock by its row, and since when.
fn holder_of(row: &Row) -> Option<(String, String)> {
    let locked = row.get("LOCKED").and_then(Value::as_bool).unwrap_or(false);
    locked.then(|| (row.text("LOCKEDBY").unwrap_or_default(), row.text("LOCKGRANTED").unwrap_or_default()))
}
