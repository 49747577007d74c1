//! The table of commands: names, the settings each takes, and what help says about it.
//!
//! Commands and their arguments are those of Liquibase 4.28 (`plan`, `schema`, `config show`, `completions` and others are ours).

use super::command::{Command, Use};
use super::setting::{Setting, normal};
use super::settings::*;

const fn optional(setting: &'static Setting) -> Use {
    Use { setting, required: false, default: None, choices: None }
}

const fn required(setting: &'static Setting) -> Use {
    Use { required: true, ..optional(setting) }
}

const fn with_default(setting: &'static Setting, default: &'static str) -> Use {
    Use { default: Some(default), ..optional(setting) }
}

static DATABASE: &[Use] = &[
    required(&URL),
    optional(&USERNAME),
    optional(&PASSWORD),
    optional(&PASSWORD_FILE),
    optional(&DEFAULT_SCHEMA_NAME),
    optional(&DEFAULT_CATALOG_NAME),
    optional(&DRIVER),
    optional(&DRIVER_PROPERTIES_FILE),
];
static CHANGELOG: &[Use] = &[required(&CHANGELOG_FILE), optional(&CONTEXT_FILTER), optional(&LABEL_FILTER)];
static CHANGELOG_ALONE: &[Use] = &[required(&CHANGELOG_FILE)];
static CHANGELOG_OPTIONAL: &[Use] = &[optional(&CHANGELOG_FILE)];
static LISTENER: &[Use] = &[optional(&CHANGE_EXEC_LISTENER_CLASS), optional(&CHANGE_EXEC_LISTENER_PROPERTIES_FILE)];
static REPORT: &[Use] = &[optional(&REPORT_ENABLED), optional(&REPORT_NAME), optional(&REPORT_PATH), optional(&REPORT_FORMAT)];
static SUMMARY: &[Use] = &[optional(&ROLLBACK_ON_ERROR), optional(&SHOW_SUMMARY), optional(&SHOW_SUMMARY_OUTPUT)];
static ON_ERROR: &[Use] = &[optional(&ROLLBACK_ON_ERROR)];
static WRITTEN_SQL: &[Use] = &[optional(&OUTPUT_DEFAULT_SCHEMA), optional(&OUTPUT_DEFAULT_CATALOG)];
static A_TAG: &[Use] = &[required(&TAG)];
static A_COUNT: &[Use] = &[required(&COUNT)];
static A_DATE: &[Use] = &[required(&DATE)];
static A_TAG_VERSION: &[Use] = &[optional(&TAG_VERSION)];
static SCRIPT: &[Use] = &[optional(&ROLLBACK_SCRIPT)];
static FORMATS: &[Use] = &[optional(&FORMAT)];
static THROUGH: &[Use] = &[optional(&TEMPLATE)];
static HISTORY: &[Use] = &[
    Use { default: Some("TABULAR"), choices: Some(&["TABULAR", "TEXT", "JSON"]), ..optional(&FORMAT) },
    optional(&DATE_FORMAT),
    optional(&SHOW_TAGS),
    optional(&TAG_FILTER),
];
static VERBOSE_ON: &[Use] = &[with_default(&VERBOSE, "true")];
static VERBOSE_OFF: &[Use] = &[with_default(&VERBOSE, "false")];
static WAITING: &[Use] = &[optional(&WAIT_UNTIL_APPLIED)];
static ROW: &[Use] = &[optional(&ADD_ROW)];
static CHANGESET: &[Use] =
    &[optional(&CHANGESET_IDENTIFIER), optional(&CHANGESET_PATH), optional(&CHANGESET_ID), optional(&CHANGESET_AUTHOR)];
static JOURNAL: &[Use] = &[optional(&FORGET_JOURNAL), optional(&FORMAT)];
static FORMAT_TO: &[Use] = &[required(&TO)];
static SHELLS: &[Use] = &[required(&SHELL)];
static SCHEMAS: &[Use] = &[required(&SCHEMA)];
static SHOWN: &[Use] = &[optional(&FOR_COMMAND), optional(&FORMAT)];

macro_rules! commands {
    ($($kind:ident = $name:literal, $summary:literal $(, aliases $aliases:expr)? $(, positional $positional:expr)?;
        about $about:literal; $(example $line:literal, $does:literal;)+ takes [$($takes:expr),*];)+) => {
        /// A command.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum CommandKind {
            $(#[doc = $summary] $kind,)+
        }

        /// All commands, in the order of help.
        pub static COMMANDS: &[Command] = &[$(commands!(@row $kind $name $summary [$($aliases)?] [$($positional)?] $about
            [$(($line, $does)),+] [$($takes),*])),+];
    };
    (@row $kind:ident $name:literal $summary:literal [$($aliases:expr)?] [$($positional:expr)?] $about:literal
        [$($examples:expr),+] [$($takes:expr),*]) => {
        Command {
            kind: CommandKind::$kind,
            name: $name,
            aliases: commands!(@or_empty $($aliases)?),
            summary: $summary,
            about: $about,
            examples: &[$($examples),+],
            takes: &[$($takes),*],
            positional: commands!(@or_none $($positional)?),
        }
    };
    (@or_empty) => { &[] };
    (@or_empty $aliases:expr) => { $aliases };
    (@or_none) => { None };
    (@or_none $positional:expr) => { Some($positional) };
}

commands! {
    Update = "update", "Deploy the changesets that have not run yet", aliases &["migrate"];
    about "Runs every changeset of the changelog that matches the contexts and labels and is not in the history table, in \
           order, and records each. Running it again does nothing.";
    example "changelog update --url postgres://localhost/shop --changelog-file main.yaml", "deploy everything";
    example "changelog update --contexts prod --labels '!experimental'", "leave changesets out";
    takes [DATABASE, CHANGELOG, SUMMARY, LISTENER, REPORT];

    UpdateSql = "update-sql", "Write the SQL that update would run", aliases &["migrate-sql"];
    about "The same run as `update`, written instead of executed. With an `offline:` URL it needs no database.";
    example "changelog update-sql --output-file review.sql", "for review";
    example "changelog update-sql --url offline:postgresql --changelog-file main.yaml", "without a database";
    takes [DATABASE, CHANGELOG, WRITTEN_SQL, LISTENER];

    UpdateCount = "update-count", "Deploy the next N changesets", positional &COUNT;
    about "Like `update`, but stops after so many changesets.";
    example "changelog update-count 1", "one changeset";
    example "changelog update-count --count 5", "five";
    takes [DATABASE, CHANGELOG, A_COUNT, SUMMARY, LISTENER, REPORT];

    UpdateCountSql = "update-count-sql", "Write the SQL that update-count would run", positional &COUNT;
    about "The same run as `update-count`, written instead of executed.";
    example "changelog update-count-sql 1", "the SQL of the next changeset";
    takes [DATABASE, CHANGELOG, A_COUNT, WRITTEN_SQL, LISTENER];

    UpdateToTag = "update-to-tag", "Deploy changesets up to and including a tag", positional &TAG;
    about "Runs changesets up to the one whose `tagDatabase` sets the tag, that one included.";
    example "changelog update-to-tag v2.0", "deploy a release";
    takes [DATABASE, CHANGELOG, A_TAG, SUMMARY, LISTENER, REPORT];

    UpdateToTagSql = "update-to-tag-sql", "Write the SQL that update-to-tag would run", positional &TAG;
    about "The same run as `update-to-tag`, written instead of executed.";
    example "changelog update-to-tag-sql v2.0", "the SQL of a release";
    takes [DATABASE, CHANGELOG, A_TAG, WRITTEN_SQL, LISTENER];

    UpdateTestingRollback = "update-testing-rollback", "Deploy, roll back and deploy again, to test the rollbacks";
    about "Deploys what is pending, rolls it back and deploys it again. Use it on a test database before a release.";
    example "changelog update-testing-rollback --url sqlite:test.db", "on a scratch database";
    takes [DATABASE, CHANGELOG, ON_ERROR, LISTENER, REPORT];

    Plan = "plan", "Say what update would do, and why";
    about "Lists every changeset with its verdict (run, rerun, ran, skipped), the reason, its SQL and its rollback. \
           Nothing is changed. The JSON form is a versioned contract for other programs.";
    example "changelog plan", "for people";
    example "changelog plan --format json --url offline:mariadb", "for programs, without a database";
    example "changelog plan --template review.md.j2 --output-file review.md", "as a page for a review";
    takes [DATABASE, CHANGELOG, FORMATS, THROUGH];

    Rollback = "rollback", "Roll back everything deployed after a tag", positional &TAG;
    about "Undoes changesets, newest first, until the database is as it was when it was tagged.";
    example "changelog rollback v1.9", "back to a release";
    example "changelog rollback v1.9 --rollback-script undo.sql", "with a script of your own";
    takes [DATABASE, CHANGELOG, A_TAG, A_TAG_VERSION, SCRIPT, LISTENER, REPORT];

    RollbackSql = "rollback-sql", "Write the SQL that rollback would run", positional &TAG;
    about "The same run as `rollback`, written instead of executed.";
    example "changelog rollback-sql v1.9", "for review";
    takes [DATABASE, CHANGELOG, A_TAG, A_TAG_VERSION, SCRIPT, WRITTEN_SQL, LISTENER];

    RollbackCount = "rollback-count", "Roll back the last N changesets", positional &COUNT;
    about "Undoes the changesets that ran last, newest first.";
    example "changelog rollback-count 1", "undo one changeset";
    takes [DATABASE, CHANGELOG, A_COUNT, SCRIPT, LISTENER, REPORT];

    RollbackCountSql = "rollback-count-sql", "Write the SQL that rollback-count would run", positional &COUNT;
    about "The same run as `rollback-count`, written instead of executed.";
    example "changelog rollback-count-sql 1", "how the last changeset would be undone";
    takes [DATABASE, CHANGELOG, A_COUNT, SCRIPT, WRITTEN_SQL, LISTENER];

    RollbackToDate = "rollback-to-date", "Roll back everything deployed after a point in time", positional &DATE;
    about "Undoes the changesets that ran after the date, newest first. The server's clock counts.";
    example "changelog rollback-to-date 2024-05-16", "a day";
    example "changelog rollback-to-date '2024-05-16 19:00:00'", "a second";
    takes [DATABASE, CHANGELOG, A_DATE, SCRIPT, LISTENER, REPORT];

    RollbackToDateSql = "rollback-to-date-sql", "Write the SQL that rollback-to-date would run", positional &DATE;
    about "The same run as `rollback-to-date`, written instead of executed.";
    example "changelog rollback-to-date-sql 2024-05-16", "for review";
    takes [DATABASE, CHANGELOG, A_DATE, SCRIPT, WRITTEN_SQL, LISTENER];

    FutureRollbackSql = "future-rollback-sql", "Write the SQL that would undo what has not run yet";
    about "The rollback of the pending changesets, to keep at hand before deploying them.";
    example "changelog future-rollback-sql --output-file undo.sql", "before a release";
    takes [DATABASE, CHANGELOG, WRITTEN_SQL, LISTENER];

    FutureRollbackCountSql = "future-rollback-count-sql", "Write the SQL that would undo the next N changesets", positional &COUNT;
    about "The rollback of the next pending changesets.";
    example "changelog future-rollback-count-sql 2", "of the next two";
    takes [DATABASE, CHANGELOG, A_COUNT, WRITTEN_SQL, LISTENER];

    FutureRollbackFromTagSql = "future-rollback-from-tag-sql", "Write the SQL that would undo the pending changesets up to a tag",
        positional &TAG;
    about "The rollback of the pending changesets up to the one that sets the tag.";
    example "changelog future-rollback-from-tag-sql v2.0", "of a release to come";
    takes [DATABASE, CHANGELOG, A_TAG, WRITTEN_SQL, LISTENER];

    Status = "status", "List the changesets that have not run yet";
    about "Says how many changesets `update` would run, and which. It changes nothing.";
    example "changelog status", "with the list";
    example "changelog status --verbose=false", "only the number";
    example "changelog status --format json", "for programs";
    example "changelog status --wait-until-applied 300", "in a pod that must not start before its schema is there";
    takes [DATABASE, CHANGELOG, VERBOSE_ON, FORMATS, WAITING];

    History = "history", "List the changesets that ran";
    about "Shows the history table, grouped by deployment.";
    example "changelog history", "as a table";
    example "changelog history --format json", "for programs";
    takes [DATABASE, CHANGELOG_OPTIONAL, HISTORY];

    Validate = "validate", "Check the changelog";
    about "Reads the changelog with everything it includes and reports every problem with its place; also checksums that \
           differ from those recorded.";
    example "changelog validate --strict=true", "warnings are errors too";
    example "changelog validate --url offline:postgresql", "without a database";
    takes [DATABASE, CHANGELOG, FORMATS];

    UnexpectedChangesets = "unexpected-changesets", "List recorded changesets that the changelog does not have";
    about "Finds rows of the history table whose changeset was deleted, renamed or never committed.";
    example "changelog unexpected-changesets --verbose", "with the list";
    takes [DATABASE, CHANGELOG, VERBOSE_OFF];

    Tag = "tag", "Tag the current state of the database", positional &TAG;
    about "Puts the tag on the newest row of the history table, so that `rollback` can come back to it.";
    example "changelog tag v2.0", "after a release";
    takes [DATABASE, A_TAG, ROW];

    TagExists = "tag-exists", "Say whether a tag exists", positional &TAG;
    about "Looks the tag up in the history table. The exit code is 0 in both cases.";
    example "changelog tag-exists v2.0", "ask for a tag";
    takes [DATABASE, A_TAG];

    ChangelogSync = "changelog-sync", "Record all changesets as run, without running them";
    about "For a database that already is what the changelog describes.";
    example "changelog changelog-sync", "adopt an existing database";
    takes [DATABASE, CHANGELOG];

    ChangelogSyncSql = "changelog-sync-sql", "Write the SQL that changelog-sync would run";
    about "The same as `changelog-sync`, written instead of executed.";
    example "changelog changelog-sync-sql", "for review";
    takes [DATABASE, CHANGELOG, WRITTEN_SQL];

    ChangelogSyncToTag = "changelog-sync-to-tag", "Record changesets up to a tag as run, without running them", positional &TAG;
    about "Like `changelog-sync`, up to and including the changeset that sets the tag.";
    example "changelog changelog-sync-to-tag v1.0", "adopt an older database";
    takes [DATABASE, CHANGELOG, A_TAG];

    ChangelogSyncToTagSql = "changelog-sync-to-tag-sql", "Write the SQL that changelog-sync-to-tag would run", positional &TAG;
    about "The same as `changelog-sync-to-tag`, written instead of executed.";
    example "changelog changelog-sync-to-tag-sql v1.0", "for review";
    takes [DATABASE, CHANGELOG, A_TAG, WRITTEN_SQL];

    MarkNextChangesetRan = "mark-next-changeset-ran", "Record the next changeset as run, without running it";
    about "For a changeset whose effect was made by hand.";
    example "changelog mark-next-changeset-ran", "step over one changeset";
    takes [DATABASE, CHANGELOG];

    MarkNextChangesetRanSql = "mark-next-changeset-ran-sql", "Write the SQL that mark-next-changeset-ran would run";
    about "The same as `mark-next-changeset-ran`, written instead of executed.";
    example "changelog mark-next-changeset-ran-sql", "for review";
    takes [DATABASE, CHANGELOG];

    CalculateChecksum = "calculate-checksum", "Print the checksum of a changeset", positional &CHANGESET_IDENTIFIER;
    about "The checksum is what the history table would hold. Name the changeset as `path::id::author`.";
    example "changelog calculate-checksum main.yaml::1::ann", "of one changeset";
    takes [DATABASE, CHANGELOG_ALONE, CHANGESET];

    Convert = "convert", "Write a changelog file in another format", positional &CHANGELOG_FILE;
    about "Writes the file as YAML, JSON or XML, with the same changesets and checksums. Nothing is expanded, and files that it \
           includes stay as they are. What cannot be written is an error; only comments, anchors and layout of the file are not \
           carried over.";
    example "changelog convert --to yaml db/main.xml > db/main.yaml", "from XML to YAML";
    example "changelog convert --to xml --changelog-file main.sql --output-file main.xml", "from formatted SQL to XML";
    takes [CHANGELOG_ALONE, FORMAT_TO];

    ClearChecksums = "clear-checksums", "Forget all recorded checksums";
    about "The next `update` computes and records them anew. Changesets that were edited since they ran are then taken as they are.";
    example "changelog clear-checksums", "after a deliberate edit of old changesets";
    takes [DATABASE];

    ListLocks = "list-locks", "Show who holds the lock";
    about "A run that was killed leaves its lock behind; `release-locks` removes it.";
    example "changelog list-locks", "see who holds it, and since when";
    takes [DATABASE, FORMATS];

    ReleaseLocks = "release-locks", "Remove the lock, whoever holds it";
    about "Use it only when the run that took the lock is gone; see `list-locks`.";
    example "changelog release-locks", "after a run was killed";
    takes [DATABASE];

    Diagnose = "diagnose", "Show the lock and what is half done";
    about "Says who holds the lock and whether that run is alive. Where a database commits statement by statement (MySQL, MariaDB, \
           runInTransaction=false), a journal says how far a changeset got when its run failed or was killed; the next run goes on \
           there by itself. After undoing such a changeset by hand, forget the journal: then it starts at its first statement again.";
    example "changelog diagnose", "who holds the lock, whether it lives, and what is half done";
    example "changelog diagnose --forget-journal", "after what was half done has been undone by hand";
    takes [DATABASE, JOURNAL];

    ConfigShow = "config show", "Show every setting with its value and where the value came from", positional &FOR_COMMAND;
    about "Reads flags, environment and files as any other command would, and prints what came out. Secrets are masked.";
    example "changelog config show", "settings in force";
    example "changelog config show update", "as `update` sees them";
    takes [SHOWN];

    Schema = "schema", "Write a schema for editors and programs", positional &SCHEMA;
    about "Prints the schema of this version: a JSON Schema of changelogs in YAML and JSON, of the configuration, or of what a command \
           prints with `--format json`; an XML schema of what Liquibase does not have.";
    example "changelog schema changelog > .changelog.schema.json", "for completion and checks in an editor";
    example "changelog schema plan", "for programs that read the plan";
    takes [SCHEMAS];

    Completions = "completions", "Write a completion script for a shell", positional &SHELL;
    about "Prints a script that teaches the shell the commands and options.";
    example "changelog completions bash > /etc/bash_completion.d/changelog", "for bash";
    example "changelog completions zsh > ~/.zfunc/_changelog", "for zsh";
    takes [SHELLS];
}

/// Commands of Liquibase that are not offered: named, so that a message can tell them from misspellings, and so that
/// keys scoped to them are not reported as unknown.
pub static NOT_OFFERED: &[&str] = &[
    "checks",
    "checks bulk-set",
    "checks copy",
    "checks create",
    "checks customize",
    "checks delete",
    "checks disable",
    "checks enable",
    "checks reset",
    "checks run",
    "checks show",
    "connect",
    "db-doc",
    "dbcl-history",
    "diff",
    "diff-changelog",
    "drift-detect",
    "drift-report",
    "drop-all",
    "execute-sql",
    "flow",
    "flow validate",
    "forecast-dml",
    "generate-changelog",
    "init",
    "init copy",
    "init project",
    "init start-h2",
    "init stop-h2",
    "lpm",
    "rollback-one-changeset",
    "rollback-one-changeset-sql",
    "rollback-one-update",
    "rollback-one-update-sql",
    "set-contexts",
    "set-labels",
    "snapshot",
    "snapshot-reference",
    "update-one-changeset",
    "update-one-changeset-sql",
];

impl CommandKind {
    /// Its row in the table.
    pub fn command(self) -> &'static Command {
        // The enum and the table come from one list, so that the discriminant is the index.
        match COMMANDS.get(self as usize) {
            Some(command) => command,
            None => &COMMANDS[0],
        }
    }

    /// Its name in kebab-case.
    pub fn name(self) -> &'static str {
        self.command().name
    }

    /// Whether it writes SQL instead of running it.
    pub fn writes_sql(self) -> bool {
        self.name().ends_with("-sql")
    }
}

/// The command of that name: kebab-case, camelCase, any letter case, or an alias; words of a group may be joined by a
/// blank or a dot.
pub fn find_command(name: &str) -> Option<&'static Command> {
    let wanted = normal_command(name);
    COMMANDS.iter().find(|c| normal_command(c.name) == wanted || c.aliases.iter().any(|a| normal_command(a) == wanted))
}

/// Whether Liquibase has a command of that name which is not offered here.
pub fn is_not_offered(name: &str) -> bool {
    let wanted = normal_command(name);
    NOT_OFFERED.iter().any(|n| normal_command(n) == wanted)
}

/// The form in which names of commands are compared.
pub(super) fn normal_command(name: &str) -> String {
    normal(name).replace(' ', "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_finds_its_own_row() {
        for command in COMMANDS {
            assert_eq!(command.kind.command().name, command.name);
            assert_eq!(find_command(command.name).map(|c| c.kind), Some(command.kind));
        }
    }

    #[test]
    fn positional_settings_are_taken() {
        for command in COMMANDS {
            if let Some(setting) = command.positional {
                assert!(command.use_of(setting).is_some(), "{}", command.name);
            }
        }
    }

    /// `cli.md` §1: camelCase and legacy names.
    #[test]
    fn legacy_command_names_are_known() {
        use CommandKind::*;
        for (name, kind) in [
            ("updateSql", UpdateSql),
            ("updateSQL", UpdateSql),
            ("migrate", Update),
            ("migrateSql", UpdateSql),
            ("UPDATE", Update),
            ("changeLogSync", ChangelogSync),
            ("changelogSyncSQL", ChangelogSyncSql),
            ("changelogSyncToTag", ChangelogSyncToTag),
            ("markNextChangeSetRan", MarkNextChangesetRan),
            ("markNextChangeSetRanSQL", MarkNextChangesetRanSql),
            ("calculateCheckSum", CalculateChecksum),
            ("clearCheckSums", ClearChecksums),
            ("rollbackToDate", RollbackToDate),
            ("rollbackToDateSQL", RollbackToDateSql),
            ("rollbackCount", RollbackCount),
            ("futureRollbackSQL", FutureRollbackSql),
            ("futureRollbackFromTagSQL", FutureRollbackFromTagSql),
            ("updateTestingRollback", UpdateTestingRollback),
            ("listLocks", ListLocks),
            ("releaseLocks", ReleaseLocks),
            ("tagExists", TagExists),
            ("unexpectedChangeSets", UnexpectedChangesets),
            ("config.show", ConfigShow),
        ] {
            assert_eq!(find_command(name).map(|c| c.kind), Some(kind), "{name}");
        }
        assert!(find_command("updat").is_none());
        assert!(is_not_offered("generateChangeLog") && is_not_offered("dbDoc") && is_not_offered("checks.run"));
    }

    /// `cli.md` §6.
    #[test]
    fn arguments_are_liquibases() {
        let required = |kind: CommandKind| -> Vec<&str> { kind.command().uses().filter(|u| u.required).map(|u| u.setting.key).collect() };
        assert_eq!(required(CommandKind::Update), ["url", "changelogFile"]);
        assert_eq!(required(CommandKind::RollbackToDate), ["url", "changelogFile", "date"]);
        assert_eq!(required(CommandKind::Tag), ["url", "tag"]);
        assert_eq!(required(CommandKind::History), ["url"]);
        assert_eq!(required(CommandKind::CalculateChecksum), ["url", "changelogFile"]);
        let built_in = |kind: CommandKind, setting| kind.command().use_of(setting).and_then(Use::built_in);
        assert_eq!(built_in(CommandKind::Status, &VERBOSE), Some("true"));
        assert_eq!(built_in(CommandKind::UnexpectedChangesets, &VERBOSE), Some("false"));
        assert_eq!(built_in(CommandKind::History, &FORMAT), Some("TABULAR"));
        assert_eq!(built_in(CommandKind::Update, &SHOW_SUMMARY), Some("SUMMARY"));
        assert_eq!(built_in(CommandKind::Rollback, &TAG_VERSION), Some("OLDEST"));
        assert!(CommandKind::UpdateSql.writes_sql() && !CommandKind::Update.writes_sql());
        assert!(!CommandKind::Tag.command().accepts(&CHANGELOG_FILE));
    }
}
