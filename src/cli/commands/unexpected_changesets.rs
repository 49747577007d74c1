//! `unexpected-changesets`: rows of the ledger that the changelog does not explain.

use super::deploy;
use crate::cli::opening::{Access, Needs};
use crate::cli::{Failure, Invocation, Output};
use crate::config::settings::VERBOSE;
use crate::exec::event::Silent;
use crate::report::status;

/// Lists them.
///
/// # Errors
/// When the changelog or the ledger cannot be read.
pub(super) async fn run(invocation: &Invocation, output: &mut Output) -> Result<(), Failure> {
    let mut opened = invocation.open(Needs { changelog: true, access: Access::Read }, output).await?;
    let display = opened.session.display.clone();
    let text = {
        let mut silent = Silent;
        let mut run = opened.run(&mut silent);
        run.read_existing().await?;
        status::unexpected(&display, &run.unexpected(), invocation.settings.is_on(&VERBOSE))
    };
    output.result(&text)?;
    deploy::close(opened, Ok(()), output).await
}
