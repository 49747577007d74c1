//! Byte filters before hashing (checksums §4).

use super::text::hex;
use md5::{Digest, Md5};
use std::io::Read;

/// Without any blank, line feed, carriage return and tab, wherever they stand (version 9 of raw SQL).
pub fn without_whitespace(bytes: &[u8]) -> Vec<u8> {
    bytes.iter().copied().filter(|b| !matches!(b, b' ' | b'\n' | b'\r' | b'\t')).collect()
}

/// What version 8 puts before the text of raw SQL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SqlHeader<'a> {
    /// `endDelimiter`; absent prints as `null`.
    pub end_delimiter: Option<&'a str>,
    /// `splitStatements`.
    pub split_statements: bool,
    /// `stripComments`.
    pub strip_comments: bool,
}

/// The header and the text with every run of blanks, line ends and tabs folded to one blank; none at the ends.
pub fn version_8(bytes: &[u8], header: &SqlHeader<'_>) -> Vec<u8> {
    let mut out = format!("{}:{}:{}:", header.end_delimiter.unwrap_or("null"), header.split_statements, header.strip_comments).into_bytes();
    let parts = bytes.split(|b| matches!(b, b' ' | b'\n' | b'\r' | b'\t')).filter(|p| !p.is_empty());
    for (i, part) in parts.enumerate() {
        if i > 0 {
            out.push(b' ');
        }
        out.extend_from_slice(part);
    }
    out
}

/// The state machine of checksums §4.4, over a stream. It is Liquibase's own, quirks included: nested look-ahead
/// moves the mark and the previous byte.
struct LoadDataFilter<'a> {
    bytes: &'a [u8],
    pos: usize,
    prev: Option<u8>,
    mark: usize,
    comment: Option<u8>,
}

impl LoadDataFilter<'_> {
    fn raw(&mut self) -> Option<u8> {
        let byte = self.bytes.get(self.pos).copied();
        self.pos = (self.pos + 1).min(self.bytes.len() + 1);
        byte
    }

    fn next(&mut self) -> Option<u8> {
        // The recursive calls of the original are tail calls but for the look-ahead, which is at most one deep
        // in effect: a look-ahead inside a look-ahead starts where the first one stands.
        self.step(self.prev, false)
    }

    fn step(&mut self, mut p: Option<u8>, mut look: bool) -> Option<u8> {
        loop {
            let mut b = self.raw();
            if self.comment.is_some() && b == self.comment && matches!(p, Some(b'\n') | None) {
                loop {
                    b = self.raw();
                    if matches!(b, None | Some(b'\n' | b'\r' | 0)) {
                        break;
                    }
                }
            }
            match b {
                None => return None,
                Some(b'\r') => {
                    // next(): it uses the state's previous byte, and is no look-ahead any more.
                    (p, look) = (self.prev, false);
                }
                Some(b'\n') => {
                    if matches!(p, Some(b'\n') | None) {
                        (p, look) = (self.prev, false);
                        continue;
                    }
                    self.mark = self.pos;
                    if self.step(Some(b'\n'), true).is_none() {
                        return None;
                    }
                    self.pos = self.mark;
                    if !look {
                        self.prev = b;
                    }
                    return b;
                }
                Some(_) => {
                    if !look {
                        self.prev = b;
                    }
                    return b;
                }
            }
        }
    }
}

/// MD5 of a data file without comment lines, empty lines and carriage returns (checksums §4.4). `comment` is the first
/// character of `commentLineStartsWith`; only its first byte counts.
///
/// # Errors
/// When the file cannot be read.
pub fn load_data_filter(mut reader: impl Read, comment: Option<char>) -> std::io::Result<String> {
    let mut bytes = Vec::new();
    reader.read_to_end(&mut bytes)?;
    let mut digest = Md5::new();
    let mut chunk = Vec::with_capacity(8192);
    for byte in filtered(&bytes, comment) {
        chunk.push(byte);
        if chunk.len() == 8192 {
            digest.update(&chunk);
            chunk.clear();
        }
    }
    digest.update(&chunk);
    Ok(hex(&digest.finalize()))
}

fn filtered(bytes: &[u8], comment: Option<char>) -> impl Iterator<Item = u8> + '_ {
    let comment = comment.map(|c| {
        let mut buffer = [0u8; 4];
        c.encode_utf8(&mut buffer).as_bytes()[0]
    });
    let mut filter = LoadDataFilter { bytes, pos: 0, prev: None, mark: 0, comment };
    std::iter::from_fn(move || filter.next())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::changelog::checksum::text::{md5_bytes, md5_text};

    fn text(input: &str) -> String {
        String::from_utf8(filtered(input.as_bytes(), Some('#')).collect()).unwrap()
    }

    #[test]
    fn the_vectors_of_the_specification_hold() {
        for (input, expected) in [
            ("a\n#x", "a"),
            ("a\n#x\n", "a"),
            ("a\n#x\n#y", "a\n"),
            ("a\n\n#", "a\n"),
            ("a\n\n", "a"),
            ("\n\n a,b\n  \n1,2\n\t\n#x\n#y\n3,4\n#z\n\n", " a,b\n  \n1,2\n\t\n3,4"),
            ("a\n1 # not comment\n\"x\n#y\"\n#", "a\n1 # not comment\n\"x\n"),
            ("# comment\nid;name\r\n\n1;\"a;b\"\n#x\n2;NULL", "id;name\n1;\"a;b\"\n2;NULL"),
        ] {
            assert_eq!(text(input), expected, "{input:?}");
        }
        let whole = |input: &str| md5_text(&format!("t:9:{}", md5_bytes(text(input).as_bytes())));
        assert_eq!(whole("\n\n a,b\n  \n1,2\n\t\n#x\n#y\n3,4\n#z\n\n"), "6ac53b7613c7b752bd435954fd985cd4");
        assert_eq!(whole("a\n1 # not comment\n\"x\n#y\"\n#"), "14446e72f480ef9348da83a08179ff5b");
        assert_eq!(whole("\u{feff}a,b\r1,2\r\n"), "10b134283737c60e1f88800d7561d363");
    }

    /// The pseudo-code of checksums §4.4, transcribed with its recursion.
    struct Transcription<'a> {
        b: &'a [u8],
        pos: usize,
        prev: Option<u8>,
        mark: usize,
    }

    impl Transcription<'_> {
        fn raw(&mut self) -> Option<u8> {
            let r = self.b.get(self.pos).copied();
            self.pos += 1;
            r
        }
        fn next(&mut self) -> Option<u8> {
            self.step(self.prev, false)
        }
        fn step(&mut self, p: Option<u8>, look: bool) -> Option<u8> {
            let start = matches!(p, Some(b'\n') | None);
            let mut b = self.raw();
            if b == Some(b'#') && start {
                loop {
                    b = self.raw();
                    if matches!(b, None | Some(b'\n' | b'\r' | 0)) {
                        break;
                    }
                }
            }
            match b {
                None => return None,
                Some(b'\r') => return self.next(),
                Some(b'\n') => {
                    if start {
                        return self.next();
                    }
                    self.mark = self.pos;
                    if self.step(Some(b'\n'), true).is_none() {
                        return None;
                    }
                    self.pos = self.mark;
                }
                _ => {}
            }
            if !look {
                self.prev = b;
            }
            b
        }
    }

    #[test]
    fn every_short_string_is_filtered_as_transcribed() {
        let letters = [b'a', b'#', b'\n', b'\r'];
        for length in 0..=7u32 {
            for n in 0..4usize.pow(length) {
                let input: Vec<u8> = (0..length).map(|i| letters[(n >> (2 * i)) & 3]).collect();
                let mut t = Transcription { b: &input, pos: 0, prev: None, mark: 0 };
                let mut expected = Vec::new();
                while let Some(b) = t.next() {
                    expected.push(b);
                }
                assert_eq!(filtered(&input, Some('#')).collect::<Vec<_>>(), expected, "{:?}", String::from_utf8_lossy(&input));
            }
        }
    }

    #[test]
    fn whitespace_is_folded_or_dropped() {
        assert_eq!(without_whitespace(b" a\t'b c'\r\n"), b"a'bc'");
        let header = SqlHeader { end_delimiter: None, split_statements: true, strip_comments: false };
        assert_eq!(version_8(b"  select\n\t1 ", &header), b"null:true:false:select 1");
    }
}
