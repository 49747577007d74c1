//! A run as a person watches it, on standard error: what begins, what is doubtful, and how long it takes.

use super::log::{Level, Log};
use super::{Invocation, Output};
use crate::config::settings::PROGRESS;
use crate::exec::Observer;
use crate::exec::event::{Event, Outcome};
use crate::history::ExecType;
use crate::history::journal::State;
use crate::sql::action::OutputTarget;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::fmt;
use std::time::{Duration, Instant};

/// Runs shorter than this show no progress.
const SHOWN_AFTER: Duration = Duration::from_millis(500);

/// Shows a run. Messages go to the output; a line with the elapsed time stands below them on a terminal.
pub(super) struct Progress<'a> {
    output: &'a mut Output,
    bar: Option<ProgressBar>,
    is_wanted: bool,
    started: Instant,
    /// Who was last said to hold the lock.
    waiting_for: Option<String>,
}

impl fmt::Debug for Progress<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Progress").field("is_wanted", &self.is_wanted).finish_non_exhaustive()
    }
}

impl<'a> Progress<'a> {
    /// Watches for this invocation.
    pub(super) fn new(invocation: &Invocation, output: &'a mut Output) -> Self {
        let is_wanted = match invocation.settings.text(&PROGRESS) {
            Some("ALWAYS") => true,
            Some("NEVER") => false,
            // A line that is redrawn would cut through the log.
            _ => output.is_terminal() && !output.log().is_among_messages(),
        };
        Progress { output, bar: None, is_wanted, started: Instant::now(), waiting_for: None }
    }

    fn say(&mut self, text: impl fmt::Display) {
        match &self.bar {
            Some(bar) => bar.suspend(|| self.output.message(text)),
            None => self.output.message(text),
        }
    }

    fn draw(&mut self, text: &str, done: usize, of: usize) {
        if !self.is_wanted {
            return;
        }
        if self.bar.is_none() && self.started.elapsed() > SHOWN_AFTER {
            let bar = ProgressBar::with_draw_target(Some(of as u64), ProgressDrawTarget::stderr());
            if let Ok(style) = ProgressStyle::with_template("[{elapsed_precise}] {pos}/{len} {wide_msg}") {
                bar.set_style(style);
            }
            self.bar = Some(bar.with_elapsed(self.started.elapsed()));
        }
        if let Some(bar) = &self.bar {
            bar.enable_steady_tick(Duration::from_millis(200));
            bar.set_length(of as u64);
            bar.set_position(done as u64);
            bar.set_message(text.to_owned());
        }
    }
}

impl Observer for Progress<'_> {
    fn on(&mut self, event: &Event<'_>) {
        log(event, self.output.log());
        if let Some(telemetry) = self.output.telemetry() {
            telemetry.on(event);
        }
        match event {
            Event::LockWaiting { holder } if self.waiting_for.as_deref() != Some(holder) => {
                let who = if holder.is_empty() { "a runner that is starting" } else { holder };
                self.say(format_args!("Waiting for changelog lock.... (held by {who})"));
                self.waiting_for = Some((*holder).to_owned());
            }
            Event::LockTakenOver { holder, since, proof } => {
                self.say(format_args!("Took over the change log lock of {holder}, held since {since}: {proof}"));
            }
            Event::Started { identity, number, of, rollback } => {
                let verb = if *rollback { "Rolling Back" } else { "Running" };
                self.say(format_args!("{verb} Changeset: {identity}"));
                self.draw(&format!("{verb} {identity}"), number.saturating_sub(1), *of);
            }
            Event::Resumed { identity, row } => self.say(format_args!(
                "Changeset {identity} goes on behind statement {}: an earlier run ({}) got that far",
                match row.state {
                    State::Done => row.statement,
                    State::Started => row.statement.saturating_sub(1),
                },
                row.since
            )),
            Event::Alone { identity } => self.say(format_args!(
                "Changeset {identity} runs outside of a transaction, for its statements cannot run in one; they are committed one by one"
            )),
            Event::UnusableIndexDropped { index } => {
                self.say(format_args!("Index {index} was left unusable by an earlier build; it was dropped and is built anew"));
            }
            Event::Blocked(blocker) => self.say(format_args!("Waiting {blocker}")),
            Event::Finished { identity, outcome, .. } => match outcome {
                Outcome::Skipped(why) => self.say(format_args!("Changeset {identity} is passed over: {why}")),
                Outcome::FailedIgnored(why) => self.say(format_args!(
                    "Changeset {identity} failed, and the error was ignored because 'failOnError' was set to false. {why}"
                )),
                Outcome::Recorded(ExecType::MarkRan) => self.say(format_args!("Changeset {identity} is recorded without being run")),
                Outcome::Recorded(_) | Outcome::RolledBack => {}
            },
            Event::ChecksumUpgraded { identity, from, to } => {
                self.say(format_args!("Upgrading checksum for Changeset {identity} from {from} to {to}."));
            }
            Event::LedgerChanged(what) => self.say(what),
            Event::Warning(text) => self.say(format_args!("WARNING: {text}")),
            Event::Output { message, target } => match target {
                // A full disk is found again, and reported, when the output is flushed.
                OutputTarget::Stdout => drop(self.output.result_line(message)),
                OutputTarget::Stderr => self.say(message),
                // These go to the log; whoever has none must not miss them.
                OutputTarget::Warning => self.say(format_args!("WARNING: {message}")),
                OutputTarget::Error => self.say(format_args!("ERROR: {message}")),
                OutputTarget::Debug | OutputTarget::Info => {}
            },
            _ => {}
        }
    }
}

/// What the log has of an event; statements are logged by the connection.
fn log(event: &Event<'_>, log: &Log) {
    match event {
        Event::LockTaken => log.line(Level::Info, "lockservice", "Successfully acquired change log lock"),
        Event::LockReleased => log.line(Level::Info, "lockservice", "Successfully released change log lock"),
        Event::LedgerCreated(what) | Event::LedgerChanged(what) => log.line(Level::Info, "changelog", what),
        Event::Planned { pending } => log.line(Level::Info, "command", format_args!("{pending} changesets to run")),
        Event::Finished { identity, outcome, elapsed } => {
            let text = match outcome {
                Outcome::Recorded(ExecType::MarkRan) => "marked as ran",
                Outcome::Recorded(_) => "ran successfully",
                Outcome::Skipped(_) => "was passed over",
                Outcome::FailedIgnored(_) => "failed, which it may",
                Outcome::RolledBack => "rolled back successfully",
            };
            log.line(Level::Info, "changelog", format_args!("ChangeSet {identity} {text} in {}ms", elapsed.as_millis()));
        }
        Event::Warning(text) => log.line(Level::Warning, "changelog", text),
        Event::Output { message, target } => {
            let level = match target {
                OutputTarget::Debug => Level::Fine,
                OutputTarget::Info => Level::Info,
                OutputTarget::Warning => Level::Warning,
                OutputTarget::Error => Level::Severe,
                OutputTarget::Stdout | OutputTarget::Stderr => return,
            };
            log.line(level, "change", message);
        }
        _ => {}
    }
}

impl Drop for Progress<'_> {
    fn drop(&mut self) {
        if let Some(bar) = self.bar.take() {
            bar.finish_and_clear();
        }
    }
}
