//! The driver for MySQL and MariaDB.

mod errors;
mod value;

use super::answers::{self, Vendor};
use super::batch::{Batch, Ends, Message, first_word};
use super::connect::{ConnectOptions, Place, TlsFiles, closed, first_host};
use super::placeholders::{self, Quotes};
use super::session::Health;
use super::session_lock::{SessionLock, number};
use super::url::{Host, ServerEndpoint, TlsMode};
use super::{Connection, DbError, DbErrorKind, Frame, Row, Server, Value};
use errors::error_of;
use futures_util::future::BoxFuture;
use sqlx::encode::{Encode, IsNull};
use sqlx::error::BoxDynError;
use sqlx::mysql::{MySqlArguments, MySqlConnectOptions, MySqlConnection, MySqlQueryResult, MySqlRow, MySqlSslMode, MySqlTypeInfo};
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, Type};

/// How a transaction starts and ends. A statement that commits by definition (DDL) ends a transaction that was started by a statement,
/// and what follows it would commit one by one; so the mode is switched instead, and the next transaction starts by itself.
const ENDS: Ends = Ends { begin: "SET autocommit = 0", commit: &["COMMIT", AUTOCOMMIT] };

/// The same around statements that only touch rows: none of them ends a transaction, so one that is started by a statement holds, and
/// there is no mode to be switched back.
const ENDS_OF_ROWS: Ends = Ends { begin: "START TRANSACTION", commit: &["COMMIT"] };

/// Each statement is a transaction again.
const AUTOCOMMIT: &str = "SET autocommit = 1";

/// Statements with as many parameters as this are kept prepared: they store many rows, and others like them follow.
const REPEATED: usize = 256;

/// A session with a MySQL or MariaDB server.
pub(super) struct MySql {
    connection: MySqlConnection,
    health: Health,
    server: Server,
    begun: bool,
}

impl MySql {
    /// Connects to the first host that answers; see [`super::connect::connect`].
    pub(super) async fn connect(endpoint: &ServerEndpoint, display: &str, options: &ConnectOptions) -> Result<Self, DbError> {
        first_host(endpoint, "localhost", display, |host| Self::connect_host(endpoint, host, display, options)).await
    }

    async fn connect_host(endpoint: &ServerEndpoint, host: Host, display: &str, options: &ConnectOptions) -> Result<Self, DbError> {
        let my = my_options(endpoint, &host);
        let address = match my.get_socket() {
            Some(path) => path.display().to_string(),
            None => format!("{}:{}", my.get_host(), my.get_port()),
        };
        let product = if endpoint.dialect == Some("mysql") { "MySQL" } else { "MySQL or MariaDB" };
        let files = TlsFiles { authority: "ssl-ca", certificate: "ssl-cert", key: "ssl-key" };
        let place = Place { product, address, user: my.get_username(), database: endpoint.database.as_deref(), files };
        place.check_files(&endpoint.tls)?;
        let limit = endpoint.connect_timeout.unwrap_or(options.connect_timeout);
        place
            .within(limit, async {
                let explain = |e| place.explain_driver(e, |e| error_of(e, ""));
                let mut create = None;
                let mut with_database = my.clone();
                if let Some(database) = &endpoint.database {
                    with_database = with_database.database(database);
                    create = endpoint.create_database.then_some(database);
                }
                let mut connection = match (with_database.connect().await, create) {
                    (Ok(connection), _) => connection,
                    (Err(sqlx::Error::Database(e)), Some(database)) if errors::is_unknown_database(&*e) => {
                        let mut connection = my.connect().await.map_err(explain)?;
                        let name = format!("`{}`", database.replace('`', "``"));
                        let sql = format!("CREATE DATABASE IF NOT EXISTS {name}; USE {name}");
                        answers::total::<sqlx::MySql>(&mut connection, &sql).await.map_err(|e| place.explain(e))?;
                        connection
                    }
                    (Err(e), _) => return Err(explain(e)),
                };
                let server = identify(&mut connection, endpoint, display).await.map_err(|e| place.explain(e))?;
                Ok(MySql { connection, health: Health::new(endpoint.socket_timeout), server, begun: false })
            })
            .await
    }

    async fn command(&mut self, sql: &str) -> Result<(), DbError> {
        let connection = &mut self.connection;
        self.health.run(answers::total::<sqlx::MySql>(connection, sql)).await.map(drop)
    }
}

/// The driver's options for one host, without the database.
fn my_options(endpoint: &ServerEndpoint, host: &Host) -> MySqlConnectOptions {
    let mut my = MySqlConnectOptions::new()
        .host(&host.name)
        .port(host.port.unwrap_or(3306))
        // The session is to be as the server's administrator set it up: `||` would change its meaning otherwise, and
        // times their zone. The character set is set together with other things in `identify`.
        .pipes_as_concat(false)
        .no_engine_substitution(false)
        .timezone(None)
        .set_names(false)
        // The INSERTs of a data file are the same text one after the other.
        .statement_cache_capacity(1)
        .ssl_mode(match endpoint.tls.mode {
            TlsMode::Disable => MySqlSslMode::Disabled,
            TlsMode::Prefer => MySqlSslMode::Preferred,
            TlsMode::Require => MySqlSslMode::Required,
            TlsMode::VerifyCa => MySqlSslMode::VerifyCa,
            TlsMode::VerifyFull => MySqlSslMode::VerifyIdentity,
        })
        .disable_statement_logging();
    if let Some(path) = &endpoint.socket {
        my = my.socket(path);
    }
    if let Some(user) = &endpoint.user {
        my = my.username(user);
    }
    if let Some(password) = &endpoint.password {
        my = my.password(password.expose());
    }
    if let Some(file) = &endpoint.tls.root_certificate {
        my = my.ssl_ca(file);
    }
    if let Some(file) = &endpoint.tls.certificate {
        my = my.ssl_client_cert(file);
    }
    if let Some(file) = &endpoint.tls.key {
        my = my.ssl_client_key(file);
    }
    my
}

/// Sets up the session and asks the server who it is, in one message.
async fn identify(connection: &mut MySqlConnection, endpoint: &ServerEndpoint, display: &str) -> Result<Server, DbError> {
    // The server's mode undoes what the driver sets. MariaDB's own driver, with which Liquibase comes, has IGNORE_SPACE, and
    // changelogs that say `count (*)` need it; MySQL's has not.
    let mut sql = "SET NAMES utf8mb4, sql_mode = IF(VERSION() LIKE '%MariaDB%', \
                   CONCAT_WS(',', NULLIF(@@GLOBAL.sql_mode, ''), 'IGNORE_SPACE'), @@GLOBAL.sql_mode); "
        .to_string();
    if let Some(variables) = &endpoint.session_variables {
        sql.push_str(&format!("SET SESSION {variables}; "));
    }
    sql.push_str("SELECT version(), user(), database()");
    let rows = answers::rows::<sqlx::MySql>(connection, &sql).await?;
    let Some(row) = rows.first() else {
        return Err(DbError::new(DbErrorKind::Connect, "the server did not say who it is"));
    };
    let text = |i: usize| row.values.get(i).and_then(Value::to_text);
    let version = text(0).unwrap_or_default();
    let is_mariadb = version.to_lowercase().contains("mariadb");
    let user = text(1).unwrap_or_default();
    // In MySQL a schema and a database are the same thing.
    let database = text(2);
    let dialect = endpoint.dialect.unwrap_or(if is_mariadb { "mariadb" } else { "mysql" });
    Ok(Server {
        dialect,
        product: if dialect == "mariadb" { "MariaDB" } else { "MySQL" }.to_string(),
        version,
        user: user.rsplit_once('@').map_or(user.as_str(), |(user, _)| user).to_string(),
        schema: database.clone(),
        database,
        display_url: display.to_string(),
    })
}

impl Vendor for sqlx::MySql {
    fn cell(row: &MySqlRow, index: usize) -> Value {
        value::cell(row, index)
    }

    fn affected(done: &MySqlQueryResult, _fetched: u64, _sql: &str) -> u64 {
        done.rows_affected()
    }

    fn error(error: sqlx::Error, sql: &str) -> DbError {
        error_of(error, sql)
    }
}

impl Connection for MySql {
    fn execute<'a>(&'a mut self, sql: &'a str) -> BoxFuture<'a, Result<u64, DbError>> {
        Box::pin(async move {
            let connection = &mut self.connection;
            self.health.run(answers::total::<sqlx::MySql>(connection, sql)).await
        })
    }

    fn execute_batch<'a>(&'a mut self, statements: &'a [String], frame: Frame) -> BoxFuture<'a, Result<Vec<u64>, (usize, DbError)>> {
        Box::pin(async move {
            self.begun |= frame.begin;
            let connection = &mut self.connection;
            let is_whole = frame.begin && frame.commit;
            let ends = if is_whole && statements.iter().all(|sql| touches_rows(sql)) { ENDS_OF_ROWS } else { ENDS };
            let batch = Batch::new(statements, frame, ends, true);
            let place = |message: &Message, answered, error: &mut DbError| {
                let failed = batch.index(message.failed(answered));
                error.position = errors::position(&error.message, statements.get(failed).map(String::as_str).unwrap_or_default());
                failed
            };
            let counts = self.health.run(answers::run_batch::<sqlx::MySql>(connection, &batch, place)).await?;
            self.begun &= !frame.commit;
            Ok(counts)
        })
    }

    fn query<'a>(&'a mut self, sql: &'a str) -> BoxFuture<'a, Result<Vec<Row>, DbError>> {
        Box::pin(async move {
            let connection = &mut self.connection;
            self.health.run(answers::rows::<sqlx::MySql>(connection, sql)).await
        })
    }

    fn execute_bound<'a>(&'a mut self, sql: &'a str, parameters: &'a [Value]) -> BoxFuture<'a, Result<u64, DbError>> {
        Box::pin(async move {
            // The driver would only notice after having sent the statement, and be out of step then.
            placeholders::check(placeholders::pieces(sql, Quotes::MySql), parameters)?;
            let connection = &mut self.connection;
            let work = async {
                let mut query = sqlx::query::<sqlx::MySql>(AssertSqlSafe(sql.to_string())).persistent(parameters.len() >= REPEATED);
                for parameter in parameters {
                    query = bind(query, parameter);
                }
                Ok::<_, DbError>(query.execute(connection).await.map_err(|e| error_of(e, sql))?.rows_affected())
            };
            self.health.run(work).await
        })
    }

    fn begin(&mut self) -> BoxFuture<'_, Result<(), DbError>> {
        Box::pin(async move {
            self.command(ENDS.begin).await?;
            self.begun = true;
            Ok(())
        })
    }

    fn commit(&mut self) -> BoxFuture<'_, Result<(), DbError>> {
        Box::pin(async move {
            self.command("COMMIT").await?;
            self.command(AUTOCOMMIT).await?;
            self.begun = false;
            Ok(())
        })
    }

    fn rollback(&mut self) -> BoxFuture<'_, Result<(), DbError>> {
        Box::pin(async move {
            if !self.begun {
                return Ok(());
            }
            self.command("ROLLBACK").await?;
            self.command(AUTOCOMMIT).await?;
            self.begun = false;
            Ok(())
        })
    }

    fn lock_session<'a>(&'a mut self, name: &'a str) -> BoxFuture<'a, Result<SessionLock, DbError>> {
        Box::pin(async move {
            let rows = self.query(&format!("SELECT GET_LOCK({}, 0)", server_wide(name))).await?;
            // NULL says that something went wrong, not that another session has it.
            Ok(match rows.first().and_then(|r| r.values.first()).and_then(Value::as_int) {
                Some(1) => SessionLock::Taken,
                Some(_) => SessionLock::Busy,
                None => SessionLock::None,
            })
        })
    }

    fn unlock_session<'a>(&'a mut self, name: &'a str) -> BoxFuture<'a, Result<(), DbError>> {
        Box::pin(async move { self.query(&format!("SELECT RELEASE_LOCK({})", server_wide(name))).await.map(|_| ()) })
    }

    fn close(self: Box<Self>) -> BoxFuture<'static, Result<(), DbError>> {
        Box::pin(async move {
            if !self.health.is_good() {
                return Ok(());
            }
            closed(self.connection.close().await)
        })
    }

    fn server(&self) -> &Server {
        &self.server
    }
}

/// Whether a statement only adds, changes or removes rows, for certain: a text with semicolons may be several.
fn touches_rows(sql: &str) -> bool {
    !sql.contains(';') && matches!(first_word(sql).as_str(), "INSERT" | "UPDATE" | "DELETE" | "REPLACE")
}

/// The name of a lock, which all databases of a server share: with that of the database, and short enough.
fn server_wide(name: &str) -> String {
    format!("CONCAT('changelog:', MD5(CONCAT(COALESCE(DATABASE(), ''), ':{:x}')))", number(name))
}

type Query<'q> = sqlx::query::Query<'q, sqlx::MySql, MySqlArguments>;

/// Binds one parameter.
fn bind<'q>(query: Query<'q>, parameter: &'q Value) -> Query<'q> {
    match parameter {
        Value::Null => query.bind(None::<String>),
        Value::Bool(b) => query.bind(*b),
        Value::Int(i) => query.bind(*i),
        Value::Decimal(d) => query.bind(Exact(d)),
        Value::Text(t) => query.bind(t.as_str()),
        Value::Bytes(b) => query.bind(b.as_slice()),
    }
}

/// An exact number as the server takes it: its digits, told to be a DECIMAL and not a text, which other types would read in another way.
struct Exact<'q>(&'q str);

impl Type<sqlx::MySql> for Exact<'_> {
    fn type_info() -> MySqlTypeInfo {
        <sqlx::types::Decimal as Type<sqlx::MySql>>::type_info()
    }
}

impl<'q> Encode<'q, sqlx::MySql> for Exact<'q> {
    fn encode_by_ref(&self, buffer: &mut Vec<u8>) -> Result<IsNull, BoxDynError> {
        <&str as Encode<sqlx::MySql>>::encode_by_ref(&self.0, buffer)
    }
}
