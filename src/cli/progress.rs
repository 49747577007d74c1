//! What a person sees while a run goes on: one line for each changeset, the time it has taken on a terminal,
//! warnings, and messages of the changelog. In a pipe it is only those lines.

use super::Output;
use crate::exec::event::{Event, Observer, Outcome};
use crate::sql::action::OutputTarget;
use std::time::Duration;

/// From this on, a changeset on a terminal is followed by the time it took.
const WORTH_TELLING: Duration = Duration::from_secs(1);

/// Tells what happens on the message stream.
#[derive(Debug)]
pub(super) struct Progress<'a> {
    output: &'a mut Output,
    waiting_for: Option<String>,
}

impl<'a> Progress<'a> {
    pub(super) fn new(output: &'a mut Output) -> Self {
        Progress { output, waiting_for: None }
    }
}

impl Observer for Progress<'_> {
    fn on(&mut self, event: &Event<'_>) {
        match event {
            Event::LockWaiting { holder } if self.waiting_for.as_deref() != Some(holder) => {
                self.output.message(format!("Waiting for changelog lock.... held by {holder}"));
                self.waiting_for = Some((*holder).to_owned());
            }
            Event::Started { identity, number, of, rollback } => {
                let what = if *rollback { "Rolling Back Changeset" } else { "Running Changeset" };
                let place = if self.output.is_terminal() && *of > 1 { format!(" ({number} of {of})") } else { String::new() };
                self.output.message(format!("{what}: {identity}{place}"));
            }
            Event::Finished { identity, outcome, elapsed } => {
                match outcome {
                    Outcome::Skipped(why) => self.output.message(format!("  skipped, to be tried again: {why}")),
                    Outcome::FailedIgnored(why) => {
                        self.output.message(format!("WARNING: {identity} failed; its failOnError is false: {why}"));
                    }
                    Outcome::Recorded(crate::history::ExecType::MarkRan) => {
                        self.output.message("  marked as run without running it");
                    }
                    _ => {}
                }
                if self.output.is_terminal() && *elapsed >= WORTH_TELLING {
                    self.output.message(format!("  took {:.1} s", elapsed.as_secs_f64()));
                }
            }
            Event::LedgerChanged(what) => self.output.message(format!("Database change log table: {what}")),
            Event::Warning(text) => self.output.message(format!("WARNING: {text}")),
            Event::Output { message, target } => {
                if *target == OutputTarget::Stdout {
                    // A broken standard output is told when the command's own result is written.
                    let _ = self.output.result_line(message);
                } else {
                    self.output.message(message);
                }
            }
            _ => {}
        }
    }
}
