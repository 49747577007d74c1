//! One file a command; the dispatch to them.

mod completions;
mod config_show;
mod plan;

use super::{Failure, Invocation, Output};
use crate::cli::Exit;
use crate::config::CommandKind;

/// Runs the command of an invocation.
///
/// # Errors
/// What the command reports; the failure carries the exit code.
pub(super) async fn run(invocation: &Invocation, output: &mut Output) -> Result<(), Failure> {
    match invocation.command {
        CommandKind::Completions => completions::run(invocation, output),
        CommandKind::ConfigShow => config_show::run(invocation, output),
        CommandKind::Plan => plan::run(invocation, output).await,
        other => Err(Failure::new(Exit::RunFailed, format!("'{}' is not implemented yet", other.name()))),
    }
}
