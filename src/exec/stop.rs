//! The wish that a run ends before its time.

use crate::db::{Connection, DbError};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// What a run holds on the server, and the statements that take it away from outside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// Ends the run's session; `None` where there is no server.
    pub(super) end_session: Option<String>,
    /// Gives back the lock, if it is the run's.
    pub(super) release: String,
}

impl Held {
    /// Takes it away, over a connection other than the run's: ends the session, which rolls back what it had not
    /// committed, and gives the lock back.
    ///
    /// # Errors
    /// When the server refuses; the lock may still be held then.
    pub async fn take_away(&self, connection: &mut dyn Connection) -> Result<(), DbError> {
        if let Some(end) = &self.end_session {
            // The session may have come to its end by itself.
            let _ = connection.query(end).await;
        }
        connection.execute(&self.release).await.map(|_| ())
    }
}

#[derive(Debug, Default)]
struct State {
    asked: AtomicBool,
    held: Mutex<Option<Held>>,
}

/// Asks a run to stop, and knows what it holds. Clones share one state.
///
/// A run that is asked to stop lets the statement under way end: a connection given up in the middle of a statement can
/// neither roll back nor give the lock back. It rolls back the changeset under way where that leaves nothing of it, else
/// finishes that changeset first. A run that is dropped instead leaves behind what it [holds](Stop::held).
#[derive(Debug, Clone, Default)]
pub struct Stop(Arc<State>);

impl Stop {
    /// A wish that nobody has expressed yet.
    pub fn new() -> Self {
        Stop::default()
    }

    /// Asks the run to stop.
    pub fn ask(&self) {
        self.0.asked.store(true, Ordering::Relaxed);
    }

    /// Whether it was asked to.
    pub fn is_asked(&self) -> bool {
        self.0.asked.load(Ordering::Relaxed)
    }

    /// What the run holds, or may hold; `None` when it can be dropped as it is.
    pub fn held(&self) -> Option<Held> {
        self.lock().clone()
    }

    pub(super) fn hold(&self, held: Option<Held>) {
        *self.lock() = held;
    }

    fn lock(&self) -> MutexGuard<'_, Option<Held>> {
        self.0.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
