//! Help and completions: the tables of settings and commands as a [`clap::Command`].

use crate::config::{COMMANDS, Group, Kind, Scope, Setting, Standing, Use, settings};
use clap::builder::{PossibleValuesParser, StyledStr};
use clap::{Arg, ValueHint};

/// The release of Liquibase that changelogs, checksums and tables are compatible with.
const LIQUIBASE: &str = "4.28";

const ABOUT: &str = "Runs Liquibase changelogs natively: same files, same history table, same checksums.";

const SOURCES: &str = "Every option can also be set, strongest first, by:
  an environment variable     CHANGELOG_URL, or Liquibase's LIQUIBASE_COMMAND_URL
  the project file            changelog.config.yaml        url: ...
  the local defaults file     liquibase.local.properties   url=...
  the defaults file           liquibase.properties         url=...
'changelog config show' prints every value and where it came from.";

/// The whole program for clap. Settings without effect are accepted but not listed.
pub fn program() -> clap::Command {
    let mut program = clap::Command::new("changelog")
        .about(ABOUT)
        .version(env!("CARGO_PKG_VERSION"))
        .disable_version_flag(true)
        .disable_help_subcommand(true)
        .disable_help_flag(true)
        .max_term_width(110)
        .subcommand_value_name("COMMAND")
        .override_usage("changelog [OPTIONS] <COMMAND> [OPTIONS]")
        .after_help("'changelog <COMMAND> --help' explains a command, with examples.")
        .after_long_help(SOURCES)
        .arg(Arg::new("help").short('h').long("help").global(true).action(clap::ArgAction::HelpLong).help("Show help; -h shows less"))
        .arg(Arg::new("version").short('v').long("version").action(clap::ArgAction::Version).help("Show the version"));
    for setting in settings::all().filter(|s| s.scope == Scope::Global && !s.is_ignored()) {
        // clap puts a global argument into every command; the short help of a command stays with its own options.
        program = program.arg(option(setting, None).global(true).hide_short_help(true));
    }
    let mut config = clap::Command::new("config").about("Look into the configuration");
    for command in COMMANDS {
        match command.name.split_once(' ') {
            Some((_, name)) => config = config.subcommand(subcommand(command, name)),
            None => program = program.subcommand(subcommand(command, command.name)),
        }
    }
    program.subcommand(config)
}

fn subcommand(command: &'static crate::config::Command, name: &'static str) -> clap::Command {
    let width = command.examples.iter().map(|(line, _)| line.len()).max().unwrap_or(0);
    let examples: String = command.examples.iter().map(|(line, does)| format!("\n  {line:width$}   {does}")).collect();
    let mut clap = clap::Command::new(name)
        .about(command.summary)
        .long_about(format!("{}.\n\n{}", command.summary, command.about))
        .after_help(format!("Examples:{examples}\n\n'changelog {} --help' explains all options.", command.name))
        .after_long_help(format!("Examples:{examples}\n\n{SOURCES}"));
    for row in command.uses().filter(|u| !u.setting.is_ignored()) {
        clap = clap.arg(option(row.setting, Some(row)));
    }
    if command.takes_parameters() {
        clap = clap.arg(
            Arg::new("parameter")
                .short('D')
                .value_name("NAME=VALUE")
                .action(clap::ArgAction::Append)
                .help_heading(Group::Changelog.title())
                .help("A value for `${NAME}` in the changelog; may be given more than once."),
        );
    }
    if let Some(setting) = command.positional {
        let word = Arg::new("word").value_name(placeholder(setting)).help(format!("The same as --{}", setting.flag()));
        clap = clap.arg(with_values(word, setting.kind));
    }
    clap
}

/// A setting as an option.
fn option(setting: &'static Setting, row: Option<&'static Use>) -> Arg {
    let kind = row.and_then(|r| r.choices).map_or(setting.kind, Kind::Choice);
    let mut facts = format!("[env: {}]", setting.variable());
    if let Some(default) = row.map_or(setting.default, Use::built_in) {
        facts = format!("[default: {default}] {facts}");
    }
    if row.is_some_and(|r| r.required) {
        facts = format!("[required] {facts}");
    }
    if !setting.aliases.is_empty() {
        let others: Vec<String> = setting.aliases.iter().map(|a| format!("--{}", alias_flag(a))).collect();
        facts += &format!(" [also: {}]", others.join(", "));
    }
    let arg = Arg::new(setting.key)
        .long(setting.flag())
        .value_name(value_name(kind))
        .help_heading(setting.group.title())
        .help(format!("{} {facts}", setting.summary()))
        .long_help(format!("{}\n{facts}", setting.paragraphs().join("\n\n")))
        .hide_possible_values(matches!(kind, Kind::Bool));
    let arg = arg.aliases(setting.aliases.iter().map(|a| alias_flag(a)).collect::<Vec<_>>());
    with_values(arg, kind)
}

/// An alias as an option: `databaseChangeLogTablespaceName` is `--database-change-log-tablespace-name`.
fn alias_flag(alias: &str) -> String {
    let mut out = String::new();
    for c in alias.chars() {
        match c {
            '.' | '_' => out.push('-'),
            c if c.is_ascii_uppercase() => {
                out.push('-');
                out.push(c.to_ascii_lowercase());
            }
            c => out.push(c),
        }
    }
    out
}

fn with_values(arg: Arg, kind: Kind) -> Arg {
    match kind {
        Kind::Bool => arg.num_args(0..=1).require_equals(true).value_parser(PossibleValuesParser::new(["true", "false"])),
        Kind::Choice(words) => arg.ignore_case(true).value_parser(PossibleValuesParser::new(words)),
        Kind::Path => arg.value_hint(ValueHint::AnyPath),
        Kind::Url => arg.value_hint(ValueHint::Url),
        Kind::Text | Kind::Secret | Kind::Integer | Kind::List => arg,
    }
}

fn value_name(kind: Kind) -> &'static str {
    match kind {
        Kind::Text => "TEXT",
        Kind::Path => "PATH",
        Kind::Url => "URL",
        Kind::Secret => "SECRET",
        Kind::Bool => "BOOL",
        Kind::Integer => "N",
        Kind::List => "A,B,...",
        Kind::Choice(_) => "WORD",
    }
}

/// What stands for the value of a setting that is written behind its command.
pub(super) fn placeholder(setting: &Setting) -> String {
    setting.flag().to_ascii_uppercase()
}

/// The help text of a command or of a group of commands, by its name; of the program, if that is empty.
pub(super) fn render(topic: &str, long: bool) -> StyledStr {
    let mut program = program();
    program.build();
    let mut found = &mut program;
    for name in topic.split_whitespace() {
        // Every name of the table is a subcommand; `program` made them from it.
        let Some(inner) = found.find_subcommand_mut(name) else { return StyledStr::new() };
        found = inner;
    }
    if long { found.render_long_help() } else { found.render_help() }
}

/// What `--version` prints.
pub(super) fn version() -> String {
    format!(
        "changelog {}\nCompatible with Liquibase {LIQUIBASE}: its changelogs, checksums and tables (docs/compatibility.md)",
        env!("CARGO_PKG_VERSION")
    )
}

/// The reference page of all settings, in Markdown.
pub fn settings_page() -> String {
    use std::fmt::Write as _;
    let mut page = String::from(SETTINGS_HEAD);
    let mut groups: Vec<Group> = settings::all().map(|s| s.group).collect();
    groups.sort_unstable();
    groups.dedup();
    let effective = |s: &&'static Setting| !s.is_ignored();
    for group in groups {
        let rows: Vec<&'static Setting> = settings::all().filter(|s| s.group == group).filter(effective).collect();
        if rows.is_empty() {
            continue;
        }
        let _ = write!(page, "\n## {}\n", group.title());
        for setting in rows {
            let _ = write!(page, "\n### `{}`\n\n{}\n\n", setting.key, setting.paragraphs().join("\n\n"));
            let _ = writeln!(page, "- Option: `--{}`{}", setting.flag(), also(setting));
            if setting.standing == Standing::Own {
                let _ = writeln!(page, "- Environment: `{}`", setting.variable());
                let _ = writeln!(page, "- Liquibase does not have this setting.");
            } else {
                let _ = writeln!(page, "- Environment: `{}`, `{}`", setting.variable(), setting.liquibase_variable());
                let _ = writeln!(page, "- Defaults file: `{}`", setting.liquibase_key());
            }
            let _ = writeln!(page, "- Value: {}{}", kind_text(setting.kind), default_text(setting));
            if setting.scope == Scope::Command {
                let _ = writeln!(page, "- Commands: {}", commands_text(setting));
            }
        }
    }
    page += IGNORED_HEAD;
    for setting in settings::all() {
        if let Some(why) = setting.why_ignored() {
            let _ = writeln!(page, "| `{}` | {} | {why} |", setting.key, setting.summary());
        }
    }
    page
}

/// The commands that take a setting; where most do, those that do not.
fn commands_text(setting: &Setting) -> String {
    let names = |taking: bool| -> Vec<String> {
        COMMANDS.iter().filter(|c| c.use_of(setting).is_some() == taking).map(|c| format!("`{}`", c.name)).collect()
    };
    let (taking, others) = (names(true), names(false));
    if taking.len() <= others.len() { taking.join(", ") } else { format!("all but {}", others.join(", ")) }
}

fn also(setting: &Setting) -> String {
    let others: Vec<String> = setting.aliases.iter().map(|a| format!("`--{}`", alias_flag(a))).collect();
    if others.is_empty() { String::new() } else { format!(", also {}", others.join(", ")) }
}

fn kind_text(kind: Kind) -> String {
    match kind {
        Kind::Text => "text".to_owned(),
        Kind::Path => "a path".to_owned(),
        Kind::Url => "a URL".to_owned(),
        Kind::Secret => "text that is never shown".to_owned(),
        Kind::Bool => "`true` or `false`".to_owned(),
        Kind::Integer => "a whole number".to_owned(),
        Kind::List => "texts separated by commas".to_owned(),
        Kind::Choice(words) => words.iter().map(|w| format!("`{w}`")).collect::<Vec<_>>().join(", "),
    }
}

/// The built-in value; commands that have another one are named with it.
fn default_text(setting: &'static Setting) -> String {
    let mut text = setting.default.map_or_else(String::new, |d| format!("; default `{d}`"));
    for command in COMMANDS {
        if let Some(default) = command.use_of(setting).and_then(|u| u.default) {
            text += &format!("; `{}`: `{default}`", command.name);
        }
    }
    text
}

const SETTINGS_HEAD: &str = "# Settings

This page is written from the table in `src/config/settings/`; `UPDATE=1 cargo test generated` rewrites it.

A setting can be given in several places. The strongest place wins:

1. the command line: `--changelog-file main.yaml`
2. the environment: `CHANGELOG_CHANGELOG_FILE`, then Liquibase's `LIQUIBASE_COMMAND_CHANGELOG_FILE`
3. the project file `changelog.config.yaml`
4. the local defaults file `liquibase.local.properties`
5. the defaults file `liquibase.properties`
6. the built-in default

Letter case, dashes, dots and underscores in names do not count: `changelogFile`, `changeLogFile` and `changelog-file` are
the same. Within one place, a name scoped to the command (`liquibase.command.update.contextFilter`,
`LIQUIBASE_COMMAND_UPDATE_CONTEXT_FILTER`, `update:` in the project file) wins over the general one. A name that is not known
is a warning, and with `strict` an error. `changelog config show` prints every value and where it came from.

Change-log parameters (`${name}`) are given by `-Dname=value`, by `parameters:` in the project file and by
`parameter.name=value` in the defaults file. Programs that stand for Java classes are given by `programs:` in the project file.
";

const IGNORED_HEAD: &str = "
## Read and without effect

These settings of Liquibase are accepted, so that files and scripts go on working, and do nothing. Where a value would change
what a run does, it is told (W0504).

| Setting | What it is for in Liquibase | Why it has no effect |
| --- | --- | --- |
";

/// The reference page of commands, in Markdown.
pub fn commands_page() -> String {
    use std::fmt::Write as _;
    let mut page = String::from(
        "# Commands\n\nThis page is written from the table in `src/config/command.rs`; `UPDATE=1 cargo test generated` rewrites it.\n\
         Letter case and dashes of a command's name do not count: `updateSQL` is `update-sql`. Options are explained in\n\
         [settings.md](settings.md); those of the history, of parsing and of logging are taken by every command, and `-Dname=value` by those that run or show what a\n\
         changelog holds.\n",
    );
    for command in COMMANDS {
        let also = command.aliases.iter().map(|a| format!(", `{a}`")).collect::<String>();
        let _ = write!(page, "\n## `{}`{also}\n\n{}.\n\n{}\n", command.name, command.summary, command.about);
        let flags = |wanted: bool| -> Vec<String> {
            let rows = command.uses().filter(|u| u.required == wanted && !u.setting.is_ignored());
            rows.map(|u| format!("`--{}`", u.setting.flag())).collect()
        };
        for (word, flags) in [("Needs", flags(true)), ("Takes", flags(false))] {
            if !flags.is_empty() {
                let _ = write!(page, "\n{word} {}.\n", flags.join(", "));
            }
        }
        if !command.examples.is_empty() {
            page.push_str("\n| Example | What it does |\n| --- | --- |\n");
            for (line, meaning) in command.examples {
                let _ = writeln!(page, "| `{}` | {meaning} |", line.replace('|', "\\|"));
            }
        }
    }
    page
}

/// The reference page of diagnostics, in Markdown.
pub fn diagnostics_page() -> String {
    let mut page = String::from(DIAGNOSTICS_HEAD);
    for code in crate::diagnostic::ALL_CODES {
        page += &format!("| {} | {} | {} |\n", code.id, code.name, code.meaning);
    }
    page
}

const DIAGNOSTICS_HEAD: &str = "# Diagnostics

This page is written from `src/diagnostic/codes.rs`; `UPDATE=1 cargo test generated` rewrites it.

Every problem has a code that does not change, a place (`file:line:column`), the source line, and mostly a hint. Codes
that begin with E are errors: nothing is run, and the exit code is 3 (2 for the command line and settings). Codes that
begin with W are warnings; `--strict` makes them errors. What is no obstacle to a run is told as a warning with the code of the error that
it would be: a context expression that no filter is held against, for example.

| Code | Name | Meaning |
|---|---|---|
";

/// The reference page of exit codes, in Markdown.
pub fn exit_codes_page() -> String {
    let mut page = String::from(
        "# Exit codes\n\nThis page is written from `src/cli/exit.rs`; `UPDATE=1 cargo test generated` rewrites it.\n\n\
         Liquibase ends with 0 or 1. Here failures have several codes, all of them non-zero, so that scripts which test for\n\
         success go on working.\n\n| Code | Meaning |\n| --- | --- |\n",
    );
    for exit in super::exit::Exit::ALL {
        page += &format!("| {} | {} |\n", exit.code(), exit.meaning());
    }
    page
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_make_a_valid_program() {
        program().debug_assert();
    }

    #[test]
    fn help_of_every_command_teaches() {
        for command in COMMANDS {
            // Lines are wrapped at the width of the terminal.
            let unwrapped = |text: String| text.split_whitespace().collect::<Vec<_>>().join(" ");
            let long = unwrapped(render(command.name, true).to_string());
            assert!(long.contains(&unwrapped(command.about.to_owned())), "{long}");
            assert!(long.contains("Examples:") && long.contains(command.examples[0].0), "{long}");
            assert!(long.contains(&format!("changelog {}", command.name)), "{long}");
            for row in command.uses().filter(|u| !u.setting.is_ignored()) {
                assert!(long.contains(&format!("--{}", row.setting.flag())), "{} {}", command.name, row.setting.key);
                assert!(long.contains(&row.setting.variable()), "{} {}", command.name, row.setting.key);
            }
            assert!(render(command.name, false).to_string().len() < long.len());
        }
        let program = render("", false).to_string();
        for command in COMMANDS.iter().filter(|c| !c.name.contains(' ')) {
            assert!(program.contains(command.summary), "{}", command.name);
        }
    }

    #[test]
    fn version_names_the_compatible_release() {
        assert!(version().starts_with(concat!("changelog ", env!("CARGO_PKG_VERSION"), "\n")));
        assert!(version().contains("Liquibase 4.28"));
    }

    #[test]
    fn generated_pages_are_current() {
        for (name, text) in [
            ("settings.md", settings_page()),
            ("commands.md", commands_page()),
            ("diagnostics.md", diagnostics_page()),
            ("exit-codes.md", exit_codes_page()),
        ] {
            let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/reference").join(name);
            if std::env::var_os("UPDATE").is_some() {
                std::fs::write(&path, text).unwrap();
            } else {
                let found = std::fs::read_to_string(&path).unwrap_or_default();
                assert!(found == text, "{name} is out of date: run `UPDATE=1 cargo test generated`");
            }
        }
    }
}
