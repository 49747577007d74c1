//! Liquibase settings that are read and have no effect, so that files and scripts go on working.

const JAVA: &str = "it concerns the Java runtime, which is not used";
const PRO: &str = "it belongs to a commercial feature that is not offered";
const NATIVE: &str = "statements always run through the built-in drivers";
const QUIET: &str = "standard error holds only what a run has to say";
const ANALYTICS: &str = "nothing is ever sent anywhere";

settings! {
    /// The Java class of the database implementation.
    DATABASE_CLASS = Setting::global("databaseClass", Text, Configuration).ignored(JAVA);

    /// The Java class that supplies driver properties.
    PROPERTY_PROVIDER_CLASS = Setting::global("propertyProviderClass", Text, Configuration).ignored(JAVA);

    /// Whether classes named by `includeAll` filters may be loaded (Liquibase 5).
    ALLOW_INCLUDE_ALL_CLASSES = Setting::global("allowIncludeAllClasses", Bool, Configuration).ignored(JAVA);

    /// The Java user interface service.
    UI_SERVICE = Setting::global("uiService", Text, Configuration).or("CONSOLE").ignored(JAVA);

    /// A recording of the Java flight recorder.
    MONITOR_PERFORMANCE = Setting::global("monitorPerformance", Text, Configuration).or("false").ignored(JAVA);

    /// Level of the default Java logger.
    DEFAULTLOGGER_LEVEL = Setting::global("defaultlogger.level", Text, Configuration).or("INFO").ignored(JAVA);

    /// Fetch size of JDBC statements.
    SQL_ALWAYS_SET_FETCH_SIZE = Setting::global("sqlAlwaysSetFetchSize", Bool, Configuration).or("true").ignored(JAVA);

    /// Whether the class path prefix stays in normalised paths (Liquibase 5).
    PRESERVE_CLASSPATH_PREFIX_IN_NORMALIZED_PATHS = Setting::global("preserveClasspathPrefixInNormalizedPaths", Bool, Configuration).ignored(JAVA);

    /// How strictly change types declare their databases (Liquibase 5).
    SUPPORTS_METHOD_VALIDATION_LEVEL = Setting::global("supportsMethodValidationLevel", Text, Configuration).ignored(JAVA);

    /// Bytes a character takes on SQL Server (Liquibase 5).
    MSSQL_BYTES_PER_CHAR = Setting::global("mssql.bytesPerChar", Integer, Configuration).or("1").ignored("only Java reads it");

    /// Whether a banner is printed at the start.
    SHOW_BANNER = Setting::global("showBanner", Bool, Configuration).or("true").ignored(QUIET);

    /// Whether there is no keyboard.
    HEADLESS = Setting::global("headless", Bool, Configuration).or("false").ignored("nothing is ever asked for, so runs never wait for a keyboard");

    /// Whether to ask before working on a database that is not local.
    PROMPT_FOR_NON_LOCAL_DATABASE = Setting::global("promptForNonLocalDatabase", Bool, Configuration).ignored("nothing is ever asked for, so runs never wait for a keyboard");

    /// Whether hidden options appear in help.
    SHOW_HIDDEN_ARGS = Setting::global("showHiddenArgs", Bool, Configuration).or("false").ignored("all settings are on the reference page");

    /// Whether log messages are filtered.
    FILTER_LOG_MESSAGES = Setting::global("filterLogMessages", Bool, Configuration).ignored("Liquibase no longer uses it either");

    /// Whether empty context values appear in JSON logs.
    ADD_EMPTY_MDC_VALUES = Setting::global("addEmptyMdcValues", Bool, Configuration).or("true").ignored(QUIET);

    /// A file of values to add to JSON logs.
    CUSTOM_LOG_DATA_FILE = Setting::global("customLogDataFile", Path, Configuration).ignored(PRO);

    /// How often those values appear.
    CUSTOM_LOG_DATA_FREQUENCY = Setting::global("customLogDataFrequency", Text, Configuration).or("REPEATED").ignored(PRO);

    /// A licence key for commercial features.
    LICENSE_KEY = Setting::global("licenseKey", Secret, Configuration).ignored("no feature needs a licence");

    /// A licence key under its former name.
    PRO_LICENSE_KEY = Setting::global("pro.licenseKey", Secret, Configuration).ignored("no feature needs a licence");

    /// Strictness about missing commercial resource files.
    PRO_STRICT = Setting::global("proStrict", Bool, Configuration).or("false").ignored(PRO);

    /// Whether commercial commands go on after partial changes.
    PRO_FORCE_ON_PARTIAL_CHANGES = Setting::global("pro.forceOnPartialChanges", Bool, Configuration).or("false").ignored(PRO);

    /// The commercial history table: whether it is written.
    DBCLHISTORY_ENABLED = Setting::global("dbclhistory.enabled", Bool, Configuration).or("false").aliases(&["databasechangeloghistory.enabled"]).ignored(PRO);

    /// The commercial history table: whether extensions are recorded.
    DBCLHISTORY_CAPTURE_EXTENSIONS = Setting::global("dbclhistory.captureExtensions", Bool, Configuration).or("true").aliases(&["databasechangeloghistory.captureExtensions", "databasechangeloghistory.captureExts", "dbclhistory.captureExts"]).ignored(PRO);

    /// The commercial history table: whether SQL is recorded.
    DBCLHISTORY_CAPTURE_SQL = Setting::global("dbclhistory.captureSql", Bool, Configuration).or("true").aliases(&["databasechangeloghistory.captureSql"]).ignored(PRO);

    /// The commercial history table: exit code of problems with it.
    DBCLHISTORY_SEVERITY = Setting::global("dbclhistory.severity", Integer, Configuration).or("1").aliases(&["databasechangeloghistory.severity"]).ignored(PRO);

    /// The commercial history table: its name.
    DBCLHISTORY_TABLE_NAME = Setting::global("dbclhistory.tableName", Text, Configuration).or("DATABASECHANGELOGHISTORY").aliases(&["databasechangeloghistory.tableName"]).ignored(PRO);

    /// Whether operation reports are written.
    REPORTS_ENABLED = Setting::global("reports.enabled", Bool, Configuration).or("false").ignored(PRO);

    /// Form of operation reports.
    REPORTS_FORMAT = Setting::global("reports.format", Text, Configuration).or("HTML").ignored(PRO);

    /// Name of operation reports.
    REPORTS_NAME = Setting::global("reports.name", Text, Configuration).ignored(PRO);

    /// Whether operation reports are opened.
    REPORTS_OPEN = Setting::global("reports.open", Bool, Configuration).or("false").ignored(PRO);

    /// Directory of operation reports.
    REPORTS_PATH = Setting::global("reports.path", Path, Configuration).or(".").ignored(PRO);

    /// Whether flow output becomes text.
    FLOW_VERBOSE_TO_STRING = Setting::global("flow.verboseToString", Bool, Configuration).or("false").ignored(PRO);

    /// The file of a flow.
    FLOW_FILE = Setting::command("flowFile", Path, Configuration).ignored(PRO);

    /// Whether unknown keys of a flow file are errors.
    FLOW_FILE_STRICT_PARSING = Setting::command("flowFileStrictParsing", Bool, Configuration).or("true").ignored(PRO);

    /// The shell of flow actions.
    FLOW_SHELL_INTERPRETER = Setting::command("flowShellInterpreter", Text, Configuration).ignored(PRO);

    /// Whether temporary files of flow actions are kept.
    FLOW_SHELL_KEEP_TEMP_FILES = Setting::command("flowShellKeepTempFiles", Bool, Configuration).or("false").ignored(PRO);

    /// The file of quality checks.
    CHECKS_SETTINGS_FILE = Setting::command("checksSettingsFile", Path, Configuration).ignored(PRO);

    /// The packages of quality checks.
    CHECKS_PACKAGES = Setting::command("checksPackages", List, Configuration).ignored(PRO);

    /// What quality checks look at.
    CHECKS_SCOPE = Setting::command("checksScope", Text, Configuration).ignored(PRO);

    /// What quality checks print.
    CHECKS_OUTPUT = Setting::command("checksOutput", Text, Configuration).ignored(PRO);

    /// Whether new quality checks are switched on.
    AUTO_ENABLE_NEW_CHECKS = Setting::command("autoEnableNewChecks", Bool, Configuration).or("false").ignored(PRO);

    /// Whether the quality checks file is updated.
    AUTO_UPDATE = Setting::command("autoUpdate", Bool, Configuration).ignored(PRO);

    /// The quality check meant.
    CHECK_NAME = Setting::command("checkName", Text, Configuration).ignored(PRO);

    /// Whether quality checks look at rollbacks.
    CHECK_ROLLBACKS = Setting::command("checkRollbacks", Bool, Configuration).or("false").aliases(&["checkRollback"]).ignored(PRO);

    /// Which changesets quality checks look at.
    CHANGESET_FILTER = Setting::command("changesetFilter", Text, Configuration).ignored(PRO);

    /// Whether quality checks replace properties.
    PROPERTY_SUBSTITUTION_ENABLED = Setting::command("propertySubstitutionEnabled", Bool, Configuration).or("true").aliases(&["propertySubEnabled"]).ignored(PRO);

    /// Exit code of SQL that quality checks cannot parse.
    SQL_PARSER_FAIL_SEVERITY = Setting::command("sqlParserFailSeverity", Integer, Configuration).ignored(PRO);

    /// The deployment meant by the commercial rollback commands.
    DEPLOYMENT_ID = Setting::command("deploymentId", Text, Configuration).ignored(PRO);

    /// The native executor of all changesets.
    NATIVE_EXECUTOR = Setting::global("nativeExecutor", Text, Configuration).ignored(NATIVE);

    /// Running changesets through psql: further arguments.
    PSQL_ARGS = Setting::global("psql.args", Text, Configuration).ignored(NATIVE);

    /// Running changesets through psql: whether temporary files are kept.
    PSQL_KEEP_TEMP = Setting::global("psql.keep.temp", Bool, Configuration).ignored(NATIVE);

    /// Running changesets through psql: name of kept files.
    PSQL_KEEP_TEMP_NAME = Setting::global("psql.keep.temp.name", Text, Configuration).ignored(NATIVE);

    /// Running changesets through psql: directory of kept files.
    PSQL_KEEP_TEMP_PATH = Setting::global("psql.keep.temp.path", Path, Configuration).ignored(NATIVE);

    /// Running changesets through psql: log file.
    PSQL_LOG_FILE = Setting::global("psql.logFile", Path, Configuration).ignored(NATIVE);

    /// Running changesets through psql: path of the program.
    PSQL_PATH = Setting::global("psql.path", Path, Configuration).ignored(NATIVE);

    /// Running changesets through psql: seconds to wait.
    PSQL_TIMEOUT = Setting::global("psql.timeout", Text, Configuration).ignored(NATIVE);

    /// Running changesets through sqlcmd: further arguments.
    SQLCMD_ARGS = Setting::global("sqlcmd.args", Text, Configuration).ignored(NATIVE);

    /// Running changesets through sqlcmd: the database.
    SQLCMD_CATALOG_NAME = Setting::global("sqlcmd.catalogName", Text, Configuration).ignored(NATIVE);

    /// Running changesets through sqlcmd: whether temporary files are kept.
    SQLCMD_KEEP_TEMP = Setting::global("sqlcmd.keep.temp", Bool, Configuration).ignored(NATIVE);

    /// Running changesets through sqlcmd: name of kept files.
    SQLCMD_KEEP_TEMP_NAME = Setting::global("sqlcmd.keep.temp.name", Text, Configuration).ignored(NATIVE);

    /// Running changesets through sqlcmd: whether kept files are overwritten.
    SQLCMD_KEEP_TEMP_OVERWRITE = Setting::global("sqlcmd.keep.temp.overwrite", Bool, Configuration).ignored(NATIVE);

    /// Running changesets through sqlcmd: directory of kept files.
    SQLCMD_KEEP_TEMP_PATH = Setting::global("sqlcmd.keep.temp.path", Path, Configuration).ignored(NATIVE);

    /// Running changesets through sqlcmd: log file.
    SQLCMD_LOG_FILE = Setting::global("sqlcmd.logFile", Path, Configuration).ignored(NATIVE);

    /// Running changesets through sqlcmd: path of the program.
    SQLCMD_PATH = Setting::global("sqlcmd.path", Path, Configuration).ignored(NATIVE);

    /// Running changesets through sqlcmd: seconds to wait.
    SQLCMD_TIMEOUT = Setting::global("sqlcmd.timeout", Text, Configuration).ignored(NATIVE);

    /// Running changesets through sqlplus: further arguments.
    SQLPLUS_ARGS = Setting::global("sqlplus.args", Text, Configuration).ignored(NATIVE);

    /// Running changesets through sqlplus: whether a spool file is written.
    SQLPLUS_CREATE_SPOOL = Setting::global("sqlplus.createSpool", Bool, Configuration).ignored(NATIVE);

    /// Running changesets through sqlplus: whether temporary files are kept.
    SQLPLUS_KEEP_TEMP = Setting::global("sqlplus.keep.temp", Bool, Configuration).ignored(NATIVE);

    /// Running changesets through sqlplus: name of kept files.
    SQLPLUS_KEEP_TEMP_NAME = Setting::global("sqlplus.keep.temp.name", Text, Configuration).ignored(NATIVE);

    /// Running changesets through sqlplus: whether kept files are overwritten.
    SQLPLUS_KEEP_TEMP_OVERWRITE = Setting::global("sqlplus.keep.temp.overwrite", Bool, Configuration).ignored(NATIVE);

    /// Running changesets through sqlplus: directory of kept files.
    SQLPLUS_KEEP_TEMP_PATH = Setting::global("sqlplus.keep.temp.path", Path, Configuration).ignored(NATIVE);

    /// Running changesets through sqlplus: path of the program.
    SQLPLUS_PATH = Setting::global("sqlplus.path", Path, Configuration).ignored(NATIVE);

    /// Running changesets through sqlplus: the WHENEVER SQLERROR clause.
    SQLPLUS_SQLERROR = Setting::global("sqlplus.sqlerror", Text, Configuration).ignored(NATIVE);

    /// Running changesets through sqlplus: seconds to wait.
    SQLPLUS_TIMEOUT = Setting::global("sqlplus.timeout", Text, Configuration).ignored(NATIVE);

    /// Whether usage statistics are sent (Liquibase 5).
    ANALYTICS_ENABLED = Setting::global("analytics.enabled", Bool, Configuration).ignored(ANALYTICS);

    /// The address for usage statistics (Liquibase 5).
    ANALYTICS_CONFIG_ENDPOINT_URL = Setting::global("analytics.configEndpointUrl", Text, Configuration).ignored(ANALYTICS);

    /// Where licence use is reported to (Liquibase 5).
    LICENSE_UTILITY_URL = Setting::global("licenseUtility.url", Text, Configuration).ignored(ANALYTICS);

    /// Whether licence use is reported (Liquibase 5).
    LICENSE_UTILITY_ENABLED = Setting::global("licenseUtility.enabled", Bool, Configuration).ignored(ANALYTICS);
}
