//! Standard output and standard error. Results go to the first, everything else to the second.

use super::failure::Failure;
use crate::exec::event::{Event, Observer, Outcome};
use crate::history::ExecType;
use crate::sql::action::OutputTarget;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::{IsTerminal, Write};
use std::path::PathBuf;
use std::time::Duration;

/// Where results and messages go.
#[derive(Debug, Clone, Default)]
pub struct Console {
    /// A file that gets the results instead of standard output.
    pub output_file: Option<PathBuf>,
    /// Whether results also go to standard output when there is a file.
    pub mirror: bool,
    /// Whether messages may be coloured.
    pub color: bool,
    /// Whether progress may be drawn.
    pub progress: bool,
    /// Whether each statement is told.
    pub statements: bool,
    /// Whether log lines are JSON objects.
    pub json_log: bool,
    written: bool,
}

impl Console {
    /// A console that draws and colours as the terminal and the settings allow.
    pub fn new(color: Option<bool>, progress: Option<bool>, no_color: bool) -> Self {
        let terminal = std::io::stderr().is_terminal();
        Console {
            color: color.unwrap_or(terminal && !no_color),
            progress: progress.unwrap_or(terminal),
            ..Console::default()
        }
    }

    /// Prints a part of the result.
    ///
    /// # Errors
    /// When it cannot be written. A reader that has gone (a closed pipe) ends the program quietly in `main`.
    pub fn result(&mut self, text: &str) -> Result<(), Failure> {
        if let Some(file) = &self.output_file {
            let failed = |e: std::io::Error| Failure::File(format!("{} cannot be written: {e}", file.display()));
            let mut open = std::fs::OpenOptions::new();
            open.create(true).write(true);
            if self.written {
                open.append(true);
            } else {
                open.truncate(true);
            }
            open.open(file).and_then(|mut f| f.write_all(text.as_bytes())).map_err(failed)?;
            self.written = true;
            if !self.mirror {
                return Ok(());
            }
        }
        let mut out = std::io::stdout().lock();
        match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
            Err(e) if e.kind() != std::io::ErrorKind::BrokenPipe => Err(Failure::File(format!("standard output cannot be written: {e}"))),
            _ => Ok(()),
        }
    }

    /// Says something on standard error.
    pub fn say(&self, text: &str) {
        let mut err = std::io::stderr().lock();
        // Nobody can be told that standard error is gone.
        let _ = writeln!(err, "{text}");
    }

    /// Says that something is doubtful.
    pub fn warn(&self, text: &str) {
        if self.color {
            self.say(&format!("\u{1b}[1;33mWARNING:\u{1b}[0m {text}"));
        } else {
            self.say(&format!("WARNING: {text}"));
        }
    }

    /// Says that something failed.
    pub fn error(&self, text: &str) {
        if self.color {
            self.say(&format!("\u{1b}[1;31mERROR:\u{1b}[0m {text}"));
        } else {
            self.say(&format!("ERROR: {text}"));
        }
    }
}

/// Runs shorter than this draw no progress.
const PROGRESS_AFTER: Duration = Duration::from_millis(400);

/// Shows a run on standard error.
#[derive(Debug)]
pub struct Progress {
    console: Console,
    bar: Option<ProgressBar>,
    started: std::time::Instant,
    pending: usize,
}

impl Progress {
    /// A watcher that draws on this console.
    pub fn new(console: &Console) -> Self {
        Progress { console: console.clone(), bar: None, started: std::time::Instant::now(), pending: 0 }
    }

    fn say(&self, text: &str) {
        match &self.bar {
            Some(bar) => bar.suspend(|| self.console.say(text)),
            None => self.console.say(text),
        }
    }

    fn draw(&mut self, message: &str, number: usize, of: usize) {
        if !self.console.progress {
            return;
        }
        if self.bar.is_none() && self.started.elapsed() > PROGRESS_AFTER {
            let bar = ProgressBar::with_draw_target(Some(of as u64), ProgressDrawTarget::stderr());
            if let Ok(style) = ProgressStyle::with_template("[{elapsed_precise}] {pos}/{len} {bar:30} {wide_msg}") {
                bar.set_style(style);
            }
            bar.enable_steady_tick(Duration::from_millis(200));
            self.bar = Some(bar);
        }
        if let Some(bar) = &self.bar {
            bar.set_position(number.saturating_sub(1) as u64);
            bar.set_message(message.to_owned());
        }
    }
}

impl Observer for Progress {
    fn on(&mut self, event: &Event<'_>) {
        match event {
            Event::LockWaiting { holder } => self.say(&format!("Waiting for changelog lock.... (held by {holder})")),
            Event::Planned { pending } => self.pending = *pending,
            Event::Started { identity, number, of, rollback } => {
                let text = if *rollback { format!("Rolling Back Changeset: {identity}") } else { format!("Running Changeset: {identity}") };
                self.say(&text);
                self.draw(&text, *number, *of);
            }
            Event::Finished { identity, outcome, .. } => {
                match outcome {
                    Outcome::Skipped(why) => self.say(&format!("Changeset {identity} is passed over: {why}")),
                    Outcome::FailedIgnored(why) => self.say(&format!(
                        "Changeset {identity} failed, and the error was ignored because 'failOnError' was set to false. {why}"
                    )),
                    Outcome::Recorded(ExecType::MarkRan) => self.say(&format!("Changeset {identity} is marked as ran without running")),
                    Outcome::Recorded(_) | Outcome::RolledBack => {}
                }
                if let Some(bar) = &self.bar {
                    bar.inc(1);
                }
            }
            Event::Statement { sql, rows, elapsed } if self.console.statements => {
                self.say(&format!("{sql}\n-- {rows} rows, {} ms", elapsed.as_millis()));
            }
            Event::ChecksumUpgraded { identity, from, to } => {
                self.say(&format!("Upgrading checksum for Changeset {identity} from {from} to {to}."));
            }
            Event::Warning(text) => self.say(&format!("WARNING: {text}")),
            Event::Output { message, target } => match target {
                OutputTarget::Stdout => {
                    let _ = writeln!(std::io::stdout().lock(), "{message}");
                }
                OutputTarget::Debug | OutputTarget::Info => {}
                OutputTarget::Stderr => self.say(message),
                OutputTarget::Warning => self.say(&format!("WARNING: {message}")),
                OutputTarget::Error => self.say(&format!("ERROR: {message}")),
            },
            _ => {}
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some(bar) = self.bar.take() {
            bar.finish_and_clear();
        }
    }
}
