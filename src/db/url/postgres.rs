//! `postgres://`, `postgresql://`, `jdbc:postgresql:`: libpq's and the JDBC driver's parameters.

use super::parameters::{self, Plus, boolean, canonical, number};
use super::server::{Host, ServerEndpoint, TargetSession, TlsMode};
use super::{Driver, UrlError, Warnings};
use crate::secret::Secret;
use std::path::PathBuf;
use std::time::Duration;

/// Parameters that have an effect here; used to suggest a name.
pub(super) const KNOWN: [&str; 21] = [
    "user",
    "password",
    "host",
    "port",
    "dbname",
    "sslmode",
    "ssl",
    "sslrootcert",
    "sslcert",
    "sslkey",
    "application_name",
    "ApplicationName",
    "connect_timeout",
    "connectTimeout",
    "loginTimeout",
    "socketTimeout",
    "currentSchema",
    "search_path",
    "options",
    "target_session_attrs",
    "targetServerType",
];

/// Parameters of libpq and of the JDBC driver that mean nothing here: they tune the other client's inside.
const IGNORED: [&str; 54] = [
    "adaptivefetch",
    "adaptivefetchmaximum",
    "adaptivefetchminimum",
    "allowencodingchanges",
    "assumeminserverversion",
    "autosave",
    "binarytransfer",
    "binarytransferdisable",
    "binarytransferenable",
    "cancelsignaltimeout",
    "channelbinding",
    "cleanupsavepoints",
    "clientencoding",
    "databasemetadatacachefields",
    "databasemetadatacachefieldsmib",
    "defaultrowfetchsize",
    "disablecolumnsanitiser",
    "escapesyntaxcallmode",
    "fallbackapplicationname",
    "groupstartupparameters",
    "gssencmode",
    "hostrecheckseconds",
    "keepalives",
    "keepalivescount",
    "keepalivesidle",
    "keepalivesinterval",
    "loadbalancehosts",
    "logservererrordetail",
    "logunclosedconnections",
    "maxresultbuffer",
    "preferquerymode",
    "preparedstatementcachequeries",
    "preparedstatementcachesizemib",
    "preparethreshold",
    "protocolversion",
    "quotereturningidentifiers",
    "readonlymode",
    "receivebuffersize",
    "rewritebatchedinserts",
    "sendbuffersize",
    "sslcertmode",
    "sslcompression",
    "sslfactory",
    "sslfactoryarg",
    "sslkeylogfile",
    "sslnegotiation",
    "sslpasswordcallback",
    "sslresponsetimeout",
    "sslsni",
    "stringtype",
    "tcpkeepalive",
    "tcpnodelay",
    "unknownlength",
    "xmlfactoryfactory",
];

/// Parses what follows `postgres:`, `postgresql:`, `jdbc:postgresql:` and the like.
pub(super) fn parse(rest: &str, jdbc: bool, warnings: &mut Warnings) -> Result<ServerEndpoint, UrlError> {
    let mut out = ServerEndpoint::new(Driver::Postgres);
    let (place, query) = rest.split_once('?').unwrap_or((rest, ""));
    match place.strip_prefix("//") {
        Some(authority) => out.read_authority(authority)?,
        // `jdbc:postgresql:db` and `jdbc:postgresql:/`
        None => {
            let name = place.trim_start_matches('/');
            if !name.is_empty() {
                out.database = Some(parameters::decode(name, "name of the database")?);
            }
        }
    }
    let mut ports = None;
    for (name, value) in parameters::split_named(query, if jdbc { Plus::Blank } else { Plus::Plus })? {
        apply(&mut out, &name, value, &mut ports, warnings)?;
    }
    if let Some(ports) = ports {
        out.read_ports(&ports)?;
    }
    // libpq checks an authority that is named also where it is not told to; the JDBC driver does not.
    if !jdbc && out.tls.mode == TlsMode::Require && out.tls.root_certificate.is_some() {
        out.tls.mode = TlsMode::VerifyCa;
    }
    // The JDBC driver never tries a unix socket by itself.
    if jdbc && out.hosts.is_empty() && out.socket.is_none() {
        out.read_hosts("localhost")?;
    }
    Ok(out)
}

/// Takes one parameter. Ports are kept for the end, when all hosts are known.
fn apply(out: &mut ServerEndpoint, name: &str, value: String, ports: &mut Option<String>, warnings: &mut Warnings) -> Result<(), UrlError> {
    match canonical(name).as_str() {
        "user" | "username" => out.user = Some(value),
        "password" => out.password = Some(Secret::new(value)),
        "host" | "hostaddr" | "pghost" => {
            out.hosts.clear();
            // Names and addresses only: ports have a parameter of their own, so a `:` is one of an IPv6 address.
            for name in value.split(',').filter(|name| !name.is_empty()) {
                if name.starts_with('/') {
                    out.socket = Some(PathBuf::from(name));
                } else {
                    out.hosts.push(Host { name: name.to_string(), port: None });
                }
            }
        }
        "port" | "pgport" => *ports = Some(value),
        "dbname" | "pgdbname" => out.database = Some(value),
        "sslmode" => out.tls.mode = tls_mode(&value)?,
        // As the JDBC driver: `ssl=true` alone checks the certificate and the host.
        "ssl" => {
            if !boolean(name, &value)? {
                out.tls.mode = TlsMode::Disable;
            } else if out.tls.mode == TlsMode::Prefer {
                out.tls.mode = TlsMode::VerifyFull;
            }
        }
        "sslfactory" if value.ends_with("NonValidatingFactory") => out.tls.mode = TlsMode::Require,
        "sslrootcert" => out.tls.root_certificate = Some(PathBuf::from(value)),
        "sslcert" => out.tls.certificate = Some(PathBuf::from(value)),
        "sslkey" => out.tls.key = Some(PathBuf::from(value)),
        "applicationname" => out.application_name = Some(value),
        "connecttimeout" | "logintimeout" => out.connect_timeout = Some(Duration::from_secs(number(name, &value)?)),
        "sockettimeout" => out.socket_timeout = Some(Duration::from_secs(number(name, &value)?)),
        "currentschema" | "searchpath" => set_search_path(out, &value),
        "options" => {
            for (setting, value) in settings(&value) {
                if setting.eq_ignore_ascii_case("search_path") {
                    set_search_path(out, &value);
                } else {
                    out.settings.push((setting, value));
                }
            }
        }
        "readonly" if boolean(name, &value)? => out.settings.push(("default_transaction_read_only".to_string(), "on".to_string())),
        "readonly" => {}
        "targetsessionattrs" | "targetservertype" => {
            out.target_session = match canonical(&value).as_str() {
                "any" => TargetSession::Any,
                "readwrite" | "primary" | "master" | "preferprimary" => TargetSession::ReadWrite,
                "readonly" | "standby" | "secondary" | "slave" => TargetSession::ReadOnly,
                "preferstandby" | "prefersecondary" | "preferslave" => TargetSession::Any,
                _ => {
                    return Err(UrlError::new(format!(
                        "`{name}` of the database URL must be any, read-write, primary, read-only or standby"
                    )));
                }
            }
        }
        "sslpassword" => warnings.push("keys with a password cannot be read: the parameter `sslpassword` has no effect".to_string()),
        "gssencmode" | "krbsrvname" | "jaasapplicationname" | "kerberosservername" | "gsslib" | "usespnego" => {
            if !value.eq_ignore_ascii_case("disable") {
                warnings.push(format!("Kerberos is not supported: the parameter `{name}` has no effect"));
            }
        }
        "sslcrl" | "sslcrldir" | "sslhostnameverifier" | "sslminprotocolversion" | "sslmaxprotocolversion" => {
            warnings.push(format!("the parameter `{name}` of the database URL has no effect: what it asks of TLS is not checked here"));
        }
        key if IGNORED.contains(&key) => {}
        _ => warnings.push(parameters::unknown(name, &KNOWN)),
    }
    Ok(())
}

/// libpq's modes. `allow` is taken for `prefer`: it differs only in trying without TLS first.
fn tls_mode(value: &str) -> Result<TlsMode, UrlError> {
    match value.to_ascii_lowercase().as_str() {
        "disable" => Ok(TlsMode::Disable),
        "allow" | "prefer" => Ok(TlsMode::Prefer),
        "require" => Ok(TlsMode::Require),
        "verify-ca" => Ok(TlsMode::VerifyCa),
        "verify-full" => Ok(TlsMode::VerifyFull),
        _ => Err(UrlError::new(format!(
            "`sslmode` must be one of disable, allow, prefer, require, verify-ca and verify-full, not `{value}`"
        ))),
    }
}

/// Sets the schemas from `a,"B c"`.
fn set_search_path(out: &mut ServerEndpoint, value: &str) {
    out.schemas = Vec::new();
    let mut name = String::new();
    let (mut quoted, mut in_quotes) = (false, false);
    for c in value.chars().chain([',']) {
        match c {
            '"' => {
                in_quotes = !in_quotes;
                quoted = true;
            }
            ',' if !in_quotes => {
                let plain = if quoted { name.clone() } else { name.trim().to_string() };
                if !plain.is_empty() {
                    out.schemas.push(plain);
                }
                name.clear();
                quoted = false;
            }
            c if c.is_whitespace() && quoted && !in_quotes => {}
            c if c.is_whitespace() && name.is_empty() && !in_quotes => {}
            c => name.push(c),
        }
    }
}

/// Reads `-c name=value --name=value`; a backslash escapes a blank.
fn settings(options: &str) -> Vec<(String, String)> {
    let mut words = vec![String::new()];
    let mut chars = options.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => {
                if let (Some(word), Some(next)) = (words.last_mut(), chars.next()) {
                    word.push(next);
                }
            }
            c if c.is_whitespace() => words.push(String::new()),
            c => {
                if let Some(word) = words.last_mut() {
                    word.push(c);
                }
            }
        }
    }
    let mut out = Vec::new();
    for word in words.iter().filter(|word| !word.is_empty() && *word != "-c") {
        let word = word.strip_prefix("--").or_else(|| word.strip_prefix("-c")).unwrap_or(word);
        if let Some((name, value)) = word.split_once('=') {
            out.push((name.replace('-', "_"), value.to_string()));
        }
    }
    out
}
