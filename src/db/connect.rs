//! Makes a connection from a URL.

use super::url::{DatabaseUrl, Driver, Endpoint, Host, ServerEndpoint, Tls};
use super::{Connection, DbError, DbErrorKind};
use std::future::Future;
use std::io;
use std::time::Duration;

/// What a caller may say about a connection beyond its URL. What the URL says wins.
#[derive(Debug, Clone)]
pub struct ConnectOptions {
    /// The longest time to wait for each host; zero for no limit.
    pub connect_timeout: Duration,
    /// The name the session shows on the server.
    pub application_name: String,
    /// The time zone of the session, as an IANA name. The JDBC driver of PostgreSQL uses the client's; without one the
    /// session runs in UTC there, and in the server's zone on MySQL and MariaDB, where this has no effect.
    pub time_zone: Option<String>,
}

impl Default for ConnectOptions {
    fn default() -> Self {
        ConnectOptions { connect_timeout: Duration::from_secs(10), application_name: "changelog".to_string(), time_zone: None }
    }
}

/// How a connection to a database is made, once and again.
#[derive(Debug, Clone)]
pub struct Address {
    /// Its URL, with what is needed to get in.
    pub url: DatabaseUrl,
    /// What else is said about the connection.
    pub options: ConnectOptions,
}

impl Address {
    /// Connects to the database.
    ///
    /// # Errors
    /// As [`connect`].
    pub async fn connect(&self) -> Result<Box<dyn Connection>, DbError> {
        connect(&self.url, &self.options).await
    }
}

/// Connects to the database of a URL.
///
/// # Errors
/// [`DbErrorKind::Connect`] when nothing answers or a file cannot be opened, [`DbErrorKind::Authentication`],
/// [`DbErrorKind::NoSuchDatabase`], and [`DbErrorKind::Unsupported`] for an offline URL or a driver that this program
/// was built without. The messages name the place and what to do; they hold no password.
pub async fn connect(url: &DatabaseUrl, options: &ConnectOptions) -> Result<Box<dyn Connection>, DbError> {
    match url.endpoint() {
        Endpoint::Server(server) => match server.driver {
            Driver::Postgres => connect_postgres(server, url.display_url(), options).await,
            Driver::MySql => connect_mysql(server, url.display_url(), options).await,
            Driver::Sqlite => Err(not_built(Driver::Sqlite)),
        },
        Endpoint::Sqlite(sqlite) => connect_sqlite(sqlite, url.display_url()).await,
        Endpoint::Offline(_) => Err(DbError::new(
            DbErrorKind::Unsupported,
            format!("{} is an offline URL: there is no database to connect to; give the URL of a database", url.display_url()),
        )),
    }
}

#[cfg(feature = "postgres")]
async fn connect_postgres(server: &ServerEndpoint, display: &str, options: &ConnectOptions) -> Result<Box<dyn Connection>, DbError> {
    Ok(Box::new(super::postgres::Postgres::connect(server, display, options).await?))
}

#[cfg(not(feature = "postgres"))]
async fn connect_postgres(_: &ServerEndpoint, _: &str, _: &ConnectOptions) -> Result<Box<dyn Connection>, DbError> {
    Err(not_built(Driver::Postgres))
}

#[cfg(feature = "mysql")]
async fn connect_mysql(server: &ServerEndpoint, display: &str, options: &ConnectOptions) -> Result<Box<dyn Connection>, DbError> {
    Ok(Box::new(super::mysql::MySql::connect(server, display, options).await?))
}

#[cfg(not(feature = "mysql"))]
async fn connect_mysql(_: &ServerEndpoint, _: &str, _: &ConnectOptions) -> Result<Box<dyn Connection>, DbError> {
    Err(not_built(Driver::MySql))
}

#[cfg(feature = "sqlite")]
async fn connect_sqlite(sqlite: &super::url::SqliteEndpoint, display: &str) -> Result<Box<dyn Connection>, DbError> {
    Ok(Box::new(super::sqlite::Sqlite::connect(sqlite, display).await?))
}

#[cfg(not(feature = "sqlite"))]
async fn connect_sqlite(_: &super::url::SqliteEndpoint, _: &str) -> Result<Box<dyn Connection>, DbError> {
    Err(not_built(Driver::Sqlite))
}

/// The error for a driver that was left out of the build.
fn not_built(driver: Driver) -> DbError {
    DbError::new(
        DbErrorKind::Unsupported,
        format!("this program was built without its {0} driver; build it with `--features {0}`", driver.feature()),
    )
}

/// What `connect` reaches first of the hosts of an endpoint; `default` where it names none. Only what another host may do better
/// leads to the next one: a wrong password is not tried elsewhere.
///
/// # Errors
/// Those of the last host that was tried.
#[cfg_attr(not(any(feature = "postgres", feature = "mysql")), allow(dead_code))]
pub(super) async fn first_host<T, F: Future<Output = Result<T, DbError>>>(
    endpoint: &ServerEndpoint,
    default: &str,
    display: &str,
    connect: impl Fn(Host) -> F,
) -> Result<T, DbError> {
    let default = [Host { name: default.to_string(), port: None }];
    let hosts = if endpoint.hosts.is_empty() { &default[..] } else { &endpoint.hosts };
    let mut last = None;
    for host in hosts {
        match connect(host.clone()).await {
            Err(e) if matches!(e.kind, DbErrorKind::Connect | DbErrorKind::Transient) => last = Some(e),
            answer => return answer,
        }
    }
    Err(last.unwrap_or_else(|| DbError::new(DbErrorKind::Connect, format!("{display} names no host"))))
}

/// A server while it is being connected to; makes messages.
#[cfg_attr(not(any(feature = "postgres", feature = "mysql")), allow(dead_code))]
#[derive(Debug, Clone)]
pub(super) struct Place<'a> {
    /// The product: `PostgreSQL`.
    pub(super) product: &'static str,
    /// `host:port`, or the path of a socket.
    pub(super) address: String,
    /// The user name.
    pub(super) user: &'a str,
    /// The database.
    pub(super) database: Option<&'a str>,
    /// The parameters of a URL that name files for TLS.
    pub(super) files: TlsFiles,
}

/// The parameters of a URL that name files for TLS, as the clients of the product call them.
#[cfg_attr(not(any(feature = "postgres", feature = "mysql")), allow(dead_code))]
#[derive(Debug, Clone, Copy)]
pub(super) struct TlsFiles {
    /// The authority to trust.
    pub(super) authority: &'static str,
    /// The client's certificate.
    pub(super) certificate: &'static str,
    /// Its key.
    pub(super) key: &'static str,
}

#[cfg_attr(not(any(feature = "postgres", feature = "mysql")), allow(dead_code))]
impl Place<'_> {
    /// Waits for a connection, not longer than `limit`; zero is no limit.
    pub(super) async fn within<T>(&self, limit: Duration, work: impl Future<Output = Result<T, DbError>>) -> Result<T, DbError> {
        if limit.is_zero() {
            return work.await;
        }
        match tokio::time::timeout(limit, work).await {
            Ok(result) => result,
            Err(_) => Err(DbError::new(
                DbErrorKind::Connect,
                format!(
                    "no answer from {} at {} within {} s; check the host and port of the URL and that no firewall is in between, \
                     or give more time with `connectTimeout` in the URL",
                    self.product,
                    self.address,
                    limit.as_secs_f64()
                ),
            )),
        }
    }

    /// Finds out beforehand which file for TLS is of no use, which the driver's errors do not say.
    pub(super) fn check_files(&self, tls: &Tls) -> Result<(), DbError> {
        let names = self.files;
        for (name, file, holds) in [
            (names.authority, &tls.root_certificate, "CERTIFICATE-----"),
            (names.certificate, &tls.certificate, "CERTIFICATE-----"),
            (names.key, &tls.key, "PRIVATE KEY-----"),
        ] {
            let Some(file) = file else { continue };
            let shown = file.display();
            let bytes = std::fs::read(file)
                .map_err(|e| self.explain_tls(&format_args!("the certificate or key file {shown} (`{name}`) cannot be read: {e}")))?;
            let text = String::from_utf8_lossy(&bytes);
            if text.contains("-----BEGIN ENCRYPTED PRIVATE KEY-----") {
                return Err(self.explain_tls(&format_args!("the key in {shown} (`{name}`) has a password; such keys are not read")));
            }
            if !text.lines().any(|line| line.starts_with("-----BEGIN ") && line.trim_end().ends_with(holds)) {
                let what = holds.trim_end_matches('-').to_lowercase();
                return Err(self.explain_tls(&format_args!("there is no {what} in PEM form in {shown} (`{name}`)")));
            }
        }
        match (&tls.certificate, &tls.key) {
            (Some(_), None) => Err(self.explain_tls(&format_args!("`{}` needs its key, by `{}`", names.certificate, names.key))),
            (None, Some(_)) => Err(self.explain_tls(&format_args!("`{}` needs its certificate, by `{}`", names.key, names.certificate))),
            _ => Ok(()),
        }
    }

    /// Says what a failed attempt means. `error` is what the driver made of an answer of the server.
    pub(super) fn explain(&self, mut error: DbError) -> DbError {
        let (product, address, user) = (self.product, &self.address, self.user);
        let server = std::mem::take(&mut error.message);
        error.message = match error.kind {
            DbErrorKind::Authentication => format!(
                "{product} at {address} does not let the user `{user}` in: {server}; check the user name and the password, in the URL or given apart from it"
            ),
            DbErrorKind::NoSuchDatabase => format!(
                "there is no database `{}` on {product} at {address}: {server}; create it, or correct the URL",
                self.database.unwrap_or(user)
            ),
            DbErrorKind::Permission => format!("the user `{user}` may not use the database on {product} at {address}: {server}"),
            DbErrorKind::Transient => format!("{product} at {address} cannot take the connection now: {server}"),
            _ => format!("cannot connect to {product} at {address}: {server}"),
        };
        if matches!(error.kind, DbErrorKind::Lost | DbErrorKind::Statement) {
            error.kind = DbErrorKind::Connect;
        }
        error
    }

    /// Says what the driver's error means; `read` reads those that are answers of the server.
    pub(super) fn explain_driver(&self, error: sqlx::Error, read: impl FnOnce(sqlx::Error) -> DbError) -> DbError {
        match error {
            sqlx::Error::Io(e) => self.explain_io(&e),
            sqlx::Error::Tls(e) => self.explain_tls(&e),
            sqlx::Error::Protocol(_) => self.explain_protocol(),
            e => self.explain(read(e)),
        }
    }

    /// Says that what answers is another kind of server.
    fn explain_protocol(&self) -> DbError {
        DbError::new(
            DbErrorKind::Connect,
            format!(
                "what answers at {} hangs up at once, or does not speak the protocol of {}; check the host and port of the URL",
                self.address, self.product
            ),
        )
    }

    /// Says what a failure below the protocol means.
    fn explain_io(&self, error: &io::Error) -> DbError {
        let (product, address) = (self.product, &self.address);
        let text = error.to_string();
        let message = match error.kind() {
            io::ErrorKind::ConnectionRefused => format!(
                "cannot connect to {product} at {address}: nothing listens there (connection refused); check the host and port of the URL \
                 and that the server runs"
            ),
            io::ErrorKind::NotFound => {
                format!("cannot connect to {product}: there is no socket {address}; check the path in the URL and that the server runs")
            }
            io::ErrorKind::PermissionDenied => {
                format!("cannot connect to {product} at {address}: this user may not open the socket (permission denied)")
            }
            // It went away, or said so little that it was taken for the length of much more.
            io::ErrorKind::UnexpectedEof | io::ErrorKind::ConnectionReset | io::ErrorKind::BrokenPipe => return self.explain_protocol(),
            // What was read makes no sense to TLS, or its certificate is not to be trusted.
            io::ErrorKind::InvalidData => return self.explain_tls(error),
            // The resolver's failures have no kind of their own.
            _ if text.contains("lookup") => {
                format!("cannot connect to {product} at {address}: the host name is not known ({text}); check the host in the URL")
            }
            _ => format!("cannot connect to {product} at {address}: {text}; check the host and port of the URL"),
        };
        DbError::new(DbErrorKind::Connect, message)
    }

    /// Says what failed while TLS was being set up.
    fn explain_tls(&self, error: &dyn std::fmt::Display) -> DbError {
        DbError::new(
            DbErrorKind::Connect,
            format!(
                "no TLS connection to {} at {}: {error}; check the TLS mode and the certificate files that the URL names (an authority of one's own is \
                 named by `{}`)",
                self.product, self.address, self.files.authority
            ),
        )
    }
}

/// The result of closing a session. The server may hang up as soon as it has read our farewell, which a driver that
/// goes on to end TLS takes for an error.
#[cfg_attr(not(any(feature = "postgres", feature = "mysql")), allow(dead_code))]
pub(super) fn closed(result: Result<(), sqlx::Error>) -> Result<(), DbError> {
    match result {
        Ok(()) | Err(sqlx::Error::Io(_) | sqlx::Error::Tls(_)) => Ok(()),
        Err(e) => Err(broken(e)),
    }
}

/// What a driver error means that is no answer of the server.
#[cfg_attr(not(any(feature = "postgres", feature = "mysql", feature = "sqlite")), allow(dead_code))]
pub(super) fn broken(error: sqlx::Error) -> DbError {
    match error {
        sqlx::Error::Io(e) => DbError::new(DbErrorKind::Lost, format!("the connection to the database is lost: {e}")),
        sqlx::Error::Tls(e) => DbError::new(DbErrorKind::Lost, format!("the TLS connection to the database is lost: {e}")),
        sqlx::Error::Protocol(e) => DbError::new(DbErrorKind::Lost, format!("the server sent what the driver does not understand: {e}")),
        sqlx::Error::WorkerCrashed => DbError::new(DbErrorKind::Lost, "the connection to the database is lost: its thread ended"),
        error => DbError::new(DbErrorKind::Statement, error.to_string()),
    }
}
