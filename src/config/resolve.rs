//! Merges the layers: built-in < defaults file < local defaults file < project file < environment < command line.
//!
//! Inside one layer, a name scoped to the command wins over `command.KEY`, and that over the plain key (`cli.md` §2); in
//! the environment, `CHANGELOG_*` wins over `LIQUIBASE_*`. Then the last one given wins.

use super::command::{Command, Use};
use super::key::{self, Meaning, strip_prefix};
use super::setting::{Kind, Scope, Setting, Standing};
use super::settings;
use super::values::{Layer, Origin, Parameter, Program, Settings, SettingsFile, Value};
use crate::diagnostic::{BAD_SETTING, Diagnostic, Diagnostics, IGNORED_SETTING, REPEATED_SETTING, UNKNOWN_SETTING};
use std::collections::BTreeMap;
use std::fmt;

/// An option of the command line.
#[derive(Clone, PartialEq, Eq)]
pub struct Flag {
    /// The setting it gives.
    pub setting: &'static Setting,
    /// The value; `true` for a bare boolean option.
    pub value: String,
    /// The option as typed, without its value: `--contexts`.
    pub typed: String,
}

impl fmt::Debug for Flag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.typed)
    }
}

/// What the caller read. `Debug` shows names only: values may be secret.
#[derive(Clone, Default)]
pub struct Layers {
    /// Options of the command line.
    pub flags: Vec<Flag>,
    /// `-Dname=value`.
    pub parameters: Vec<(String, String)>,
    /// The environment; variables without our prefixes are passed over.
    pub environment: Vec<(String, String)>,
    /// `changelog.config.yaml`.
    pub project: Option<SettingsFile>,
    /// `liquibase.local.properties`.
    pub local_defaults: Option<SettingsFile>,
    /// `liquibase.properties`.
    pub defaults: Option<SettingsFile>,
}

impl fmt::Debug for Layers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Layers")
            .field("flags", &self.flags)
            .field("project", &self.project)
            .field("local_defaults", &self.local_defaults)
            .field("defaults", &self.defaults)
            .finish_non_exhaustive()
    }
}

/// Variables that begin like ours and are none: Liquibase's launcher and the addresses of test servers.
const OTHER_VARIABLES: &[&str] = &["LIQUIBASE_HOME", "LIQUIBASE_LAUNCHER_", "CHANGELOG_TEST_"];

/// How strongly a value binds: layer, then prefix of the variable, then scope. Among equals the last one wins.
type Strength = (Layer, u8, u8);

/// Merges the layers for one command.
///
/// The settings are complete even when the diagnostics hold errors. Unknown names are warnings, errors with `strict`;
/// a value that its setting does not take is an error if the command uses the setting. Whether required settings are
/// there, [`Settings::missing`] tells.
pub fn resolve(command: &'static Command, layers: &Layers) -> (Settings, Diagnostics) {
    let mut merge = Merge { command, best: BTreeMap::new(), parameters: Vec::new(), programs: Vec::new(), unknown: Diagnostics::new() };
    merge.built_in();
    let files = [
        (Layer::DefaultsFile, &layers.defaults),
        (Layer::LocalDefaultsFile, &layers.local_defaults),
        (Layer::ProjectFile, &layers.project),
    ];
    for (layer, file) in files {
        if let Some(file) = file {
            merge.file(layer, file);
        }
    }
    merge.environment(&layers.environment);
    merge.flags(layers);
    merge.finish()
}

struct Merge {
    command: &'static Command,
    best: BTreeMap<&'static str, (Strength, Value)>,
    parameters: Vec<Parameter>,
    programs: Vec<Program>,
    unknown: Diagnostics,
}

impl Merge {
    fn built_in(&mut self) {
        for setting in settings::all() {
            let default = self.command.use_of(setting).map_or(setting.default, Use::built_in);
            if let Some(text) = default {
                self.offer((Layer::Default, 0, 0), setting, text, Origin::Default);
            }
        }
    }

    fn offer(&mut self, strength: Strength, setting: &'static Setting, text: &str, origin: Origin) {
        if self.best.get(setting.key).is_some_and(|(held, _)| *held > strength) {
            return;
        }
        let value = Value { setting, text: text.to_owned(), layer: strength.0, origin };
        self.best.insert(setting.key, (strength, value));
    }

    fn file(&mut self, layer: Layer, file: &SettingsFile) {
        for entry in &file.entries {
            let origin = Origin::File { path: file.path.clone(), line: entry.line };
            match key::of_file_key(&entry.key) {
                Meaning::Setting { setting, reach } => {
                    if let Some(scope) = reach.strength(self.command) {
                        if let Some((held, former)) = self.best.get(setting.key)
                            && *held == (layer, 0, scope)
                            && matches!(former.origin(), Origin::File { path, .. } if *path == file.path)
                        {
                            let message = format!("`{}` is set a second time; what is said last counts", entry.key);
                            let problem = Diagnostic::warning(REPEATED_SETTING, message).in_file(origin.to_string());
                            self.unknown.push(problem.hint(format!("keep this one or that at {}", former.origin())));
                        }
                        self.offer((layer, 0, scope), setting, entry.value.trim(), origin);
                    }
                }
                Meaning::Parameter(name) => {
                    self.parameters.push(Parameter { name: name.to_owned(), value: entry.value.clone(), origin, layer })
                }
                Meaning::Program(class) => {
                    self.programs.push(Program { class: class.to_owned(), path: entry.value.trim().to_owned(), origin, layer });
                }
                Meaning::OtherCommand => {}
                Meaning::Unknown => {
                    let mut problem =
                        Diagnostic::warning(UNKNOWN_SETTING, format!("unknown key `{}` is ignored", entry.key)).in_file(origin.to_string());
                    if let Some(section) = key::section(&entry.key) {
                        problem = problem.hint(format!("names with their values stand in it: `{section}.NAME`"));
                    } else if let Some(near) = key::nearest(&entry.key, false) {
                        problem = problem.hint(format!("did you mean `{near}`?"));
                    }
                    self.unknown.push(problem);
                }
            }
        }
    }

    fn environment(&mut self, variables: &[(String, String)]) {
        for (name, text) in variables {
            let (prefix, rest) = match (strip_prefix(name, "LIQUIBASE_"), strip_prefix(name, "CHANGELOG_")) {
                (Some(rest), _) => (0, rest),
                (_, Some(rest)) => (1, rest),
                _ => continue,
            };
            match key::of_variable(rest) {
                Meaning::Setting { setting, reach } => {
                    if let Some(scope) = reach.strength(self.command) {
                        self.offer((Layer::Environment, prefix, scope), setting, text.trim(), Origin::Env(name.clone()));
                    }
                }
                Meaning::Unknown if !OTHER_VARIABLES.iter().any(|p| strip_prefix(name, p).is_some()) => {
                    let mut problem = Diagnostic::warning(UNKNOWN_SETTING, format!("unknown environment variable `{name}` is ignored"));
                    if let Some(near) = key::nearest(rest, true) {
                        problem = problem.hint(format!("did you mean `{}{near}`?", if prefix == 0 { "LIQUIBASE_" } else { "CHANGELOG_" }));
                    }
                    self.unknown.push(problem);
                }
                _ => {}
            }
        }
    }

    fn flags(&mut self, layers: &Layers) {
        for flag in &layers.flags {
            self.offer((Layer::Flag, 0, 0), flag.setting, &flag.value, Origin::Flag(flag.typed.clone()));
        }
        for (name, value) in &layers.parameters {
            let origin = Origin::Flag(format!("-D{name}"));
            self.parameters.push(Parameter { name: name.clone(), value: value.clone(), origin, layer: Layer::Flag });
        }
    }

    fn finish(self) -> (Settings, Diagnostics) {
        let mut problems = Diagnostics::new();
        let mut unknown = self.unknown;
        let mut values = BTreeMap::new();
        for (name, (_, mut value)) in self.best {
            if let Some(problem) = check(self.command, &mut value) {
                problems.push(problem);
            }
            if let Some(problem) = unsupported(&value) {
                unknown.push(problem);
            }
            values.insert(name, value);
        }
        let settings = Settings {
            command: self.command,
            values,
            parameters: strongest(self.parameters, |p| (p.name.to_lowercase(), p.layer)),
            programs: strongest(self.programs, |p| (p.class.clone(), p.layer)),
        };
        if settings.is_on(&settings::STRICT) {
            unknown.make_strict();
        }
        problems.extend(unknown);
        (settings, problems)
    }
}

/// One item a name: that of the strongest layer and, in one layer, the last. The order of first appearance is kept.
fn strongest<T>(items: Vec<T>, name_and_layer: impl Fn(&T) -> (String, Layer)) -> Vec<T> {
    let mut kept: Vec<T> = Vec::new();
    for item in items {
        let (name, layer) = name_and_layer(&item);
        match kept.iter_mut().find(|k| name_and_layer(k).0 == name) {
            Some(held) if name_and_layer(held).1 <= layer => *held = item,
            Some(_) => {}
            None => kept.push(item),
        }
    }
    kept
}

/// Tells of a value that would change what the command does in Liquibase, and does not here.
fn unsupported(value: &Value) -> Option<Diagnostic> {
    let Standing::Unsupported(why) = value.setting.standing else { return None };
    let is_built_in = value.setting.default.is_some_and(|default| default.eq_ignore_ascii_case(&value.text));
    if is_built_in {
        return None;
    }
    let message = format!("`{}` of `{}` has no effect: {why}", value.shown(), value.setting.flag());
    Some(Diagnostic::warning(IGNORED_SETTING, message).in_file(value.origin.to_string()))
}

/// Checks a value against its kind and brings words into the spelling of the table. Only settings that the command uses
/// are checked: a defaults file may serve commands that take other words.
fn check(command: &Command, value: &mut Value) -> Option<Diagnostic> {
    let setting = value.setting;
    let row = command.use_of(setting);
    if setting.is_ignored() || (setting.scope == Scope::Command && row.is_none()) {
        return None;
    }
    let expected = match row.and_then(|r| r.choices).map_or(setting.kind, Kind::Choice) {
        Kind::Bool => match value.text.to_ascii_lowercase().as_str() {
            "true" | "false" => return None,
            _ => "true or false".to_owned(),
        },
        Kind::Integer => match value.text.parse::<u64>() {
            Ok(_) => return None,
            Err(_) => "a whole number".to_owned(),
        },
        Kind::Choice(words) => match words.iter().find(|w| w.eq_ignore_ascii_case(&value.text)) {
            Some(word) => {
                value.text = (*word).to_owned();
                return None;
            }
            None => format!("one of {}", words.join(", ")),
        },
        Kind::Text | Kind::Path | Kind::Url | Kind::Secret | Kind::List => return None,
    };
    let message = format!("`{}` is no value for `{}`: {expected} is expected", value.text, setting.flag());
    Some(Diagnostic::error(BAD_SETTING, message).in_file(value.origin.to_string()))
}

#[cfg(test)]
#[path = "resolve_tests.rs"]
mod tests;
