//! Shows a URL without its credentials.

/// Parts of a parameter's name that tell that its value is a secret (`password`, `sslpassword`, `keyStorePwd`, …).
const SECRET_NAMES: [&str; 7] = ["pass", "pwd", "secret", "token", "credential", "private_key", "privatekey"];

/// The text of a database URL with every password replaced by `***`.
///
/// Works on the text alone, so it also serves for URLs that cannot be parsed; where the text is ambiguous (a password
/// with an unescaped `@`, `/` or `?`) it hides more rather than less. User names stay: they tell which account failed.
pub fn mask(url: &str) -> String {
    if is_file(url) {
        return mask_parameters(url);
    }
    mask_parameters(&mask_user_info(url))
}

/// Whether what follows the scheme is a file's path, in which `:` and `@` mean nothing.
fn is_file(url: &str) -> bool {
    let url = strip_jdbc(url);
    ["sqlite:", "offline:"].iter().any(|scheme| starts_with_ignore_case(url, scheme))
}

/// The URL without its `jdbc:` prefix, whose case does not matter.
pub(super) fn strip_jdbc(url: &str) -> &str {
    strip_prefix_ignore_case(url, "jdbc:").unwrap_or(url)
}

/// Whether `text` starts with `prefix`, which is ASCII, in any letter case.
pub(super) fn starts_with_ignore_case(text: &str, prefix: &str) -> bool {
    strip_prefix_ignore_case(text, prefix).is_some()
}

/// `text` without `prefix`, which is ASCII, in any letter case.
pub(super) fn strip_prefix_ignore_case<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    let head = text.get(..prefix.len())?;
    if head.eq_ignore_ascii_case(prefix) { text.get(prefix.len()..) } else { None }
}

/// Hides the password of `//user:password@host` and of Oracle's `thin:user/password@host`.
fn mask_user_info(url: &str) -> String {
    let Some(at) = url.find("://").map(|i| i + 3) else {
        return mask_oracle(url);
    };
    let (scheme, rest) = url.split_at(at);
    let Some(last) = end_of_user_info(rest) else {
        return url.to_string();
    };
    let (info, tail) = rest.split_at(last);
    match info.split_once(':') {
        Some((user, _)) => format!("{scheme}{user}:***{tail}"),
        None => url.to_string(),
    }
}

/// Whether `host:port/…` has a port that is not a number.
fn has_broken_port(authority: &str) -> bool {
    if authority.starts_with('[') {
        return false;
    }
    let host = authority.split('/').next().unwrap_or_default();
    host.split(',').filter_map(|h| h.split_once(':')).any(|(_, port)| port.bytes().any(|b| !b.is_ascii_digit()))
}

/// Where the `@` is that ends user name and password: the last one, for the password may hold what should have been
/// escaped. Those in a parameter's value do not count, unless what stands before it looks like no host at all.
fn end_of_user_info(rest: &str) -> Option<usize> {
    let mut last = None;
    let mut start = 0;
    for piece in rest.split_inclusive(['?', '&', ';']) {
        let name = if start == 0 { piece } else { piece.split('=').next().unwrap_or_default() };
        last = name.rfind('@').map(|at| start + at).or(last);
        start += piece.len();
    }
    let authority = rest.split(['?', ';']).next().unwrap_or_default();
    last.or_else(|| if has_broken_port(authority) { rest.rfind('@') } else { None })
}

/// Hides the password of `jdbc:oracle:thin:user/password@…`.
fn mask_oracle(url: &str) -> String {
    if let Some(at) = url.rfind('@')
        && let Some(slash) = url.get(..at).and_then(|head| head.find('/'))
        && let (Some(head), Some(tail)) = (url.get(..slash), url.get(at..))
    {
        return format!("{head}/***{tail}");
    }
    url.to_string()
}

/// Hides the values of parameters whose name tells that they are secret; separators are `?`, `&` and `;`.
fn mask_parameters(url: &str) -> String {
    let Some(start) = url.find(['?', ';']) else {
        return url.to_string();
    };
    let (head, parameters) = url.split_at(start);
    let mut out = head.to_string();
    for piece in parameters.split_inclusive(['?', '&', ';']) {
        let (body, separator) = match piece.char_indices().next_back() {
            Some((i, '?' | '&' | ';')) => piece.split_at(i),
            _ => (piece, ""),
        };
        match body.split_once('=') {
            Some((name, value)) if !value.is_empty() && is_secret(name) => {
                out.push_str(name);
                out.push_str("=***");
            }
            _ => out.push_str(body),
        }
        out.push_str(separator);
    }
    out
}

/// Whether a parameter of this name holds a secret. Escapes in the name are undone first.
fn is_secret(name: &str) -> bool {
    let name = percent_encoding::percent_decode_str(name).decode_utf8_lossy().to_ascii_lowercase();
    SECRET_NAMES.iter().any(|part| name.contains(part))
}

#[cfg(test)]
mod tests {
    use super::mask;

    #[test]
    fn user_info() {
        assert_eq!(mask("postgres://ann:tiger@h:5432/db"), "postgres://ann:***@h:5432/db");
        assert_eq!(mask("postgres://ann@h/db"), "postgres://ann@h/db");
        assert_eq!(mask("jdbc:mysql://ann:ti@g/er@h/db?a=b"), "jdbc:mysql://ann:***@h/db?a=b");
        assert_eq!(mask("postgres://ann:ti?ger@h/db"), "postgres://ann:***@h/db");
        assert_eq!(mask("postgres://ann:12?ti&ger@h/db"), "postgres://ann:***@h/db");
        assert_eq!(mask("mysql://h:3306/db?user=a@b"), "mysql://h:3306/db?user=a@b");
        assert_eq!(mask("mysql://:tiger@h/db"), "mysql://:***@h/db");
        assert_eq!(mask("jdbc:oracle:thin:scott/tiger@h:1521:XE"), "jdbc:oracle:thin:scott/***@h:1521:XE");
    }

    #[test]
    fn parameters() {
        assert_eq!(mask("jdbc:postgresql://h/db?user=a&password=t&ssl=true"), "jdbc:postgresql://h/db?user=a&password=***&ssl=true");
        assert_eq!(mask("jdbc:sqlserver://h;user=sa;PassWord=t;encrypt=true"), "jdbc:sqlserver://h;user=sa;PassWord=***;encrypt=true");
        assert_eq!(mask("postgres://h/db?p%61ssword=t"), "postgres://h/db?p%61ssword=***");
        assert_eq!(mask("sqlite:a:b@c?password=t"), "sqlite:a:b@c?password=***");
        assert_eq!(mask("mysql://h/db?trustCertificateKeyStorePassword=t"), "mysql://h/db?trustCertificateKeyStorePassword=***");
    }
}
