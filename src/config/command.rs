//! What a command is: one row of the table in [`commands`](super::commands).

use super::commands::CommandKind;
use super::setting::{Scope, Setting};

/// A setting as one command takes it.
#[derive(Debug, Clone, Copy)]
pub struct Use {
    /// The setting.
    pub setting: &'static Setting,
    /// Whether the command cannot do without a value.
    pub required: bool,
    /// The built-in value for this command, where it is not that of the setting.
    pub default: Option<&'static str>,
    /// The words this command takes, where they are not those of the setting.
    pub choices: Option<&'static [&'static str]>,
}

impl Use {
    /// The built-in value.
    pub fn built_in(&self) -> Option<&'static str> {
        self.default.or(self.setting.default)
    }
}

/// One command.
#[derive(Debug)]
pub struct Command {
    /// Which one.
    pub kind: CommandKind,
    /// The name in kebab-case; two words for a command of a group.
    pub name: &'static str,
    /// Other names. Letter case and dashes never matter, so that `updateSQL` needs no entry.
    pub aliases: &'static [&'static str],
    /// One line.
    pub summary: &'static str,
    /// What a newcomer has to know.
    pub about: &'static str,
    /// Command lines and what they do.
    pub examples: &'static [(&'static str, &'static str)],
    /// The settings it takes besides the global ones.
    pub takes: &'static [&'static [Use]],
    /// The setting that words without an option name are the value of.
    pub positional: Option<&'static Setting>,
}

impl Command {
    /// The settings it takes besides the global ones.
    pub fn uses(&self) -> impl Iterator<Item = &'static Use> + use<> {
        let takes: &'static [&'static [Use]] = self.takes;
        takes.iter().flat_map(|group| group.iter())
    }

    /// How it takes a setting, if it does (global settings are taken by all commands and have no row of their own).
    pub fn use_of(&self, setting: &Setting) -> Option<&'static Use> {
        self.uses().find(|u| u.setting == setting)
    }

    /// Whether the setting may be given to this command.
    pub fn accepts(&self, setting: &Setting) -> bool {
        setting.scope == Scope::Global || self.takes_all() || self.use_of(setting).is_some()
    }

    /// Whether it reads a changelog for a database, and so takes `-Dname=value`.
    pub fn takes_parameters(&self) -> bool {
        self.use_of(&super::settings::CHANGELOG_FILE).is_some_and(|u| u.required) && self.use_of(&super::settings::URL).is_some()
    }

    /// Whether it accepts the settings of all commands, because it is about settings.
    fn takes_all(&self) -> bool {
        self.kind == CommandKind::ConfigShow
    }
}
