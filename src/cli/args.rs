//! Reads the command line.
//!
//! The grammar is Liquibase's (`cli.md` §1) and not that of a usual Rust program: names in any letter case and in
//! camelCase, options of a command before or behind its name, words without an option name, `-Dname=value`. So words are
//! read here, by the tables of settings and commands; the same tables give [`help`](super::help) and completions.

use super::exit::{Exit, Failure, HELP_HINT};
use crate::config::{COMMANDS, Command, Flag, Kind, Setting, find_command, is_not_offered, settings};
use crate::diagnostic::closest;
use crate::secret::{MASK, looks_secret, mask_url};
use std::collections::VecDeque;
use std::fmt;

/// What the command line asks for.
#[derive(Debug, Clone)]
pub enum Request {
    /// Help on everything, on one command or on a group of them; `long` with `--help`, short with `-h`.
    Help {
        /// The name of the command or of the group, as in the table; empty for everything.
        topic: String,
        /// Whether all options are explained at length.
        long: bool,
    },
    /// `--version`.
    Version,
    /// A command is to be run.
    Run(CommandLine),
}

/// A command with what was given to it. `Debug` shows no values: they may be secret.
#[derive(Clone)]
pub struct CommandLine {
    /// The command.
    pub command: &'static Command,
    /// Its name as typed; messages repeat it.
    pub typed: String,
    /// The options.
    pub flags: Vec<Flag>,
    /// `-Dname=value`.
    pub parameters: Vec<(String, String)>,
}

impl fmt::Debug for CommandLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CommandLine").field("command", &self.typed).field("flags", &self.flags).finish_non_exhaustive()
    }
}

/// Reads the words behind the program name.
///
/// # Errors
/// An unknown command or option, an option given twice or without its value; the message is complete.
pub fn parse(words: impl IntoIterator<Item = String>) -> Result<Request, Failure> {
    let mut reader = Reader { words: words.into_iter().collect(), ..Reader::default() };
    while let Some(word) = reader.words.pop_front() {
        reader.take(word)?;
    }
    reader.finish()
}

/// An option as it was given.
struct Given {
    flag: Flag,
    /// The whole word, for messages; secrets are masked.
    shown: String,
    /// Whether it stood before the name of the command: then it need not be an option of that command.
    before_command: bool,
}

#[derive(Default)]
struct Reader {
    words: VecDeque<String>,
    command: Option<(&'static Command, String)>,
    /// The first word of a command of two words.
    group: Option<String>,
    given: Vec<Given>,
    parameters: Vec<(String, String)>,
    /// Words without an option name: one run of them may be the value of the command's positional setting.
    positional: Vec<String>,
    positional_ended: bool,
    unexpected: Vec<String>,
    /// What could have been meant, in the order of preference.
    meant: Vec<String>,
    not_offered: Option<String>,
    help: Option<bool>,
    version: bool,
    /// Behind `--`, nothing is an option.
    only_words: bool,
}

impl Reader {
    fn take(&mut self, word: String) -> Result<(), Failure> {
        if self.only_words || !word.starts_with('-') || word == "-" {
            self.word(word);
            return Ok(());
        }
        self.positional_ended |= !self.positional.is_empty();
        match word.as_str() {
            "--" => self.only_words = true,
            "-h" => self.help = self.help.or(Some(false)),
            "-v" => self.version = true,
            _ => {
                if let Some(parameter) = word.strip_prefix("-D") {
                    return self.parameter(parameter);
                }
                let lower = word.to_ascii_lowercase();
                match lower.as_str() {
                    "--help" => self.help = Some(true),
                    "--version" => self.version = true,
                    _ => return self.option(&word),
                }
            }
        }
        Ok(())
    }

    /// `-Dname=value` or `-D name=value`.
    fn parameter(&mut self, text: &str) -> Result<(), Failure> {
        let text = if text.is_empty() { self.words.pop_front().unwrap_or_default() } else { text.to_owned() };
        match text.split_once('=') {
            Some((name, value)) if !name.trim().is_empty() => {
                self.parameters.push((name.trim().to_owned(), value.to_owned()));
                Ok(())
            }
            _ => Err(Failure::usage(format!("Missing value for '-D{text}': a change-log parameter is written -Dname=value"))),
        }
    }

    fn option(&mut self, word: &str) -> Result<(), Failure> {
        let (typed, inline) = match word.split_once('=') {
            Some((name, value)) => (name, Some(value)),
            None => (word, None),
        };
        let Some(setting) = typed.strip_prefix("--").and_then(settings::find) else {
            self.unknown_option(word, typed, inline.is_some());
            return Ok(());
        };
        if self.given.iter().any(|g| g.flag.setting == setting) {
            return Err(given_twice(setting));
        }
        let value = match inline {
            Some(value) => value.to_owned(),
            None if setting.kind == Kind::Bool => self
                .words
                .pop_front_if(|w| ["true", "false"].iter().any(|b| w.eq_ignore_ascii_case(b)))
                .unwrap_or_else(|| "true".to_owned()),
            None => self
                .words
                .pop_front_if(|w| !is_option(w))
                .ok_or_else(|| Failure::usage(format!("Missing required parameter for option '--{}' (PARAM)", setting.flag())))?,
        };
        let shown = match (inline, setting.kind) {
            (Some(_), Kind::Secret) => format!("{typed}={MASK}"),
            _ => mask_url(word),
        };
        let flag = Flag { setting, value, typed: typed.to_owned() };
        self.given.push(Given { flag, shown, before_command: self.command.is_none() });
        Ok(())
    }

    fn unknown_option(&mut self, word: &str, typed: &str, has_value: bool) {
        let name = typed.trim_start_matches('-');
        let flags: Vec<String> = settings::all().filter(|s| !s.is_ignored()).map(Setting::flag).collect();
        let near = closest(name, flags.iter().map(String::as_str));
        let secret = looks_secret(name) || near.and_then(settings::find).is_some_and(|s| s.kind == Kind::Secret);
        self.meant.extend(near.map(|n| format!("--{n}")));
        self.unexpected.push(if secret && has_value { format!("{typed}={MASK}") } else { mask_url(word) });
        // The next word was meant as the value of the misspelt option; a password must not appear in the message.
        if secret && !has_value && self.words.pop_front_if(|w| !is_option(w)).is_some() {
            self.unexpected.push(MASK.to_owned());
        }
    }

    fn word(&mut self, word: String) {
        if let Some((command, _)) = self.command {
            if command.positional.is_some() && !self.positional_ended {
                self.positional.push(word);
            } else {
                self.unexpected.push(mask_url(&word));
            }
            return;
        }
        let name = match self.group.take() {
            Some(group) => format!("{group} {word}"),
            None if word.eq_ignore_ascii_case("help") && self.help.is_none() => {
                self.help = Some(true);
                return;
            }
            None => word,
        };
        if let Some(command) = find_command(&name) {
            self.command = Some((command, name));
        } else if is_not_offered(&name) {
            self.not_offered = self.not_offered.take().or(Some(name));
        } else if self.not_offered.is_some() {
            // Words of a command that is not offered are not judged.
        } else if is_group(&name) {
            self.group = Some(name);
        } else {
            self.meant.extend(near_commands(&name).into_iter().map(|c| format!("changelog {c}")));
            self.unexpected.push(mask_url(&name));
        }
    }

    fn finish(mut self) -> Result<Request, Failure> {
        // Words behind a command do not keep its help back; help on what is no command would be help on something else.
        let is_known = self.command.is_some() || self.unexpected.is_empty() && self.not_offered.is_none();
        if let Some(long) = self.help.filter(|_| is_known) {
            let group = self.group.map(|g| g.to_ascii_lowercase());
            let topic = self.command.map(|(c, _)| c.name.to_owned()).or(group).unwrap_or_default();
            return Ok(Request::Help { topic, long });
        }
        if self.version {
            return Ok(Request::Version);
        }
        if let Some(group) = self.group.take() {
            let members = COMMANDS.iter().filter(|c| c.name.starts_with(&format!("{} ", group.to_ascii_lowercase())));
            self.meant.extend(members.map(|c| format!("changelog {}", c.name)));
            self.unexpected.push(group);
        }
        if let Some(name) = self.not_offered {
            return Err(Failure::usage(format!("'{name}' is a command of Liquibase that changelog does not offer")));
        }
        if let Some((command, _)) = self.command {
            for given in &self.given {
                let setting = given.flag.setting;
                if !given.before_command && !command.accepts(setting) {
                    self.unexpected.push(given.shown.clone());
                    let owners: Vec<&str> = COMMANDS.iter().filter(|c| c.use_of(setting).is_some()).map(|c| c.name).take(4).collect();
                    if !owners.is_empty() {
                        self.meant.push(format!("--{} with {}", setting.flag(), owners.join(", ")));
                    }
                }
            }
        }
        if !self.unexpected.is_empty() {
            return Err(unexpected(&self.unexpected, &self.meant));
        }
        let Some((command, typed)) = self.command else {
            return Err(Failure::usage("Missing the command: say what is to be done, for example 'changelog update'"));
        };
        let mut flags: Vec<Flag> = self.given.into_iter().map(|g| g.flag).collect();
        if let Some(setting) = command.positional.filter(|_| !self.positional.is_empty()) {
            if flags.iter().any(|f| f.setting == setting) {
                return Err(given_twice(setting));
            }
            flags.push(Flag { setting, value: self.positional.join(" "), typed: typed.clone() });
        }
        Ok(Request::Run(CommandLine { command, typed, flags, parameters: self.parameters }))
    }
}

/// Whether a word is an option that we know, so that it cannot be the value of the option before it.
fn is_option(word: &str) -> bool {
    let name = word.split('=').next().unwrap_or(word);
    name.strip_prefix("--").is_some_and(|n| settings::find(n).is_some() || ["help", "version"].contains(&n)) || word.starts_with("-D")
}

fn is_group(word: &str) -> bool {
    let prefix = format!("{} ", word.to_ascii_lowercase());
    COMMANDS.iter().any(|c| c.name.starts_with(&prefix))
}

fn given_twice(setting: &Setting) -> Failure {
    Failure::usage(format!("option '--{}' (PARAM) should be specified only once", setting.flag()))
}

fn unexpected(words: &[String], meant: &[String]) -> Failure {
    let mut message = format!("Unexpected argument(s): {}\n\n{HELP_HINT}", words.join(", "));
    if !meant.is_empty() {
        message += &format!("\n\nDid you mean: {}?", meant.join(" or "));
    }
    Failure::new(Exit::Usage, message)
}

/// Up to three commands that a misspelt word may mean: those that begin with it, shortest first, then near ones.
fn near_commands(word: &str) -> Vec<&'static str> {
    let lower = word.to_ascii_lowercase();
    let mut near: Vec<(usize, usize, &'static str)> = COMMANDS
        .iter()
        .filter_map(|c| {
            let distance = strsim::damerau_levenshtein(&lower, c.name);
            let begins = lower.len() > 2 && c.name.starts_with(&lower);
            (begins || distance <= 1 + c.name.len().max(lower.len()) / 4).then_some((usize::from(!begins), distance, c.name))
        })
        .collect();
    near.sort_unstable();
    near.into_iter().take(3).map(|(_, _, name)| name).collect()
}

#[cfg(test)]
#[path = "args_tests.rs"]
mod tests;
