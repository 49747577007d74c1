//! `future-rollback-sql`, `future-rollback-count-sql` and `future-rollback-from-tag-sql`.

use super::deploy;
use crate::cli::opening::{Access, Needs};
use crate::cli::progress::Progress;
use crate::cli::{Failure, Invocation, Output};
use crate::config::CommandKind;
use crate::plan::Limit;

/// Writes what would undo the changesets that have not run yet.
///
/// # Errors
/// When one of them cannot be undone, or the tag is nowhere; what was written until then is printed.
pub(super) async fn run(invocation: &Invocation, output: &mut Output) -> Result<(), Failure> {
    let limit = match invocation.command {
        CommandKind::FutureRollbackCountSql => Limit::Count(invocation.count()?),
        CommandKind::FutureRollbackFromTagSql => Limit::Tag(invocation.tag()?),
        _ => Limit::None,
    };
    let mut opened = invocation.open(Needs { changelog: true, access: Access::Write }, output).await?;
    let result = {
        let mut progress = Progress::new(invocation, output);
        opened.run(&mut progress).future_rollback(&limit, "SQL to roll back currently unexecuted changes").await
    };
    deploy::write_script(&mut opened, output)?;
    deploy::close(opened, result.map(|_| ()), output).await
}
