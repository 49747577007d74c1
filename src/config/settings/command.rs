//! Arguments of commands: which changelog, which changesets, and what a single command does.

const LISTENER: &str = "listeners are Java classes; read the log or the JSON output instead";
const REPORT: &str = "reports are not written by these commands";

settings! {
    /// The changelog to start from, as a path inside the search path.
    CHANGELOG_FILE = Setting::command("changelogFile", Path, Changelog);

    /// Contexts of this run: changesets whose context expression does not match are left out.
    ///
    /// Without it, every changeset matches, even one that is meant for a single context.
    CONTEXT_FILTER = Setting::command("contextFilter", List, Changelog).aliases(&["contexts"]);

    /// A label expression (`a and !b`): changesets whose labels do not match are left out.
    LABEL_FILTER = Setting::command("labelFilter", Text, Changelog).aliases(&["labels"]);

    /// The tag meant; letter case does not count where a tag is looked up.
    TAG = Setting::command("tag", Text, Command);

    /// Which row counts when several carry the tag.
    TAG_VERSION = Setting::command("tagVersion", Choice(&["OLDEST", "NEWEST"]), Command).or("OLDEST");

    /// How many changesets.
    COUNT = Setting::command("count", Integer, Command);

    /// A point in time: `2024-05-16`, `2024-05-16 19:00:00`, `2024-05-16T19:00:00` or `19:00:00`.
    DATE = Setting::command("date", Text, Command);

    /// A SQL file to run instead of the rollback of each changeset; their history rows are deleted after it.
    ROLLBACK_SCRIPT = Setting::command("rollbackScript", Path, Command);

    /// Whether the changesets are listed, not only counted.
    VERBOSE = Setting::command("verbose", Bool, Command);

    /// Waits up to so many seconds until every changeset has run, and fails when the time is over.
    ///
    /// For pods of an application: takes no lock and writes nothing. Changesets that always run count once they ran.
    WAIT_UNTIL_APPLIED = Setting::command("waitUntilApplied", Integer, Command).own();

    /// Form of the result.
    FORMAT = Setting::command("format", Choice(&["TEXT", "JSON"]), Command).or("TEXT");

    /// A template in the language of Jinja through which the plan is written, instead of in a form of ours.
    TEMPLATE = Setting::command("template", Path, Command).own();

    /// Whether the tag gets a row of its own instead of going to the newest one.
    ADD_ROW = Setting::command("addRow", Bool, Command).or("false");

    /// A changeset as `path::id::author`.
    CHANGESET_IDENTIFIER = Setting::command("changesetIdentifier", Text, Command);

    /// The id of a changeset; together with author and path.
    CHANGESET_ID = Setting::command("changesetId", Text, Command);

    /// The author of a changeset; together with id and path.
    CHANGESET_AUTHOR = Setting::command("changesetAuthor", Text, Command);

    /// The path of a changeset as its history row has it; together with id and author.
    CHANGESET_PATH = Setting::command("changesetPath", Text, Command);

    /// Whether names in the written SQL carry the default schema.
    OUTPUT_DEFAULT_SCHEMA = Setting::command("outputDefaultSchema", Bool, Command).or("true");

    /// Whether names in the written SQL carry the default catalog.
    OUTPUT_DEFAULT_CATALOG = Setting::command("outputDefaultCatalog", Bool, Command).or("true");

    /// How much of a summary is printed at the end.
    SHOW_SUMMARY = Setting::command("showSummary", Choice(&["OFF", "SUMMARY", "VERBOSE"]), Command).or("SUMMARY");

    /// Where the summary goes.
    SHOW_SUMMARY_OUTPUT = Setting::command("showSummaryOutput", Choice(&["LOG", "CONSOLE", "ALL"]), Command).or("ALL");

    /// Whether a failed run rolls back the changesets it has just deployed.
    ROLLBACK_ON_ERROR = Setting::command("rollbackOnError", Bool, Command).or("false");

    /// Forgets how far half-done changesets got: they start at their first statement again.
    ///
    /// For after their statements have been undone by hand.
    FORGET_JOURNAL = Setting::command("forgetJournal", Bool, Command).or("false").own();

    /// Form of dates in the text output, as a Java date pattern (Liquibase 5).
    DATE_FORMAT = Setting::command("dateFormat", Text, Command);

    /// Whether only changesets that carry a tag are listed (Liquibase 5).
    SHOW_TAGS = Setting::command("showTags", Bool, Command).or("false");

    /// Tags of the changesets to list, separated by commas (Liquibase 5).
    TAG_FILTER = Setting::command("tagFilter", List, Command);

    /// The format to write a changelog in.
    TO = Setting::command("to", Choice(&["YAML", "JSON", "XML"]), Command).own();

    /// The schema to write.
    SCHEMA = Setting::command("schema", Choice(&[
        "CHANGELOG", "CHANGELOG-EXTENSIONS", "CONFIG", "CONFIG-SHOW", "DIAGNOSE", "HISTORY", "LIST-LOCKS", "LOG", "PLAN", "STATUS", "VALIDATE",
    ]), Command).own();

    /// The shell to write completions for.
    SHELL = Setting::command("shell", Choice(&["BASH", "ELVISH", "FISH", "POWERSHELL", "ZSH"]), Command).own();

    /// The command whose settings are shown: settings may be given for a single command.
    FOR_COMMAND = Setting::command("forCommand", Text, Command).own();

    /// A Java class that is told about each changeset.
    CHANGE_EXEC_LISTENER_CLASS = Setting::command("changeExecListenerClass", Text, Command).ignored(LISTENER);

    /// A properties file for that class.
    CHANGE_EXEC_LISTENER_PROPERTIES_FILE =
        Setting::command("changeExecListenerPropertiesFile", Path, Command).ignored(LISTENER);

    /// Whether an operation report is written.
    REPORT_ENABLED = Setting::command("reportEnabled", Bool, Command).ignored(REPORT);

    /// Name of the operation report.
    REPORT_NAME = Setting::command("reportName", Text, Command).ignored(REPORT);

    /// Directory of the operation report.
    REPORT_PATH = Setting::command("reportPath", Path, Command).ignored(REPORT);

    /// Form of the operation report.
    REPORT_FORMAT = Setting::command("reportFormat", Text, Command).ignored(REPORT);
}
