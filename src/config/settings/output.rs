//! What goes where, in which form; and how SQL is written.

const LEVELS: &[&str] = &["OFF", "SEVERE", "WARNING", "INFO", "CONFIG", "FINE", "FINER", "FINEST", "DEBUG", "ALL"];

const DELIMITERS: &str = "scripts end their statements as the database's own tools read them, or as a changeset says";

settings! {
    /// A file that receives what the command would print on standard output. It keeps what it held until the command ends, and beyond
    /// that when the command fails and has no result, or a script that is not whole. Where the disk is full at that moment, a part is
    /// left.
    OUTPUT_FILE = Setting::global("outputFile", Path, Output);

    /// Encoding of the output file; a character that it does not have is an error.
    OUTPUT_FILE_ENCODING = Setting::global("outputFileEncoding", Text, Output).or("UTF-8");

    /// What ends the lines of written SQL, as it is; without it, a line feed. Lines inside of a statement are kept.
    OUTPUT_LINE_SEPARATOR = Setting::global("outputLineSeparator", Text, Output);

    /// Whether what goes to the output file is printed as well.
    MIRROR_OUTPUT_TO_CONSOLE = Setting::global("mirrorOutputToConsole", Bool, Output).or("false");

    /// When to use colours: on a terminal unless `NO_COLOR` is set, always, or never.
    COLOR = Setting::global("color", Choice(&["AUTO", "ALWAYS", "NEVER"]), Output).or("AUTO").own();

    /// Whether progress is shown while a run takes long: on a terminal, always, or never.
    PROGRESS = Setting::global("progress", Choice(&["AUTO", "ALWAYS", "NEVER"]), Output).or("AUTO").own();

    /// How much is logged on standard error (or into the log file).
    LOG_LEVEL = Setting::global("logLevel", Choice(LEVELS), Output).or("OFF");

    /// A file that receives log lines instead of standard error.
    LOG_FILE = Setting::global("logFile", Path, Output);

    /// A file that receives OpenTelemetry spans and metrics, as OTLP JSON, one export a line.
    ///
    /// A span for the command with one for each changeset below it, how many changesets ended how, how long the run took and how
    /// long it waited for the lock. The file receiver of the OpenTelemetry Collector (`otlpjsonfile`) reads it. The environment
    /// variable `TRACEPARENT` makes the command's span a part of its caller's trace.
    TELEMETRY_FILE = Setting::global("telemetryFile", Path, Output).own();

    /// Form of a log line: text, or one JSON object a line.
    LOG_FORMAT = Setting::global("logFormat", Choice(&["TEXT", "JSON", "JSON_PRETTY"]), Output).or("TEXT");

    /// Log channels that the log level applies to, or `all`.
    LOG_CHANNELS =
        Setting::global("logChannels", List, Output).or("liquibase").ignored("there are no channels: the log level applies to everything");

    /// Whether messages on the console also appear in the log.
    MIRROR_CONSOLE_MESSAGES_TO_LOG = Setting::global("mirrorConsoleMessagesToLog", Bool, Output).or("true");

    /// The level at which each SQL statement is logged.
    SQL_LOG_LEVEL = Setting::global("sql.logLevel", Choice(LEVELS), Output).or("FINE");

    /// Whether warnings that the database sends with a result are shown.
    SQL_SHOW_SQL_WARNINGS = Setting::global("sql.showSqlWarnings", Bool, Output)
        .or("true")
        .ignored("warnings that the database sends with a result are not shown");

    /// Whether schema and catalog names keep their letter case.
    PRESERVE_SCHEMA_CASE = Setting::global("preserveSchemaCase", Bool, Sql).or("false");

    /// Whether data types are converted to those of the database.
    CONVERT_DATA_TYPES =
        Setting::global("convertDataTypes", Bool, Sql).or("true").unsupported("types are always converted to those of the database");

    /// Whether views are dropped and created instead of replaced.
    ALWAYS_DROP_INSTEAD_OF_REPLACE = Setting::global("alwaysDropInsteadOfReplace", Bool, Sql).or("false");

    /// Whether `createProcedure` without a schema gets the default schema written into its body.
    ALWAYS_OVERRIDE_STORED_LOGIC_SCHEMA = Setting::global("alwaysOverrideStoredLogicSchema", Bool, Sql).or("false");

    /// Whether `createProcedure` with a schema gets it written into its body.
    USE_PROCEDURE_SCHEMA = Setting::global("useProcedureSchema", Bool, Sql).or("true");

    /// How raw SQL without an `endDelimiter` is split into statements: as the database's own tools do, or exactly as
    /// Liquibase does.
    SQL_SPLITTING = Setting::global("sqlSplitting", Choice(&["native", "liquibase"]), Sql).or("native").own();

    /// Whether DB2 changes are followed by REORG TABLE where it is needed.
    AUTO_REORG = Setting::global("autoReorg", Bool, Sql).or("true");

    /// Seconds an Oracle statement waits for a locked object.
    DDL_LOCK_TIMEOUT =
        Setting::global("ddlLockTimeout", Integer, Sql).ignored("it concerns sessions with Oracle, for which SQL is only written");

    /// Whether Oracle CLOB values beyond 4000 characters are written in pieces.
    WORKAROUND_ORACLE_CLOB_CHARACTER_LIMIT = Setting::global("workaroundOracleClobCharacterLimit", Bool, Sql)
        .or("true")
        .unsupported("long values are always written in pieces");

    /// Whether written SQL leaves out the statements on the history and lock tables (Liquibase 5).
    SUPPRESS_LIQUIBASE_SQL = Setting::global("suppressLiquibaseSql", Bool, Sql).or("false");

    /// The statement terminator used where a changeset names none.
    PRO_GLOBAL_END_DELIMITER = Setting::global("pro.globalEndDelimiter", Text, Sql).unsupported(DELIMITERS);

    /// Whether the global end delimiter wins over those that changesets name.
    PRO_GLOBAL_END_DELIMITER_PRIORITIZED =
        Setting::global("pro.globalEndDelimiter.prioritized", Bool, Sql).or("false").unsupported(DELIMITERS);

    /// Whether a rollback to the oldest of several equal tags takes changesets that carry the tag along.
    INCLUDE_MATCHING_TAG_IN_ROLLBACK_OLDEST =
        Setting::global("includeMatchingTagInRollbackOldest", Bool, Sql).or("true").unsupported("they are always taken along");
}
