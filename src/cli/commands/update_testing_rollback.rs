//! `update-testing-rollback`: update, undo what that did, update again.

use super::{deploy, update};
use crate::cli::opening::{Access, Needs};
use crate::cli::progress::Progress;
use crate::cli::{Failure, Invocation, Output};
use crate::plan::rollback::Back;

/// Deploys what is pending, rolls it back and deploys it again.
///
/// # Errors
/// The first of the three runs that fails.
pub(super) async fn run(invocation: &Invocation, output: &mut Output) -> Result<(), Failure> {
    let deployment = update::deployment();
    let mut opened = invocation.open(Needs { changelog: true, access: Access::Run }, output).await?;
    let (summary, result) = deploy::execute(&deployment, None, &mut opened, invocation, output).await;
    deploy::tell(&deployment, &summary, &result, invocation, output)?;
    if result.is_err() || summary.recorded == 0 {
        return deploy::close(opened, result, output).await;
    }
    let (_, result) = {
        let mut progress = Progress::new(invocation, output);
        opened.run(&mut progress).rollback(&Back::Count(summary.recorded), "", None).await
    };
    if result.is_err() {
        return deploy::close(opened, result, output).await;
    }
    let (summary, result) = deploy::execute(&deployment, None, &mut opened, invocation, output).await;
    deploy::tell(&deployment, &summary, &result, invocation, output)?;
    deploy::close(opened, result, output).await
}
