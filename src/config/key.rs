//! What a key of a file or a variable of the environment means.

use super::command::Command;
use super::commands::{COMMANDS, NOT_OFFERED, normal_command};
use super::setting::{Setting, normal, split_words};
use super::settings;

/// What a name means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning<'a> {
    /// A setting, perhaps for one command only.
    Setting { setting: &'static Setting, reach: Reach },
    /// The change-log parameter of that name.
    Parameter(&'a str),
    /// The program that stands for a Java class.
    Program(&'a str),
    /// A key for a Liquibase command that is not offered.
    OtherCommand,
    /// Nothing known.
    Unknown,
}

/// How narrowly a name is scoped; the narrowest wins inside one source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reach {
    /// `url`, `liquibase.logLevel`.
    General,
    /// `liquibase.command.url`.
    AnyCommand,
    /// `liquibase.command.update.url`.
    Only(&'static str),
}

impl Reach {
    /// How strongly a value of this reach binds for a command: `None` when it is for another command.
    pub(super) fn strength(self, command: &Command) -> Option<u8> {
        match self {
            Reach::General => Some(0),
            Reach::AnyCommand => Some(1),
            Reach::Only(name) => (name == command.name).then_some(2),
        }
    }
}

/// The sections whose keys are names that a project makes up.
const PARAMETERS: [&str; 2] = ["parameter", "parameters"];
const PROGRAMS: [&str; 2] = ["programs", "program"];

/// The name that a key has inside of a section.
fn named_in<'a>(key: &'a str, section: &str) -> Option<&'a str> {
    strip_prefix(strip_prefix(key, section)?, ".").filter(|name| !name.is_empty())
}

/// The section that a key is, without a name in it.
pub(super) fn section(key: &str) -> Option<&'static str> {
    let bare = strip_prefix(key.trim(), "liquibase.").unwrap_or(key.trim());
    PARAMETERS.iter().chain(&PROGRAMS).find(|section| section.eq_ignore_ascii_case(bare.trim_end_matches('.'))).copied()
}

/// The meaning of a key in the defaults file or the project file (there, nested keys are joined by dots).
pub(super) fn of_file_key(key: &str) -> Meaning<'_> {
    let key = key.trim();
    if let Some(name) = PARAMETERS.iter().find_map(|section| named_in(key, section)) {
        return Meaning::Parameter(name);
    }
    let bare = strip_prefix(key, "liquibase.").unwrap_or(key);
    if let Some(class) = PROGRAMS.iter().find_map(|section| named_in(bare, section)) {
        return Meaning::Program(class);
    }
    match strip_prefix(bare, "command.") {
        Some(rest) => scoped(rest, Reach::AnyCommand, '.'),
        None => scoped(bare, Reach::General, '.'),
    }
}

/// The meaning of a variable without its prefix `CHANGELOG_` or `LIQUIBASE_`.
pub(super) fn of_variable(name: &str) -> Meaning<'static> {
    match strip_prefix(name, "COMMAND_") {
        Some(rest) => scoped(rest, Reach::AnyCommand, '_'),
        None => scoped(name, Reach::General, '_'),
    }
}

/// A setting, or the name of a command and a setting. The separator stands between the two; in the environment it also
/// stands between words, so that every command is tried.
fn scoped(rest: &str, reach: Reach, separator: char) -> Meaning<'static> {
    if let Some(setting) = settings::find(rest) {
        return Meaning::Setting { setting, reach };
    }
    let mut other_command = false;
    for (at, _) in rest.match_indices(separator) {
        let (name, inner) = (rest.get(..at).unwrap_or_default(), rest.get(at + 1..).unwrap_or_default());
        let name = normal_command(name);
        let command = COMMANDS.iter().find(|c| is_named(c, &name));
        if let (Some(command), Some(setting)) = (command, settings::find(inner)) {
            return Meaning::Setting { setting, reach: Reach::Only(command.name) };
        }
        other_command |= NOT_OFFERED.iter().any(|n| normal_command(n) == name);
    }
    if other_command { Meaning::OtherCommand } else { Meaning::Unknown }
}

fn is_named(command: &Command, normal_name: &str) -> bool {
    std::iter::once(&command.name).chain(command.aliases).any(|n| normal_command(n) == normal_name)
}

/// The known key nearest to a misspelt one, spelt as in the defaults file or, if `variable`, as in the environment.
pub(super) fn nearest(name: &str, variable: bool) -> Option<String> {
    let bare = strip_prefix(name, "liquibase.").unwrap_or(name);
    let bare = ["command.", "COMMAND_"].iter().find_map(|p| strip_prefix(bare, p)).unwrap_or(bare);
    let known: Vec<String> = settings::all().flat_map(|s| std::iter::once(s.key).chain(s.aliases.iter().copied())).map(normal).collect();
    let best = crate::diagnostic::closest(&normal(bare), known.iter().map(String::as_str))?;
    let setting = settings::find(best)?;
    Some(if variable { split_words(setting.key, '_').to_ascii_uppercase() } else { setting.key.to_owned() })
}

/// `strip_prefix` in any letter case.
pub(super) fn strip_prefix<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    let head = text.get(..prefix.len())?;
    head.eq_ignore_ascii_case(prefix).then(|| text.get(prefix.len()..).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(key: &str) -> Option<(&'static str, Reach)> {
        match of_file_key(key) {
            Meaning::Setting { setting, reach } => Some((setting.key, reach)),
            _ => None,
        }
    }

    fn variable(name: &str) -> Option<(&'static str, Reach)> {
        match of_variable(name) {
            Meaning::Setting { setting, reach } => Some((setting.key, reach)),
            _ => None,
        }
    }

    /// `cli.md` §2: the forms of keys.
    #[test]
    fn all_forms_of_file_keys() {
        for key in ["url", "URL", "liquibase.url"] {
            assert_eq!(file(key), Some(("url", Reach::General)), "{key}");
        }
        assert_eq!(file("liquibase.command.url"), Some(("url", Reach::AnyCommand)));
        assert_eq!(file("liquibase.command.update.url"), Some(("url", Reach::Only("update"))));
        assert_eq!(file("liquibase.command.updateSql.contexts"), Some(("contextFilter", Reach::Only("update-sql"))));
        assert_eq!(file("liquibase.command.update-sql.context-filter"), Some(("contextFilter", Reach::Only("update-sql"))));
        for key in ["changeLogFile", "changelog-file", "changelogfile", "CHANGELOGFILE"] {
            assert_eq!(file(key), Some(("changelogFile", Reach::General)), "{key}");
        }
        for key in ["liquibase.logLevel", "logLevel", "log-level"] {
            assert_eq!(file(key), Some(("logLevel", Reach::General)), "{key}");
        }
        assert_eq!(file("liquibase.sql.showSqlWarnings"), Some(("sql.showSqlWarnings", Reach::General)));
        assert_eq!(of_file_key("parameter.table.Name"), Meaning::Parameter("table.Name"));
        assert_eq!(of_file_key("programs.com.example.Fix"), Meaning::Program("com.example.Fix"));
        assert_eq!(of_file_key("liquibase.command.checks.run.sqlParser"), Meaning::OtherCommand);
        assert_eq!(of_file_key("urll"), Meaning::Unknown);
    }

    #[test]
    fn all_forms_of_variables() {
        assert_eq!(variable("URL"), Some(("url", Reach::General)));
        assert_eq!(variable("COMMAND_URL"), Some(("url", Reach::AnyCommand)));
        assert_eq!(variable("COMMAND_UPDATE_CONTEXT_FILTER"), Some(("contextFilter", Reach::Only("update"))));
        assert_eq!(variable("COMMAND_UPDATE_TO_TAG_SQL_TAG"), Some(("tag", Reach::Only("update-to-tag-sql"))));
        assert_eq!(variable("COMMAND_CHANGELOG_FILE"), Some(("changelogFile", Reach::AnyCommand)));
        assert_eq!(variable("LIQUIBASE_SCHEMA_NAME"), Some(("liquibaseSchemaName", Reach::General)));
        assert_eq!(of_variable("COMMAND_CHECKS_RUN_NOSUCH"), Meaning::OtherCommand);
        assert_eq!(of_variable("NO_SUCH_THING"), Meaning::Unknown);
    }

    #[test]
    fn misspelt_keys_have_a_nearest() {
        assert_eq!(nearest("chnagelogFile", false).as_deref(), Some("changelogFile"));
        assert_eq!(nearest("liquibase.command.usrname", false).as_deref(), Some("username"));
        assert_eq!(nearest("LOG_LEVLE", true).as_deref(), Some("LOG_LEVEL"));
        assert_eq!(nearest("entirelyDifferentMatter", false), None);
    }
}
