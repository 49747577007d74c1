//! What changelogs may do to the machine they run on.

settings! {
    /// Whether an `executeCommand` change may start programs.
    ///
    /// Off by default, as a changelog is data: without it, a run that would reach such a change fails before anything runs.
    ALLOW_COMMANDS = Setting::global("allowCommands", Bool, Safety).or("false").own();

    /// Whether paths in changelogs may lead out of the search path (Liquibase 5).
    ALLOW_EXTERNAL_CHANGELOG_PATHS = Setting::global("allowExternalChangelogPaths", Bool, Safety)
        .ignored("a path that leads out of the search path is always an error");

    /// Whether paths in changelogs may contain `..` (Liquibase 5).
    ALLOW_PARENT_DIRECTORY_REFERENCES = Setting::global("allowParentDirectoryReferences", Bool, Safety)
        .ignored("`..` is allowed as long as the path stays inside the search path");

    /// Whether `customChange` is allowed (Liquibase 5).
    ALLOW_CUSTOM_CHANGE = Setting::global("allowCustomChange", Bool, Safety).or("true");

    /// Whether `executeCommand` is allowed (Liquibase 5); `false` forbids it even with `--allow-commands`.
    ALLOW_EXECUTE_COMMAND = Setting::global("allowExecuteCommand", Bool, Safety).or("true");

    /// Whether the `sqlCheck` precondition is allowed (Liquibase 5).
    ALLOW_SQL_PRECONDITION = Setting::global("allowSqlPrecondition", Bool, Safety).or("true");

    /// Whether parsers refuse what could reach outside the file (external XML entities).
    SECURE_PARSING = Setting::global("secureParsing", Bool, Safety).or("true")
        .ignored("files are always parsed securely: no entity is fetched, DOCTYPE is refused");
}
