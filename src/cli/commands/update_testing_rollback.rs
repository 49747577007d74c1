//! `update-testing-rollback`: deploy, roll back what was deployed, deploy again.

use crate::cli::opening::Needs;
use crate::cli::running::{Deploy, Undo};
use crate::cli::{Failure, Invocation, Output};
use crate::plan::Limit;
use crate::plan::rollback::Back;

pub(super) async fn run(invocation: &Invocation, output: &mut Output) -> Result<(), Failure> {
    let mut opened = invocation.open(Needs { changelog: true, writing: false }, output).await?;
    let deploy = Deploy { limit: Limit::None, title: String::new(), record_only: false, writing: false };
    let first = invocation.deploy_opened(&deploy, &mut opened, output).await?;
    if first.run > 0 {
        let undo = Undo { back: Back::Count(first.run), title: String::new(), writing: false };
        invocation.undo_opened(&undo, None, &mut opened, output).await?;
        invocation.deploy_opened(&deploy, &mut opened, output).await?;
    }
    invocation.success(output);
    Ok(())
}
