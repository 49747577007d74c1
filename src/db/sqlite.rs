//! The SQLite driver.

use super::answers::{self, Vendor};
use super::batch::{Batch, Ends, Message, characters, first_word};
use super::connect::broken;
use super::placeholders::{self, Quotes};
use super::session::Health;
use super::session_lock::{FileLock, SessionLock};
use super::url::{SqliteEndpoint, SqliteLocation, SqliteMode};
use super::{Connection, DbError, DbErrorKind, Frame, Row, Server, Value};
use futures_util::future::BoxFuture;
use sqlx::sqlite::{SqliteArguments, SqliteConnectOptions, SqliteConnection, SqliteQueryResult, SqliteRow};
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, Row as _, TypeInfo, ValueRef};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// How long another process's lock is waited for when the URL does not say.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// A session with a SQLite database.
pub(super) struct Sqlite {
    connection: SqliteConnection,
    health: Health,
    server: Server,
    begin: &'static str,
    begun: bool,
    journal: JournalFile,
    /// The database's file, if it has one.
    file: Option<PathBuf>,
    /// The lock beside it, while it is ours.
    lock: Option<FileLock>,
    /// Dropped with the session.
    _interrupt: InterruptOnDrop,
}

/// Ends the statement that is under way when the session is given up.
///
/// The driver runs statements in a thread, which would go on with one whose caller is gone, and hold the database's lock as long.
struct InterruptOnDrop(Arc<AtomicBool>);

/// How many steps of SQLite's virtual machine are between two looks at whether the session was given up: some tens of microseconds.
const STEPS: i32 = 10_000;

impl InterruptOnDrop {
    async fn set_up(connection: &mut SqliteConnection) -> Result<Self, sqlx::Error> {
        let given_up = Arc::new(AtomicBool::new(false));
        let goes_on = {
            let given_up = given_up.clone();
            move || !given_up.load(Ordering::Relaxed)
        };
        connection.lock_handle().await?.set_progress_handler(STEPS, goes_on);
        Ok(InterruptOnDrop(given_up))
    }
}

impl Drop for InterruptOnDrop {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// What happens to the rollback journal, the file beside the database from which a transaction can be taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum JournalFile {
    /// Not asked yet: what only reads needs none.
    Unknown,
    /// As the database or its URL has it: a write-ahead log, no journal, …
    AsFound,
    /// One file serves all transactions of this session, and is deleted behind them. By default SQLite makes and deletes one for each,
    /// which costs about a fifth of a small transaction. A crash is as safe: a journal counts by its header, which is cleared at
    /// COMMIT (<https://www.sqlite.org/pragma.html#pragma_journal_mode>, PERSIST).
    Kept,
}

impl Sqlite {
    /// Opens a database; see [`super::connect::connect`].
    pub(super) async fn connect(endpoint: &SqliteEndpoint, display: &str) -> Result<Self, DbError> {
        let mut options = SqliteConnectOptions::new()
            // What SQLite and its JDBC driver do; sqlx would turn them on.
            .foreign_keys(endpoint.foreign_keys)
            .busy_timeout(endpoint.busy_timeout.unwrap_or(BUSY_TIMEOUT))
            .immutable(endpoint.immutable)
            .read_only(endpoint.mode == SqliteMode::ReadOnly)
            .create_if_missing(endpoint.mode == SqliteMode::Create)
            .statement_cache_capacity(1)
            .disable_statement_logging();
        let place = match &endpoint.location {
            SqliteLocation::Memory => {
                options = options.filename(":memory:").read_only(false);
                ":memory:".to_string()
            }
            SqliteLocation::File(path) => {
                check_file(path, endpoint.mode)?;
                // A name that starts with `file:` would be read as a URI.
                let path = if path.starts_with("file:") || path.to_string_lossy().starts_with("file:") {
                    Path::new(".").join(path)
                } else {
                    path.clone()
                };
                let place = path.display().to_string();
                options = options.filename(path);
                place
            }
        };
        for (name, value) in &endpoint.pragmas {
            options = options.pragma(name.clone(), value.clone());
        }
        let explain = |error: DbError| open_failure(&place, error);
        let mut connection = options.connect().await.map_err(|e| explain(error_of(e, "")))?;
        let interrupt = InterruptOnDrop::set_up(&mut connection).await.map_err(|e| explain(error_of(e, "")))?;
        // Counting makes SQLite read the file: opening alone does not tell whether it is a database.
        let probe = "SELECT sqlite_version(), (SELECT count(*) FROM sqlite_master)";
        let rows = answers::rows::<sqlx::Sqlite>(&mut connection, probe).await.map_err(explain)?;
        let version = rows.first().and_then(|row| row.values.first()).and_then(Value::to_text).unwrap_or_default();
        let server = Server {
            dialect: "sqlite",
            product: "SQLite".to_string(),
            version,
            user: String::new(),
            database: Some(place),
            schema: None,
            display_url: display.to_string(),
        };
        // A deferred transaction that turns from reading to writing fails at once when another process writes;
        // an immediate one waits for it.
        let begin = match (endpoint.transaction_mode, endpoint.mode) {
            (Some("DEFERRED"), _) | (None, SqliteMode::ReadOnly) => "BEGIN DEFERRED",
            (Some("EXCLUSIVE"), _) => "BEGIN EXCLUSIVE",
            _ => "BEGIN IMMEDIATE",
        };
        let file = match &endpoint.location {
            SqliteLocation::File(path) => Some(path.clone()),
            SqliteLocation::Memory => None,
        };
        let journal = if endpoint.pragmas.iter().any(|(name, _)| name.eq_ignore_ascii_case("journal_mode")) {
            JournalFile::AsFound
        } else {
            JournalFile::Unknown
        };
        Ok(Sqlite { connection, health: Health::new(None), server, begin, begun: false, journal, file, lock: None, _interrupt: interrupt })
    }

    /// Before a transaction: sees to it that it does not make a journal file of its own, where there are such files.
    async fn keep_journal(&mut self) -> Result<(), DbError> {
        if self.journal == JournalFile::Unknown {
            self.journal = JournalFile::AsFound;
            if self.journal_mode().await?.as_deref() == Some("delete") {
                self.command("PRAGMA journal_mode = PERSIST").await?;
                self.journal = JournalFile::Kept;
            }
        }
        Ok(())
    }

    /// Deletes the file that was kept, unless a statement that was run meanwhile chose another mode.
    async fn drop_journal(&mut self) -> Result<(), DbError> {
        if self.journal == JournalFile::Kept && self.journal_mode().await?.as_deref() == Some("persist") {
            self.command("PRAGMA journal_mode = DELETE").await?;
        }
        Ok(())
    }

    async fn journal_mode(&mut self) -> Result<Option<String>, DbError> {
        let rows = self.health.run(answers::rows::<sqlx::Sqlite>(&mut self.connection, "PRAGMA journal_mode")).await?;
        Ok(rows.first().and_then(|row| row.values.first()).and_then(Value::to_text))
    }

    async fn command(&mut self, sql: &str) -> Result<(), DbError> {
        self.health.run(answers::total::<sqlx::Sqlite>(&mut self.connection, sql)).await.map(drop)
    }
}

/// Finds out beforehand what SQLite only calls "unable to open database file".
fn check_file(path: &Path, mode: SqliteMode) -> Result<(), DbError> {
    let shown = path.display();
    let refuse = |text: String| Err(DbError::new(DbErrorKind::Connect, text));
    match std::fs::metadata(path) {
        Ok(found) if found.is_dir() => refuse(format!("cannot open the SQLite database {shown}: it is a folder; name a file")),
        Ok(_) => Ok(()),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => {
            if mode != SqliteMode::Create {
                return refuse(format!(
                    "cannot open the SQLite database {shown}: there is no such file, and `mode` in the URL forbids to make it"
                ));
            }
            match path.parent() {
                Some(folder) if !folder.as_os_str().is_empty() && !folder.is_dir() => refuse(format!(
                    "cannot make the SQLite database {shown}: the folder {} does not exist; make it, or correct the URL",
                    folder.display()
                )),
                _ => Ok(()),
            }
        }
        Err(e) => refuse(format!("cannot open the SQLite database {shown}: {e}")),
    }
}

/// Says what a failure to open means.
fn open_failure(place: &str, mut error: DbError) -> DbError {
    error.message = match error.code.as_deref().map(primary) {
        Some(26) => format!("the file {place} is no SQLite database ({}); correct the URL", error.message),
        Some(14) => format!(
            "cannot open the SQLite database {place} ({}); check that the file and its folder may be read and written",
            error.message
        ),
        _ => format!("cannot open the SQLite database {place}: {}", error.message),
    };
    if error.kind == DbErrorKind::Statement {
        error.kind = DbErrorKind::Connect;
    }
    error
}

/// The primary result code of an extended one.
fn primary(code: &str) -> u32 {
    code.parse::<u32>().unwrap_or(0) & 0xff
}

/// Makes our error from the driver's. `sql` is what was being run.
fn error_of(error: sqlx::Error, sql: &str) -> DbError {
    let e = match error {
        sqlx::Error::Database(e) => e,
        // There is no protocol that could get out of step: this is about the parameters of a statement.
        sqlx::Error::Protocol(text) => return DbError::new(DbErrorKind::Statement, text),
        error => return broken(error),
    };
    let code = e.code().map(|c| c.into_owned());
    let kind = match code.as_deref().map(primary) {
        Some(5 | 6) => DbErrorKind::Transient,
        Some(3 | 8 | 23) => DbErrorKind::Permission,
        Some(14 | 26) => DbErrorKind::Connect,
        _ => DbErrorKind::Statement,
    };
    let message = e.message().to_string();
    let position = position(&message, sql);
    DbError { kind, code, message, detail: None, position }
}

/// Where a syntax error is. SQLite only names the word it stumbled over, so there is an answer only when the word
/// stands in the statement once.
fn position(message: &str, sql: &str) -> Option<u32> {
    if message.contains("incomplete input") {
        return Some(characters(sql.trim_end()).saturating_add(1));
    }
    let word = message.split_once("near \"")?.1.split_once("\": syntax error")?.0;
    let mut found = sql.match_indices(word).filter(|(at, _)| {
        let is_word = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
        let before = sql.get(..*at).and_then(|s| s.chars().next_back());
        let after = sql.get(at + word.len()..).and_then(|s| s.chars().next());
        let longer = (is_word(word.chars().next()) && is_word(before)) || (is_word(word.chars().next_back()) && is_word(after));
        !longer
    });
    let (at, _) = found.next()?;
    if found.next().is_some() {
        return None;
    }
    Some(characters(sql.get(..at)?).saturating_add(1))
}

/// The value of a cell, by its storage class: SQLite's columns have no types.
fn value(row: &SqliteRow, i: usize) -> Value {
    let Ok(raw) = row.try_get_raw(i) else {
        return Value::Null;
    };
    if raw.is_null() {
        return Value::Null;
    }
    let kind = raw.type_info().name().to_string();
    let bytes = || row.try_get_unchecked::<Vec<u8>, _>(i).map(Value::Bytes).unwrap_or(Value::Null);
    match kind.as_str() {
        "INTEGER" => row.try_get_unchecked::<i64, _>(i).map(Value::Int).unwrap_or(Value::Null),
        // A number with a fraction as SQLite writes it. Text need not be UTF-8 in SQLite.
        "REAL" | "TEXT" => row.try_get_unchecked::<String, _>(i).map(Value::Text).unwrap_or_else(|_| bytes()),
        _ => bytes(),
    }
}

/// The number of rows a statement changed. SQLite repeats the last number after statements that change none.
fn changed(sql: &str, changes: u64) -> u64 {
    match first_word(sql).as_str() {
        "INSERT" | "UPDATE" | "DELETE" | "REPLACE" => changes,
        "WITH" => {
            let sql = sql.to_ascii_uppercase();
            if ["INSERT", "UPDATE", "DELETE", "REPLACE"].iter().any(|word| sql.contains(word)) { changes } else { 0 }
        }
        _ => 0,
    }
}

impl Vendor for sqlx::Sqlite {
    fn cell(row: &SqliteRow, index: usize) -> Value {
        value(row, index)
    }

    fn affected(done: &SqliteQueryResult, _fetched: u64, _sql: &str) -> u64 {
        done.rows_affected()
    }

    fn error(error: sqlx::Error, sql: &str) -> DbError {
        error_of(error, sql)
    }
}

impl Connection for Sqlite {
    fn execute<'a>(&'a mut self, sql: &'a str) -> BoxFuture<'a, Result<u64, DbError>> {
        Box::pin(async move {
            let connection = &mut self.connection;
            let work = async { answers::run::<sqlx::Sqlite>(connection, sql, false).await.map_err(|(_, e)| e) };
            let (_, changes) = self.health.run(work).await?;
            Ok(changed(sql, changes.first().copied().unwrap_or(0)))
        })
    }

    fn execute_batch<'a>(&'a mut self, statements: &'a [String], frame: Frame) -> BoxFuture<'a, Result<Vec<u64>, (usize, DbError)>> {
        Box::pin(async move {
            if frame.begin {
                self.keep_journal().await.map_err(|error| (0, error))?;
            }
            self.begun |= frame.begin;
            let connection = &mut self.connection;
            let batch = Batch::new(statements, frame, Ends { begin: self.begin, commit: &["COMMIT"] }, true);
            let place = |message: &Message, answered, error: &mut DbError| {
                let failed = batch.index(message.failed(answered));
                error.position = position(&error.message, statements.get(failed).map(String::as_str).unwrap_or_default());
                failed
            };
            let counts = self.health.run(answers::run_batch::<sqlx::Sqlite>(connection, &batch, place)).await?;
            let counts = statements.iter().zip(counts).map(|(sql, n)| changed(sql, n)).collect();
            self.begun &= !frame.commit;
            Ok(counts)
        })
    }

    fn query<'a>(&'a mut self, sql: &'a str) -> BoxFuture<'a, Result<Vec<Row>, DbError>> {
        Box::pin(async move {
            let connection = &mut self.connection;
            self.health.run(answers::rows::<sqlx::Sqlite>(connection, sql)).await
        })
    }

    fn execute_bound<'a>(&'a mut self, sql: &'a str, parameters: &'a [Value]) -> BoxFuture<'a, Result<u64, DbError>> {
        Box::pin(async move {
            // SQLite takes NULL for values that are missing.
            placeholders::check(placeholders::pieces(sql, Quotes::Sqlite), parameters)?;
            let connection = &mut self.connection;
            let work = async {
                let mut query = sqlx::query::<sqlx::Sqlite>(AssertSqlSafe(sql.to_string())).persistent(false);
                for parameter in parameters {
                    query = bind(query, parameter);
                }
                let done = query.execute(connection).await.map_err(|e| error_of(e, sql))?;
                Ok::<_, DbError>(done.rows_affected())
            };
            Ok(changed(sql, self.health.run(work).await?))
        })
    }

    fn begin(&mut self) -> BoxFuture<'_, Result<(), DbError>> {
        Box::pin(async move {
            self.keep_journal().await?;
            self.command(self.begin).await?;
            self.begun = true;
            Ok(())
        })
    }

    fn commit(&mut self) -> BoxFuture<'_, Result<(), DbError>> {
        Box::pin(async move {
            self.command("COMMIT").await?;
            self.begun = false;
            Ok(())
        })
    }

    fn rollback(&mut self) -> BoxFuture<'_, Result<(), DbError>> {
        Box::pin(async move {
            if !self.begun {
                return Ok(());
            }
            match self.command("ROLLBACK").await {
                // Some failures (a full disk, an interrupt) end the transaction by themselves.
                Err(e) if e.kind != DbErrorKind::Lost && e.message.contains("no transaction is active") => {}
                other => other?,
            }
            self.begun = false;
            Ok(())
        })
    }

    fn lock_session<'a>(&'a mut self, _name: &'a str) -> BoxFuture<'a, Result<SessionLock, DbError>> {
        Box::pin(async move {
            let Some(file) = &self.file else { return Ok(SessionLock::None) };
            if self.lock.is_some() {
                return Ok(SessionLock::Taken);
            }
            match FileLock::take(file) {
                Ok(None) => Ok(SessionLock::Busy),
                Ok(lock) => {
                    self.lock = lock;
                    Ok(SessionLock::Taken)
                }
                // A file system without locks, or a folder that cannot be written: nothing is known.
                Err(_) => Ok(SessionLock::None),
            }
        })
    }

    fn unlock_session<'a>(&'a mut self, _name: &'a str) -> BoxFuture<'a, Result<(), DbError>> {
        self.lock = None;
        Box::pin(async { Ok(()) })
    }

    fn close(mut self: Box<Self>) -> BoxFuture<'static, Result<(), DbError>> {
        Box::pin(async move {
            if !self.health.is_good() {
                return Ok(());
            }
            // Where it cannot be deleted, because another process writes with it, that one does; an empty one harms nobody.
            let _ = self.drop_journal().await;
            self.connection.close().await.map_err(|e| error_of(e, ""))
        })
    }

    fn server(&self) -> &Server {
        &self.server
    }
}

type Query<'q> = sqlx::query::Query<'q, sqlx::Sqlite, SqliteArguments>;

/// Binds one parameter.
fn bind<'q>(query: Query<'q>, parameter: &'q Value) -> Query<'q> {
    match parameter {
        Value::Null => query.bind(None::<i64>),
        Value::Bool(b) => query.bind(*b),
        Value::Int(i) => query.bind(*i),
        // There are no exact numbers but integers: the column's type says what becomes of the text.
        Value::Text(t) | Value::Decimal(t) => query.bind(t.as_str()),
        Value::Bytes(b) => query.bind(b.as_slice()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions() {
        let sql = "CREATE TABEL t (a int)";
        assert_eq!(position("near \"TABEL\": syntax error", sql), Some(8));
        assert_eq!(position("near \"a\": syntax error", "select a from a a a"), None);
        assert_eq!(position("near \"a\": syntax error", "select 'ä' ab a"), Some(15));
        assert_eq!(position("incomplete input", "select (1"), Some(10));
        assert_eq!(position("no such table: t", "select * from t"), None);
    }

    #[test]
    fn changes_count_for_statements_that_change_rows() {
        assert_eq!(changed("-- c\nINSERT INTO t VALUES (1)", 1), 1);
        assert_eq!(changed("CREATE TABLE t (a int)", 1), 0);
        assert_eq!(changed("WITH x AS (SELECT 1) DELETE FROM t", 2), 2);
        assert_eq!(changed("WITH x AS (SELECT 1) SELECT * FROM x", 2), 0);
    }
}
