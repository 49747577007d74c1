//! `tag`: gives the current state of the database a name.

use super::deploy;
use crate::cli::opening::{Access, Needs};
use crate::cli::progress::Progress;
use crate::cli::{Failure, Invocation, Output};
use crate::config::settings::ADD_ROW;

/// Tags the newest row of the ledger; with `--add-row`, a new one.
///
/// # Errors
/// When the ledger cannot be written, or another run holds the lock.
pub(super) async fn run(invocation: &Invocation, output: &mut Output) -> Result<(), Failure> {
    let tag = invocation.tag()?;
    let mut opened = invocation.open(Needs { changelog: false, access: Access::Run }, output).await?;
    let result = {
        let mut progress = Progress::new(invocation, output);
        let id = jiff::Timestamp::now().as_millisecond().to_string();
        opened.run(&mut progress).tag(&tag, &id, invocation.settings.is_on(&ADD_ROW)).await
    };
    if result.is_ok() {
        output.message(format!("Successfully tagged '{}'", opened.session.display));
    }
    deploy::close(opened, result, output).await
}
