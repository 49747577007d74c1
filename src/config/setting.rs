//! What a setting is: one row of the table in [`settings`](super::settings).

/// What text a setting takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Any text.
    Text,
    /// The path of a file or directory.
    Path,
    /// A database URL. It may hold a password, so it is shown masked.
    Url,
    /// Text that is never shown.
    Secret,
    /// `true` or `false`, in any letter case.
    Bool,
    /// A whole number, zero or more.
    Integer,
    /// Texts separated by commas.
    List,
    /// One of these words, in any letter case.
    Choice(&'static [&'static str]),
}

/// Where Liquibase keeps the setting, which decides the names it has in files and in the environment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// Holds for every command: `liquibase.KEY`, `LIQUIBASE_KEY`.
    Global,
    /// An argument of some commands: `liquibase.command.KEY`, `liquibase.command.COMMAND.KEY`, `LIQUIBASE_COMMAND_KEY`.
    Command,
}

/// Whether the value has an effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// A Liquibase setting that does here what it does there.
    Compatible,
    /// A setting that Liquibase does not have.
    Own,
    /// A Liquibase setting that is read, so that files and scripts go on working, and has no effect; the text says why.
    Ignored(&'static str),
    /// A Liquibase setting that would change what a run does, and does not here; the text says why. Any value but the built-in
    /// one is told ([`IGNORED_SETTING`](crate::diagnostic::IGNORED_SETTING)).
    Unsupported(&'static str),
}

/// What a setting is about: a heading of help and of the reference page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// How to reach the database.
    Connection,
    /// Which changelog, and which of its changesets.
    Changelog,
    /// What this one command does.
    Command,
    /// The history table and the lock table.
    Ledger,
    /// How files are found and read.
    Reading,
    /// How SQL is written.
    Sql,
    /// What goes where, and in which form.
    Output,
    /// What changelogs may do to this machine.
    Safety,
    /// Where settings come from.
    Configuration,
    /// Comparing databases and generating changelogs.
    Comparison,
}

impl Group {
    /// The heading.
    pub const fn title(self) -> &'static str {
        match self {
            Group::Connection => "Connection",
            Group::Changelog => "Changelog and selection",
            Group::Command => "Command options",
            Group::Ledger => "History and lock tables",
            Group::Reading => "Reading files",
            Group::Sql => "Writing SQL",
            Group::Output => "Output and logging",
            Group::Safety => "Safety",
            Group::Configuration => "Configuration",
            Group::Comparison => "Comparing and generating",
        }
    }
}

/// One setting: its names, what it takes and what it is for. Built by the `settings!` tables only.
#[derive(Debug)]
pub struct Setting {
    /// Liquibase's key in camelCase, without `liquibase.` and `command.`: `changelogFile`, `sql.logLevel`.
    pub key: &'static str,
    /// Further keys that mean the same. Letter case, dashes, dots and underscores never matter, so that
    /// `changeLogFile` and `changelog-file` need no entry.
    pub aliases: &'static [&'static str],
    /// What it takes.
    pub kind: Kind,
    /// The built-in value; a command may have another one.
    pub default: Option<&'static str>,
    /// Whether every command has it.
    pub scope: Scope,
    /// Heading in help.
    pub group: Group,
    /// Whether it has an effect.
    pub standing: Standing,
    /// Help text: the first paragraph is the summary.
    pub doc: &'static str,
}

impl Setting {
    pub(super) const fn global(key: &'static str, kind: Kind, group: Group) -> Setting {
        Setting { key, aliases: &[], kind, default: None, scope: Scope::Global, group, standing: Standing::Compatible, doc: "" }
    }

    pub(super) const fn command(key: &'static str, kind: Kind, group: Group) -> Setting {
        Setting { scope: Scope::Command, ..Setting::global(key, kind, group) }
    }

    pub(super) const fn or(mut self, default: &'static str) -> Setting {
        self.default = Some(default);
        self
    }

    pub(super) const fn aliases(mut self, aliases: &'static [&'static str]) -> Setting {
        self.aliases = aliases;
        self
    }

    pub(super) const fn own(mut self) -> Setting {
        self.standing = Standing::Own;
        self
    }

    pub(super) const fn ignored(mut self, why: &'static str) -> Setting {
        self.standing = Standing::Ignored(why);
        self
    }

    pub(super) const fn unsupported(mut self, why: &'static str) -> Setting {
        self.standing = Standing::Unsupported(why);
        self
    }

    pub(super) const fn doc(mut self, doc: &'static str) -> Setting {
        self.doc = doc;
        self
    }

    /// The option on the command line, without the leading dashes: `changelog-file`.
    pub fn flag(&self) -> String {
        split_words(self.key, '-')
    }

    /// The name in the environment that wins over all others for general values: `CHANGELOG_CHANGELOG_FILE`.
    pub fn variable(&self) -> String {
        format!("CHANGELOG_{}", split_words(self.key, '_').to_ascii_uppercase())
    }

    /// Liquibase's name in the environment: `LIQUIBASE_COMMAND_CHANGELOG_FILE`, `LIQUIBASE_LOG_LEVEL`.
    pub fn liquibase_variable(&self) -> String {
        let scope = if self.scope == Scope::Command { "COMMAND_" } else { "" };
        format!("LIQUIBASE_{scope}{}", split_words(self.key, '_').to_ascii_uppercase())
    }

    /// Liquibase's key in the defaults file: `liquibase.command.changelogFile`, `liquibase.logLevel`.
    pub fn liquibase_key(&self) -> String {
        let scope = if self.scope == Scope::Command { "command." } else { "" };
        format!("liquibase.{scope}{}", self.key)
    }

    /// The first paragraph of the help text, on one line.
    pub fn summary(&self) -> String {
        let paragraph = self.doc.trim().split("\n\n").next().unwrap_or_default();
        paragraph.lines().map(str::trim).collect::<Vec<_>>().join(" ")
    }

    /// The paragraphs of the help text, each on one line.
    pub fn paragraphs(&self) -> Vec<String> {
        let join = |p: &str| p.lines().map(str::trim).collect::<Vec<_>>().join(" ");
        self.doc.trim().split("\n\n").map(join).collect()
    }

    /// Why the value has no effect, if it has none.
    pub fn why_ignored(&self) -> Option<&'static str> {
        match self.standing {
            Standing::Ignored(why) | Standing::Unsupported(why) => Some(why),
            Standing::Compatible | Standing::Own => None,
        }
    }

    /// Whether the value has no effect.
    pub fn is_ignored(&self) -> bool {
        self.why_ignored().is_some()
    }
}

/// Settings are equal when their keys are: there is one row a key.
impl PartialEq for Setting {
    fn eq(&self, other: &Setting) -> bool {
        self.key == other.key
    }
}

impl Eq for Setting {}

/// `changelogFile` with `-` becomes `changelog-file`: the separator before every upper-case letter and for every dot.
pub(super) fn split_words(key: &str, separator: char) -> String {
    let mut out = String::with_capacity(key.len() + 8);
    for c in key.chars() {
        if c == '.' {
            out.push(separator);
        } else if c.is_ascii_uppercase() {
            out.push(separator);
            out.push(c.to_ascii_lowercase());
        } else {
            out.push(c);
        }
    }
    out
}

/// The form in which names are compared: lower case, without `-`, `_` and `.`.
pub(crate) fn normal(name: &str) -> String {
    name.chars().filter(|c| !matches!(c, '-' | '_' | '.')).map(|c| c.to_ascii_lowercase()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_follow_the_key() {
        let file = Setting::command("changelogFile", Kind::Path, Group::Changelog);
        assert_eq!(file.flag(), "changelog-file");
        assert_eq!(file.liquibase_key(), "liquibase.command.changelogFile");
        assert_eq!(file.liquibase_variable(), "LIQUIBASE_COMMAND_CHANGELOG_FILE");
        let warnings = Setting::global("sql.showSqlWarnings", Kind::Bool, Group::Sql);
        assert_eq!(warnings.flag(), "sql-show-sql-warnings");
        assert_eq!(warnings.liquibase_key(), "liquibase.sql.showSqlWarnings");
        assert_eq!(warnings.liquibase_variable(), "LIQUIBASE_SQL_SHOW_SQL_WARNINGS");
        assert_eq!(warnings.variable(), "CHANGELOG_SQL_SHOW_SQL_WARNINGS");
    }

    #[test]
    fn letter_case_and_separators_do_not_count() {
        assert_eq!(normal("changeLogFile"), normal("changelog-file"));
        assert_eq!(normal("LOG_LEVEL"), normal("logLevel"));
    }
}
