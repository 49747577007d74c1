//! The part of a URL behind the `?`.

use super::UrlError;
use percent_encoding::percent_decode_str;

/// Undoes `%xx` escapes. `what` names the text in the error, which does not show the text itself: it may be secret.
pub(super) fn decode(text: &str, what: &str) -> Result<String, UrlError> {
    match percent_decode_str(text).decode_utf8() {
        Ok(text) => Ok(text.into_owned()),
        Err(_) => Err(UrlError::new(format!("the {what} in the database URL is not UTF-8 after undoing its %xx escapes"))),
    }
}

/// How `+` is read in a parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Plus {
    /// As itself (RFC 3986, libpq).
    Plus,
    /// As a blank (HTML forms; Java's decoder, so the JDBC drivers of PostgreSQL and MySQL and offline URLs).
    Blank,
}

/// Splits `a=b&c=d` and undoes the escapes. A name without `=` has an empty value; empty pieces are skipped.
pub(super) fn split(query: &str, plus: Plus) -> Result<Vec<(String, String)>, UrlError> {
    let mut out = Vec::new();
    for piece in query.split('&').filter(|piece| !piece.is_empty()) {
        let (name, value) = piece.split_once('=').unwrap_or((piece, ""));
        let value = if plus == Plus::Blank { value.replace('+', " ") } else { value.to_string() };
        let name = decode(name, "name of a parameter")?;
        let value = decode(&value, &format!("value of the parameter `{name}`"))?;
        out.push((name, value));
    }
    Ok(out)
}

/// The same for the URL of a server, where a name that cannot be one is taken for a piece of a password that was not
/// escaped, and so is not shown.
pub(super) fn split_named(query: &str, plus: Plus) -> Result<Vec<(String, String)>, UrlError> {
    let out = split(query, plus)?;
    let is_name = |name: &str| name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.'));
    if out.iter().all(|(name, _)| is_name(name)) {
        return Ok(out);
    }
    Err(UrlError::new(format!("behind the `?` of the database URL stands what is no name of a parameter; {UNESCAPED}")))
}

/// What to do about user names and passwords with special characters; ends an error.
pub(super) const UNESCAPED: &str = "if the user name or password holds one of : / ? # @ %, write it as %3A %2F %3F %23 %40 %25, \
                                    or give user and password apart from the URL";

/// A name in the form used for comparing: `ssl-mode`, `ssl_mode` and `sslMode` are one parameter.
pub(super) fn canonical(name: &str) -> String {
    name.chars().filter(|c| *c != '-' && *c != '_').map(|c| c.to_ascii_lowercase()).collect()
}

/// A truth value as drivers write them.
pub(super) fn boolean(name: &str, value: &str) -> Result<bool, UrlError> {
    match value.trim().to_ascii_lowercase().as_str() {
        "" | "true" | "yes" | "on" | "1" => Ok(true),
        "false" | "no" | "off" | "0" => Ok(false),
        _ => Err(UrlError::new(format!("the parameter `{name}` of the database URL must be `true` or `false`"))),
    }
}

/// A number that is not negative.
pub(super) fn number(name: &str, value: &str) -> Result<u64, UrlError> {
    value
        .trim()
        .parse()
        .map_err(|_| UrlError::new(format!("the parameter `{name}` of the database URL must be a whole number, not `{value}`")))
}

/// The warning for a parameter nobody knows, with the nearest name that is known.
pub(super) fn unknown(name: &str, known: &[&str]) -> String {
    let wanted = canonical(name);
    let near = known.iter().map(|k| (strsim::jaro_winkler(&wanted, &canonical(k)), k)).max_by(|a, b| a.0.total_cmp(&b.0));
    match near {
        Some((score, k)) if score > 0.9 => {
            format!("the parameter `{name}` of the database URL is not known and has no effect; did you mean `{k}`?")
        }
        _ => format!("the parameter `{name}` of the database URL is not known and has no effect"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splits_and_decodes() {
        let got = split("a=1&&b=x%20y%26z&c&d=p+q", Plus::Plus).unwrap();
        let want = [("a", "1"), ("b", "x y&z"), ("c", ""), ("d", "p+q")].map(|(n, v)| (n.to_string(), v.to_string()));
        assert_eq!(got, want);
        assert_eq!(split("d=p+q%2B", Plus::Blank).unwrap(), [("d".to_string(), "p q+".to_string())]);
        let error = split("password=%ff%fe", Plus::Plus).unwrap_err().to_string();
        assert!(error.contains("`password`") && !error.contains("ff"), "{error}");
    }

    #[test]
    fn suggests() {
        assert!(unknown("sslmod", &["sslmode", "user"]).ends_with("did you mean `sslmode`?"));
        assert!(!unknown("zzz", &["sslmode", "user"]).contains("did you mean"));
    }
}
