//! Values with their origins. Nothing here shows a secret: not `Debug`, not `Display`.

use super::command::{Command, Use};
use super::setting::{Kind, Setting};
use crate::secret::{MASK, Secret, looks_secret, mask_url};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

/// A key with its value, as a file has it. The value is not part of `Debug`: it may be a password.
#[derive(Clone, PartialEq, Eq)]
pub struct Entry {
    /// The key as written; nested keys of the project file are joined by dots.
    pub key: String,
    /// The value as text.
    pub value: String,
    /// The line it stands in, from 1.
    pub line: usize,
}

impl Entry {
    /// Makes an entry.
    pub fn new(key: impl Into<String>, value: impl Into<String>, line: usize) -> Self {
        Entry { key: key.into(), value: value.into(), line }
    }
}

impl fmt::Debug for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.key)
    }
}

/// A file of settings that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettingsFile {
    /// The path as the user knows it.
    pub path: String,
    /// Its entries in order.
    pub entries: Vec<Entry>,
}

/// The layers of settings, weakest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Layer {
    /// Built in.
    Default,
    /// `liquibase.properties`.
    DefaultsFile,
    /// `liquibase.local.properties`.
    LocalDefaultsFile,
    /// `changelog.config.yaml`.
    ProjectFile,
    /// `LIQUIBASE_*` and `CHANGELOG_*`.
    Environment,
    /// The command line.
    Flag,
}

/// Where a value came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// Built in.
    Default,
    /// A line of a file.
    File {
        /// The path as the user knows it.
        path: String,
        /// The line, from 1.
        line: usize,
    },
    /// A variable of the environment.
    Env(String),
    /// An option of the command line, as typed.
    Flag(String),
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Origin::Default => f.write_str("built-in default"),
            Origin::File { path, line } => write!(f, "{path}:{line}"),
            Origin::Env(name) => write!(f, "environment variable {name}"),
            Origin::Flag(name) => write!(f, "command line, {name}"),
        }
    }
}

/// The value of one setting.
#[derive(Clone, PartialEq, Eq)]
pub struct Value {
    pub(super) setting: &'static Setting,
    pub(super) text: String,
    pub(super) layer: Layer,
    pub(super) origin: Origin,
}

impl Value {
    /// The setting it is a value of.
    pub fn setting(&self) -> &'static Setting {
        self.setting
    }

    /// Where it came from.
    pub fn origin(&self) -> &Origin {
        &self.origin
    }

    /// The layer it came from.
    pub fn layer(&self) -> Layer {
        self.layer
    }

    /// The value as it may be shown: secrets and the passwords of URLs are masked.
    pub fn shown(&self) -> Cow<'_, str> {
        match self.setting.kind {
            Kind::Secret => Cow::Borrowed(MASK),
            Kind::Url => Cow::Owned(mask_url(&self.text)),
            _ => Cow::Borrowed(&self.text),
        }
    }
}

impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.shown(), self.origin)
    }
}

/// A change-log parameter: what `${name}` becomes.
#[derive(Clone, PartialEq, Eq)]
pub struct Parameter {
    /// The name; letter case does not count.
    pub name: String,
    /// The text.
    pub value: String,
    /// Where it came from.
    pub origin: Origin,
    pub(super) layer: Layer,
}

impl Parameter {
    /// The value as it may be shown: masked when the name is that of a secret.
    pub fn shown(&self) -> &str {
        if looks_secret(&self.name) { MASK } else { &self.value }
    }
}

impl fmt::Debug for Parameter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}={} ({})", self.name, self.shown(), self.origin)
    }
}

/// The program that is run for a Java class of a `customChange` or `customPrecondition`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Program {
    /// The class name that the changelog has.
    pub class: String,
    /// The path of the program.
    pub path: String,
    /// Where the mapping came from.
    pub origin: Origin,
    pub(super) layer: Layer,
}

/// Where the password is to be taken from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PasswordSource {
    /// Nowhere: none was given (the URL may still hold one).
    None,
    /// This is it.
    Given(Secret),
    /// It is the first line of this file, which the caller reads.
    File {
        /// The path as given.
        path: String,
        /// Who named the file.
        origin: Origin,
    },
}

/// Every setting with its value for one command.
#[derive(Clone)]
pub struct Settings {
    pub(super) command: &'static Command,
    pub(super) values: BTreeMap<&'static str, Value>,
    pub(super) parameters: Vec<Parameter>,
    pub(super) programs: Vec<Program>,
}

impl Settings {
    /// The command they hold for.
    pub fn command(&self) -> &'static Command {
        self.command
    }

    /// The value of a setting with its origin; `None` when it has none, not even built in.
    pub fn value(&self, setting: &Setting) -> Option<&Value> {
        self.values.get(setting.key)
    }

    /// The text of a setting. Do not show it: [`Value::shown`] is for that.
    pub fn text(&self, setting: &Setting) -> Option<&str> {
        self.value(setting).map(|v| v.text.as_str())
    }

    /// Whether a boolean setting is on; without any value it is off.
    pub fn is_on(&self, setting: &Setting) -> bool {
        self.text(setting).is_some_and(|t| t.eq_ignore_ascii_case("true"))
    }

    /// The number of an integer setting.
    pub fn number(&self, setting: &Setting) -> Option<u64> {
        self.text(setting).and_then(|t| t.parse().ok())
    }

    /// The items of a list, without surrounding blanks and empty items.
    pub fn list(&self, setting: &Setting) -> Vec<&str> {
        self.text(setting).map_or_else(Vec::new, |t| t.split(',').map(str::trim).filter(|i| !i.is_empty()).collect())
    }

    /// The secret of a setting.
    pub fn secret(&self, setting: &Setting) -> Option<Secret> {
        self.text(setting).map(Secret::new)
    }

    /// Whether the value came from anywhere but the built-in defaults.
    pub fn is_given(&self, setting: &Setting) -> bool {
        self.value(setting).is_some_and(|v| v.layer > Layer::Default)
    }

    /// All values in the order of their keys.
    pub fn values(&self) -> impl Iterator<Item = &Value> {
        self.values.values()
    }

    /// The settings the command needs and that have no value.
    pub fn missing(&self) -> impl Iterator<Item = &'static Use> + '_ {
        self.command.uses().filter(|u| u.required && self.text(u.setting).is_none_or(|t| t.trim().is_empty()))
    }

    /// The change-log parameters, one a name; the strongest layer wins.
    pub fn parameters(&self) -> &[Parameter] {
        &self.parameters
    }

    /// The programs that stand for Java classes.
    pub fn programs(&self) -> &[Program] {
        &self.programs
    }

    /// Where the password of the database comes from. Of `password` and `passwordFile`, the one from the stronger layer
    /// counts; in one layer, `password` does.
    pub fn password(&self) -> PasswordSource {
        use super::settings::{PASSWORD, PASSWORD_FILE};
        match (self.value(&PASSWORD), self.value(&PASSWORD_FILE)) {
            (Some(given), Some(file)) if file.layer > given.layer => file_source(file),
            (Some(given), _) => PasswordSource::Given(Secret::new(given.text.as_str())),
            (None, Some(file)) => file_source(file),
            (None, None) => PasswordSource::None,
        }
    }

    /// The directories in which files are looked for, in order: the search path, else the working directory (`.`); then
    /// the directories of Liquibase's class path, unless the search path is set and `includeSystemClasspath` is off.
    pub fn search_roots(&self) -> Vec<String> {
        use super::settings::{CLASSPATH, INCLUDE_SYSTEM_CLASSPATH, SEARCH_PATH};
        let mut roots: Vec<String> = self.list(&SEARCH_PATH).into_iter().map(str::to_owned).collect();
        let with_class_path = roots.is_empty() || self.is_on(&INCLUDE_SYSTEM_CLASSPATH);
        if roots.is_empty() {
            roots.push(".".to_owned());
        }
        if with_class_path {
            let separators: &[char] = if cfg!(windows) { &[';', ','] } else { &[':', ';', ','] };
            let entries = self.text(&CLASSPATH).unwrap_or_default().split(separators).map(str::trim);
            let is_archive = |e: &str| [".jar", ".zip", "*"].iter().any(|end| e.to_ascii_lowercase().ends_with(end));
            for entry in entries.filter(|e| !e.is_empty() && !is_archive(e)) {
                if !roots.iter().any(|r| r == entry) {
                    roots.push(entry.to_owned());
                }
            }
        }
        roots
    }
}

fn file_source(value: &Value) -> PasswordSource {
    PasswordSource::File { path: value.text.clone(), origin: value.origin.clone() }
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings")
            .field("command", &self.command.name)
            .field("values", &self.values)
            .field("parameters", &self.parameters)
            .field("programs", &self.programs)
            .finish()
    }
}
