//! `clear-checksums`.

use super::deploy;
use crate::cli::opening::{Access, Needs};
use crate::cli::progress::Progress;
use crate::cli::{Failure, Invocation, Output};

/// Forgets all checksums.
///
/// # Errors
/// When the ledger cannot be written, or another run holds the lock.
pub(super) async fn run(invocation: &Invocation, output: &mut Output) -> Result<(), Failure> {
    let mut opened = invocation.open(Needs { changelog: false, access: Access::Existing }, output).await?;
    let result = {
        let mut progress = Progress::new(invocation, output);
        opened.run(&mut progress).clear_checksums().await
    };
    deploy::close(opened, result, output).await
}
