//! The commands' common ground: a run from open to close, interrupted or not.

use super::opening::{Needs, Opened, connect_options};
use super::progress::Progress;
use super::{Exit, Failure, Invocation, Output};
use crate::config::settings::{self as s};
use crate::db::connect::connect;
use crate::db::url::DatabaseUrl;
use crate::exec::rollback::RolledBack;
use crate::exec::update::Summary;
use crate::exec::{Run, RunError, Session};
use crate::plan::Limit;
use crate::plan::rollback::Back;
use crate::report::summary;
use std::time::Duration;

/// How long an interrupted run waits for the server before it goes without giving the lock back.
const PATIENCE: Duration = Duration::from_secs(15);

/// What a deploying command does.
#[derive(Debug, Clone)]
pub(super) struct Deploy {
    /// How far.
    pub limit: Limit,
    /// The head of the script.
    pub title: String,
    /// Whether changesets are only recorded.
    pub record_only: bool,
    /// Whether SQL is written instead of run.
    pub writing: bool,
}

/// What a command that undoes does.
#[derive(Debug, Clone)]
pub(super) struct Undo {
    /// How far back.
    pub back: Back,
    /// The head of the script.
    pub title: String,
    /// Whether SQL is written instead of run.
    pub writing: bool,
}

/// Ends when the process is told to stop; the exit says how.
async fn stopped() -> Exit {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let (Ok(mut interrupt), Ok(mut terminate)) = (signal(SignalKind::interrupt()), signal(SignalKind::terminate())) {
            return tokio::select! {
                _ = interrupt.recv() => Exit::Interrupted,
                _ = terminate.recv() => Exit::Terminated,
            };
        }
    }
    match tokio::signal::ctrl_c().await {
        Ok(()) => Exit::Interrupted,
        Err(_) => std::future::pending().await,
    }
}

/// Gives up what an interrupted run held: the open transaction and the lock. The statement under way was dropped, so
/// this takes a new connection.
async fn give_up(run: &mut Run<'_>, url: &DatabaseUrl, exit: Exit) -> Failure {
    let giving_up = async {
        let fresh = connect(url, &connect_options()).await?;
        run.give_up(fresh).await
    };
    let text = match tokio::time::timeout(PATIENCE, giving_up).await {
        Ok(Ok(())) => "stopped; the changeset under way was rolled back as far as the database can, and the lock is free".to_owned(),
        Ok(Err(error)) => format!("stopped; the lock could not be released: {error}"),
        Err(_) => "stopped; the server does not answer, so the lock could not be released: see list-locks and release-locks".to_owned(),
    };
    Failure::new(exit, text)
}

impl Invocation {
    /// The number that the command is given.
    pub(super) fn count(&self) -> Result<usize, Failure> {
        let count =
            self.settings.number(&s::COUNT).ok_or_else(|| Failure::usage("Invalid argument '--count': missing required argument"))?;
        usize::try_from(count).map_err(Failure::usage)
    }

    /// The tag that the command is given.
    pub(super) fn tag(&self) -> Result<String, Failure> {
        Ok(self.required(&s::TAG)?.to_owned())
    }

    /// Whether the result is wanted as JSON.
    pub(super) fn wants_json(&self) -> bool {
        self.settings.text(&s::FORMAT).is_some_and(|f| f.eq_ignore_ascii_case("json"))
    }

    /// Ends a command as Liquibase does.
    pub(super) fn success(&self, output: &mut Output) {
        output.message(format!("Liquibase command '{}' was executed successfully.", self.typed));
    }

    /// Deploys, from connecting to the summary.
    ///
    /// # Errors
    /// Whatever went wrong; what was written or counted until then is shown before.
    pub(super) async fn deploy(&self, what: &Deploy, output: &mut Output) -> Result<(), Failure> {
        let mut opened = self.open(Needs { changelog: true, writing: what.writing }, output).await?;
        self.deploy_opened(what, &mut opened, output).await?;
        self.success(output);
        Ok(())
    }

    /// Deploys on what is open already.
    pub(super) async fn deploy_opened(&self, what: &Deploy, opened: &mut Opened, output: &mut Output) -> Result<Summary, Failure> {
        let mut progress = Progress::new(output);
        let mut run = Run::new(&opened.changelog, &opened.selection, &mut opened.session, &mut progress, &opened.options);
        let ended = tokio::select! {
            ended = async {
                if what.record_only { run.sync(&what.limit, &what.title).await } else { run.update(&what.limit, &what.title).await }
            } => Ok(ended),
            exit = stopped() => Err(exit),
        };
        let (summary, mut result) = match ended {
            Ok(ended) => ended,
            Err(exit) => return Err(give_up(&mut run, &opened.url, exit).await),
        };
        if result.is_err() && !what.writing && summary.run > 0 && self.settings.is_on(&s::ROLLBACK_ON_ERROR) {
            let (done, back) = run.rollback(&Back::Count(summary.run), "", None).await;
            if let (Err(first), Err(second)) = (&result, back) {
                result = Err(RunError::Other(format!(
                    "{first}\nThen {} of {} changesets were rolled back: {second}",
                    done.changesets, summary.run
                )));
            }
        }
        let up_to_date = summary.up_to_date;
        flush_script(&mut opened.session, output)?;
        if !what.writing && !what.record_only {
            if up_to_date {
                output.message("Database is up to date, no changesets to execute");
            }
            self.show_summary(&summary, output)?;
        }
        if summary.tag_missing
            && let Limit::Tag(tag) = &what.limit
        {
            let text = format!(
                "The tag '{tag}' was not found in the changelog '{}'. All changesets in the changelog were deployed.",
                opened.changelog.path
            );
            output.message(format!("WARNING:  {text}"));
        }
        result.map_err(|e| self.run_failure(&e, opened, output))?;
        Ok(summary)
    }

    fn show_summary(&self, summary: &Summary, output: &mut Output) -> Result<(), Failure> {
        let word = |setting| self.settings.text(setting).unwrap_or("").to_ascii_uppercase();
        let level = word(&s::SHOW_SUMMARY);
        if level != "OFF" && word(&s::SHOW_SUMMARY_OUTPUT) != "LOG" {
            output.result(&summary::text(summary, level == "VERBOSE"))?;
        }
        Ok(())
    }

    /// Undoes, from connecting to the message.
    ///
    /// # Errors
    /// Whatever went wrong.
    pub(super) async fn undo(&self, what: &Undo, output: &mut Output) -> Result<(), Failure> {
        let mut opened = self.open(Needs { changelog: true, writing: what.writing }, output).await?;
        let script = match self.settings.text(&s::ROLLBACK_SCRIPT).filter(|p| !p.is_empty()) {
            None => None,
            Some(path) => {
                let refused = |e: &dyn std::fmt::Display| {
                    Failure::usage(format!("The rollback script '{path}' cannot be read: {e}. No rollback was performed"))
                };
                let bytes = opened.changelog.search.read(path).map_err(|e| refused(&e))?;
                Some(String::from_utf8(bytes).map_err(|e| refused(&e))?)
            }
        };
        self.undo_opened(what, script.as_deref(), &mut opened, output).await?;
        self.success(output);
        Ok(())
    }

    /// Undoes on what is open already.
    pub(super) async fn undo_opened(
        &self,
        what: &Undo,
        script: Option<&str>,
        opened: &mut Opened,
        output: &mut Output,
    ) -> Result<RolledBack, Failure> {
        let mut progress = Progress::new(output);
        let mut run = Run::new(&opened.changelog, &opened.selection, &mut opened.session, &mut progress, &opened.options);
        let ended = tokio::select! {
            ended = run.rollback(&what.back, &what.title, script) => Ok(ended),
            exit = stopped() => Err(exit),
        };
        let (done, result) = match ended {
            Ok(ended) => ended,
            Err(exit) => return Err(give_up(&mut run, &opened.url, exit).await),
        };
        flush_script(&mut opened.session, output)?;
        result.map_err(|e| self.run_failure(&e, opened, output))?;
        if done.changesets == 0 {
            output.message("INFO: 0 changesets rolled back.");
        }
        Ok(done)
    }

    /// The failure of a run, with the place in the changelog where it knows one.
    pub(super) fn run_failure(&self, error: &RunError, opened: &Opened, output: &Output) -> Failure {
        let mut failure = Failure::from(error.clone());
        if let RunError::Changeset(e) = error
            && let Some(span) = e.span
        {
            let problem =
                crate::diagnostic::Diagnostic::error(crate::diagnostic::CHANGESET_FAILED, format!("changeset {} failed", e.identity))
                    .at(span);
            let text = crate::diagnostic::render_text(&problem, &opened.changelog.sources, output.color());
            failure.message = format!("{}\n{}", text.trim_end(), failure.message);
        }
        failure
    }
}

/// Hands what was written to the result stream, also when the run failed in the middle.
pub(super) fn flush_script(session: &mut Session, output: &mut Output) -> Result<(), Failure> {
    if let Some(script) = &mut session.script {
        let text = script.take();
        output.result(&text)?;
    }
    Ok(())
}
