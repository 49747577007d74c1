//! What is shown in place of secrets.

/// Stands for a secret wherever one would be shown.
pub const MASK: &str = "*****";

/// Words in the name of a parameter or option that mark its value as secret.
const SECRET_WORDS: &[&str] = &["pass", "pwd", "secret", "token", "apikey", "accesskey", "credential", "licensekey", "privatekey"];

/// Whether a value of that name should not be shown.
pub fn looks_secret(name: &str) -> bool {
    let name = super::setting::normal(name);
    SECRET_WORDS.iter().any(|word| name.contains(word))
}

/// The URL with every password in it masked: after the user name, in parameters, and in Oracle's `thin:user/password@`.
///
/// When in doubt it masks too much rather than too little.
pub fn mask_url(url: &str) -> String {
    mask_parameters(&mask_oracle(&mask_user_info(url)))
}

/// `scheme://user:password@host`. A password may hold any character, so the last `@` ends it; a `:` that begins a port
/// (`host:5432/…`) begins no password.
fn mask_user_info(url: &str) -> String {
    let Some(begin) = url.find("://").map(|i| i + 3) else { return url.to_owned() };
    let (head, rest) = url.split_at(begin);
    // An `@` behind `name=` belongs to a parameter (`?user=ann@corp`); any other may be part of the password.
    let parameters = rest.find(['?', ';']).unwrap_or(rest.len());
    let authority = rest.find('=').filter(|equals| *equals > parameters).map_or(rest, |_| rest.get(..parameters).unwrap_or(rest));
    let Some(at) = authority.rfind('@') else { return url.to_owned() };
    let (user_info, host) = rest.split_at(at);
    match user_info.split_once(':') {
        Some((user, password)) if !begins_with_port(password) => format!("{head}{user}:{MASK}{host}"),
        _ => url.to_owned(),
    }
}

fn begins_with_port(text: &str) -> bool {
    let digits = text.chars().take_while(char::is_ascii_digit).count();
    digits > 0 && matches!(text.chars().nth(digits), Some('/' | '?' | ';'))
}

/// `jdbc:oracle:thin:user/password@host`.
fn mask_oracle(url: &str) -> String {
    let Some(begin) = url.to_ascii_lowercase().find("thin:").map(|i| i + 5) else { return url.to_owned() };
    let (head, rest) = url.split_at(begin);
    match (rest.find('/'), rest.rfind('@')) {
        (Some(slash), Some(at)) if slash < at && !rest.starts_with('@') => {
            format!("{head}{}/{MASK}{}", rest.get(..slash).unwrap_or_default(), rest.get(at..).unwrap_or_default())
        }
        _ => url.to_owned(),
    }
}

/// `?password=…&`, `;password=…;`, `(PASSWORD=…)`; SQL Server also writes `{…}` around values.
fn mask_parameters(url: &str) -> String {
    let mut out = String::with_capacity(url.len());
    let mut rest = url;
    while let Some(equals) = rest.find('=') {
        let (before, after) = rest.split_at(equals + 1);
        let name_start = before.rfind(['?', '&', ';', '(', ',', ':']).map_or(0, |i| i + 1);
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
    fn passwords_in_urls_are_masked() {
        for (url, shown) in [
            ("postgres://ann:s3cret@db:5432/shop", "postgres://ann:*****@db:5432/shop"),
            ("postgres://ann:a/b@c?d@db/shop", "postgres://ann:*****@db/shop"),
            ("jdbc:postgresql://db/shop?user=ann&password=s3cret&ssl=true", "jdbc:postgresql://db/shop?user=ann&password=*****&ssl=true"),
            ("jdbc:mysql://db/shop?password=s3c;ret", "jdbc:mysql://db/shop?password=*****"),
            (
                "jdbc:sqlserver://db:1433;databaseName=x;user=sa;password=s3cret;encrypt=true",
                "jdbc:sqlserver://db:1433;databaseName=x;user=sa;password=*****;encrypt=true",
            ),
            ("jdbc:sqlserver://db;password={s3;cr=et};encrypt=true", "jdbc:sqlserver://db;password=*****;encrypt=true"),
            ("jdbc:oracle:thin:ann/s3cret@//db:1521/x", "jdbc:oracle:thin:ann/*****@//db:1521/x"),
            ("jdbc:postgresql://db/shop?sslpassword=s3cret", "jdbc:postgresql://db/shop?sslpassword=*****"),
            ("mysql://root:@db/shop", "mysql://root:*****@db/shop"),
            (
                "jdbc:oracle:thin:@(DESCRIPTION=(SECURITY=(MY_WALLET_PASSWORD=s3cret))(ADDRESS=(HOST=db)))",
                "jdbc:oracle:thin:@(DESCRIPTION=(SECURITY=(MY_WALLET_PASSWORD=*****))(ADDRESS=(HOST=db)))",
            ),
        ] {
            assert_eq!(mask_url(url), shown);
            assert!(!mask_url(url).contains("s3c"), "{url}");
        }
    }

    #[test]
    fn urls_without_a_password_stay_as_they_are() {
        for url in [
            "sqlite:shop.db",
            "jdbc:sqlite::memory:",
            "postgres://db:5432/shop?user=ann@corp",
            "postgres://db:5432/shop@home",
            "postgres://ann@db/shop",
            "jdbc:oracle:thin:@//db:1521/x",
            "offline:postgresql?version=15.2&changeLogFile=x.csv",
        ] {
            assert_eq!(mask_url(url), url);
        }
    }

    #[test]
    fn names_that_mark_secrets() {
        for name in ["password", "db.Password", "SSL_PASSWORD", "api-key", "auth.token"] {
            assert!(looks_secret(name), "{name}");
        }
        assert!(!looks_secret("schema"));
    }
}
