//! `tag`: names the current state of the database.

use crate::cli::opening::Needs;
use crate::cli::progress::Progress;
use crate::cli::{Failure, Invocation, Output};
use crate::config::settings::ADD_ROW;
use crate::exec::Run;

pub(super) async fn run(invocation: &Invocation, output: &mut Output) -> Result<(), Failure> {
    let tag = invocation.tag()?;
    let mut opened = invocation.open(Needs { changelog: false, writing: false }, output).await?;
    let display = opened.session.display.clone();
    let mut progress = Progress::new(output);
    let mut run = Run::new(&opened.changelog, &opened.selection, &mut opened.session, &mut progress, &opened.options);
    let id = jiff::Timestamp::now().as_millisecond().to_string();
    run.tag(&tag, &id, invocation.settings.is_on(&ADD_ROW)).await?;
    output.message(format!("Successfully tagged '{display}'"));
    invocation.success(output);
    Ok(())
}
