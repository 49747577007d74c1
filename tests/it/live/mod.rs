//! Tests against real databases: SQLite always, servers as far as `tests/servers` has started them.

mod bulk;
mod checksums;
mod clock;
mod columns;
mod commands;
mod connection;
mod corpora;
mod crash;
mod data;
mod deploying;
mod deviations;
mod digest;
mod faults;
mod journal;
mod keys;
mod ledgers;
mod locks;
mod messages;
mod objects;
mod own_server;
mod own_types;
mod preconditions;
pub(crate) mod project;
mod proxy;
mod round_trips;
mod schemas;
mod splitting;
mod sqlite_constraints;
mod sqlite_tables;
mod transactions;
mod undoing;

use changelog::db::connect::{ConnectOptions, connect};
use changelog::db::url::DatabaseUrl;
use changelog::db::{Connection, DbError};
use std::future::Future;
use std::sync::atomic::{AtomicU32, Ordering};

/// Runs one test's asynchronous part.
pub(crate) fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

/// Names a test that cannot be run here and why. On a build server every test must be run, so there it fails.
pub(crate) fn skip(name: &str, reason: &str) {
    assert!(variable("CI").as_deref() != Some("true"), "{name} cannot be skipped with CI=true: {reason}");
    name_skipped(name, reason);
}

/// Names a test, or a part of one, that needs facts which are not in the repository.
#[allow(clippy::print_stderr)]
pub(crate) fn name_skipped(name: &str, reason: &str) {
    // Past the test harness, which swallows the output of tests that pass.
    use std::io::Write;
    let _ = writeln!(std::io::stderr(), "skipped: {name}: {reason}");
}

#[allow(clippy::disallowed_methods)]
pub(crate) fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// The URL of a test server, by the middle of its variable's name (`POSTGRES`); without it the test is skipped.
pub(crate) fn server_url(test: &str, server: &str) -> Option<String> {
    let name = format!("CHANGELOG_TEST_{server}_URL");
    let url = variable(&name);
    if url.is_none() {
        skip(test, &format!("{name} is not set; run `tests/run`, which starts the servers"));
    }
    url
}

/// The file with the certificate of the authority behind the servers' TLS; without it the test is skipped.
pub(crate) fn certificate_authority(test: &str) -> Option<String> {
    let file = variable("CHANGELOG_TEST_CA");
    if file.is_none() {
        skip(test, "CHANGELOG_TEST_CA is not set; run `tests/run`, which makes certificates");
    }
    file
}

/// Connects, or panics with the reason.
pub(crate) async fn open(url: &str) -> Box<dyn Connection> {
    try_open(url).await.unwrap_or_else(|e| panic!("{e}"))
}

/// Connects.
pub(crate) async fn try_open(url: &str) -> Result<Box<dyn Connection>, DbError> {
    connect(&DatabaseUrl::parse(url).unwrap_or_else(|e| panic!("{e}")), &ConnectOptions::default()).await
}

/// An empty database of its own.
pub(crate) struct Database {
    /// Its URL.
    pub(crate) url: String,
    /// Its name on the server; the file's path for SQLite.
    pub(crate) name: String,
    /// `postgresql`, `mariadb`, `mysql`, `sqlite`.
    pub(crate) dialect: &'static str,
    server: Option<String>,
    _folder: Option<tempfile::TempDir>,
}

impl Database {
    /// A SQLite file without tables.
    pub(crate) fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("test.sqlite");
        std::fs::File::create(&file).unwrap();
        let name = file.display().to_string();
        Database { url: format!("sqlite:{name}"), name, dialect: "sqlite", server: None, _folder: Some(folder) }
    }

    /// One that is there already.
    pub(crate) fn at(url: String, dialect: &'static str) -> Self {
        Database { url, name: String::new(), dialect, server: None, _folder: None }
    }

    /// A new database on a server; `None` when there is no such server here. `server` as for [`server_url`].
    pub(crate) async fn create(test: &str, server: &str) -> Option<Self> {
        static NEXT: AtomicU32 = AtomicU32::new(1);
        let url = server_url(test, server)?;
        let name = format!("test_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let dialect = match server {
            "POSTGRES" => "postgresql",
            "MARIADB" => "mariadb",
            "MYSQL" => "mysql",
            other => panic!("unknown server {other}"),
        };
        let options = match dialect {
            "postgresql" => " TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'",
            _ => " CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci",
        };
        let mut connection = open(&url).await;
        connection.execute(&format!("CREATE DATABASE {name}{options}")).await.unwrap();
        connection.close().await.unwrap();
        Some(Database { url: with_database(&url, &name), name, dialect, server: Some(url), _folder: None })
    }

    /// One of each kind there is here.
    pub(crate) async fn each(test: &str) -> Vec<Self> {
        let mut out = vec![Self::sqlite()];
        for server in ["POSTGRES", "MARIADB", "MYSQL"] {
            out.extend(Self::create(test, server).await);
        }
        out
    }

    /// Takes it away. What a failed test leaves behind goes with the server's folder.
    pub(crate) async fn remove(self) {
        if let Some(server) = &self.server {
            let force = if self.dialect == "postgresql" { " WITH (FORCE)" } else { "" };
            let mut connection = open(server).await;
            connection.execute(&format!("DROP DATABASE {}{force}", self.name)).await.unwrap();
            connection.close().await.unwrap();
        }
    }
}

/// The URL with another database's name: what stands between the host and the `?`.
pub(crate) fn with_database(url: &str, name: &str) -> String {
    let (place, query) = url.split_once('?').map_or((url, String::new()), |(place, query)| (place, format!("?{query}")));
    let (server, _) = place.rsplit_once('/').unwrap();
    format!("{server}/{name}{query}")
}
