//! `rollback-count` and `rollback-count-sql`.

use super::undo;
use crate::cli::{Failure, Invocation, Output};
use crate::plan::rollback::Back;

/// Undoes the changesets that ran last.
///
/// # Errors
/// When the count is no number; as [`undo::run`].
pub(super) async fn run(invocation: &Invocation, output: &mut Output) -> Result<(), Failure> {
    let count = invocation.count()?;
    undo::run(&Back::Count(count), &format!("Rollback {count} Change(s) Script"), invocation, output).await
}
