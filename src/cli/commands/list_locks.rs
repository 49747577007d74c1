//! `list-locks`: who holds the lock, and since when.

use crate::cli::opening::Needs;
use crate::cli::{Failure, Invocation, Output};
use crate::exec::Run;
use crate::exec::event::Silent;
use serde_json::json;

pub(super) async fn run(invocation: &Invocation, output: &mut Output) -> Result<(), Failure> {
    let mut opened = invocation.open(Needs { changelog: false, writing: false }, output).await?;
    let display = opened.session.display.clone();
    let mut silent = Silent;
    let mut run = Run::new(&opened.changelog, &opened.selection, &mut opened.session, &mut silent, &opened.options);
    let holder = run.list_locks().await?;
    if invocation.wants_json() {
        let locks: Vec<_> = holder.iter().map(|(who, since)| json!({"lockedBy": who, "granted": since})).collect();
        output.result_line(json!({"version": 1, "database": display, "locks": locks}))?;
    } else {
        output.result_line(format!("Database change log locks for {display}"))?;
        match holder {
            Some((who, since)) => output.result_line(format!(" - {who} at {since}"))?,
            None => output.result_line(" - No locks")?,
        }
    }
    invocation.success(output);
    Ok(())
}
