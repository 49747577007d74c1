//! The driver for PostgreSQL and what speaks its protocol.
//!
//! Statements go through the simple protocol, as text: prepared statements refuse several commands and some servers'
//! poolers. What a URL leaves open (password, socket folder, `PGOPTIONS`) is taken from libpq's environment variables
//! by the underlying driver, as every PostgreSQL client does.

mod bind;
mod copy;
mod errors;
mod value;

use super::answers::{self, Vendor};
use super::batch::{Batch, Ends, Message, first_word};
use super::connect::{ConnectOptions, Place, TlsFiles, closed, first_host};
use super::session::Health;
use super::session_lock::{SessionLock, number};
use super::url::{Host, ServerEndpoint, TargetSession, TlsMode};
use super::{Connection, DbError, DbErrorKind, Frame, Row, Server, Value};
use errors::error_of;
use futures_util::future::BoxFuture;
use sqlx::postgres::{PgConnectOptions, PgConnection, PgQueryResult, PgRow, PgSslMode};
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _};
use std::time::Instant;

/// A session with a PostgreSQL server.
pub(super) struct Postgres {
    connection: PgConnection,
    /// Where it leads to, for another one.
    options: PgConnectOptions,
    /// When it was opened.
    opened: Instant,
    health: Health,
    server: Server,
    /// `begin` was called, and neither `commit` nor `rollback` since.
    begun: bool,
    /// A transaction is certainly open: nothing that was run can have ended it.
    joinable: bool,
}

impl Postgres {
    /// Connects to the first host that answers and will do; see [`super::connect::connect`].
    pub(super) async fn connect(endpoint: &ServerEndpoint, display: &str, options: &ConnectOptions) -> Result<Self, DbError> {
        first_host(endpoint, "", display, |host| Self::connect_host(endpoint, host, display, options)).await
    }

    async fn connect_host(endpoint: &ServerEndpoint, host: Host, display: &str, options: &ConnectOptions) -> Result<Self, DbError> {
        let pg = pg_options(endpoint, &host, options);
        let address = match pg.get_socket() {
            Some(folder) => format!("{}/.s.PGSQL.{}", folder.display(), pg.get_port()),
            None if pg.get_host().starts_with('/') => format!("{}/.s.PGSQL.{}", pg.get_host(), pg.get_port()),
            None => format!("{}:{}", pg.get_host(), pg.get_port()),
        };
        let files = TlsFiles { authority: "sslrootcert", certificate: "sslcert", key: "sslkey" };
        let place = Place { product: "PostgreSQL", address, user: pg.get_username(), database: pg.get_database(), files };
        place.check_files(&endpoint.tls)?;
        let limit = endpoint.connect_timeout.unwrap_or(options.connect_timeout);
        place
            .within(limit, async {
                let opened = Instant::now();
                let mut connection = pg.connect().await.map_err(|e| place.explain_driver(e, error_of))?;
                let server = identify(&mut connection, endpoint, display, options).await.map_err(|e| place.explain(e))?;
                let health = Health::new(endpoint.socket_timeout);
                Ok(Postgres { connection, options: pg.clone(), opened, health, server, begun: false, joinable: false })
            })
            .await
    }

    async fn command(&mut self, sql: &str) -> Result<(), DbError> {
        let connection = &mut self.connection;
        self.health.run(answers::total::<sqlx::Postgres>(connection, sql)).await.map(drop)
    }

    /// Whether the session of the server is given to other connections between two transactions, as a pooler in transaction mode
    /// does: two connections that are both open are then answered by one session. Without an answer from the second one, it is
    /// not known to be shared.
    async fn shares_its_session(&mut self) -> Result<bool, DbError> {
        const SESSION: &str = "SELECT pg_backend_pid()";
        for _ in 0..SHARING_ATTEMPTS {
            let Ok(mut other) = self.options.clone().connect().await else { return Ok(false) };
            let ours = self.query(SESSION).await?;
            let others = answers::rows::<sqlx::Postgres>(&mut other, SESSION).await.unwrap_or_default();
            // Nobody waits for the end of a connection that held nothing.
            drop(other.close().await);
            if ours == others {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Notes that a statement may end the transaction, or change how the next one is read.
    fn note(&mut self, sql: &str) {
        if self.joinable {
            let ends = |word: &str| matches!(word, "COMMIT" | "ROLLBACK" | "ABORT" | "END" | "PREPARE");
            let script = sql.contains(';') && {
                let sql = sql.to_ascii_uppercase();
                sql.split(|c: char| !c.is_ascii_alphanumeric()).any(ends)
            };
            self.joinable = !ends(&first_word(sql)) && !script;
        }
    }
}

/// The driver's options for one host.
fn pg_options(endpoint: &ServerEndpoint, host: &Host, options: &ConnectOptions) -> PgConnectOptions {
    let mut pg = PgConnectOptions::new_without_pgpass()
        .application_name(endpoint.application_name.as_deref().unwrap_or(&options.application_name))
        .statement_cache_capacity(0)
        // PgBouncer refuses to start a session with it, and nothing here reads floating point numbers to their last digit.
        .extra_float_digits(None)
        .ssl_mode(match endpoint.tls.mode {
            TlsMode::Disable => PgSslMode::Disable,
            TlsMode::Prefer => PgSslMode::Prefer,
            TlsMode::Require => PgSslMode::Require,
            TlsMode::VerifyCa => PgSslMode::VerifyCa,
            TlsMode::VerifyFull => PgSslMode::VerifyFull,
        })
        .disable_statement_logging();
    if !host.name.is_empty() {
        pg = pg.host(&host.name).port(host.port.unwrap_or(5432));
    }
    if let Some(folder) = &endpoint.socket {
        pg = pg.socket(folder).port(host.port.unwrap_or(5432));
    }
    if let Some(user) = &endpoint.user {
        pg = pg.username(user);
    }
    if let Some(password) = &endpoint.password {
        pg = pg.password(password.expose());
    }
    // As libpq: without a database's name, that of the user.
    let database =
        endpoint.database.clone().or_else(|| pg.get_database().map(str::to_string)).unwrap_or_else(|| pg.get_username().to_string());
    pg = pg.database(&database);
    if let Some(file) = &endpoint.tls.root_certificate {
        pg = pg.ssl_root_cert(file);
    }
    if let Some(file) = &endpoint.tls.certificate {
        pg = pg.ssl_client_cert(file);
    }
    if let Some(file) = &endpoint.tls.key {
        pg = pg.ssl_client_key(file);
    }
    if !endpoint.schemas.is_empty() {
        pg = pg.options([("search_path", search_path(&endpoint.schemas))]);
    }
    // Not even an empty list: poolers refuse the parameter as such.
    if endpoint.settings.is_empty() { pg } else { pg.options(endpoint.settings.iter().map(|(name, value)| (name, value))) }
}

/// Schemas as the setting `search_path` has them: unlike names in SQL, they keep their letter case only in quotes.
fn search_path(schemas: &[String]) -> String {
    let is_plain = |name: &str| name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    let quoted = schemas.iter().map(|s| if is_plain(s) { s.clone() } else { format!("\"{}\"", s.replace('"', "\"\"")) });
    quoted.collect::<Vec<_>>().join(",")
}

/// How often two connections are compared: a busy pooler may give them two of its sessions by chance.
const SHARING_ATTEMPTS: u32 = 3;

/// How many seconds a session of the server may seem older than the connection to it: the clocks are two.
const FIRST_HAND: f64 = 0.5;

/// Asks the server who it is; sets the time zone on the way.
async fn identify(
    connection: &mut PgConnection,
    endpoint: &ServerEndpoint,
    display: &str,
    options: &ConnectOptions,
) -> Result<Server, DbError> {
    let mut sql = "SELECT version(), current_setting('server_version'), current_user, current_database(), current_schema()".to_string();
    if let Some(zone) = &options.time_zone {
        sql.push_str(&format!(", set_config('TimeZone', {}, false)", bind::literal(zone)));
    }
    if endpoint.target_session != TargetSession::Any {
        sql.push_str(", current_setting('transaction_read_only') AS read_only");
    }
    let rows = answers::rows::<sqlx::Postgres>(connection, &sql).await?;
    let Some(row) = rows.first() else {
        return Err(DbError::new(DbErrorKind::Connect, "the server did not say who it is"));
    };
    let text = |i: usize| row.values.get(i).and_then(Value::to_text);
    match (endpoint.target_session, row.text("read_only").as_deref()) {
        (TargetSession::ReadWrite, Some("on")) => {
            return Err(DbError::new(DbErrorKind::Connect, "the server takes no writes, and the URL asks for one that does"));
        }
        (TargetSession::ReadOnly, Some("off")) => {
            return Err(DbError::new(DbErrorKind::Connect, "the server takes writes, and the URL asks for one that does not"));
        }
        _ => {}
    }
    let banner = text(0).unwrap_or_default();
    let (dialect, product, version) = identity(&banner, &text(1).unwrap_or_default());
    Ok(Server {
        dialect: endpoint.dialect.unwrap_or(dialect),
        product: product.to_string(),
        version,
        user: text(2).unwrap_or_default(),
        database: text(3),
        schema: text(4),
        display_url: display.to_string(),
    })
}

/// Dialect, product and version from `version()` and the setting `server_version`.
fn identity(banner: &str, version: &str) -> (&'static str, &'static str, String) {
    if banner.starts_with("CockroachDB") {
        // CockroachDB CCL v23.1.11 (x86_64-pc-linux-gnu, built …); `server_version` is that of the PostgreSQL it follows.
        let version =
            banner.split_whitespace().find_map(|word| word.strip_prefix('v').filter(|v| v.starts_with(|c: char| c.is_ascii_digit())));
        ("cockroachdb", "CockroachDB", version.unwrap_or_default().to_string())
    } else if banner.contains("EnterpriseDB") {
        ("edb", "EnterpriseDB", version.to_string())
    } else {
        ("postgresql", "PostgreSQL", version.to_string())
    }
}

impl Vendor for sqlx::Postgres {
    fn cell(row: &PgRow, index: usize) -> Value {
        value::cell(row, index)
    }

    /// A query's count is of the rows it gave, not of rows it changed; the command's name does not get through to here.
    fn affected(done: &PgQueryResult, fetched: u64, sql: &str) -> u64 {
        let n = done.rows_affected();
        let is_query = fetched > 0 && fetched == n && !sql.to_ascii_uppercase().contains("RETURNING");
        if is_query { 0 } else { n }
    }

    fn error(error: sqlx::Error, _sql: &str) -> DbError {
        error_of(error)
    }
}

/// Which parameters of a statement stand for columns that hold the number of a large object: `blob` makes such columns, and
/// bytes are what a changelog has for them.
async fn large_objects(connection: &mut PgConnection, sql: &str) -> Result<Vec<usize>, DbError> {
    const PREPARE: &str = "PREPARE changelog_parameters AS ";
    let asked = format!(
        "{PREPARE}{sql}\n; SELECT array_to_string(parameter_types, ',') FROM pg_catalog.pg_prepared_statements \
         WHERE name = 'changelog_parameters'; DEALLOCATE changelog_parameters"
    );
    let rows = answers::rows::<sqlx::Postgres>(connection, &asked).await.map_err(|mut error| {
        error.position = error.position.and_then(|p| p.checked_sub(u32::try_from(PREPARE.len()).unwrap_or(0)));
        error
    })?;
    let types = rows.first().and_then(|r| r.values.first()).and_then(Value::to_text).unwrap_or_default();
    Ok(types.split(',').enumerate().filter(|(_, name)| *name == "oid").map(|(at, _)| at + 1).collect())
}

/// Refuses what the simple protocol cannot carry.
fn check(sql: &str) -> Result<(), DbError> {
    // The server would wait for data that never comes, and the session could not be used any more.
    if first_word(sql) == "COPY" {
        let words = sql.to_ascii_uppercase();
        let mut words = words.split(|c: char| !c.is_ascii_alphanumeric()).filter(|w| !w.is_empty());
        if words.any(|w| w == "FROM") && words.next() == Some("STDIN") {
            return Err(DbError::new(
                DbErrorKind::Unsupported,
                "COPY … FROM STDIN is a conversation of the client psql and cannot be run as a statement; use a loadData change, INSERT \
                 statements, or COPY from a file or program on the server",
            ));
        }
    }
    Ok(())
}

/// Makes the server notice within seconds that this process, its machine or the network is gone, also in the middle of a
/// statement: only then does it end the session and free what the session held.
const NOTICE_THE_END: &str = "SET tcp_keepalives_idle = 4; SET tcp_keepalives_interval = 2; SET tcp_keepalives_count = 2; \
                              SET client_connection_check_interval = 1000";

impl Connection for Postgres {
    fn execute<'a>(&'a mut self, sql: &'a str) -> BoxFuture<'a, Result<u64, DbError>> {
        Box::pin(async move {
            check(sql)?;
            self.note(sql);
            let connection = &mut self.connection;
            self.health.run(answers::total::<sqlx::Postgres>(connection, sql)).await
        })
    }

    fn execute_batch<'a>(&'a mut self, statements: &'a [String], frame: Frame) -> BoxFuture<'a, Result<Vec<u64>, (usize, DbError)>> {
        Box::pin(async move {
            for (i, sql) in statements.iter().enumerate() {
                check(sql).map_err(|e| (i, e))?;
            }
            if frame.begin {
                (self.begun, self.joinable) = (true, true);
            }
            // Outside a transaction one message would be one transaction, which its statements alone are not.
            let join = self.begun && self.joinable;
            for sql in statements {
                self.note(sql);
            }
            let batch = Batch::new(statements, frame, Ends { begin: "BEGIN", commit: &["COMMIT"] }, join && self.joinable);
            let connection = &mut self.connection;
            let place = |message: &Message, answered, error: &mut DbError| {
                let mut failed = message.failed(answered);
                if message.statements.len() > 1
                    && let Some(position) = error.position
                {
                    let (at, position) = message.locate(position);
                    failed = at;
                    error.position = Some(position);
                }
                batch.index(failed)
            };
            let counts = self.health.run(answers::run_batch::<sqlx::Postgres>(connection, &batch, place)).await?;
            if frame.commit {
                (self.begun, self.joinable) = (false, false);
            }
            Ok(counts)
        })
    }

    fn query<'a>(&'a mut self, sql: &'a str) -> BoxFuture<'a, Result<Vec<Row>, DbError>> {
        Box::pin(async move {
            check(sql)?;
            self.note(sql);
            let connection = &mut self.connection;
            self.health.run(answers::rows::<sqlx::Postgres>(connection, sql)).await
        })
    }

    fn execute_bound<'a>(&'a mut self, sql: &'a str, parameters: &'a [Value]) -> BoxFuture<'a, Result<u64, DbError>> {
        Box::pin(async move {
            let mut bound = bind::bind(sql, parameters, &[])?;
            let connection = &mut self.connection;
            let has_large_objects = self.server.dialect == "postgresql";
            let work = async {
                if bound.bytes.is_empty() {
                    return answers::total::<sqlx::Postgres>(connection, &bound.sql).await;
                }
                let large = if has_large_objects { large_objects(connection, &bound.sql).await? } else { Vec::new() };
                if !large.is_empty() {
                    bound = bind::bind(sql, parameters, &large)?;
                }
                let mut query = sqlx::query::<sqlx::Postgres>(AssertSqlSafe(bound.sql)).persistent(false);
                for bytes in bound.bytes {
                    query = query.bind(bytes);
                }
                Ok(query.execute(connection).await.map_err(error_of)?.rows_affected())
            };
            self.health.run(work).await
        })
    }

    fn copy_in<'a>(&'a mut self, sql: &'a str, data: &'a mut (dyn Iterator<Item = Vec<u8>> + Send)) -> BoxFuture<'a, Result<u64, DbError>> {
        Box::pin(async move { self.health.run(copy::copy_in(&mut self.connection, sql, data)).await })
    }

    fn begin(&mut self) -> BoxFuture<'_, Result<(), DbError>> {
        Box::pin(async move {
            self.command("BEGIN").await?;
            self.begun = true;
            self.joinable = true;
            Ok(())
        })
    }

    fn commit(&mut self) -> BoxFuture<'_, Result<(), DbError>> {
        Box::pin(async move {
            self.command("COMMIT").await?;
            self.begun = false;
            self.joinable = false;
            Ok(())
        })
    }

    fn rollback(&mut self) -> BoxFuture<'_, Result<(), DbError>> {
        Box::pin(async move {
            if !self.begun {
                return Ok(());
            }
            self.command("ROLLBACK").await?;
            self.begun = false;
            self.joinable = false;
            Ok(())
        })
    }

    fn lock_session<'a>(&'a mut self, name: &'a str) -> BoxFuture<'a, Result<SessionLock, DbError>> {
        Box::pin(async move {
            if self.server.dialect != "postgresql" {
                return Ok(SessionLock::None);
            }
            // Asked, not waited for: a session that waits for such a lock holds back CREATE INDEX CONCURRENTLY.
            let ask = format!("pg_try_advisory_lock({})", number(name));
            // A session that is older than its connection comes from a pooler; then the lock is not asked for yet.
            let age = self.opened.elapsed().as_secs_f64() + FIRST_HAND;
            let careful = format!(
                "SELECT CASE WHEN clock_timestamp() - backend_start > interval '{age:.3} seconds' THEN NULL ELSE {ask} END \
                 FROM pg_catalog.pg_stat_activity WHERE pid = pg_backend_pid()"
            );
            let mut rows = self.query(&careful).await?;
            if rows.first().is_none_or(|row| row.values.first() == Some(&Value::Null)) {
                if self.shares_its_session().await? {
                    return Ok(SessionLock::Shared);
                }
                rows = self.query(&format!("SELECT {ask}")).await?;
            }
            let is_ours = rows.first().and_then(|r| r.values.first()).and_then(Value::as_bool).unwrap_or(false);
            if !is_ours {
                return Ok(SessionLock::Busy);
            }
            // Only now that the session is known to be ours: settings stay with a session that a pooler gives to others.
            match self.query(NOTICE_THE_END).await {
                // A server before version 14, or on a system that cannot tell that a client is gone.
                Err(error) if error.kind != DbErrorKind::Statement => Err(error),
                _ => Ok(SessionLock::Taken),
            }
        })
    }

    fn unlock_session<'a>(&'a mut self, name: &'a str) -> BoxFuture<'a, Result<(), DbError>> {
        Box::pin(async move { self.query(&format!("SELECT pg_advisory_unlock({})", number(name))).await.map(|_| ()) })
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identities() {
        let pg = "PostgreSQL 15.20 (Debian 15.20-0+deb12u1) on x86_64-pc-linux-gnu, compiled by gcc";
        assert_eq!(identity(pg, "15.20 (Debian)"), ("postgresql", "PostgreSQL", "15.20 (Debian)".to_string()));
        let crdb = "CockroachDB CCL v23.1.11 (x86_64-pc-linux-gnu, built 2023/09/27 01:53:43, go1.19.10)";
        assert_eq!(identity(crdb, "13.0.0"), ("cockroachdb", "CockroachDB", "23.1.11".to_string()));
    }

    #[test]
    fn schemas_keep_their_letter_case() {
        assert_eq!(search_path(&["app".to_string(), "My S".to_string(), "a\"b".to_string()]), "app,\"My S\",\"a\"\"b\"");
    }

    #[test]
    fn copy_from_the_client_is_refused() {
        assert_eq!(check("copy t (a, b) from stdin;\n1\t2\n\\.").unwrap_err().kind, DbErrorKind::Unsupported);
        assert!(check("COPY t FROM '/tmp/x'").is_ok());
        assert!(check("insert into copy select 'from stdin'").is_ok());
    }
}
