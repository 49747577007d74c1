//! `future-rollback-sql`, `future-rollback-count-sql`, `future-rollback-from-tag-sql`: what would undo the changesets
//! that have not run yet.

use crate::cli::opening::Needs;
use crate::cli::progress::Progress;
use crate::cli::running::flush_script;
use crate::cli::{Failure, Invocation, Output};
use crate::exec::Run;
use crate::plan::Limit;

pub(super) async fn run(invocation: &Invocation, limit: Limit, output: &mut Output) -> Result<(), Failure> {
    let mut opened = invocation.open(Needs { changelog: true, writing: true }, output).await?;
    let mut progress = Progress::new(output);
    let mut run = Run::new(&opened.changelog, &opened.selection, &mut opened.session, &mut progress, &opened.options);
    let result = run.future_rollback(&limit, "SQL to roll back currently unexecuted changes").await;
    flush_script(&mut opened.session, output)?;
    result.map_err(|e| invocation.run_failure(&e, &opened, output))?;
    invocation.success(output);
    Ok(())
}
