//! `unexpected-changesets`: rows of the ledger that the changelog does not have.

use crate::cli::opening::Needs;
use crate::cli::{Failure, Invocation, Output};
use crate::config::settings::VERBOSE;
use crate::exec::Run;
use crate::exec::event::Silent;

pub(super) async fn run(invocation: &Invocation, output: &mut Output) -> Result<(), Failure> {
    let mut opened = invocation.open(Needs { changelog: true, writing: false }, output).await?;
    let display = opened.session.display.clone();
    let mut silent = Silent;
    let mut run = Run::new(&opened.changelog, &opened.selection, &mut opened.session, &mut silent, &opened.options);
    run.read_existing().await?;
    let rows = run.unexpected();
    output.result_line(match rows.len() {
        0 => format!("{display} contains no unexpected changes!"),
        1 => format!("1 unexpected change was found in {display}"),
        n => format!("{n} unexpected changes were found in {display}"),
    })?;
    if invocation.settings.is_on(&VERBOSE) {
        for row in rows {
            output.result_line(format!("     {}::{}::{}", row.filename, row.id, row.author))?;
        }
    }
    invocation.success(output);
    Ok(())
}
