//! `status`: the changesets that have not run yet.

use crate::cli::opening::Needs;
use crate::cli::progress::Progress;
use crate::cli::{Failure, Invocation, Output};
use crate::config::settings::VERBOSE;
use crate::exec::Run;
use crate::plan::Limit;
use serde_json::json;

pub(super) async fn run(invocation: &Invocation, output: &mut Output) -> Result<(), Failure> {
    let mut opened = invocation.open(Needs { changelog: true, writing: false }, output).await?;
    let display = opened.session.display.clone();
    let mut progress = Progress::new(output);
    let mut run = Run::new(&opened.changelog, &opened.selection, &mut opened.session, &mut progress, &opened.options);
    run.read_existing().await?;
    let report = run.validate().await?;
    if !report.is_ok() {
        return Err(crate::exec::RunError::Validation(Box::new(report)).into());
    }
    let plan = run.plan(&Limit::None)?;
    let pending: Vec<_> = plan.pending().map(|step| &step.changeset.identity).collect();
    if invocation.wants_json() {
        let list: Vec<_> = pending.iter().map(|i| json!({"id": i.id(), "author": i.author(), "path": i.path})).collect();
        output.result_line(json!({"version": 1, "database": display, "pending": list}))?;
    } else {
        let head = match pending.len() {
            0 => format!("{display} is up to date"),
            1 => format!("1 changeset has not been applied to {display}"),
            n => format!("{n} changesets have not been applied to {display}"),
        };
        output.result_line(head)?;
        if invocation.settings.is_on(&VERBOSE) {
            for identity in pending {
                output.result_line(format!("     {identity}"))?;
            }
        }
    }
    invocation.success(output);
    Ok(())
}
