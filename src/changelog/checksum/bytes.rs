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

/// How much of a data file is read at a time.
const CHUNK: usize = 64 << 10;

/// The state machine of checksums §4.4, over a stream. It is Liquibase's own, quirks included: whether a `#` begins a
/// comment depends on the byte that was handed out last, which a look-ahead does not move.
///
/// Only what lies behind the mark of a look-ahead is kept: about one line.
struct LoadDataFilter<R> {
    reader: R,
    buffer: Vec<u8>,
    /// The next byte, as an index of `buffer`.
    at: usize,
    /// Where a look-ahead goes back to.
    mark: Option<usize>,
    prev: Option<u8>,
    comment: Option<u8>,
}

impl<R: Read> LoadDataFilter<R> {
    fn raw(&mut self) -> std::io::Result<Option<u8>> {
        if self.at >= self.buffer.len() {
            let keep = self.mark.unwrap_or(self.at).min(self.buffer.len());
            self.buffer.drain(..keep);
            self.at -= keep;
            self.mark = self.mark.map(|m| m - keep);
            self.reader.by_ref().take(CHUNK as u64).read_to_end(&mut self.buffer)?;
        }
        let byte = self.buffer.get(self.at).copied();
        self.at += usize::from(byte.is_some());
        Ok(byte)
    }

    /// The next byte, with a comment that it begins passed over; `p` is the byte that counts as the one before.
    fn behind_comment(&mut self, p: Option<u8>) -> std::io::Result<Option<u8>> {
        let mut byte = self.raw()?;
        if self.comment.is_some() && byte == self.comment && matches!(p, Some(b'\n') | None) {
            loop {
                byte = self.raw()?;
                if matches!(byte, None | Some(b'\n' | b'\r' | 0)) {
                    break;
                }
            }
        }
        Ok(byte)
    }

    fn next(&mut self) -> std::io::Result<Option<u8>> {
        self.mark = None;
        let mut p = self.prev;
        loop {
            match self.behind_comment(p)? {
                None => return Ok(None),
                Some(b'\r') => p = self.prev,
                Some(b'\n') if matches!(p, Some(b'\n') | None) => p = self.prev,
                Some(b'\n') => {
                    // A line end counts only when something follows; each further one moves the mark.
                    self.mark = Some(self.at);
                    p = Some(b'\n');
                }
                Some(byte) => {
                    let byte = match self.mark.take() {
                        Some(mark) => {
                            self.at = mark;
                            b'\n'
                        }
                        None => byte,
                    };
                    self.prev = Some(byte);
                    return Ok(Some(byte));
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
pub fn load_data_filter(reader: impl Read, comment: Option<char>) -> std::io::Result<String> {
    let mut digest = Md5::new();
    let mut chunk = Vec::with_capacity(8192);
    for byte in filtered(reader, comment) {
        chunk.push(byte?);
        if chunk.len() == 8192 {
            digest.update(&chunk);
            chunk.clear();
        }
    }
    digest.update(&chunk);
    Ok(hex(&digest.finalize()))
}

fn filtered(reader: impl Read, comment: Option<char>) -> impl Iterator<Item = std::io::Result<u8>> {
    let comment = comment.map(|c| {
        let mut buffer = [0u8; 4];
        c.encode_utf8(&mut buffer).bytes().next().unwrap_or(b'#')
    });
    let mut filter = LoadDataFilter { reader, buffer: Vec::new(), at: 0, mark: None, prev: None, comment };
    std::iter::from_fn(move || filter.next().transpose())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::changelog::checksum::text::{md5_bytes, md5_text};

    /// The filtered bytes, read in pieces of one byte.
    fn bytes(input: &[u8]) -> Vec<u8> {
        struct Slow<'a>(&'a [u8]);
        impl Read for Slow<'_> {
            fn read(&mut self, to: &mut [u8]) -> std::io::Result<usize> {
                let n = self.0.len().min(to.len()).min(1);
                self.0.read(&mut to[..n])
            }
        }
        filtered(Slow(input), Some('#')).map(Result::unwrap).collect()
    }

    #[test]
    fn many_empty_lines_are_no_deep_recursion() {
        let mut input = b"a".to_vec();
        input.resize(1 << 20, b'\n');
        assert_eq!(bytes(&input), b"a");
    }

    fn text(input: &str) -> String {
        String::from_utf8(bytes(input.as_bytes())).unwrap()
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
                assert_eq!(bytes(&input), expected, "{:?}", String::from_utf8_lossy(&input));
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
