//! Doing it: the one run loop, over a session that either runs statements or writes them.
//!
//! `update-sql` is the same loop as `update` with a [`script::Script`] in the session, so preview and execution
//! cannot differ. Nothing here prints: events go to an [`event::Observer`].

mod act;
mod asking;
mod blockers;
mod bulk;
mod concurrent_index;
pub mod digest;
pub mod event;
pub mod facts;
mod journal;
pub mod lock;
mod outbox;
pub mod prepare;
mod presence;
pub mod process;
pub mod rollback;
pub mod run;
pub mod script;
pub mod session;
mod shadow;
pub mod stop;
mod stream;
pub mod sync;
pub mod update;

pub use blockers::Blocker;
pub use event::{Event, Observer};
pub use presence::Presence;
pub use run::{ChangesetError, Run, RunError, RunOptions};
pub use session::Session;
pub use stop::Stop;
