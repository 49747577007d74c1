//! What happens during a run, for whoever watches: progress, logs, reports.

use super::blockers::Blocker;
use crate::changelog::Identity;
use crate::changelog::checksum::Checksum;
use crate::history::ExecType;
use crate::history::journal::JournalRow;
use crate::sql::action::OutputTarget;
use std::time::Duration;

/// What came of a changeset.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It was recorded.
    Recorded(ExecType),
    /// It was passed over because of a precondition, and is tried again next time.
    Skipped(String),
    /// It failed, and `failOnError` is false.
    FailedIgnored(String),
    /// It was undone.
    RolledBack,
}

/// Something that happened.
#[derive(Debug)]
#[non_exhaustive]
pub enum Event<'a> {
    /// Another runner holds the lock.
    LockWaiting {
        /// Who.
        holder: &'a str,
    },
    /// The lock was that of a runner that is gone; it is ours now.
    LockTakenOver {
        /// Who held it.
        holder: &'a str,
        /// Since when.
        since: &'a str,
        /// How that is known.
        proof: &'a str,
    },
    /// The lock is ours.
    LockTaken,
    /// The lock is free again.
    LockReleased,
    /// A table of the ledger was made.
    LedgerCreated(&'a str),
    /// An old layout of the ledger was brought up to date.
    LedgerChanged(&'a str),
    /// So many changesets will run.
    Planned {
        /// How many.
        pending: usize,
    },
    /// A changeset begins.
    Started {
        /// Which.
        identity: &'a Identity,
        /// Which one of those that run, from 1.
        number: usize,
        /// How many run.
        of: usize,
        /// Whether it is undone instead of done.
        rollback: bool,
    },
    /// An earlier run stopped in this changeset; it goes on there.
    Resumed {
        /// Which.
        identity: &'a Identity,
        /// Where it stopped.
        row: &'a JournalRow,
    },
    /// The statements of a changeset run outside of a transaction: they cannot run in one.
    Alone {
        /// Which.
        identity: &'a Identity,
    },
    /// An index that a failed build left unusable was dropped, to be built anew.
    UnusableIndexDropped {
        /// Its name.
        index: &'a str,
    },
    /// A changeset is done.
    Finished {
        /// Which.
        identity: &'a Identity,
        /// What came of it.
        outcome: &'a Outcome,
        /// How long it took.
        elapsed: Duration,
    },
    /// A statement waits for another session, and has done so for a while.
    Blocked(&'a Blocker),
    /// A checksum of an old version was replaced.
    ChecksumUpgraded {
        /// Of which changeset.
        identity: &'a Identity,
        /// The old one.
        from: &'a Checksum,
        /// The new one.
        to: &'a Checksum,
    },
    /// Something doubtful that does not stop the run.
    Warning(&'a str),
    /// A message of an `output` change.
    Output {
        /// The text.
        message: &'a str,
        /// Where to.
        target: OutputTarget,
    },
}

/// Watches a run. It must not block for long: the run waits for it.
pub trait Observer: Send {
    /// Something happened.
    fn on(&mut self, event: &Event<'_>);
}

/// Watches nothing.
#[derive(Debug, Clone, Copy)]
pub struct Silent;

impl Observer for Silent {
    fn on(&mut self, _event: &Event<'_>) {}
}
