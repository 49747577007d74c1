//! `status`: what has not run yet.

use super::deploy;
use crate::cli::opening::{Access, Needs};
use crate::cli::progress::Progress;
use crate::cli::{Failure, Invocation, Output};
use crate::config::settings::VERBOSE;
use crate::exec::RunError;
use crate::plan::{Limit, Step};
use crate::report::status;

/// Lists the changesets that `update` would run.
///
/// # Errors
/// When the changelog is not valid for the database, or the ledger cannot be read.
pub(super) async fn run(invocation: &Invocation, output: &mut Output) -> Result<(), Failure> {
    let mut opened = invocation.open(Needs { changelog: true, access: Access::Read }, output).await?;
    let planned = {
        let mut progress = Progress::new(invocation, output);
        let mut run = opened.run(&mut progress);
        run.read_existing().await?;
        match run.validate(false).await? {
            report if report.is_ok() => run.plan(&Limit::None),
            report => Err(RunError::Validation(Box::new(report))),
        }
    };
    let plan = match planned {
        Ok(plan) => plan,
        Err(error) => return deploy::close(opened, Err(error), output).await,
    };
    let pending: Vec<&Step> = plan.pending().collect();
    let display = opened.session.display.clone();
    if invocation.wants_json() {
        output.result_line(format_args!("{:#}", status::pending_json(&display, &pending)))?;
    } else {
        output.result(&status::pending(&display, &pending, invocation.settings.is_on(&VERBOSE)))?;
    }
    deploy::close(opened, Ok(()), output).await
}
