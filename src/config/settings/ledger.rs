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

    /// Seconds between two attempts to take the lock, at most.
    ///
    /// The first attempts follow each other faster, and there are never more than two seconds between them: a runner that was
    /// killed is replaced within seconds.
    CHANGELOG_LOCK_POLL_RATE = Setting::global("changelogLockPollRate", Integer, Ledger).or("10");

    /// Whether a lock that dies with the session is taken beside the row of the lock table.
    ///
    /// It lets the next run take over at once from a run that was killed (an advisory lock on PostgreSQL, GET_LOCK on MySQL and
    /// MariaDB, a locked file beside the database on SQLite). Behind a pooler in transaction mode a session is not a session: PgBouncer
    /// and its like are noticed and told as soon as they give out a session of the server a second time; else set it to `off`.
    SESSION_LOCK = Setting::global("sessionLock", Choice(&["auto", "off"]), Ledger).or("auto").own();

    /// Seconds after which a lock that proves nothing counts as left behind; without it, never.
    ///
    /// Liquibase's lock, and that of a run without a session lock, stays when its holder is killed, and nobody can tell it from that
    /// of one that works. With this option it is taken over when it has been seen unchanged for so long, by this run's own clock,
    /// and it is told whose it was. Choose a time that no run of Liquibase takes.
    STALE_LOCK_SECONDS = Setting::global("staleLockSeconds", Integer, Ledger).own();

    /// Whether an update that finds nothing to do leaves a digest of changelog and history table for the next one.
    ///
    /// The next update that asks the same way compares the files with the digest and the history table with its sum: one query,
    /// instead of parsing the changelog and reading the table. The digest is kept in a table of its own beside the history table,
    /// named like it with DIGEST behind. `auto` makes that table for 2,000 changesets and more, `on` always, `off` never; where the
    /// table exists, all but `off` use it. Changelogs with warnings or with preconditions of their own are always read.
    DIGEST = Setting::global("digest", Choice(&["auto", "on", "off"]), Ledger).or("auto").own();
}
