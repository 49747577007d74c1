//! How changelogs and the files they name are found and read, and where settings come from.

settings! {
    /// Directories in which changelogs, SQL files and CSV files are looked for, separated by commas; without it, the
    /// working directory.
    ///
    /// Paths in changelogs, and so in the history table, are relative to these directories.
    SEARCH_PATH = Setting::global("searchPath", List, Reading);

    /// Liquibase's class path: its directories are searched for changelogs after the search path.
    ///
    /// Jar files in it hold Java drivers and extensions; they are passed over.
    CLASSPATH = Setting::global("classpath", Text, Reading);

    /// Whether the directories of the class path are searched also where a search path is set.
    INCLUDE_SYSTEM_CLASSPATH = Setting::global("includeSystemClasspath", Bool, Reading).or("true");

    /// Encoding of the files read, unless a changelog names another one for a file.
    FILE_ENCODING = Setting::global("fileEncoding", Text, Reading).or("UTF-8");

    /// What an unknown field of a changelog is: an error, or passed over.
    CHANGELOG_PARSE_MODE = Setting::global("changelogParseMode", Choice(&["STRICT", "LAX"]), Reading).or("STRICT");

    /// Whether an element or attribute of an XML changelog that does not exist is an error; else it is a warning, as in the other
    /// formats.
    VALIDATE_XML_CHANGELOG_FILES = Setting::global("validateXmlChangelogFiles", Bool, Reading).or("true");

    /// What to do when several directories of the search path have the same file.
    DUPLICATE_FILE_MODE =
        Setting::global("duplicateFileMode", Choice(&["ERROR", "WARN", "INFO", "DEBUG", "SILENT"]), Reading).or("ERROR");

    /// What becomes of a `${name}` without a value: stay as written, become empty, or be an error.
    MISSING_PROPERTY_MODE =
        Setting::global("missingPropertyMode", Choice(&["PRESERVE", "EMPTY", "ERROR"]), Reading).or("PRESERVE");

    /// What to do when an included changelog does not exist.
    ON_MISSING_INCLUDE_CHANGELOG = Setting::global("onMissingIncludeChangelog", Choice(&["FAIL", "WARN"]), Reading).or("FAIL");

    /// What to do when a file that a `sqlFile` names does not exist.
    ON_MISSING_SQL_FILE = Setting::global("onMissingSqlFile", Choice(&["FAIL", "WARN"]), Reading)
        .or("FAIL")
        .unsupported("a changeset whose file is missing cannot run, so nothing runs");

    /// Whether an `includeAll` that leads back to its own file is an error.
    ERROR_ON_CIRCULAR_INCLUDE_ALL = Setting::global("errorOnCircularIncludeAll", Bool, Reading)
        .or("true")
        .unsupported("such an `includeAll` would never end, so it is always an error");

    /// Whether `${:name}` writes a literal `${name}`.
    SUPPORT_PROPERTY_ESCAPING = Setting::global("supportPropertyEscaping", Bool, Reading).or("false").aliases(&["enableEscaping"]);

    /// Whether two changesets may share id, author and path.
    ///
    /// Only for changelogs that already have such pairs: of each pair, only one can be recorded.
    ALLOW_DUPLICATED_CHANGESET_IDENTIFIERS =
        Setting::global("allowDuplicatedChangesetIdentifiers", Bool, Reading).or("false");

    /// Whether header names of `loadData` files lose surrounding blanks (Liquibase 5).
    TRIM_LOAD_DATA_FILE_HEADER = Setting::global("trimLoadDataFileHeader", Bool, Reading)
        .or("false")
        .unsupported("header names are taken as they are, as Liquibase 4.28 takes them");

    /// Whether an included changelog without a `logicalFilePath` takes that of the file that includes it (Liquibase 5).
    ALLOW_INHERIT_LOGICAL_FILE_PATH = Setting::global("allowInheritLogicalFilePath", Bool, Reading)
        .or("false")
        .unsupported("changesets are recorded under the path of their own file, as Liquibase 4.28 records them");

    /// The properties file that settings are read from.
    ///
    /// Beside it, the same name with `.local.properties` is read if it exists, and wins: keep what is yours alone there.
    DEFAULTS_FILE = Setting::global("defaultsFile", Path, Configuration).or("liquibase.properties");

    /// The YAML file that settings of the project are read from; it wins over the properties files.
    PROJECT_FILE = Setting::global("projectFile", Path, Configuration).or("changelog.config.yaml").own();

    /// Whether what would be passed over with a warning (unknown settings, unknown attributes, misspelt keys) is an error.
    STRICT = Setting::global("strict", Bool, Configuration).or("false");

    /// Whether commands do anything at all; with `false` they say so and succeed.
    SHOULD_RUN = Setting::global("shouldRun", Bool, Configuration).or("true");
}
