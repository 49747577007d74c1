//! The form of a checksum, and MD5 over text (checksums §1 and §2).

use md5::{Digest, Md5};
use std::fmt;
use unicode_normalization::{UnicodeNormalization, is_nfc};

/// A checksum: `9:` and 32 hexadecimal digits, or what a ledger or changelog has in its place.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Checksum {
    /// The version of the computation.
    pub version: u8,
    /// The digits.
    pub digest: String,
}

impl Checksum {
    /// Reads a stored text; empty means none. A text without a version counts as version 1.
    pub fn parse(text: &str) -> Option<Checksum> {
        if text.is_empty() {
            return None;
        }
        if let Some((version, rest)) = text.split_once(':') {
            let digest: String = rest.chars().take_while(char::is_ascii_alphanumeric).collect();
            if !version.is_empty() && version.bytes().all(|b| b.is_ascii_digit()) && !digest.is_empty() {
                // A version beyond all known ones is kept as one that nothing computes.
                return Some(Checksum { version: version.parse().unwrap_or(u8::MAX), digest });
            }
        }
        Some(Checksum { version: 1, digest: text.to_owned() })
    }

    /// Whether it is the word of `validCheckSum` that accepts every checksum.
    pub fn is_wildcard(&self) -> bool {
        self.version == 1 && ["any", "all", "*"].iter().any(|word| self.digest.eq_ignore_ascii_case(word))
    }

    /// Whether it can be the checksum of a changeset: 32 hexadecimal digits.
    pub fn is_well_formed(&self) -> bool {
        self.digest.len() == 32 && self.digest.bytes().all(|b| b.is_ascii_hexdigit())
    }
}

impl fmt::Display for Checksum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.version, self.digest)
    }
}

/// MD5 of bytes, as lower-case hexadecimal digits.
pub fn md5_bytes(bytes: &[u8]) -> String {
    hex(&Md5::digest(bytes))
}

/// Lower-case hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    use fmt::Write as _;
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut out, b| {
        let _ = write!(out, "{b:02x}");
        out
    })
}

/// MD5 of text: line ends become LF, U+FFFD is dropped, and the rest is brought to Unicode NFC.
pub fn md5_text(text: &str) -> String {
    let text = if text.contains('\r') { text.replace("\r\n", "\n").replace('\r', "\n").into() } else { std::borrow::Cow::Borrowed(text) };
    if text.is_ascii() {
        return md5_bytes(text.as_bytes());
    }
    let kept: String = text.chars().filter(|c| *c != '\u{fffd}').collect();
    if is_nfc(&kept) { md5_bytes(kept.as_bytes()) } else { md5_bytes(kept.nfc().collect::<String>().as_bytes()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stored_texts_are_read_as_liquibase_reads_them() {
        let c = |v, d: &str| Some(Checksum { version: v, digest: d.into() });
        for (text, expected) in [
            ("9:abc", c(9, "abc")),
            ("8:ab-c", c(8, "ab")),
            ("any", c(1, "any")),
            ("1:any", c(1, "any")),
            ("", None),
            (" 9:abc", c(1, " 9:abc")),
            ("1:*", c(1, "1:*")),
        ] {
            assert_eq!(Checksum::parse(text), expected, "{text:?}");
        }
    }

    #[test]
    fn digests_are_those_of_the_specification() {
        assert_eq!(md5_text(""), "d41d8cd98f00b204e9800998ecf8427e");
        assert_eq!(md5_text("9:a3b3c0833357dfe04c9b6cd870943173:"), "09fca7dabd251f5778f7121718a2e5cf");
        assert_eq!(md5_bytes(b"select1"), "f6bf37efedbc0a2dfffc1caf5088d86e");
        assert_eq!(md5_text("a\r\nb\rc"), md5_text("a\nb\nc"));
        assert_eq!(md5_text("e\u{301}\u{fffd}"), md5_text("\u{e9}"));
    }
}
