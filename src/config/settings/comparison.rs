//! Settings of Liquibase's comparing and generating commands. They are known, so that one defaults file serves all
//! commands of a project; no command here takes them yet.

const LATER: &str = "no command of this version compares databases or generates changelogs";

settings! {
    /// Whether the order of columns counts in a comparison.
    DIFF_COLUMN_ORDER = Setting::global("diffColumnOrder", Bool, Comparison).or("true").ignored(LATER);

    /// Whether names of default constraints count in a comparison (Liquibase 5).
    DIFF_COLUMN_DEFAULT_VALUE_CONSTRAINT_NAME =
        Setting::global("diffColumnDefaultValueConstraintName", Bool, Comparison).ignored(LATER);

    /// Whether generated changesets say when they were created.
    GENERATE_CHANGESET_CREATED_VALUES = Setting::global("generateChangesetCreatedValues", Bool, Comparison).or("false").ignored(LATER);

    /// Whether ids of generated changesets contain a description.
    GENERATED_CHANGESET_IDS_CONTAINS_DESCRIPTION =
        Setting::global("generatedChangesetIdsContainsDescription", Bool, Comparison).or("false").ignored(LATER);

    /// Whether the catalog counts when objects are compared.
    INCLUDE_CATALOG_IN_SPECIFICATION = Setting::global("includeCatalogInSpecification", Bool, Comparison).or("false").ignored(LATER);

    /// Whether computed columns keep the relation to their table in a snapshot.
    INCLUDE_RELATIONS_FOR_COMPUTED_COLUMNS =
        Setting::global("includeRelationsForComputedColumns", Bool, Comparison).or("false").ignored(LATER);

    /// Whether default values name the schema (Liquibase 5).
    INCLUDE_SCHEMA_NAME_FOR_DEFAULT = Setting::global("includeSchemaNameForDefault", Bool, Comparison).ignored(LATER);

    /// Whether a snapshot holds the rows of tables.
    SHOULD_SNAPSHOT_DATA = Setting::global("shouldSnapshotData", Bool, Comparison).or("false").ignored(LATER);

    /// Whether a snapshot without an id is an error (Liquibase 5).
    FAIL_ON_NULL_SNAPSHOT_ID = Setting::global("failOnNullSnapshotId", Bool, Comparison).ignored(LATER);

    /// Whether a dropped column is only marked unused.
    PRO_MARK_UNUSED_NOT_DROP = Setting::global("pro.markUnusedNotDrop", Bool, Comparison).or("false").ignored(LATER);

    /// Whether generated changesets hold their SQL themselves.
    PRO_SQL_INLINE = Setting::global("pro.sql.inline", Bool, Comparison).or("false").ignored(LATER);

    /// Whether public synonyms are dropped.
    PRO_SYNONYMS_DROP_PUBLIC = Setting::global("pro.synonyms.drop.public", Bool, Comparison).or("true").ignored(LATER);

    /// The database to compare with.
    REFERENCE_URL = Setting::command("referenceUrl", Url, Comparison).ignored(LATER);

    /// The user of the database to compare with.
    REFERENCE_USERNAME = Setting::command("referenceUsername", Text, Comparison).ignored(LATER);

    /// The password of the database to compare with.
    REFERENCE_PASSWORD = Setting::command("referencePassword", Secret, Comparison).ignored(LATER);

    /// The JDBC driver class of the database to compare with.
    REFERENCE_DRIVER = Setting::command("referenceDriver", Text, Comparison).ignored(LATER);

    /// A properties file for the JDBC driver of the database to compare with.
    REFERENCE_DRIVER_PROPERTIES_FILE = Setting::command("referenceDriverPropertiesFile", Path, Comparison).ignored(LATER);

    /// The default catalog of the database to compare with.
    REFERENCE_DEFAULT_CATALOG_NAME = Setting::command("referenceDefaultCatalogName", Text, Comparison).ignored(LATER);

    /// The default schema of the database to compare with.
    REFERENCE_DEFAULT_SCHEMA_NAME = Setting::command("referenceDefaultSchemaName", Text, Comparison).ignored(LATER);

    /// The catalog of the history table of the database to compare with.
    REFERENCE_LIQUIBASE_CATALOG_NAME = Setting::command("referenceLiquibaseCatalogName", Text, Comparison).ignored(LATER);

    /// The schema of the history table of the database to compare with.
    REFERENCE_LIQUIBASE_SCHEMA_NAME = Setting::command("referenceLiquibaseSchemaName", Text, Comparison).ignored(LATER);

    /// The schemas of the database to compare with.
    REFERENCE_SCHEMAS = Setting::command("referenceSchemas", List, Comparison).ignored(LATER);

    /// The schemas to look at.
    SCHEMAS = Setting::command("schemas", List, Comparison).ignored(LATER);

    /// The schema names to write instead.
    OUTPUT_SCHEMAS = Setting::command("outputSchemas", List, Comparison).aliases(&["outputSchemasAs"]).ignored(LATER);

    /// The kinds of objects to compare.
    DIFF_TYPES = Setting::command("diffTypes", List, Comparison).ignored(LATER);

    /// Objects to leave out.
    EXCLUDE_OBJECTS = Setting::command("excludeObjects", List, Comparison).ignored(LATER);

    /// Objects to keep.
    INCLUDE_OBJECTS = Setting::command("includeObjects", List, Comparison).ignored(LATER);

    /// The author of generated changesets.
    AUTHOR = Setting::command("author", Text, Comparison).ignored(LATER);

    /// Directory for generated CSV files.
    DATA_OUTPUT_DIRECTORY = Setting::command("dataOutputDirectory", Path, Comparison).ignored(LATER);

    /// Whether a generated file may overwrite another.
    OVERWRITE_OUTPUT_FILE = Setting::command("overwriteOutputFile", Bool, Comparison).or("false").ignored(LATER);

    /// Whether generated changes name the catalog.
    INCLUDE_CATALOG = Setting::command("includeCatalog", Bool, Comparison).or("false").ignored(LATER);

    /// Whether generated changes name the schema.
    INCLUDE_SCHEMA = Setting::command("includeSchema", Bool, Comparison).or("false").ignored(LATER);

    /// Whether generated changes name the tablespace.
    INCLUDE_TABLESPACE = Setting::command("includeTablespace", Bool, Comparison).or("false").ignored(LATER);

    /// Change types that are generated with `replaceIfExists`.
    REPLACE_IF_EXISTS_TYPES = Setting::command("replaceIfExistsTypes", List, Comparison).ignored(LATER);

    /// Change types that are generated with `runOnChange`.
    RUN_ON_CHANGE_TYPES = Setting::command("runOnChangeTypes", List, Comparison).ignored(LATER);

    /// Whether generated objects keep the order of the database.
    SKIP_OBJECT_SORTING = Setting::command("skipObjectSorting", Bool, Comparison).or("false").ignored(LATER);

    /// Whether generated views use CREATE OR REPLACE.
    USE_OR_REPLACE_OPTION = Setting::command("useOrReplaceOption", Bool, Comparison).or("false").ignored(LATER);

    /// What a snapshot is filtered by.
    SNAPSHOT_FILTERS = Setting::command("snapshotFilters", Text, Comparison).ignored(LATER);

    /// Form of a snapshot.
    SNAPSHOT_FORMAT = Setting::command("snapshotFormat", Text, Comparison).ignored(LATER);

    /// The directory of generated documentation.
    OUTPUT_DIRECTORY = Setting::command("outputDirectory", Path, Comparison).ignored(LATER);

    /// Whether a dangerous command goes ahead.
    FORCE = Setting::command("force", Bool, Comparison).or("false").ignored(LATER);

    /// Whether dropping everything needs `--force`.
    REQUIRE_FORCE = Setting::command("requireForce", Bool, Comparison).or("false").ignored(LATER);

    /// Whether dropping everything drops Liquibase's commercial history table.
    DROP_DBCLHISTORY = Setting::command("dropDbclhistory", Bool, Comparison).or("false").ignored(LATER);

    /// A SQL text to run.
    SQL = Setting::command("sql", Text, Comparison).ignored(LATER);

    /// A SQL file to run.
    SQL_FILE = Setting::command("sqlFile", Path, Comparison).ignored(LATER);

    /// What separates the statements of a SQL text.
    DELIMITER = Setting::command("delimiter", Text, Comparison).ignored(LATER);

    /// Exit code when the databases differ.
    DRIFT_SEVERITY = Setting::command("driftSeverity", Integer, Comparison).or("0").ignored(LATER);

    /// Exit code when objects differ.
    DRIFT_SEVERITY_CHANGED = Setting::command("driftSeverityChanged", Integer, Comparison).or("0").ignored(LATER);

    /// Exit code when objects are missing.
    DRIFT_SEVERITY_MISSING = Setting::command("driftSeverityMissing", Integer, Comparison).or("0").ignored(LATER);

    /// Exit code when objects are unexpected.
    DRIFT_SEVERITY_UNEXPECTED = Setting::command("driftSeverityUnexpected", Integer, Comparison).or("0").ignored(LATER);
}
