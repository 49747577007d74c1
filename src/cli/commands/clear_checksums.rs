//! `clear-checksums`: forgets all recorded checksums.

use crate::cli::opening::Needs;
use crate::cli::progress::Progress;
use crate::cli::{Failure, Invocation, Output};
use crate::exec::Run;

pub(super) async fn run(invocation: &Invocation, output: &mut Output) -> Result<(), Failure> {
    let mut opened = invocation.open(Needs { changelog: false, writing: false }, output).await?;
    let mut progress = Progress::new(output);
    let mut run = Run::new(&opened.changelog, &opened.selection, &mut opened.session, &mut progress, &opened.options);
    run.clear_checksums().await?;
    invocation.success(output);
    Ok(())
}
