//! What update, sync and their kin have in common: open, run, tell.

use super::known_state;
use crate::cli::opening::{Access, Needs, Opened, end};
use crate::cli::progress::Progress;
use crate::cli::{Failure, Invocation, Output};
use crate::config::settings::{COUNT, ROLLBACK_ON_ERROR, SHOW_SUMMARY, SHOW_SUMMARY_OUTPUT, TAG};
use crate::exec::RunError;
use crate::exec::digest::Question;
use crate::exec::update::Summary;
use crate::plan::Limit;
use crate::plan::rollback::Back;
use crate::report::summary;

/// What a run says that found nothing to do.
const UP_TO_DATE: &str = "Database is up to date, no changesets to execute";

/// What is done with the changesets that have not run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Deed {
    /// They are run.
    Update,
    /// They are recorded without running.
    Sync,
}

/// A deployment: what is run up to where, and how it is called.
#[derive(Debug, Clone)]
pub(super) struct Deployment {
    /// What is done.
    pub(super) deed: Deed,
    /// Where it ends.
    pub(super) limit: Limit,
    /// Heads the script.
    pub(super) title: String,
    /// `Update`, `Update-count`: the word of the success line.
    pub(super) word: &'static str,
}

impl Invocation {
    /// The value of `--count`.
    ///
    /// # Errors
    /// When it is no number.
    pub(super) fn count(&self) -> Result<usize, Failure> {
        let text = self.required(&COUNT)?;
        text.trim().parse().map_err(|_| Failure::usage(format!("Error parsing command line: For input string: \"{text}\"")))
    }

    /// The value of `--tag`.
    ///
    /// # Errors
    /// When there is none.
    pub(super) fn tag(&self) -> Result<String, Failure> {
        Ok(self.required(&TAG)?.to_owned())
    }
}

/// Runs a deployment, or writes it as a script when the command says so.
///
/// # Errors
/// What stops the run. What was done and written until then is told before.
pub(super) async fn run(deployment: &Deployment, invocation: &Invocation, output: &mut Output) -> Result<(), Failure> {
    let access = if invocation.command.writes_sql() { Access::Write } else { Access::Run };
    let needs = Needs { changelog: true, access };
    let mut connected = invocation.connect(needs, output).await?;
    let is_whole = access == Access::Run && deployment.deed == Deed::Update && deployment.limit == Limit::None;
    let question = if is_whole { known_state::question(invocation, &connected) } else { None };
    if let Some(question) = &question
        && let Some(summary) = known_state::answer(question, invocation, &mut connected).await
    {
        output.message(UP_TO_DATE);
        output.result(&summary)?;
        end(&mut connected.session).await;
        return Ok(());
    }
    let mut opened = invocation.load(connected, needs, output).await?;
    let (summary, result) = execute(deployment, question.as_ref(), &mut opened, invocation, output).await;
    write_script(&mut opened, output)?;
    if access == Access::Run && deployment.deed == Deed::Update {
        tell(deployment, &summary, &result, invocation, output)?;
    }
    if let Err(error @ RunError::Changeset(_)) = &result
        && invocation.settings.is_on(&ROLLBACK_ON_ERROR)
    {
        let failure = Failure::of_run(error, &opened.changelog, output.color());
        output.message(&failure);
        take_back(&mut opened, invocation, output).await?;
    }
    close(opened, result, output).await
}

/// The summary as it is printed; `None` when it is not.
fn summary_box(summary: &Summary, invocation: &Invocation) -> Option<String> {
    let settings = &invocation.settings;
    let level = settings.text(&SHOW_SUMMARY).unwrap_or("SUMMARY");
    let on_console = settings.text(&SHOW_SUMMARY_OUTPUT) != Some("LOG");
    (level != "OFF" && on_console).then(|| summary::text(summary, level == "VERBOSE"))
}

/// One pass over the changelog. With a question, a pass that leaves nothing to do leaves a digest for the next one.
pub(super) async fn execute(
    deployment: &Deployment,
    question: Option<&Question>,
    opened: &mut Opened,
    invocation: &Invocation,
    output: &mut Output,
) -> (Summary, Result<(), RunError>) {
    let mut progress = Progress::new(invocation, output);
    let mut run = opened.run(&mut progress);
    let (summary, result) = match deployment.deed {
        Deed::Update => run.update(&deployment.limit, &deployment.title).await,
        Deed::Sync => run.sync(&deployment.limit, &deployment.title).await,
    };
    if let (Some(question), Ok(())) = (question, &result) {
        run.leave_digest(question, |summary| summary_box(summary, invocation).unwrap_or_default()).await;
    }
    (summary, result)
}

/// Prints the script that a run has written, as far as it got.
///
/// # Errors
/// When the result cannot be written.
pub(super) fn write_script(opened: &mut Opened, output: &mut Output) -> Result<(), Failure> {
    match &mut opened.session.script {
        Some(script) => Ok(output.result(&script.take())?),
        None => Ok(()),
    }
}

/// Says what an update did.
///
/// # Errors
/// When the result cannot be written; with `strict`, when the tag to update to is nowhere.
pub(super) fn tell(
    deployment: &Deployment,
    summary: &Summary,
    result: &Result<(), RunError>,
    invocation: &Invocation,
    output: &mut Output,
) -> Result<(), Failure> {
    if summary.up_to_date {
        output.message(UP_TO_DATE);
    }
    // A run that stopped before its first changeset has nothing to sum up.
    let has_run = matches!(result, Ok(()) | Err(RunError::Changeset(_)));
    if has_run && let Some(text) = summary_box(summary, invocation) {
        output.result(&text)?;
    }
    if result.is_err() || summary.up_to_date {
        return Ok(());
    }
    if !summary.ignored_errors.is_empty() {
        output.message("Errors encountered while deploying the following changesets: ");
        for identity in &summary.ignored_errors {
            output.message(format!("     {identity}"));
        }
        output.message("For more information use the --log-level flag.");
    }
    output.message(format!("Liquibase: {} has been successful. Rows affected: {}", deployment.word, summary.rows));
    Ok(())
}

/// Undoes the changesets that a failed run has just deployed.
async fn take_back(opened: &mut Opened, invocation: &Invocation, output: &mut Output) -> Result<(), Failure> {
    let back = Back::Deployment(opened.options.deployment_id.clone());
    let (_, result) = {
        let mut progress = Progress::new(invocation, output);
        opened.run(&mut progress).rollback(&back, "", None).await
    };
    result.map_err(|e| Failure::of_run(&e, &opened.changelog, output.color()))
}

/// Ends the session, and turns a failed run into the failure of the command.
///
/// # Errors
/// That of the run.
pub(super) async fn close(mut opened: Opened, result: Result<(), RunError>, output: &mut Output) -> Result<(), Failure> {
    end(&mut opened.session).await;
    result.map_err(|e| Failure::of_run(&e, &opened.changelog, output.color()))
}
