//! `mysql://`, `mariadb://`, `jdbc:mysql:`, `jdbc:mariadb:`.

use super::parameters::{self, Plus, boolean, canonical, number};
use super::server::{ServerEndpoint, TlsMode};
use super::{Driver, UrlError, Warnings};
use crate::secret::Secret;
use std::path::PathBuf;
use std::time::Duration;

/// Parameters that have an effect here; used to suggest a name.
pub(super) const KNOWN: [&str; 20] = [
    "user",
    "password",
    "socket",
    "localSocket",
    "sslMode",
    "ssl-mode",
    "ssl-ca",
    "ssl-cert",
    "ssl-key",
    "serverSslCert",
    "useSSL",
    "requireSSL",
    "verifyServerCertificate",
    "trustServerCertificate",
    "disableSslHostnameVerification",
    "connectTimeout",
    "socketTimeout",
    "sessionVariables",
    "createDatabaseIfNotExist",
    "flavour",
];

/// Parameters of the JDBC drivers that mean nothing here. Names that start with one of the second list are ignored too; what could be
/// a misspelt `useSSL` or `verifyServerCertificate` is named in full, so that nobody goes without TLS unawares.
const IGNORED: [&str; 78] = [
    "allowlocalinfile",
    "allowmultiqueries",
    "allowpublickeyretrieval",
    "applicationname",
    "autoreconnect",
    "autoreconnectforpools",
    "blobsendchunksize",
    "characterencoding",
    "charset",
    "collation",
    "connectioncollation",
    "connectionattributes",
    "connectiontimezone",
    "defaultfetchsize",
    "dumpqueriesonexception",
    "emulateunsupportedpstmts",
    "failoverreadonly",
    "forceconnectiontimezonetosession",
    "generatesimpleparametermetadata",
    "initialtimeout",
    "interactiveclient",
    "jdbccompliant",
    "jdbccomplianttruncation",
    "maintaintimestats",
    "maxallowedpacket",
    "maxreconnects",
    "nocatalogmeanscurrent",
    "nullcatalogmeanscurrent",
    "paranoid",
    "passwordcharacterencoding",
    "permitmysqlscheme",
    "pinglobaltxtophysicalconnection",
    "profilesql",
    "rewritebatchedstatements",
    "servertimezone",
    "timezone",
    "usebatchmultisend",
    "usebatchmultisendnumber",
    "useblobtostoreutf8outsidebmp",
    "usebulkstmts",
    "usebulkstmtsforinserts",
    "usecatalogterm",
    "usecolumnnamesinfindcolumn",
    "usecompression",
    "useconfigs",
    "usecursorfetch",
    "usedirectrowunpack",
    "usedynamiccharsetinfo",
    "usefastdateparsing",
    "usefastintparsing",
    "usefractionalseconds",
    "usegmtmillisfordatetimes",
    "usehostsinprivileges",
    "useinformationschema",
    "usejdbccomplianttimezoneshift",
    "usejvmcharsetconverters",
    "uselegacydatetimecode",
    "uselocalsessionstate",
    "uselocaltransactionstate",
    "usemysqlmetadata",
    "usenanosforelapsedtime",
    "useoldaliasmetadatabehavior",
    "useoldutf8behavior",
    "useonlyservererrormessages",
    "usepipelineauth",
    "usereadaheadinput",
    "useresetconnection",
    "useserverprepstmts",
    "usesqlstatecodes",
    "usesspscompatibletimezoneshift",
    "usestreamlengthsinprepstmts",
    "usetimezone",
    "useultradevworkaround",
    "useunbufferedinput",
    "useunicode",
    "useusageadvisor",
    "yearisdatetype",
    "zerodatetimebehavior",
];
const IGNORED_PREFIXES: [&str; 15] = [
    "cache",
    "callable",
    "enable",
    "failover",
    "ha.",
    "load",
    "log",
    "metadata",
    "prepstmt",
    "retries",
    "roundrobin",
    "serverrsa",
    "tcp",
    "tinyint1",
    "trace",
];

/// Parses what follows `mysql:` or `mariadb:`, also with the JDBC drivers' sub-protocols
/// (`sequential:`, `loadbalance:`, `replication:`, `aurora:`), of which the first host that answers is taken.
pub(super) fn parse(rest: &str, jdbc: bool, mariadb: bool, warnings: &mut Warnings) -> Result<ServerEndpoint, UrlError> {
    let mut out = ServerEndpoint::new(Driver::MySql);
    let rest = match rest.split_once("//") {
        Some((sub, rest)) if sub.is_empty() || sub.ends_with(':') => rest,
        _ => return Err(UrlError::new("after `mysql:` or `mariadb:` comes `//`, as in `mysql://user@localhost:3306/database`")),
    };
    let (authority, query) = rest.split_once('?').unwrap_or((rest, ""));
    if authority.contains("address=") || authority.contains('(') {
        return Err(UrlError::new("the form `address=(host=…)` is not read here; write the host as `host:port`"));
    }
    out.read_authority(authority)?;
    let plus = if jdbc && !mariadb { Plus::Blank } else { Plus::Plus };
    for (name, value) in parameters::split_named(query, plus)? {
        apply(&mut out, &name, value, Client { jdbc, mariadb }, warnings)?;
    }
    Ok(out)
}

/// The client whose parameters a URL has; two words have another meaning to one than to the others.
#[derive(Debug, Clone, Copy)]
struct Client {
    /// A Java driver, not a C client.
    jdbc: bool,
    /// One of MariaDB's.
    mariadb: bool,
}

/// Takes one parameter.
fn apply(out: &mut ServerEndpoint, name: &str, value: String, client: Client, warnings: &mut Warnings) -> Result<(), UrlError> {
    // The JDBC drivers count milliseconds, the C clients' `connect_timeout` seconds.
    let time = |value: &str| -> Result<Duration, UrlError> {
        let n = number(name, value)?;
        Ok(if client.jdbc || !name.contains(['_', '-']) { Duration::from_millis(n) } else { Duration::from_secs(n) })
    };
    match canonical(name).as_str() {
        "user" | "username" => out.user = Some(value),
        "password" | "password1" => out.password = Some(Secret::new(value)),
        "socket" | "localsocket" | "unixsocket" => out.socket = Some(PathBuf::from(value)),
        "flavour" | "flavor" => {
            out.dialect = Some(match value.to_ascii_lowercase().as_str() {
                "mysql" => "mysql",
                "mariadb" => "mariadb",
                _ => return Err(UrlError::new(format!("`{name}` of the database URL must be mysql or mariadb, not `{value}`"))),
            });
        }
        "sslmode" | "tls" => out.tls.mode = tls_mode(name, &value)?,
        // MariaDB's driver checks certificate and host then; MySQL's asks for that apart.
        "usessl" | "ssl" => {
            if !boolean(name, &value)? {
                out.tls.mode = TlsMode::Disable;
            } else if out.tls.mode == TlsMode::Prefer {
                out.tls.mode = if client.mariadb { TlsMode::VerifyFull } else { TlsMode::Require };
            }
        }
        "disablesslhostnameverification" => {
            if boolean(name, &value)? {
                out.tls.mode = TlsMode::VerifyCa;
            }
        }
        "requiressl" => {
            if boolean(name, &value)? && matches!(out.tls.mode, TlsMode::Prefer | TlsMode::Disable) {
                out.tls.mode = TlsMode::Require;
            }
        }
        "verifyservercertificate" => {
            if boolean(name, &value)? {
                out.tls.mode = TlsMode::VerifyCa;
            }
        }
        "trustservercertificate" => {
            if boolean(name, &value)? {
                out.tls.mode = TlsMode::Require;
            }
        }
        "sslca" | "serversslcert" | "sslrootcert" => out.tls.root_certificate = Some(PathBuf::from(value)),
        "sslcert" => out.tls.certificate = Some(PathBuf::from(value)),
        "sslkey" => out.tls.key = Some(PathBuf::from(value)),
        key if key.contains("keystore") || key.starts_with("truststore") || key == "keypassword" => {
            if !key.contains("password") && !key.contains("type") {
                warnings.push(format!(
                    "Java key stores are not read: instead of `{name}` give PEM files by `ssl-ca`, `ssl-cert` and `ssl-key`"
                ));
            }
        }
        "connecttimeout" => out.connect_timeout = Some(time(&value)?),
        "sockettimeout" => out.socket_timeout = Some(time(&value)?),
        "sessionvariables" => out.session_variables = Some(value).filter(|v| !v.trim().is_empty()),
        "createdatabaseifnotexist" => out.create_database = boolean(name, &value)?,
        "useaffectedrows" => {
            if boolean(name, &value)? {
                warnings.push("the server counts the rows an UPDATE matches, changed or not: `useAffectedRows` has no effect".to_string());
            }
        }
        key if IGNORED.contains(&key) || IGNORED_PREFIXES.iter().any(|prefix| key.starts_with(prefix)) => {}
        _ => warnings.push(parameters::unknown(name, &KNOWN)),
    }
    Ok(())
}

/// The modes of both JDBC drivers and of the C clients.
fn tls_mode(name: &str, value: &str) -> Result<TlsMode, UrlError> {
    match canonical(value).as_str() {
        "disabled" | "disable" | "false" => Ok(TlsMode::Disable),
        "preferred" | "prefer" => Ok(TlsMode::Prefer),
        "required" | "require" | "trust" | "skipverify" => Ok(TlsMode::Require),
        "verifyca" => Ok(TlsMode::VerifyCa),
        "verifyidentity" | "verifyfull" | "true" => Ok(TlsMode::VerifyFull),
        _ => Err(UrlError::new(format!(
            "`{name}` of the database URL must be one of disabled, preferred, required, verify-ca and verify-identity, not `{value}`"
        ))),
    }
}
