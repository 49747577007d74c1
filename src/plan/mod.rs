//! What will run, in which order, and why not.
//!
//! [`filter`] gives each changeset a verdict; [`render`] turns a changeset into actions for a target, forwards and
//! backwards; [`rollback`] chooses what is undone; [`transaction`] finds statements that cannot run in one; [`programs`] says what
//! changes may start.

pub mod filter;
pub mod programs;
pub mod render;
pub mod rollback;
pub mod transaction;
pub mod validate;

pub use filter::{Limit, Plan, Reason, Selection, Step, Verdict};
