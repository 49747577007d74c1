//! The log: what happens in detail, in Liquibase's form (`cli.md` §4), on standard error or in a file.

use super::clock;
use super::output::Messages;
use crate::config::Settings;
use crate::config::settings::{LOG_FILE, LOG_FORMAT, LOG_LEVEL, MIRROR_CONSOLE_MESSAGES_TO_LOG, SQL_LOG_LEVEL};
use crate::report::log::Line;
use std::fmt;
use std::fs::OpenOptions;
use std::io;

/// How much a line matters. A log of one level has the lines of all levels before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Level {
    /// Nothing is logged at this level.
    Off,
    /// The run fails.
    Severe,
    /// Something is doubtful.
    Warning,
    /// What is done.
    Info,
    /// Settings.
    Config,
    /// How it is done: statements.
    Fine,
    /// More than that.
    Finer,
    /// Everything.
    Finest,
}

impl Level {
    /// The level of a setting's word. `DEBUG` is another word for `FINE`.
    fn of(word: &str) -> Level {
        match word {
            "SEVERE" => Level::Severe,
            "WARNING" => Level::Warning,
            "INFO" => Level::Info,
            "CONFIG" => Level::Config,
            "FINE" | "DEBUG" => Level::Fine,
            "FINER" => Level::Finer,
            "FINEST" | "ALL" => Level::Finest,
            _ => Level::Off,
        }
    }

    fn word(self) -> &'static str {
        match self {
            Level::Off => "OFF",
            Level::Severe => "SEVERE",
            Level::Warning => "WARNING",
            Level::Info => "INFO",
            Level::Config => "CONFIG",
            Level::Fine => "FINE",
            Level::Finer => "FINER",
            Level::Finest => "FINEST",
        }
    }
}

/// The form of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Text,
    Json,
    PrettyJson,
}

/// A log; clones write to the same place.
#[derive(Clone)]
pub(super) struct Log {
    writer: Messages,
    level: Level,
    sql_level: Level,
    form: Form,
    is_file: bool,
    has_messages: bool,
}

impl fmt::Debug for Log {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Log").field("level", &self.level).field("is_file", &self.is_file).finish_non_exhaustive()
    }
}

impl Log {
    /// A log that has no lines.
    pub(super) fn off(messages: &Messages) -> Log {
        Log { writer: messages.clone(), level: Level::Off, sql_level: Level::Fine, form: Form::Text, is_file: false, has_messages: false }
    }

    /// The log of these settings: into the log file, which is added to, else where messages go.
    ///
    /// # Errors
    /// The file cannot be opened; with its path.
    pub(super) fn new(settings: &Settings, messages: &Messages) -> Result<Log, (String, io::Error)> {
        let level = |setting| settings.text(setting).map_or(Level::Off, Level::of);
        let file = settings.text(&LOG_FILE).filter(|f| !f.is_empty());
        let writer = match file {
            None => messages.clone(),
            Some(file) => Messages::new(OpenOptions::new().create(true).append(true).open(file).map_err(|e| (file.to_owned(), e))?),
        };
        let form = match settings.text(&LOG_FORMAT) {
            Some("JSON") => Form::Json,
            Some("JSON_PRETTY") => Form::PrettyJson,
            _ => Form::Text,
        };
        // Without a file, messages are where the log is: they need not stand there twice.
        let has_messages = file.is_some() && settings.is_on(&MIRROR_CONSOLE_MESSAGES_TO_LOG);
        Ok(Log { writer, level: level(&LOG_LEVEL), sql_level: level(&SQL_LOG_LEVEL), form, is_file: file.is_some(), has_messages })
    }

    /// Whether lines of this level are written.
    pub(super) fn wants(&self, level: Level) -> bool {
        level != Level::Off && level <= self.level
    }

    /// The level of SQL statements.
    pub(super) fn sql_level(&self) -> Level {
        self.sql_level
    }

    /// Whether lines appear among the messages.
    pub(super) fn is_among_messages(&self) -> bool {
        !self.is_file && self.level != Level::Off
    }

    /// Writes a line. `area` is what follows `liquibase.` in the channel.
    pub(super) fn line(&self, level: Level, area: &str, message: impl fmt::Display) {
        if self.wants(level) {
            self.write(level, area, message);
        }
    }

    fn write(&self, level: Level, area: &str, message: impl fmt::Display) {
        let now = clock::now();
        if self.form == Form::Text {
            let time = now.strftime("%Y-%m-%d %H:%M:%S");
            self.writer.line(format_args!("[{time}] {} [liquibase.{area}] {message}", level.word()));
            return;
        }
        let line = Line {
            timestamp: now.timestamp().to_string(),
            level: level.word(),
            logger: format!("liquibase.{area}"),
            message: message.to_string(),
        };
        let written = if self.form == Form::PrettyJson { serde_json::to_string_pretty(&line) } else { serde_json::to_string(&line) };
        // Texts alone can always be written.
        self.writer.line(written.unwrap_or_default());
    }

    /// Writes a message of the console: into a log of its own too, and as a line of the log where that is JSON and stands among the
    /// messages, so that a program can read all of it. False when the message is still to be written for people.
    pub(super) fn message(&self, message: &dyn fmt::Display) -> bool {
        if self.has_messages {
            self.line(Level::Info, "ui", message);
        }
        let is_for_programs = self.is_among_messages() && self.form != Form::Text;
        if is_for_programs {
            self.write(Level::Info, "ui", message);
        }
        is_for_programs
    }
}
