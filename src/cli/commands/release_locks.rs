//! `release-locks`: takes the lock away from whoever holds it.

use super::deploy;
use crate::cli::opening::{Access, Needs};
use crate::cli::{Failure, Invocation, Output};
use crate::exec::event::Silent;

/// Frees the lock.
///
/// # Errors
/// When the lock table cannot be written.
pub(super) async fn run(invocation: &Invocation, output: &mut Output) -> Result<(), Failure> {
    let mut opened = invocation.open(Needs { changelog: false, access: Access::Existing }, output).await?;
    let mut silent = Silent;
    opened.run(&mut silent).free_lock().await?;
    output.message(format!("Successfully released all database change log locks for '{}'", opened.session.display));
    deploy::close(opened, Ok(()), output).await
}
