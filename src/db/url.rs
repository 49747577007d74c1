//! Database URLs: native ones, JDBC ones and `offline:`.
//!
//! A [`DatabaseUrl`] is what is to be connected to, with nothing left to guess: driver, hosts or file, credentials,
//! TLS, timeouts. Parameters that belong to another client's inside (`prepareThreshold`) are dropped silently; those
//! that nobody knows become [`DatabaseUrl::warnings`].
//!
//! No password is ever shown: `Debug`, [`DatabaseUrl::display_url`] and every error of this module print a mask.

mod mysql;
mod offline;
mod parameters;
mod postgres;
mod server;
mod sqlite;

pub use offline::{OfflineEndpoint, OutputLiquibaseSql};
pub use server::{Host, ServerEndpoint, TargetSession, Tls, TlsMode};
pub use sqlite::{SqliteEndpoint, SqliteLocation, SqliteMode};

use crate::secret::{Secret, mask_url};
use std::fmt;
use std::path::Path;

/// Notes collected while parsing.
type Warnings = Vec<String>;

/// A URL that cannot be used, and what to do about it. Holds no password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UrlError(String);

impl UrlError {
    fn new(text: impl Into<String>) -> Self {
        UrlError(text.into())
    }
}

impl fmt::Display for UrlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for UrlError {}

/// The code that talks to a server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Driver {
    /// PostgreSQL and what speaks its protocol.
    Postgres,
    /// MySQL and MariaDB.
    MySql,
    /// SQLite.
    Sqlite,
}

impl Driver {
    /// The name of the Cargo feature that builds this driver.
    pub fn feature(self) -> &'static str {
        match self {
            Driver::Postgres => "postgres",
            Driver::MySql => "mysql",
            Driver::Sqlite => "sqlite",
        }
    }
}

/// What a URL leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Endpoint {
    /// A server.
    Server(Box<ServerEndpoint>),
    /// A SQLite file, or memory.
    Sqlite(SqliteEndpoint),
    /// No database, only a dialect.
    Offline(Box<OfflineEndpoint>),
}

/// A database URL, taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DatabaseUrl {
    display: String,
    endpoint: Endpoint,
    warnings: Warnings,
}

/// Databases that can be written for but not connected to: the word of the URL, the dialect, the name for people.
const OFFLINE_ONLY: [(&str, &str, &str); 17] = [
    ("oracle", "oracle", "Oracle"),
    ("sqlserver", "mssql", "SQL Server"),
    ("mssql", "mssql", "SQL Server"),
    ("jtds", "mssql", "SQL Server and Sybase"),
    ("db2", "db2", "DB2"),
    ("as400", "db2", "DB2 for i"),
    ("h2", "h2", "H2"),
    ("hsqldb", "hsqldb", "HSQLDB"),
    ("derby", "derby", "Derby"),
    ("snowflake", "snowflake", "Snowflake"),
    ("firebirdsql", "firebird", "Firebird"),
    ("firebird", "firebird", "Firebird"),
    ("informix-sqli", "informix", "Informix"),
    ("informix", "informix", "Informix"),
    ("sybase", "sybase", "Sybase ASE"),
    ("sqlanywhere", "asany", "SQL Anywhere"),
    ("ingres", "ingres", "Ingres"),
];

impl DatabaseUrl {
    /// Takes a URL apart.
    ///
    /// Forms: `postgres://`, `postgresql://`, `mysql://`, `mariadb://`, `sqlite:`, their JDBC forms with `jdbc:` in
    /// front, and `offline:`. The scheme's letter case does not matter.
    ///
    /// # Errors
    /// An unknown scheme (the known ones are listed), a database without a driver here, a broken port, escape or
    /// parameter value.
    pub fn parse(url: &str) -> Result<Self, UrlError> {
        let url = url.trim();
        if url.is_empty() {
            return Err(UrlError::new(format!("the database URL is empty; {FORMS}")));
        }
        let plain = strip_prefix_ignore_case(url, "jdbc:").unwrap_or(url);
        let jdbc = plain.len() < url.len();
        let Some((scheme, rest)) = plain.split_once(':') else {
            return Err(UrlError::new(format!("`{}` is not a database URL; {FORMS}", mask_url(url))));
        };
        let scheme = scheme.to_ascii_lowercase();
        let mut warnings = Warnings::new();
        let endpoint = match scheme.as_str() {
            "postgres" | "postgresql" | "pgsql" | "cockroachdb" | "cockroach" => {
                Endpoint::Server(Box::new(postgres::parse(rest, jdbc, &mut warnings)?))
            }
            // EnterpriseDB speaks PostgreSQL's protocol; only its port differs.
            "edb" => {
                let mut server = postgres::parse(rest, jdbc, &mut warnings)?;
                server.dialect = Some("edb");
                for host in &mut server.hosts {
                    host.port = host.port.or(Some(5444));
                }
                Endpoint::Server(Box::new(server))
            }
            "mysql" => Endpoint::Server(Box::new(mysql::parse(rest, jdbc, false, &mut warnings)?)),
            "mariadb" => Endpoint::Server(Box::new(mysql::parse(rest, jdbc, true, &mut warnings)?)),
            "sqlite" => Endpoint::Sqlite(sqlite::parse(rest, jdbc, &mut warnings)?),
            "offline" => Endpoint::Offline(Box::new(offline::parse(url, rest)?)),
            scheme => return Err(no_driver(scheme, url)),
        };
        Ok(DatabaseUrl { display: mask_url(url), endpoint, warnings })
    }

    /// The same URL with user and password given apart from it, which win over those inside. An offline URL and
    /// SQLite have neither; there they have no effect.
    pub fn with_credentials(mut self, user: Option<&str>, password: Option<&Secret>) -> Self {
        if let Endpoint::Server(server) = &mut self.endpoint {
            if let Some(user) = user {
                server.user = Some(user.to_string());
            }
            if let Some(password) = password {
                server.password = Some(password.clone());
            }
        }
        self
    }

    /// The file that connecting would make because it is not there, in a folder that is.
    pub fn file_to_make(&self) -> Option<&Path> {
        let Endpoint::Sqlite(sqlite) = &self.endpoint else { return None };
        sqlite.file_to_make()
    }

    /// The same database as it is before its first table, in memory. A server stays what it is.
    pub fn in_memory(mut self) -> Self {
        if let Endpoint::Sqlite(sqlite) = &mut self.endpoint {
            sqlite.location = SqliteLocation::Memory;
        }
        self
    }

    /// The URL as it was given, with the passwords masked.
    pub fn display_url(&self) -> &str {
        &self.display
    }

    /// What it leads to.
    pub fn endpoint(&self) -> &Endpoint {
        &self.endpoint
    }

    /// The offline settings, if it is an offline URL.
    pub fn offline(&self) -> Option<&OfflineEndpoint> {
        match &self.endpoint {
            Endpoint::Offline(offline) => Some(offline),
            _ => None,
        }
    }

    /// The driver; `None` for an offline URL.
    pub fn driver(&self) -> Option<Driver> {
        match &self.endpoint {
            Endpoint::Server(server) => Some(server.driver),
            Endpoint::Sqlite(_) => Some(Driver::Sqlite),
            Endpoint::Offline(_) => None,
        }
    }

    /// The user the session will ask for, as far as the URL or the credentials say.
    pub fn user(&self) -> Option<&str> {
        match &self.endpoint {
            Endpoint::Server(server) => server.user.as_deref(),
            _ => None,
        }
    }

    /// The password for that user, as far as the URL or the credentials say.
    pub fn password(&self) -> Option<&Secret> {
        match &self.endpoint {
            Endpoint::Server(server) => server.password.as_ref(),
            _ => None,
        }
    }

    /// Parameters that have no effect although they look as if they should.
    pub fn warnings(&self) -> &[String] {
        &self.warnings
    }
}

/// `text` without `prefix`, which is ASCII, in any letter case.
fn strip_prefix_ignore_case<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    let head = text.get(..prefix.len())?;
    if head.eq_ignore_ascii_case(prefix) { text.get(prefix.len()..) } else { None }
}

/// The forms a URL may have; ends an error.
const FORMS: &str = "write one of postgresql://user@host:5432/database, mysql://user@host:3306/database, mariadb://…, \
                     sqlite:path/to/file.db, their jdbc: forms, or offline:<dialect>";

/// The error for a scheme without a driver.
fn no_driver(scheme: &str, url: &str) -> UrlError {
    if let Some((_, dialect, name)) = OFFLINE_ONLY.iter().find(|(word, ..)| *word == scheme) {
        return UrlError::new(format!(
            "there is no driver for {name} here (URL {}): SQL for it renders offline only; use offline:{dialect}, \
             with ?version=… for the server's version, and run the written script with the database's own client",
            mask_url(url)
        ));
    }
    UrlError::new(format!("Driver class was not specified and could not be determined from the url ({}); {FORMS}", mask_url(url)))
}

#[cfg(test)]
mod tests;
