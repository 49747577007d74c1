//! The history table and the lock table.

settings! {
    /// Name of the history table, which records the changesets that ran.
    ///
    /// It is folded like any other name: `MyLog` becomes `mylog` on PostgreSQL.
    DATABASE_CHANGELOG_TABLE_NAME = Setting::global("databaseChangelogTableName", Text, Ledger).or("DATABASECHANGELOG");

    /// Name of the lock table, which keeps two runs from working at once.
    DATABASE_CHANGELOG_LOCK_TABLE_NAME =
        Setting::global("databaseChangelogLockTableName", Text, Ledger).or("DATABASECHANGELOGLOCK");

    /// Schema of the history and lock tables; without it, the default schema.
    ///
    /// Set it when `--default-schema-name` varies between runs: the tables follow that option otherwise, and each
    /// schema gets a history of its own.
    LIQUIBASE_SCHEMA_NAME = Setting::global("liquibaseSchemaName", Text, Ledger).aliases(&["schemaName"]);

    /// Catalog of the history and lock tables; without it, the default catalog.
    LIQUIBASE_CATALOG_NAME = Setting::global("liquibaseCatalogName", Text, Ledger).aliases(&["catalogName"]);

    /// Tablespace in which the history and lock tables are created.
    LIQUIBASE_TABLESPACE_NAME = Setting::global("liquibaseTablespaceName", Text, Ledger)
        .aliases(&["databaseChangeLogTablespaceName"]);

    /// Minutes to wait for another run to give up the lock before failing.
    CHANGELOG_LOCK_WAIT_TIME_IN_MINUTES = Setting::global("changelogLockWaitTimeInMinutes", Integer, Ledger).or("5");

    /// Seconds between two attempts to take the lock.
    CHANGELOG_LOCK_POLL_RATE = Setting::global("changelogLockPollRate", Integer, Ledger).or("10");
}
