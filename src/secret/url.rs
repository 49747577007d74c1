//! Shows a URL without its secrets.

use super::{MASK, looks_secret};

/// The URL with every password in it masked: after the user name, in parameters, and in Oracle's `user/password@`.
///
/// Works on the text alone, so it also serves for words that are no URL at all; where the text is ambiguous (a password with an
/// unescaped `@`, `/` or `?`) it hides more rather than less. User names stay: they tell which account failed.
pub fn mask_url(url: &str) -> String {
    if is_file(url) { mask_parameters(url) } else { mask_parameters(&mask_user_info(url)) }
}

/// Whether what follows the scheme is a file's path or a dialect, in which `:` and `@` mean nothing.
fn is_file(url: &str) -> bool {
    let url = url.to_ascii_lowercase();
    let url = url.strip_prefix("jdbc:").unwrap_or(&url);
    ["sqlite:", "offline:"].iter().any(|scheme| url.starts_with(scheme))
}

/// Hides the password of `scheme://user:password@host` and of Oracle's `thin:user/password@host`.
fn mask_user_info(url: &str) -> String {
    // A `://` behind another slash is part of an Oracle password.
    let Some((scheme, rest)) = url.find("://").map(|i| url.split_at(i + 3)).filter(|(s, _)| s.find('/') == Some(s.len() - 2)) else {
        return mask_oracle(url);
    };
    let (info, host) = rest.split_at(end_of_user_info(rest));
    match info.split_once(':') {
        Some((user, _)) => format!("{scheme}{user}:{MASK}{host}"),
        None => url.to_owned(),
    }
}

/// Where the `@` is that ends user name and password, 0 without one: the last, for the password may hold what should have been escaped.
/// One in a parameter's value (`?user=ann@corp`) does not count, unless what stands before the parameters looks like no host.
fn end_of_user_info(rest: &str) -> usize {
    let authority = rest.split(['?', ';']).next().unwrap_or_default();
    if !authority.contains('@') && has_broken_port(authority) {
        return rest.rfind('@').unwrap_or_default();
    }
    let mut last = 0;
    let mut start = 0;
    for piece in rest.split_inclusive(['?', '&', ';']) {
        let name = if start == 0 { piece } else { piece.split('=').next().unwrap_or_default() };
        last = name.rfind('@').map_or(last, |at| start + at);
        start += piece.len();
    }
    last
}

/// Whether `host:port/…` has a port that is not a number.
fn has_broken_port(authority: &str) -> bool {
    let hosts = authority.split('/').next().unwrap_or_default();
    let is_number = |port: &str| port.bytes().all(|b| b.is_ascii_digit());
    !authority.starts_with('[') && hosts.split(',').filter_map(|h| h.split_once(':')).any(|(_, port)| !is_number(port))
}

/// Hides the password of `jdbc:oracle:thin:user/password@host`.
fn mask_oracle(url: &str) -> String {
    match (url.find('/'), url.find('@'), url.rfind('@')) {
        // Without a user an `@` comes first, and the slashes belong to the host.
        (Some(slash), Some(first), Some(last)) if slash < first => {
            format!("{}/{MASK}{}", url.get(..slash).unwrap_or_default(), url.get(last..).unwrap_or_default())
        }
        _ => url.to_owned(),
    }
}

/// Hides the values of parameters whose name tells that they are secret: `?password=…&`, `;password=…;`, `(PASSWORD=…)`; SQL Server
/// also writes `{…}` around values.
fn mask_parameters(url: &str) -> String {
    let mut out = String::with_capacity(url.len());
    let mut rest = url;
    while let Some(equals) = rest.find('=') {
        let (before, after) = rest.split_at(equals + 1);
        let name_start = before.rfind(['?', '&', ';', '(', ',', ':', '/']).map_or(0, |i| i + 1);
        let opened_by = before.get(..name_start).and_then(|s| s.chars().last());
        out.push_str(before);
        rest = after;
        if !looks_secret(before.get(name_start..equals).unwrap_or_default()) {
            continue;
        }
        let end = match (after.starts_with('{'), opened_by) {
            (true, _) => after.find('}').map(|i| i + 1),
            (_, Some('?' | '&')) => after.find('&'),
            (_, Some('(')) => after.find(')'),
            _ => after.find(';'),
        };
        let end = end.unwrap_or(after.len());
        if end > 0 {
            out.push_str(MASK);
        }
        rest = after.get(end..).unwrap_or_default();
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_of_user_info_are_masked() {
        for (url, shown) in [
            ("postgres://ann:s3cret@db:5432/shop", "postgres://ann:*****@db:5432/shop"),
            ("postgres://ann:s3c/r@et?s3c@db/shop", "postgres://ann:*****@db/shop"),
            ("postgres://ann:s3c?ret@db/shop", "postgres://ann:*****@db/shop"),
            ("postgres://ann:s3c?x=y@s3c=z@db/shop", "postgres://ann:*****@db/shop"),
            ("postgres://ann:12?s3c&ret@db/shop", "postgres://ann:*****@db/shop"),
            ("postgres://ann:12/s3cret@db/shop", "postgres://ann:*****@db/shop"),
            ("jdbc:mysql://ann:s3@c/ret@db/shop?a=b", "jdbc:mysql://ann:*****@db/shop?a=b"),
            ("postgres://ann:s3cret@db/shop?user=ann@corp", "postgres://ann:*****@db/shop?user=ann@corp"),
            ("mysql://:s3cret@db/shop", "mysql://:*****@db/shop"),
            ("mysql://root:@db/shop", "mysql://root:*****@db/shop"),
            ("jdbc:oracle:thin:ann/s3cret@//db:1521/x", "jdbc:oracle:thin:ann/*****@//db:1521/x"),
            ("jdbc:oracle:oci:ann/s3c://ret@db:1521:XE", "jdbc:oracle:oci:ann/*****@db:1521:XE"),
        ] {
            assert_eq!(mask_url(url), shown);
        }
    }

    #[test]
    fn secrets_of_parameters_are_masked() {
        for (url, shown) in [
            ("jdbc:postgresql://db/shop?user=ann&password=s3cret&ssl=true", "jdbc:postgresql://db/shop?user=ann&password=*****&ssl=true"),
            ("jdbc:mysql://db/shop?password=s3c;ret", "jdbc:mysql://db/shop?password=*****"),
            (
                "jdbc:sqlserver://db:1433;databaseName=x;user=sa;PassWord=s3cret;encrypt=true",
                "jdbc:sqlserver://db:1433;databaseName=x;user=sa;PassWord=*****;encrypt=true",
            ),
            ("jdbc:sqlserver://db;password={s3;cr=et};encrypt=true", "jdbc:sqlserver://db;password=*****;encrypt=true"),
            ("jdbc:postgresql://db/shop?sslpassword=s3cret", "jdbc:postgresql://db/shop?sslpassword=*****"),
            ("mysql://db/shop?trustCertificateKeyStorePassword=s3c", "mysql://db/shop?trustCertificateKeyStorePassword=*****"),
            ("postgres://db/shop?p%61ssword=s3c", "postgres://db/shop?p%61ssword=*****"),
            ("sqlite:a:b@c?password=s3c", "sqlite:a:b@c?password=*****"),
            (
                "jdbc:oracle:thin:@(DESCRIPTION=(SECURITY=(MY_WALLET_PASSWORD=s3cret))(ADDRESS=(HOST=db)))",
                "jdbc:oracle:thin:@(DESCRIPTION=(SECURITY=(MY_WALLET_PASSWORD=*****))(ADDRESS=(HOST=db)))",
            ),
            ("password=s3cret", "password=*****"),
        ] {
            assert_eq!(mask_url(url), shown);
        }
    }

    #[test]
    fn urls_without_a_password_stay_as_they_are() {
        for url in [
            "sqlite:shop.db",
            "sqlite:/compass/of=north.db",
            "jdbc:sqlite::memory:",
            "postgres://db:5432/shop?user=ann@corp",
            "mysql://db:3306/shop?user=a@b",
            "postgres://ann@db/shop",
            "jdbc:oracle:thin:@//db:1521/x",
            "offline:postgresql?version=15.2&changeLogFile=x.csv",
        ] {
            assert_eq!(mask_url(url), url);
        }
    }
}
