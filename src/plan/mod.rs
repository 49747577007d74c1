//! What will run, in which order, and why not.
//!
//! [`filter`] gives each changeset a verdict; [`render`] turns a changeset into actions for a target, forwards and
//! backwards; [`rollback`] chooses what is undone.

pub mod filter;
pub mod render;
pub mod rollback;
pub mod validate;

pub use filter::{Limit, Plan, Reason, Selection, Step, Verdict};
