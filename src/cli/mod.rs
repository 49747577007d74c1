//! The command line: reads words, environment and files, runs commands, prints, and decides the exit code.
//!
//! Nothing below this module does any of that.

mod args;
mod clock;
mod commands;
mod exit;
mod help;
mod layers;
mod log;
mod logged_connection;
mod opening;
mod output;
mod output_file;
mod progress;
mod run_failure;
mod signals;
mod telemetry;

pub use args::{CommandLine, Request, parse};
pub use exit::{Exit, Failure};
pub use help::{commands_page, diagnostics_page, exit_codes_page, program, settings_page};
pub use output::Output;

use crate::changelog::search_path::PassedOver;
use crate::config::settings::{
    COLOR, LOG_FILE, MIRROR_OUTPUT_TO_CONSOLE, OUTPUT_FILE, OUTPUT_FILE_ENCODING, SHOULD_RUN, STRICT, TELEMETRY_FILE,
};
use crate::config::{CommandKind, Layers, Settings, resolve};
use crate::db::connect::Address;
use crate::diagnostic::{Diagnostics, render_text};
use crate::exec::Stop;
use crate::span::SourceMap;
use log::{Level, Log};
use std::fmt;
use std::io::IsTerminal;
use std::process::ExitCode;
use std::sync::OnceLock;
use telemetry::Telemetry;

/// The environment as it was at the start. `Debug` does not show it: it may hold secrets.
#[derive(Clone, Default)]
pub struct Environment(Vec<(String, String)>);

impl Environment {
    /// All variables with their values.
    pub fn variables(&self) -> &[(String, String)] {
        &self.0
    }

    /// The value of a variable.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }
}

impl fmt::Debug for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Environment({} variables)", self.0.len())
    }
}

/// A command with everything it needs to know.
#[derive(Debug, Clone)]
pub struct Invocation {
    /// The command.
    pub command: CommandKind,
    /// Its name as typed, for messages.
    pub typed: String,
    /// All settings, merged; change-log parameters among them.
    pub settings: Settings,
    /// The environment, for `${…}` in changelogs.
    pub environment: Environment,
    /// What the settings were merged from.
    layers: Layers,
    /// Asks the run to stop.
    stop: Stop,
    /// What the command has connected to.
    connected: OnceLock<Address>,
    /// Files that were not read because another directory of the search path has the same path.
    passed_over: PassedOver,
}

/// Runs the program: the arguments and environment of this process, the standard streams.
pub fn main() -> ExitCode {
    // A variable that is no text cannot be asked for, unless it is a setting: then it is refused below.
    let variables = || std::env::vars_os().map(|(name, value)| (name.into_string(), value.into_string()));
    let environment = Environment(variables().filter_map(|(name, value)| Some((name.ok()?, value.ok()?))).collect());
    let colors = Colors::of_terminals(&environment);
    let mut output = Output::standard(colors.messages);
    let words = std::env::args_os().enumerate().skip(1);
    let words: Result<Vec<String>, Failure> =
        words.map(|(at, word)| word.into_string().map_err(|_| no_text(&format!("argument {at}")))).collect();
    let settings = variables().find_map(|(name, value)| name.ok().filter(|name| value.is_err() && is_of_settings(name)));
    let mut result = match (words, settings) {
        (Err(failure), _) => Err(failure),
        (Ok(_), Some(name)) => Err(no_text(&format!("the environment variable {name}"))),
        (Ok(words), None) => run(words.into_iter(), environment, colors, &mut output),
    };
    if let Err(error) = output.flush() {
        result = result.and(Err(error.into()));
    }
    match result {
        Ok(()) => ExitCode::from(Exit::Success.code()),
        Err(failure) => {
            output.message(&failure);
            ExitCode::from(failure.exit.code())
        }
    }
}

/// The failure of what was given to the program and is not UTF-8: changed bytes would name another file, or be another password. It is
/// not shown, since it may be one.
fn no_text(what: &str) -> Failure {
    Failure::new(Exit::Usage, format!("{what} is not UTF-8"))
}

/// Whether a variable of the environment is a setting by its name.
fn is_of_settings(name: &str) -> bool {
    ["CHANGELOG_", "LIQUIBASE_"].iter().any(|prefix| name.to_ascii_uppercase().starts_with(prefix))
}

/// Where colours are allowed.
#[derive(Debug, Clone, Copy, Default)]
struct Colors {
    results: bool,
    messages: bool,
}

impl Colors {
    /// On terminals, unless `NO_COLOR` is set to anything or `TERM` is `dumb`.
    fn of_terminals(environment: &Environment) -> Self {
        let wanted = environment.get("NO_COLOR").is_none_or(str::is_empty) && environment.get("TERM") != Some("dumb");
        Colors { results: wanted && std::io::stdout().is_terminal(), messages: wanted && std::io::stderr().is_terminal() }
    }
}

fn run(words: impl Iterator<Item = String>, environment: Environment, colors: Colors, output: &mut Output) -> Result<(), Failure> {
    let line = match parse(words)? {
        Request::Help { topic, long } => {
            let text = help::render(&topic, long);
            let text = if colors.results { text.ansi().to_string() } else { text.to_string() };
            return Ok(output.result(&text)?);
        }
        Request::Version => return Ok(output.result_line(help::version())?),
        Request::Run(line) => line,
    };
    let invocation = prepare(line, environment, output)?;
    if !invocation.settings.is_on(&SHOULD_RUN) && !is_about_the_program(invocation.command) {
        let origin = invocation.settings.value(&SHOULD_RUN).map(|v| v.origin().to_string()).unwrap_or_default();
        output.message(format!("Nothing was done: `should-run` is false ({origin})"));
        return Ok(());
    }
    let telemetry = write_beside(&invocation, output)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let file = write_to_file(&invocation, output)?;
    let result = runtime.block_on(signals::run(&invocation, output));
    // A script that ends where the command failed would be taken for a whole one.
    let written = output.end_file(result.is_err(), invocation.command.writes_sql());
    invocation.tell_passed_over(output);
    if let Err(failure) = &result {
        output.log().line(Level::Severe, "integration", failure);
    }
    if let (Some(file), Some(written)) = (telemetry, output.finish_telemetry(result.as_ref().err()))
        && let Err(error) = written
    {
        output.message(format!("WARNING: the telemetry file {file} is not complete: {error}"));
    }
    if let Some(file) = invocation.settings.text(&LOG_FILE).filter(|f| !f.is_empty()) {
        output.message(format!("Logs saved to {file}"));
    }
    if let (Some(file), Ok(false)) = (&file, &written) {
        output.message(format!("{file} is left as it was"));
    }
    result?;
    // A result that could not be written is no success.
    output.flush()?;
    written?;
    if let Some(file) = file {
        output.message(format!("Output saved to {file}"));
    }
    if !is_about_the_program(invocation.command) {
        output.message(format!("Liquibase command '{}' was executed successfully.", invocation.typed));
    }
    Ok(())
}

/// Starts the log and the telemetry of a command. It gives the telemetry file, if there is one.
fn write_beside<'i>(invocation: &'i Invocation, output: &mut Output) -> Result<Option<&'i str>, Failure> {
    let log = Log::new(&invocation.settings, output.messages())
        .map_err(|(file, e)| Failure::new(Exit::Usage, format!("cannot write the log file {file}: {e}")))?;
    output.set_log(log);
    let Some(file) = invocation.settings.text(&TELEMETRY_FILE).filter(|f| !f.is_empty()) else { return Ok(None) };
    let telemetry = Telemetry::new(file, &invocation.typed, &invocation.environment)
        .map_err(|e| Failure::new(Exit::Usage, format!("cannot write the telemetry file {file}: {e}")))?;
    output.set_telemetry(telemetry);
    Ok(Some(file))
}

/// Sends the results of a command to the output file, if there is one, which it gives.
fn write_to_file<'i>(invocation: &'i Invocation, output: &mut Output) -> Result<Option<&'i str>, Failure> {
    let Some(file) = invocation.settings.text(&OUTPUT_FILE) else { return Ok(None) };
    let mirror = invocation.settings.is_on(&MIRROR_OUTPUT_TO_CONSOLE);
    let encoding = invocation.settings.text(&OUTPUT_FILE_ENCODING).unwrap_or("UTF-8");
    let refused = |e| Failure::new(Exit::Usage, format!("cannot write the output file {file}: {e}"));
    output.redirect(file, encoding, mirror).map_err(refused)?;
    Ok(Some(file))
}

/// Commands that need neither a database nor a changelog.
fn is_about_the_program(command: CommandKind) -> bool {
    matches!(command, CommandKind::ConfigShow | CommandKind::Completions | CommandKind::Schema)
}

/// Reads the settings files, merges all layers, reports what is wrong with them.
fn prepare(line: CommandLine, environment: Environment, output: &mut Output) -> Result<Invocation, Failure> {
    let (layers, mut problems) = layers::read(&line, environment.0.clone());
    let (settings, merged) = resolve(line.command, &layers);
    if settings.is_on(&STRICT) {
        problems.make_strict();
    }
    problems.extend(merged);
    match settings.text(&COLOR) {
        Some("ALWAYS") => output.set_color(true),
        Some("NEVER") => output.set_color(false),
        _ => {}
    }
    if problems.has_errors() {
        return Err(Failure::diagnostics(Exit::Usage, &problems, &SourceMap::new(), output.color()));
    }
    report_warnings(&problems, output);
    let missing: Vec<String> = settings.missing().map(|u| missing_text(u.setting, line.command)).collect();
    if !missing.is_empty() {
        return Err(Failure::usage(missing.join("\n")));
    }
    Ok(Invocation {
        command: line.command.kind,
        typed: line.typed,
        settings,
        environment,
        layers,
        stop: Stop::new(),
        connected: OnceLock::new(),
        passed_over: PassedOver::default(),
    })
}

fn report_warnings(problems: &Diagnostics, output: &mut Output) {
    for problem in problems.iter() {
        let text = render_text(problem, &SourceMap::new(), output.color());
        output.message(text.trim_end());
    }
}

/// Liquibase's text for a missing argument (`cli.md` §1), and the places where it can be given.
fn missing_text(setting: &crate::config::Setting, command: &crate::config::Command) -> String {
    let flag = setting.flag();
    let head = format!("Error parsing command line: Invalid argument '--{flag}': missing required argument.");
    // What stands behind the command is given anew for each run, and belongs in no file.
    match command.positional.filter(|p| p.key == setting.key && !p.key.eq_ignore_ascii_case("changelogFile")) {
        Some(_) => format!("{head}\n  Write it behind the command: changelog {} {}", command.name, help::placeholder(setting)),
        None => format!(
            "{head}\n  Give --{flag}, set {variable}, or write `{key}` into liquibase.properties or changelog.config.yaml.",
            variable = setting.variable(),
            key = setting.key,
        ),
    }
}

#[cfg(test)]
#[path = "cli_tests.rs"]
mod tests;
