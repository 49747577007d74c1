//! `mark-next-changeset-ran` and `mark-next-changeset-ran-sql`.

use super::deploy;
use crate::cli::opening::{Access, Needs};
use crate::cli::progress::Progress;
use crate::cli::{Failure, Invocation, Output};

/// Records the first changeset that has not run.
///
/// # Errors
/// When the ledger cannot be written; as [`deploy::run`].
pub(super) async fn run(invocation: &Invocation, output: &mut Output) -> Result<(), Failure> {
    let access = if invocation.command.writes_sql() { Access::Write } else { Access::Run };
    let mut opened = invocation.open(Needs { changelog: true, access }, output).await?;
    let result = {
        let mut progress = Progress::new(invocation, output);
        opened.run(&mut progress).mark_next().await
    };
    deploy::write_script(&mut opened, output)?;
    deploy::close(opened, result, output).await
}
