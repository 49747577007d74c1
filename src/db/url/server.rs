//! What URLs of database servers have in common: hosts, credentials, TLS, timeouts.

use super::parameters::{UNESCAPED, decode};
use super::{Driver, UrlError};
use crate::secret::Secret;
use std::path::PathBuf;
use std::time::Duration;

/// A server that may be asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Host {
    /// Name or address; an IPv6 address without brackets.
    pub name: String,
    /// Port; `None` for the driver's usual one.
    pub port: Option<u16>,
}

/// How far the connection is protected; from nothing to the certificate's host name being checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TlsMode {
    /// Never TLS.
    Disable,
    /// TLS where the server offers it.
    #[default]
    Prefer,
    /// TLS or no connection; any certificate will do.
    Require,
    /// TLS with a certificate of a known authority.
    VerifyCa,
    /// The same, and the certificate must be for this host.
    VerifyFull,
}

/// TLS settings. The files are PEM.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tls {
    /// The mode.
    pub mode: TlsMode,
    /// Certificates of the authorities to trust; the usual public ones when not said.
    pub root_certificate: Option<PathBuf>,
    /// Our own certificate.
    pub certificate: Option<PathBuf>,
    /// The key that belongs to it.
    pub key: Option<PathBuf>,
}

/// Which of several servers will do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TargetSession {
    /// The first that answers.
    #[default]
    Any,
    /// The first that takes writes.
    ReadWrite,
    /// The first that takes none.
    ReadOnly,
}

/// What a URL of a database server says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerEndpoint {
    /// The driver to use.
    pub driver: Driver,
    /// The dialect the URL insists on; else the server's answer decides.
    pub dialect: Option<&'static str>,
    /// The hosts in the order in which they are tried; none means the driver's default.
    pub hosts: Vec<Host>,
    /// A unix socket instead of a host: PostgreSQL's directory, MySQL's file.
    pub socket: Option<PathBuf>,
    /// User name.
    pub user: Option<String>,
    /// Password.
    pub password: Option<Secret>,
    /// Database (MySQL: schema).
    pub database: Option<String>,
    /// Schemas that unqualified names are looked up in; the first is the default schema.
    pub schemas: Vec<String>,
    /// TLS.
    pub tls: Tls,
    /// Name the server shows for this session.
    pub application_name: Option<String>,
    /// Time to wait for a connection; zero means without limit.
    pub connect_timeout: Option<Duration>,
    /// Time to wait for an answer to a statement; zero means without limit.
    pub socket_timeout: Option<Duration>,
    /// Which of the hosts will do.
    pub target_session: TargetSession,
    /// Server settings for the session, name and value (PostgreSQL).
    pub settings: Vec<(String, String)>,
    /// Assignments for `SET SESSION`, as the URL has them (MySQL's `sessionVariables`).
    pub session_variables: Option<String>,
    /// Whether the database is made when there is none (MySQL's `createDatabaseIfNotExist`).
    pub create_database: bool,
}

impl ServerEndpoint {
    /// An endpoint of which nothing is said yet.
    pub(super) fn new(driver: Driver) -> Self {
        ServerEndpoint {
            driver,
            dialect: None,
            hosts: Vec::new(),
            socket: None,
            user: None,
            password: None,
            database: None,
            schemas: Vec::new(),
            tls: Tls::default(),
            application_name: None,
            connect_timeout: None,
            socket_timeout: None,
            target_session: TargetSession::Any,
            settings: Vec::new(),
            session_variables: None,
            create_database: false,
        }
    }

    /// Reads `user:password@host:port,host2/database`.
    pub(super) fn read_authority(&mut self, text: &str) -> Result<(), UrlError> {
        // A password may hold an unescaped `@` or `/`: what stands before the last `@` is taken for user and password
        // where a `:` makes it look so.
        let (info, rest) = match text.rfind('@') {
            Some(at) if !text.get(..at).is_some_and(|head| head.contains('/') && !head.contains(':')) => {
                (text.get(..at).unwrap_or_default(), text.get(at + 1..).unwrap_or_default())
            }
            _ => ("", text),
        };
        if !info.is_empty() {
            let (user, password) = match info.split_once(':') {
                Some((user, password)) => (user, Some(password)),
                None => (info, None),
            };
            if !user.is_empty() {
                self.user = Some(decode(user, "user name")?);
            }
            if let Some(password) = password {
                self.password = Some(Secret::new(decode(password, "password")?));
            }
        }
        let (hosts, path) = rest.split_once('/').unwrap_or((rest, ""));
        if !path.is_empty() {
            self.database = Some(decode(path, "name of the database")?);
        }
        self.read_hosts(hosts)
    }

    /// Reads `host:port,[::1]:port`, also a percent-encoded path of a unix socket.
    pub(super) fn read_hosts(&mut self, hosts: &str) -> Result<(), UrlError> {
        for host in hosts.split(',').filter(|host| !host.is_empty()) {
            let (name, port) = split_port(host)?;
            let name = decode(name, "name of the host")?;
            if name.starts_with('/') {
                self.socket = Some(PathBuf::from(name));
                // PostgreSQL's socket files are named after the port.
                self.hosts.push(Host { name: "localhost".to_string(), port });
            } else if !name.is_empty() || port.is_some() {
                self.hosts.push(Host { name: if name.is_empty() { "localhost".to_string() } else { name }, port });
            }
        }
        Ok(())
    }

    /// Sets the ports of the hosts from `port=1,2`: one for all, or one each.
    pub(super) fn read_ports(&mut self, ports: &str) -> Result<(), UrlError> {
        let ports = ports.split(',').map(parse_port).collect::<Result<Vec<_>, _>>()?;
        if self.hosts.is_empty() {
            self.hosts.push(Host { name: "localhost".to_string(), port: None });
        }
        for (i, host) in self.hosts.iter_mut().enumerate() {
            host.port = ports.get(i).or(ports.first()).copied();
        }
        Ok(())
    }
}

/// Splits `host:port`; IPv6 addresses stand in brackets, which are taken off.
fn split_port(host: &str) -> Result<(&str, Option<u16>), UrlError> {
    if let Some(rest) = host.strip_prefix('[') {
        let Some((name, tail)) = rest.split_once(']') else {
            return Err(UrlError::new("an IPv6 address in the database URL lacks its closing `]`"));
        };
        return match tail.strip_prefix(':') {
            None if tail.is_empty() => Ok((name, None)),
            None => Err(UrlError::new("between the `]` of the IPv6 address and the port belongs a `:`")),
            Some(port) => Ok((name, Some(parse_port(port)?))),
        };
    }
    match host.split_once(':') {
        Some((name, "")) => Ok((name, None)),
        Some((name, port)) => Ok((name, Some(parse_port(port)?))),
        None => Ok((host, None)),
    }
}

/// Reads a port. The error does not show the text: it may be a piece of a password that was not escaped.
fn parse_port(text: &str) -> Result<u16, UrlError> {
    match text.trim().parse() {
        Ok(port) if port > 0 => Ok(port),
        _ => Err(UrlError::new(format!("the port in the database URL is not a number from 1 to 65535; {UNESCAPED}"))),
    }
}
