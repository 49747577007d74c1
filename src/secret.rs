//! Texts that must not be shown, and what is shown in their place.

mod url;

pub use url::mask_url;

use percent_encoding::percent_decode_str;
use std::fmt;

/// Stands for a secret wherever one would be shown.
pub const MASK: &str = "*****";

/// Words in the name of a setting or parameter that mark its value as secret (`sslpassword`, `keyStorePwd`, `api-key`, …).
const SECRET_WORDS: &[&str] = &["pass", "pwd", "secret", "token", "apikey", "accesskey", "credential", "licensekey", "privatekey"];

/// Whether a value of that name should not be shown. Letter case, separators and `%xx` escapes in the name do not count.
pub fn looks_secret(name: &str) -> bool {
    let name: String = percent_decode_str(name)
        .decode_utf8_lossy()
        .chars()
        .filter(|c| !matches!(c, '-' | '_' | '.'))
        .map(|c| c.to_ascii_lowercase())
        .collect();
    SECRET_WORDS.iter().any(|word| name.contains(word))
}

/// A password or another text that must never reach a message, a log or a file.
///
/// `Debug` and `Display` both print [`MASK`], so a structure that holds one can be printed safely. The text is only
/// given by [`Secret::expose`], which is called where the text is handed to a server and nowhere else.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Secret(String);

impl Secret {
    /// Takes a text to keep.
    pub fn new(text: impl Into<String>) -> Self {
        Secret(text.into())
    }

    /// The text itself.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(MASK)
    }
}

impl fmt::Display for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(MASK)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_not_shown() {
        let secret = Secret::new("tiger");
        assert_eq!(format!("{secret} {secret:?} {:?}", Some(&secret)), "***** ***** Some(*****)");
        assert_eq!(secret.expose(), "tiger");
    }

    #[test]
    fn names_that_mark_secrets() {
        for name in ["password", "db.Password", "SSL_PASSWORD", "api-key", "auth.token", "keyStorePwd", "private_key", "p%61ssword"] {
            assert!(looks_secret(name), "{name}");
        }
        for name in ["schema", "user", "sslmode"] {
            assert!(!looks_secret(name), "{name}");
        }
    }
}
