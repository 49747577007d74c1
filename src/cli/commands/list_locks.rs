//! `list-locks`: who holds the lock.

use super::deploy;
use crate::cli::opening::{Access, Needs};
use crate::cli::{Failure, Invocation, Output};
use crate::exec::event::Silent;
use crate::report::date;
use crate::report::lock::{Lock, Locks};

/// Shows the holder of the lock and since when he has it.
///
/// # Errors
/// When the lock table cannot be read.
pub(super) async fn run(invocation: &Invocation, output: &mut Output) -> Result<(), Failure> {
    let mut opened = invocation.open(Needs { changelog: false, access: Access::Existing }, output).await?;
    let mut silent = Silent;
    let holder = opened.run(&mut silent).list_locks().await?;
    let display = &opened.session.display;
    if invocation.wants_json() {
        let locks = holder.into_iter().map(Lock::from).collect();
        output.document(&Locks { version: 1, database: opened.session.url().to_owned(), locks })?;
    } else {
        output.result_line(format_args!("Database change log locks for {display}"))?;
        match &holder {
            None => output.result_line(" - No locks")?,
            Some((owner, since)) => {
                output.result_line(format_args!(" - {owner} at {}", date::styled(since, date::medium)))?;
                output.result_line("NOTE:  The lock time displayed is based on the database's configured time")?;
            }
        }
    }
    deploy::close(opened, Ok(()), output).await
}
