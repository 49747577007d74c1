//! `tag-exists`: whether a tag is in the ledger.

use crate::cli::opening::Needs;
use crate::cli::{Failure, Invocation, Output};
use crate::exec::Run;
use crate::exec::event::Silent;

pub(super) async fn run(invocation: &Invocation, output: &mut Output) -> Result<(), Failure> {
    let tag = invocation.tag()?;
    let mut opened = invocation.open(Needs { changelog: false, writing: false }, output).await?;
    let display = opened.session.display.clone();
    let mut silent = Silent;
    let mut run = Run::new(&opened.changelog, &opened.selection, &mut opened.session, &mut silent, &opened.options);
    let word = if run.tag_exists(&tag).await? { "already exists" } else { "does NOT exist" };
    output.message(format!("The tag '{tag}' {word} in '{display}'."));
    invocation.success(output);
    Ok(())
}
