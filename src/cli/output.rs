//! Where results and messages go. Commands write here; they never print.

use super::exit::Failure;
use super::log::Log;
use super::output_file::OutputFile;
use super::telemetry::Telemetry;
use crate::source::text::Charset;
use serde::Serialize;
use std::fmt;
use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

/// Where messages go; clones share it.
#[derive(Clone)]
pub(super) struct Messages(Arc<Mutex<Box<dyn Write + Send>>>);

impl Messages {
    pub(super) fn new(writer: impl Write + Send + 'static) -> Self {
        Messages(Arc::new(Mutex::new(Box::new(writer))))
    }

    /// Writes a line, in one piece: standard error is not buffered, and each piece would be a call of the system.
    /// Nothing is to be done when that fails.
    pub(super) fn line(&self, line: impl fmt::Display) {
        let line = format!("{line}\n");
        let mut writer = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let _ = writer.write_all(line.as_bytes());
    }
}

/// What the person who watches is told; clones share it.
#[derive(Clone)]
pub(super) struct Console {
    messages: Messages,
    log: Log,
}

impl Console {
    fn new(writer: impl Write + Send + 'static) -> Self {
        let messages = Messages::new(writer);
        Console { log: Log::off(&messages), messages }
    }

    /// Tells a line. Nothing is to be done when that fails.
    pub(super) fn line(&self, line: impl fmt::Display) {
        if !self.log.message(&line) {
            self.messages.line(&line);
        }
    }
}

/// Results (standard output, or the output file) and messages (standard error).
pub struct Output {
    results: Box<dyn Write + Send>,
    file: Option<Redirection>,
    console: Console,
    telemetry: Option<Telemetry>,
    color: bool,
    terminal: bool,
}

/// Results go to a file.
#[derive(Debug)]
struct Redirection {
    file: OutputFile,
    charset: Charset,
    /// Whether there is anything but the mark of the encoding.
    has_result: bool,
    /// Whether they go to standard output as well.
    mirror: bool,
}

impl fmt::Debug for Output {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Output").field("color", &self.color).field("terminal", &self.terminal).finish_non_exhaustive()
    }
}

impl Output {
    /// The standard streams. Results are buffered; messages are not.
    pub(super) fn standard(color: bool) -> Self {
        Output {
            results: Box::new(BufWriter::new(io::stdout())),
            file: None,
            console: Console::new(io::stderr()),
            telemetry: None,
            color,
            terminal: io::stderr().is_terminal(),
        }
    }

    /// Writers of the caller's, without colours, for tests.
    pub fn to(results: impl Write + Send + 'static, messages: impl Write + Send + 'static) -> Self {
        Output { results: Box::new(results), file: None, console: Console::new(messages), telemetry: None, color: false, terminal: false }
    }

    /// Sends results into a file in that encoding from now on, and to standard output as well if `mirror`. The file holds them once
    /// [`Output::end_file`] is called.
    ///
    /// # Errors
    /// The encoding is not known, or the file cannot be written to.
    pub(super) fn redirect(&mut self, path: &str, encoding: &str, mirror: bool) -> io::Result<()> {
        let unknown = || io::Error::new(io::ErrorKind::InvalidInput, format!("the encoding '{encoding}' is not known"));
        let charset = Charset::of(encoding).ok_or_else(unknown)?;
        let mut file = OutputFile::open(Path::new(path))?;
        file.write(Charset::mark_of(encoding))?;
        self.file = Some(Redirection { file, charset, has_result: false, mirror });
        Ok(())
    }

    /// Ends the file of the results, if there is one. Whether it has them: a command that failed leaves the file of before when it has
    /// no result, and when what it has is only a part (`is_part`).
    ///
    /// # Errors
    /// The disk is full.
    pub(super) fn end_file(&mut self, has_failed: bool, is_part: bool) -> io::Result<bool> {
        let Some(Redirection { file, has_result, .. }) = self.file.take() else { return Ok(false) };
        if has_failed && (is_part || !has_result) {
            file.leave();
            return Ok(false);
        }
        file.keep().map(|()| true)
    }

    /// Writes a part of the result as it is. A reader that has gone (`| head`) is no error.
    ///
    /// # Errors
    /// The disk is full, or the stream is broken; the encoding of the output file does not have a character.
    pub fn result(&mut self, text: &str) -> io::Result<()> {
        if let Some(Redirection { file, charset, has_result, mirror }) = &mut self.file {
            let missing = |c: char| io::Error::new(io::ErrorKind::InvalidData, format!("{} has no character '{c}'", charset.name()));
            if_read(file.write(&charset.encode(text).map_err(missing)?))?;
            *has_result |= !text.is_empty();
            if !*mirror {
                return Ok(());
            }
        }
        if_read(self.results.write_all(text.as_bytes()))
    }

    /// Writes a line of the result.
    ///
    /// # Errors
    /// The disk is full, or the stream is broken.
    pub fn result_line(&mut self, line: impl fmt::Display) -> io::Result<()> {
        self.result(&format!("{line}\n"))
    }

    /// Writes a document for programs.
    ///
    /// # Errors
    /// The disk is full, or the stream is broken.
    pub fn document(&mut self, document: &impl Serialize) -> io::Result<()> {
        let text = serde_json::to_string_pretty(document)?;
        self.result_line(text)
    }

    /// Writes a line for the person who watches, behind the results so far. Nothing is to be done when that fails.
    pub fn message(&mut self, line: impl fmt::Display) {
        let _ = self.results.flush();
        self.console.line(line);
    }

    /// The log.
    pub(super) fn log(&self) -> &Log {
        &self.console.log
    }

    /// Where events go for telemetry, if they do.
    pub(super) fn telemetry(&mut self) -> Option<&mut Telemetry> {
        self.telemetry.as_mut()
    }

    /// Starts telemetry.
    pub(super) fn set_telemetry(&mut self, telemetry: Telemetry) {
        self.telemetry = Some(telemetry);
    }

    /// Ends telemetry with what became of the command; what came of writing it, if there is any.
    pub(super) fn finish_telemetry(&mut self, failure: Option<&Failure>) -> Option<io::Result<()>> {
        let error = failure.map(|f| (f.exit.code(), f.to_string()));
        Some(self.telemetry.take()?.finish(error.as_ref().map(|(code, text)| (*code, text.as_str()))))
    }

    /// Sets the log.
    pub(super) fn set_log(&mut self, log: Log) {
        self.console.log = log;
    }

    /// Where messages go, for a log that has no file.
    pub(super) fn messages(&self) -> &Messages {
        &self.console.messages
    }

    /// What tells messages, for those who do so beside the command.
    pub(super) fn console(&self) -> Console {
        self.console.clone()
    }

    /// Whether messages may have colours.
    pub fn color(&self) -> bool {
        self.color
    }

    /// Sets whether messages may have colours.
    pub(super) fn set_color(&mut self, color: bool) {
        self.color = color;
    }

    /// Whether a person watches the messages on a terminal.
    pub fn is_terminal(&self) -> bool {
        self.terminal
    }

    /// Writes out what is buffered.
    ///
    /// # Errors
    /// The disk is full, or the stream is broken.
    pub fn flush(&mut self) -> io::Result<()> {
        if_read(self.results.flush())
    }
}

/// Nobody reads on: the result is of no more use, and the command goes on.
fn if_read(written: io::Result<()>) -> io::Result<()> {
    match written {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Closed(io::ErrorKind);

    impl Write for Closed {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(self.0.into())
        }

        fn flush(&mut self) -> io::Result<()> {
            Err(self.0.into())
        }
    }

    #[test]
    fn a_reader_that_has_gone_is_no_error_but_a_full_disk_is() {
        let mut output = Output::to(Closed(io::ErrorKind::BrokenPipe), io::sink());
        assert!(output.result("x").is_ok() && output.flush().is_ok());
        let mut output = Output::to(Closed(io::ErrorKind::StorageFull), io::sink());
        assert!(output.result("x").is_err());
    }
}
