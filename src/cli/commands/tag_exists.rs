//! `tag-exists`.

use super::deploy;
use crate::cli::opening::{Access, Needs};
use crate::cli::{Failure, Invocation, Output};
use crate::exec::event::Silent;

/// Says whether a row of the ledger has the tag.
///
/// # Errors
/// When the ledger cannot be read.
pub(super) async fn run(invocation: &Invocation, output: &mut Output) -> Result<(), Failure> {
    let tag = invocation.tag()?;
    let mut opened = invocation.open(Needs { changelog: false, access: Access::Read }, output).await?;
    let mut silent = Silent;
    let exists = opened.run(&mut silent).tag_exists(&tag).await?;
    let answer = if exists { "already exists" } else { "does NOT exist" };
    output.message(format!("The tag '{tag}' {answer} in '{}'.", opened.session.display));
    deploy::close(opened, Ok(()), output).await
}
