//! `release-locks`: removes the lock, whoever holds it.

use crate::cli::opening::Needs;
use crate::cli::progress::Progress;
use crate::cli::{Failure, Invocation, Output};
use crate::exec::Run;

pub(super) async fn run(invocation: &Invocation, output: &mut Output) -> Result<(), Failure> {
    let mut opened = invocation.open(Needs { changelog: false, writing: false }, output).await?;
    let display = opened.session.display.clone();
    let mut progress = Progress::new(output);
    let mut run = Run::new(&opened.changelog, &opened.selection, &mut opened.session, &mut progress, &opened.options);
    run.free_lock().await?;
    output.message(format!("Successfully released all database change log locks for '{display}'"));
    invocation.success(output);
    Ok(())
}
