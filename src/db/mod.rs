//! Connections to databases: one trait, one file a driver, behind one Cargo feature each.
//!
//! Above this module nothing knows which driver is in use. Values cross as text where the SQL type does not
//! matter (ledger rows, precondition answers); see [`Value`].

#[cfg_attr(not(any(feature = "mysql", feature = "postgres", feature = "sqlite")), allow(dead_code))]
mod answers;
#[cfg_attr(not(any(feature = "mysql", feature = "postgres", feature = "sqlite")), allow(dead_code))]
mod batch;
pub mod connect;
#[cfg(feature = "mysql")]
mod mysql;
#[cfg_attr(not(any(feature = "mysql", feature = "postgres", feature = "sqlite")), allow(dead_code))]
mod placeholders;
#[cfg(feature = "postgres")]
mod postgres;
#[cfg_attr(not(any(feature = "mysql", feature = "postgres", feature = "sqlite")), allow(dead_code))]
mod session;
pub mod session_lock;
#[cfg(feature = "sqlite")]
mod sqlite;
pub mod url;

pub use batch::first_word;
pub use session_lock::SessionLock;

use futures_util::future::BoxFuture;
use std::fmt;

/// A cell of a result.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// SQL NULL.
    Null,
    /// A boolean.
    Bool(bool),
    /// An integer.
    Int(i64),
    /// An exact number, as digits; only ever a parameter. Drivers give such numbers as text.
    Decimal(String),
    /// Text; also every type that has no variant of its own, in the server's text form.
    Text(String),
    /// Bytes.
    Bytes(Vec<u8>),
}

impl Value {
    /// The value as text; NULL is `None`. Bytes that are no UTF-8 become hex.
    pub fn to_text(&self) -> Option<String> {
        match self {
            Value::Null => None,
            Value::Bool(b) => Some(b.to_string()),
            Value::Int(i) => Some(i.to_string()),
            Value::Text(t) | Value::Decimal(t) => Some(t.clone()),
            Value::Bytes(b) => {
                Some(String::from_utf8(b.clone()).unwrap_or_else(|e| e.as_bytes().iter().map(|b| format!("{b:02x}")).collect()))
            }
        }
    }

    /// The value as an integer, also from numeric text.
    pub fn as_int(&self) -> Option<i64> {
        match self {
            Value::Int(i) => Some(*i),
            Value::Bool(b) => Some(i64::from(*b)),
            Value::Text(t) => t.trim().parse().ok(),
            _ => None,
        }
    }

    /// The value as a truth value: booleans, integers (0 is false), and the texts `t f true false 1 0`.
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Value::Bool(b) => Some(*b),
            Value::Int(i) => Some(*i != 0),
            Value::Text(t) => match t.to_ascii_lowercase().as_str() {
                "t" | "true" | "1" => Some(true),
                "f" | "false" | "0" => Some(false),
                _ => None,
            },
            Value::Bytes(b) => b.first().map(|b| *b != 0 && *b != b'0'),
            _ => None,
        }
    }
}

/// A row of a result.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// The columns' names as the server gives them, shared by the rows of a result.
    pub columns: std::sync::Arc<[String]>,
    /// The values, in the order of `columns`.
    pub values: Vec<Value>,
}

impl Row {
    /// The value of a column, by name; letter case is ignored.
    pub fn get(&self, column: &str) -> Option<&Value> {
        let at = self.columns.iter().position(|c| c.eq_ignore_ascii_case(column))?;
        self.values.get(at)
    }

    /// The text of a column, by name; `None` for NULL or no such column.
    pub fn text(&self, column: &str) -> Option<String> {
        self.get(column).and_then(Value::to_text)
    }
}

/// What went wrong, as far as a caller must decide on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DbErrorKind {
    /// No connection could be made: nothing listens, name unknown, file not openable.
    Connect,
    /// The server refused the user or password.
    Authentication,
    /// The database named does not exist.
    NoSuchDatabase,
    /// The connection broke; the outcome of what was running is unknown.
    Lost,
    /// The user may not do this.
    Permission,
    /// A lock or statement timeout, or a deadlock: trying again may work.
    Transient,
    /// The server refused the statement.
    Statement,
    /// This build or driver cannot do this.
    Unsupported,
}

/// An error of a driver or server. Never holds a password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DbError {
    /// What it means for a caller.
    pub kind: DbErrorKind,
    /// SQLSTATE or the vendor's number.
    pub code: Option<String>,
    /// The server's message, or the driver's.
    pub message: String,
    /// The server's further explanations (`DETAIL`, `HINT`), if any.
    pub detail: Option<String>,
    /// Where in the statement, in characters from 1, if the server says.
    pub position: Option<u32>,
}

impl DbError {
    /// An error without code, detail and position.
    pub fn new(kind: DbErrorKind, message: impl Into<String>) -> DbError {
        DbError { kind, code: None, message: message.into(), detail: None, position: None }
    }

    /// Whether somebody else's work was in the way, so that the same may succeed in a moment: a deadlock, a conflict of transactions, a
    /// lock that was not to be had in the time that PostgreSQL was given. (MySQL waits 50 s by default: once is enough.)
    pub fn is_in_the_way(&self) -> bool {
        matches!(self.code.as_deref(), Some("40P01" | "40001" | "55P03" | "1213"))
    }

    /// Whether the error says that what the statement was to do is done: what it makes is there, or what it drops is not. Only for a
    /// statement that was sent before, with an outcome that is not known.
    pub fn says_already_done(&self, sql: &str) -> bool {
        let Some(code) = self.code.as_deref() else { return false };
        let first = first_word(sql);
        let alters = |words: &[&str]| {
            let mut parts = sql.split(|c: char| !(c.is_alphanumeric() || c == '_'));
            first == "ALTER" && parts.any(|part| words.iter().any(|word| part.eq_ignore_ascii_case(word)))
        };
        let drops = || first == "DROP" || alters(&["DROP"]);
        let renames = || first == "RENAME" || alters(&["RENAME", "CHANGE"]);
        match code {
            // PostgreSQL (appendix A): duplicate column, object, table, schema, database, function; undefined ones of a DROP.
            "42701" | "42710" | "42P07" | "42P06" | "42P04" | "42723" => true,
            "42704" | "42P01" | "3F000" | "42883" | "42703" => drops() || renames(),
            // MySQL and MariaDB (server error reference): database, table, column, key, second primary key, routine, trigger, event,
            // foreign key, check or generic duplicate; unknown ones of a DROP.
            "1007" | "1050" | "1060" | "1061" | "1068" | "1304" | "1359" | "1537" | "1826" | "3822" => true,
            "1008" | "1051" | "1091" | "1305" | "1360" | "1539" | "4092" | "4091" | "3821" => true,
            // Unknown table or column: what was renamed has its new name.
            "1146" | "1054" => renames(),
            // SQLite has no codes of its own for them.
            _ => {
                self.message.contains("already exists")
                    || self.message.contains("duplicate column name")
                    || (self.message.contains("no such") && (drops() || renames()))
            }
        }
    }
}

impl fmt::Display for DbError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        if let Some(code) = &self.code {
            write!(f, " [{code}]")?;
        }
        if let Some(detail) = &self.detail {
            write!(f, "\n{detail}")?;
        }
        Ok(())
    }
}

impl std::error::Error for DbError {}

/// What is known of the server after connecting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Server {
    /// Dialect short name: `postgresql`, `cockroachdb`, `mysql`, `mariadb`, `sqlite`.
    pub dialect: &'static str,
    /// Product name, for people: `PostgreSQL`.
    pub product: String,
    /// Version text of the server.
    pub version: String,
    /// The user the session runs as, without a host part.
    pub user: String,
    /// The database (catalog) connected to.
    pub database: Option<String>,
    /// The schema that unqualified names resolve to.
    pub schema: Option<String>,
    /// The URL with credentials masked, for messages.
    pub display_url: String,
}

/// What stands around a batch of statements.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Frame {
    /// A transaction starts before the first of them, as by [`Connection::begin`].
    pub begin: bool,
    /// It is committed behind the last, as by [`Connection::commit`].
    pub commit: bool,
}

/// A session with a database. Statements are sent as they are, one at a time, through the simple protocol.
///
/// Object-safe on purpose: the run loop holds `&mut dyn Connection`, and tests script one.
///
/// A future of a session must be awaited to its end. One that is dropped half way does not stop the server, and its
/// answer is still to come; from then on every call but `close` and `server` fails with [`DbErrorKind::Lost`].
pub trait Connection: Send {
    /// Runs one statement and returns the number of affected rows (0 where the server gives none).
    fn execute<'a>(&'a mut self, sql: &'a str) -> BoxFuture<'a, Result<u64, DbError>>;
    /// Runs several statements, and what `frame` puts around them, in as few messages as the protocol allows; gives the
    /// rows that each affected. It stops at the first error, which comes with the index of its statement and a position in
    /// that statement; a COMMIT that fails has the index behind the last statement. A transaction that was started stays
    /// open after an error, for `rollback`. The effect is that of single calls in turn, except that within a transaction
    /// on PostgreSQL a syntax error may be found before the statements in front of it have run.
    fn execute_batch<'a>(&'a mut self, statements: &'a [String], frame: Frame) -> BoxFuture<'a, Result<Vec<u64>, (usize, DbError)>>;
    /// Runs one query and returns all its rows.
    fn query<'a>(&'a mut self, sql: &'a str) -> BoxFuture<'a, Result<Vec<Row>, DbError>>;
    /// Runs a statement with bound parameters (`?` in order, in every driver); for BLOBs and bulk data.
    fn execute_bound<'a>(&'a mut self, sql: &'a str, parameters: &'a [Value]) -> BoxFuture<'a, Result<u64, DbError>>;
    /// Streams rows into a table: `sql` is a `COPY … FROM STDIN` in text format, `data` are its lines, in pieces of any
    /// size. Gives the number of rows. Only PostgreSQL has it.
    fn copy_in<'a>(&'a mut self, sql: &'a str, data: &'a mut (dyn Iterator<Item = Vec<u8>> + Send)) -> BoxFuture<'a, Result<u64, DbError>> {
        let _ = (sql, data);
        let message = "this database has no COPY … FROM STDIN".to_owned();
        Box::pin(async { Err(DbError { kind: DbErrorKind::Unsupported, code: None, message, detail: None, position: None }) })
    }
    /// Starts a transaction.
    fn begin(&mut self) -> BoxFuture<'_, Result<(), DbError>>;
    /// Commits it.
    fn commit(&mut self) -> BoxFuture<'_, Result<(), DbError>>;
    /// Rolls it back; without a transaction it does nothing.
    fn rollback(&mut self) -> BoxFuture<'_, Result<(), DbError>>;
    /// Takes the lock of that name for this session, if no other session has it; never waits. Other names are other
    /// locks, in the same database. It ends with the session at the latest.
    fn lock_session<'a>(&'a mut self, name: &'a str) -> BoxFuture<'a, Result<SessionLock, DbError>>;
    /// Lets go of the lock of that name; without it, nothing happens.
    fn unlock_session<'a>(&'a mut self, name: &'a str) -> BoxFuture<'a, Result<(), DbError>>;
    /// Ends the session in good order.
    fn close(self: Box<Self>) -> BoxFuture<'static, Result<(), DbError>>;
    /// What is known of the server.
    fn server(&self) -> &Server;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refused_drop_is_done_wherever_its_word_stands() {
        let says = |code: Option<&str>, message: &str, sql: &str| {
            let code = code.map(str::to_owned);
            DbError { kind: DbErrorKind::Statement, code, message: message.into(), detail: None, position: None }.says_already_done(sql)
        };
        for sql in ["DROP TABLE t", "/* c */ drop table t", "ALTER TABLE t DROP COLUMN c", "ALTER TABLE t\nDROP\nCOLUMN c"] {
            assert!(says(Some("42703"), "column does not exist", sql), "{sql}");
            assert!(says(Some("1"), "no such column: c", sql), "{sql}");
        }
        for sql in ["CREATE INDEX i ON t (dropped)", "ALTER TABLE t ADD drop_date date", "SELECT c FROM t"] {
            assert!(!says(Some("42703"), "column does not exist", sql), "{sql}");
            assert!(!says(Some("1"), "no such column: c", sql), "{sql}");
        }
        assert!(says(Some("1054"), "Unknown column", "ALTER TABLE t\nRENAME COLUMN a TO b"));
        assert!(!says(None, "no such table: t", "DROP TABLE t"));
    }
}
