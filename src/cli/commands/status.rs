//! `status`: what has not run yet.

use super::deploy;
use crate::cli::opening::{Access, Needs, Opened};
use crate::cli::progress::Progress;
use crate::cli::{Failure, Invocation, Output};
use crate::config::settings::{VERBOSE, WAIT_UNTIL_APPLIED};
use crate::exec::event::Silent;
use crate::exec::{Observer, RunError};
use crate::plan::{Limit, Plan, Step};
use crate::report::status;
use std::time::{Duration, Instant};

/// How often a wait looks at the ledger.
const PAUSE: Duration = Duration::from_secs(1);

/// What there is to run now.
async fn look(opened: &mut Opened, observer: &mut dyn Observer) -> Result<Plan, RunError> {
    let mut run = opened.run(observer);
    run.read_existing().await?;
    match run.validate(false).await? {
        report if report.is_ok() => run.plan(&Limit::None),
        report => Err(RunError::Validation(Box::new(report))),
    }
}

/// How long to wait, and since when.
#[derive(Clone, Copy)]
struct Wait {
    limit: Duration,
    begun: Instant,
}

impl Wait {
    /// What is left of it.
    fn left(self) -> Duration {
        self.limit.saturating_sub(self.begun.elapsed())
    }

    async fn pause(self) {
        tokio::time::sleep(PAUSE.min(self.left())).await;
    }
}

/// Waits until the database is there, where it is a file that another process is to make.
async fn wait_for_file(wait: Wait, invocation: &Invocation) -> Result<(), Failure> {
    let url = invocation.url()?;
    while url.file_to_make().is_some() && !wait.left().is_zero() {
        wait.pause().await;
    }
    Ok(())
}

/// Waits until everything has run that is not to run each time. Takes no lock and writes nothing. What `observer` was told at the first
/// look is not told again at each further one.
async fn wait_until_applied(wait: Wait, opened: &mut Opened, observer: &mut dyn Observer) -> Result<Plan, RunError> {
    let mut plan = look(opened, observer).await?;
    loop {
        let missing = plan.pending().filter(|s| !(s.changeset.run_always && s.row.is_some())).count();
        if missing == 0 {
            return Ok(plan);
        }
        if wait.left().is_zero() {
            let noun = if missing == 1 { "changeset has" } else { "changesets have" };
            return Err(RunError::Other(format!("{missing} {noun} not been applied within {} seconds", wait.limit.as_secs())));
        }
        wait.pause().await;
        plan = look(opened, &mut Silent).await?;
    }
}

/// Lists the changesets that `update` would run.
///
/// # Errors
/// When the changelog is not valid for the database, or the ledger cannot be read.
pub(super) async fn run(invocation: &Invocation, output: &mut Output) -> Result<(), Failure> {
    let limit = invocation.settings.number(&WAIT_UNTIL_APPLIED).map(Duration::from_secs);
    let wait = limit.map(|limit| Wait { limit, begun: Instant::now() });
    if let Some(wait) = wait {
        wait_for_file(wait, invocation).await?;
    }
    let mut opened = invocation.open(Needs { changelog: true, access: Access::Read }, output).await?;
    let planned = {
        let mut progress = Progress::new(invocation, output);
        match wait {
            Some(wait) => wait_until_applied(wait, &mut opened, &mut progress).await,
            None => look(&mut opened, &mut progress).await,
        }
    };
    let plan = match planned {
        Ok(plan) => plan,
        Err(error) => return deploy::close(opened, Err(error), output).await,
    };
    let pending: Vec<&Step> = plan.pending().collect();
    let display = opened.session.display.clone();
    if invocation.wants_json() {
        output.document(&status::pending_document(opened.session.url(), &pending))?;
    } else {
        output.result(&status::pending(&display, &pending, invocation.settings.is_on(&VERBOSE)))?;
    }
    deploy::close(opened, Ok(()), output).await
}
